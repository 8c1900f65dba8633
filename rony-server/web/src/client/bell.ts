/**
 * Tells listeners that something changed. Much that comes at once is told together: to draw a page takes longer than to receive a
 * message, and a page that draws each of a hundred is behind all of them.
 */

/** As long as a frame, in milliseconds: nobody sees more than one change in it. */
const FRAME = 16;

export class Bell {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Before this moment it does not ring by itself. */
  private quietUntil = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** At once; what the person did must be seen without delay. */
  now(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const begin = performance.now();
    for (const listener of this.listeners) listener();
    const end = performance.now();
    // At least half of the time is left for the person.
    this.quietUntil = end + Math.max(FRAME, end - begin);
  }

  /** At once after a rest, else soon, together with what comes until then. */
  soon(): void {
    if (this.timer !== undefined) return;
    const wait = this.quietUntil - performance.now();
    if (wait <= 0) this.now();
    else this.timer = setTimeout(() => this.now(), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }
}
