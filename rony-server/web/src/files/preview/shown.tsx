/** What a file looks like, by its kind. Nothing in it ever runs: what could is shown as text. */
import { Download } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { toast } from "sonner";
import { explain } from "@/api/client";
import type { Item } from "@/api/types";
import { cn } from "@/lib/cn";
import { Button } from "@/ui/button";
import { Empty, Loading } from "@/ui/states";
import { useDoor } from "../door";
import { download, useMedia } from "../media";
import { iconOf, kindOf, sizeOf } from "../words";

const Pdf = lazy(() => import("./pdf"));
const Text = lazy(() => import("./text"));

export interface ShownFile extends Pick<Item, "id" | "name" | "media_type" | "size" | "version"> {
  width?: number | null;
  height?: number | null;
  preview?: Item["preview"];
}

/** How long the longer side of a large preview is at most, in pixels. */
const LARGE = 1280;

/** A copy of what is larger does not fit into a page. */
const LARGEST_COPY = 300 * 1024 * 1024;

export function Shown({ file }: { file: ShownFile }) {
  const door = useDoor();
  const kind = kindOf(file);
  if (door.pass !== undefined && file.size > LARGEST_COPY && kind !== "text")
    return <NotShown file={file} why="This file is too large to be shown here." />;
  if (door.counted && (kind !== "image" || file.preview !== "ready"))
    return <NotShown file={file} why="This link is good for a certain number of downloads, so there is no preview." />;
  switch (kind) {
    case "image":
      return <Picture file={file} />;
    case "video":
    case "audio":
      return <Film file={file} kind={kind} />;
    case "pdf":
      return (
        <Suspense fallback={<Filling />}>
          <Pdf file={file} otherwise={<NotShown file={file} why="This PDF cannot be shown here." />} />
        </Suspense>
      );
    case "text":
      return (
        <Suspense fallback={<Filling />}>
          <Text file={file} />
        </Suspense>
      );
    default:
      return <NotShown file={file} />;
  }
}

export function Filling() {
  return (
    <div className="flex-1">
      <Loading />
    </div>
  );
}

/** The smaller picture until the whole one is here. */
function Picture({ file }: { file: ShownFile }) {
  const small = useMedia(file, "large", file.preview === "ready");
  // Where downloads are counted, the smaller one is all there is.
  const { counted } = useDoor();
  const whole = useMedia(file, "content", !counted);
  const [here, setHere] = useState(false);
  const [broken, setBroken] = useState(false);
  if (broken || whole.failed) return <NotShown file={file} why="This picture cannot be shown here." />;
  const known = file.width && file.height ? { width: file.width, height: file.height } : {};
  // What is small stays sharp rather than large; of what is not, the smaller picture takes the room of the whole one.
  const isSmall = known.width !== undefined && Math.max(known.width, known.height) <= LARGE;
  const look = cn("absolute inset-0 size-full p-2 sm:p-6", isSmall ? "object-scale-down" : "object-contain");
  return (
    <div className="relative flex-1 overflow-hidden">
      {!here &&
        (small.url ? (
          <img src={small.url} alt={counted ? file.name : ""} className={look} draggable={false} />
        ) : (
          <Loading />
        ))}
      {whole.url && (
        <img
          src={whole.url}
          alt={file.name}
          {...known}
          draggable={false}
          onLoad={() => setHere(true)}
          onError={() => setBroken(true)}
          className={cn(look, !here && "opacity-0")}
        />
      )}
    </div>
  );
}

function Film({ file, kind }: { file: ShownFile; kind: "video" | "audio" }) {
  const { url, failed } = useMedia(file, "content");
  const poster = useMedia(file, "large", kind === "video" && file.preview === "ready");
  const [broken, setBroken] = useState(false);
  if (failed || broken) return <NotShown file={file} why="This browser cannot play it." />;
  if (url === undefined) return <Filling />;
  return (
    <div className="flex min-w-0 flex-1 flex-col items-center justify-center gap-6 p-4">
      {kind === "video" ? (
        // biome-ignore lint/a11y/useMediaCaption: people's own films have none
        <video
          src={url}
          poster={poster.url}
          controls
          preload="metadata"
          aria-label={file.name}
          onError={() => setBroken(true)}
          className="max-h-full max-w-full rounded-lg bg-black"
        />
      ) : (
        <>
          <Face file={file} />
          {/* biome-ignore lint/a11y/useMediaCaption: people's own sounds have none */}
          <audio
            src={url}
            controls
            preload="metadata"
            aria-label={file.name}
            onError={() => setBroken(true)}
            className="w-full max-w-md"
          />
        </>
      )}
    </div>
  );
}

function Face({ file }: { file: ShownFile }) {
  const Icon = iconOf(file);
  return (
    <span className="rounded-3xl bg-muted p-8 text-soft" aria-hidden>
      <Icon className="size-16" strokeWidth={1.25} />
    </span>
  );
}

/** What cannot be shown can be downloaded. */
export function NotShown({
  file,
  why = "There is no preview for this kind of file.",
}: {
  file: ShownFile;
  why?: ReactNode;
}) {
  const door = useDoor();
  const Icon = iconOf(file);
  return (
    <div className="flex-1">
      <Empty icon={<Icon />} title={file.name}>
        <p>{why}</p>
        <Button onClick={() => void download(door, file).catch((error) => toast.error(explain(error)))}>
          <Download className="size-4" />
          Download ({sizeOf(file.size)})
        </Button>
      </Empty>
    </div>
  );
}
