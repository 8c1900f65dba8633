import { useEffect, useMemo, useRef } from "react";
import { cn } from "@/lib/cn";

/** A picture that moves. Sound comes by `Sound`, so that nobody hears themselves. */
export function Video({ stream, mirrored, whole }: { stream: MediaStream; mirrored?: boolean; whole?: boolean }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  return (
    <video
      ref={video}
      autoPlay
      playsInline
      muted
      className={cn("size-full", whole ? "object-contain" : "object-cover", mirrored && "-scale-x-100")}
    />
  );
}

/** The same of one's own camera. */
export function OwnVideo({ track, whole }: { track: MediaStreamTrack; whole?: boolean }) {
  const stream = useMemo(() => new MediaStream([track]), [track]);
  return <Video stream={stream} mirrored={!whole} whole={whole} />;
}

export function Sound({ stream }: { stream: MediaStream }) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (audio.current !== null) audio.current.srcObject = stream;
  }, [stream]);
  // biome-ignore lint/a11y/useMediaCaption: it is people who talk now
  return <audio ref={audio} autoPlay />;
}
