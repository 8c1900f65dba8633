import { useEffect, useState } from "react";
import type { Item } from "@/api/types";
import { cn } from "@/lib/cn";
import { useMedia } from "./media";
import { iconOf, kindOf, tintOf } from "./words";

interface Props {
  item: Item;
  /** As in a row, or as large as there is room. */
  large?: boolean;
}

/** A picture that is not made yet is asked for again, after so long and so often. */
const AGAIN = 1_500;
const TRIES = 8;

/** A small picture of what it is. Its name stands beside it, so it is not read out. */
export function Thumb({ item, large }: Props) {
  const [tries, setTries] = useState(0);
  const [missing, setMissing] = useState(false);
  const pictured = item.kind === "file" && item.preview !== "none" && !missing;
  const { url, failed } = useMedia(item, large ? "large" : "small", pictured);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture is tried anew
  useEffect(() => {
    setTries(0);
    setMissing(false);
  }, [item.id, item.version, item.preview]);

  function again() {
    if (tries < TRIES && item.preview === "waiting") setTimeout(() => setTries(tries + 1), AGAIN);
    else setMissing(true);
  }

  if (pictured && !failed && url) {
    return (
      <img
        key={tries}
        src={tries > 0 && !url.startsWith("blob:") ? `${url}&again=${tries}` : url}
        alt=""
        loading="lazy"
        draggable={false}
        onError={again}
        className={cn("object-cover", large ? "size-full" : "size-8 shrink-0 rounded-md border")}
      />
    );
  }
  return <Glyph item={item} large={large} />;
}

function Glyph({ item, large }: Props) {
  const Icon = iconOf(item);
  const kind = kindOf(item);
  if (item.icon) {
    return (
      <span
        aria-hidden
        className={cn("flex items-center justify-center", large ? "text-5xl" : "size-8 shrink-0 text-xl leading-none")}
      >
        {item.icon}
      </span>
    );
  }
  const tint = kind === "folder" ? (tintOf(item.color) ?? tintOf("blue")) : undefined;
  return (
    <span aria-hidden className={cn("flex shrink-0 items-center justify-center text-soft", !large && "size-8")}>
      <Icon
        className={cn(large ? "size-14" : "size-6")}
        strokeWidth={large ? 1.25 : 1.75}
        style={tint ? { color: tint, fill: `color-mix(in srgb, ${tint} 28%, transparent)` } : undefined}
      />
    </span>
  );
}
