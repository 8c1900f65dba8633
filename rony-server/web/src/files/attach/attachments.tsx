/** The files of a message: pictures, films and sounds as themselves, all else as cards that open or download them. */
import { useQuery } from "@tanstack/react-query";
import { Download, FileX, Maximize2 } from "lucide-react";
import { useState } from "react";
import { ApiError } from "@/api/client";
import type { Attachment } from "@/api/types";
import { cn } from "@/lib/cn";
import { openOverlay } from "@/shell/overlays";
import { Button } from "@/ui/button";
import { contentUrl, OWN_DOOR, thumbnailUrl } from "../door";
import { download } from "../media";
import { iconOf, kindWord, sizeOf } from "../words";
import { boxOf, shapeOf } from "./measure";

interface Props {
  attachments: readonly Attachment[];
}

export function Attachments({ attachments }: Props) {
  const pictures = attachments.filter((one) => shapeOf(one) === "picture");
  const others = attachments.filter((one) => shapeOf(one) !== "picture");
  function open(attachment: Attachment) {
    const files = attachments.map((one) => ({ ...one, id: one.file_id, version: 0 }));
    openOverlay({ kind: "preview", files, at: attachments.indexOf(attachment) });
  }
  return (
    <div className="mt-1 mb-0.5 flex flex-col gap-2">
      {pictures.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {pictures.map((picture) => (
            <Picture
              key={picture.file_id}
              attachment={picture}
              alone={pictures.length === 1}
              open={() => open(picture)}
            />
          ))}
        </div>
      )}
      {others.map((other) => (
        <Other key={other.file_id} attachment={other} open={() => open(other)} />
      ))}
    </div>
  );
}

/** Whether the file is there for the reader: it may have been removed, or taken back. */
function useGone({ file_id }: Attachment): boolean {
  const found = useQuery({
    queryKey: ["files", "item", file_id],
    queryFn: () => OWN_DOOR.get(file_id),
    staleTime: 60_000,
    retry: false,
  });
  return found.error instanceof ApiError && found.error.status === 404;
}

interface OneProps {
  attachment: Attachment;
  open: () => void;
}

/** What a picture is asked for by, one after the other, until there is one. */
const AGAIN = 1_500;
const TRIES = 4;

function Picture({ attachment, alone, open }: OneProps & { alone: boolean }) {
  const gone = useGone(attachment);
  const [tries, setTries] = useState(0);
  const { width, height } = boxOf(attachment, alone);
  if (gone) return <Gone attachment={attachment} />;
  // The smaller one may not be made yet; after a while the whole one is as good.
  const url =
    tries < TRIES
      ? `${thumbnailUrl(attachment.file_id, "large")}${tries ? `&again=${tries}` : ""}`
      : contentUrl(attachment.file_id);
  return (
    <button
      type="button"
      onClick={open}
      aria-label={`Open ${attachment.name}`}
      className="max-w-full overflow-hidden rounded-xl border bg-muted"
      style={{ width, aspectRatio: `${width} / ${height}` }}
    >
      <img
        src={url}
        alt=""
        width={width}
        height={height}
        loading="lazy"
        draggable={false}
        onError={() => tries < TRIES && setTimeout(() => setTries(tries + 1), AGAIN)}
        className={cn("size-full", alone ? "object-contain" : "object-cover")}
      />
    </button>
  );
}

function Other({ attachment, open }: OneProps) {
  const gone = useGone(attachment);
  const [broken, setBroken] = useState(false);
  const shape = shapeOf(attachment);
  if (gone) return <Gone attachment={attachment} />;
  if (broken || shape === "card") return <Card attachment={attachment} open={open} />;
  if (shape === "sound") {
    return (
      <div className="flex w-full max-w-sm flex-col gap-1">
        <Name attachment={attachment} />
        {/* biome-ignore lint/a11y/useMediaCaption: people's own sounds have none */}
        <audio
          src={contentUrl(attachment.file_id)}
          controls
          preload="none"
          aria-label={attachment.name}
          onError={() => setBroken(true)}
          className="h-11 w-full"
        />
      </div>
    );
  }
  return (
    <div className="flex w-full max-w-sm flex-col gap-1">
      <div className="relative">
        {/* biome-ignore lint/a11y/useMediaCaption: people's own films have none */}
        <video
          src={contentUrl(attachment.file_id)}
          controls
          preload="metadata"
          aria-label={attachment.name}
          onError={() => setBroken(true)}
          className="aspect-video w-full rounded-xl border bg-black"
        />
        <Button
          look="plain"
          size="icon-small"
          aria-label={`Open ${attachment.name}`}
          className="absolute top-2 right-2 shadow"
          onClick={open}
        >
          <Maximize2 />
        </Button>
      </div>
      <Name attachment={attachment} />
    </div>
  );
}

function Name({ attachment: { name, size } }: { attachment: Attachment }) {
  return (
    <p className="flex gap-1.5 text-[13px] text-soft">
      <span dir="auto" className="truncate">
        {name}
      </span>
      <span className="shrink-0">· {sizeOf(size)}</span>
    </p>
  );
}

const CARD = "flex h-14 w-full max-w-sm items-center gap-3 rounded-xl border bg-raised pr-2 pl-3";

function Card({ attachment, open }: OneProps) {
  const Icon = iconOf(attachment);
  return (
    <div className={CARD}>
      <button type="button" onClick={open} className="flex min-w-0 flex-1 items-center gap-3 text-left">
        <span className="rounded-lg bg-muted p-2 text-soft">
          <Icon className="size-5" aria-hidden />
        </span>
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate font-medium text-sm">
            {attachment.name}
          </span>
          <span className="block text-soft text-xs">
            {kindWord(attachment)} · {sizeOf(attachment.size)}
          </span>
        </span>
      </button>
      <Button
        look="ghost"
        size="icon"
        aria-label={`Download ${attachment.name}`}
        onClick={() => void download(OWN_DOOR, { id: attachment.file_id, name: attachment.name })}
      >
        <Download />
      </Button>
    </div>
  );
}

function Gone({ attachment }: { attachment: Attachment }) {
  return (
    <div className={cn(CARD, "border-dashed bg-transparent")}>
      <span className="rounded-lg bg-muted p-2 text-soft">
        <FileX className="size-5" aria-hidden />
      </span>
      <span className="min-w-0 flex-1 text-soft">
        <span dir="auto" className="block truncate text-sm line-through">
          {attachment.name}
        </span>
        <span className="block text-xs">This file is not here any more.</span>
      </span>
    </div>
  );
}
