import { type Ref, useEffect, useImperativeHandle, useMemo, useRef } from "react";
import { cn } from "@/lib/cn";
import { play, sendTo } from "./sound";

interface VideoProps {
  stream: MediaStream;
  mirrored?: boolean;
  /** All of it is seen, rather than that it fills its place. */
  whole?: boolean;
  ref?: Ref<HTMLVideoElement>;
}

/** A picture that moves. Sound comes by `Sound`, so that nobody hears themselves. */
export function Video({ stream, mirrored, whole, ref }: VideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  useImperativeHandle(ref, () => video.current as HTMLVideoElement, []);
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
export function OwnVideo({ track, whole, ref }: { track: MediaStreamTrack } & Pick<VideoProps, "whole" | "ref">) {
  const stream = useMemo(() => new MediaStream([track]), [track]);
  return <Video stream={stream} mirrored={!whole} whole={whole} ref={ref} />;
}

interface SoundProps {
  stream: MediaStream;
  device: string | undefined;
  /** It goes on, and is not heard for now. */
  silent?: boolean;
}

/** What is heard of another, by the device that was chosen for it. */
export function Sound({ stream, device, silent = false }: SoundProps) {
  const audio = useRef<HTMLAudioElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a browser may let it play only as long as it is silent
  useEffect(() => (audio.current === null ? undefined : play(audio.current, stream)), [stream, silent]);
  useEffect(() => {
    if (audio.current !== null) void sendTo(audio.current, device);
  }, [device]);
  return <audio ref={audio} muted={silent} />;
}
