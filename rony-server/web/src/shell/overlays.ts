/** Which dialog stands over everything. Whoever wants one opens it from anywhere; the frame draws it. */
import { useSyncExternalStore } from "react";
import type { ShownFile } from "@/files/preview/shown";

export type Overlay =
  | { kind: "palette" }
  /** For the administrator who has just set the server up. */
  | { kind: "welcome" }
  /** A link by which others come; into a conversation, where one is named. */
  | { kind: "invite"; conversation?: string }
  | { kind: "new"; what?: "direct" | "group" }
  /** A room for a meeting. */
  | { kind: "new-room" }
  /** A meeting at a time. */
  | { kind: "schedule" }
  | { kind: "status" }
  | { kind: "shortcuts" }
  /** Somebody's card. */
  | { kind: "person"; id: string }
  | { kind: "add-contact" }
  /** A file as large as the screen, among those that stand beside it. */
  | { kind: "preview"; files: readonly ShownFile[]; at: number };

let current: Overlay | null = null;
const listeners = new Set<() => void>();

export function openOverlay(overlay: Overlay): void {
  show(overlay);
}

export function closeOverlay(): void {
  show(null);
}

/** The dialog that is open. */
export function useOverlay(): Overlay | null {
  return useSyncExternalStore(subscribe, () => current);
}

export function currentOverlay(): Overlay | null {
  return current;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function show(overlay: Overlay | null): void {
  current = overlay;
  for (const listener of listeners) listener();
}
