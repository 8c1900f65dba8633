/** Showing one's screen. */
import type { Meeting } from "./meeting";

/** Phones have no way to. */
export function canShowScreen(): boolean {
  return navigator.mediaDevices !== undefined && "getDisplayMedia" in navigator.mediaDevices;
}

/** Begins, or ends, to show it. */
export async function showScreen(meeting: Meeting): Promise<void> {
  if (meeting.snapshot().own.screen !== undefined) return meeting.showScreen(null);
  // Somebody who closes the question has changed their mind: there is nothing to say about it.
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: true }).catch(() => null);
  if (stream === null) return;
  if (meeting.snapshot().phase === "in") meeting.showScreen(stream);
  else for (const track of stream.getTracks()) track.stop();
}
