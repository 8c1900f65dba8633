/** Keeps what is sent to another device within what the meeting's size allows. */
import { type Limit, limitOf, scaleOf } from "./adapt";
import type { Quality, Source } from "./wire";

/** Tells a sender its limit. A browser that does not take it sends as it sees fit. */
export async function limit(sender: RTCRtpSender, source: Source, others: number, wanted?: Quality): Promise<void> {
  const parameters = sender.getParameters();
  const [encoding] = parameters.encodings ?? [];
  // Before the two devices have agreed on anything, some browsers have none.
  if (encoding === undefined) return;
  const now = limitOf(source, others, wanted);
  if (!apply(encoding, now, sender.track)) return;
  await sender.setParameters(parameters).catch(() => {});
}

/** Whether that changed anything. */
function apply(encoding: RTCRtpEncodingParameters, now: Limit, track: MediaStreamTrack | null): boolean {
  const next: Partial<RTCRtpEncodingParameters> = { active: now.off !== true, maxBitrate: now.bitrate };
  if (track?.kind === "video") {
    next.scaleResolutionDownBy = scaleOf(track.getSettings().height, now);
    if (now.framerate !== undefined) next.maxFramerate = now.framerate;
  }
  const changed = Object.entries(next).some(([key, value]) => encoding[key as keyof typeof next] !== value);
  Object.assign(encoding, next);
  return changed;
}
