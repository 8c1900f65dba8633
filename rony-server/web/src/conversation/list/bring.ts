import type { Virtualizer } from "@tanstack/react-virtual";

/** How long a row is kept where it was brought to, while pages come in front of it. */
const KEEP = 1_500;
const OWN_WAY = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

/**
 * Brings a row to the middle of the view. Rows that come in front meanwhile move its index, which the virtual list does not
 * follow by itself: so it is looked for again in each frame, until it rests or the person goes their own way.
 */
export function bring(virtual: Virtualizer<HTMLDivElement, Element>, find: () => number, done?: () => void): void {
  const scroller = virtual.scrollElement;
  const until = performance.now() + KEEP;
  let brought = -1;
  let stopped = false;
  const stop = () => {
    stopped = true;
    for (const name of OWN_WAY) scroller?.removeEventListener(name, stop);
  };
  for (const name of OWN_WAY) scroller?.addEventListener(name, stop, { passive: true });
  const look = () => {
    if (stopped) return;
    const index = find();
    if (index < 0 || performance.now() > until || !scroller?.isConnected) return stop();
    const before = brought;
    brought = index;
    if (index !== before) virtual.scrollToIndex(index, { align: "center" });
    if (before < 0) done?.();
    requestAnimationFrame(look);
  };
  look();
}
