/** Addresses of pictures and films for the browser's own elements, which send no pass by themselves. */
import { useEffect, useState } from "react";
import { API_URL } from "@/api/client";
import { contentUrl, type Door, thumbnailUrl, useDoor } from "./door";

interface Source {
  id: string;
  version: number;
}

export type What = "small" | "large" | "content";

interface Media {
  /** Undefined until it is known. */
  url: string | undefined;
  failed: boolean;
}

/** Where this can be got; whoever came by a link gets a copy, which goes when it is not shown any more. */
export function useMedia({ id, version }: Source, what: What, wanted = true): Media {
  const door = useDoor();
  const [copy, setCopy] = useState<Media>({ url: undefined, failed: false });
  const copied = door.pass !== undefined && wanted;
  useEffect(() => {
    if (!copied) return;
    const stop = new AbortController();
    let made: string | undefined;
    load(door, address({ id, version }, what), stop.signal).then(
      (bytes) => {
        made = URL.createObjectURL(bytes);
        setCopy({ url: made, failed: false });
      },
      () => !stop.signal.aborted && setCopy({ url: undefined, failed: true }),
    );
    return () => {
      stop.abort();
      if (made) URL.revokeObjectURL(made);
      setCopy({ url: undefined, failed: false });
    };
  }, [door, copied, id, version, what]);
  if (door.pass !== undefined) return copy;
  return { url: wanted ? address({ id, version }, what) : undefined, failed: false };
}

function address({ id, version }: Source, what: What): string {
  // Without a version: what a message shows is the newest, whichever that is.
  if (what === "content") return contentUrl(id);
  return thumbnailUrl(id, what, version);
}

/** So often it is asked whether a picture is made by now. */
const TRIES = 6;

async function load(door: Door, url: string, signal: AbortSignal): Promise<Blob> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(url, { headers: door.headers, signal });
    if (answer.ok) return answer.blob();
    const later = Number(answer.headers.get("Retry-After"));
    if (answer.status !== 404 || !later || tries >= TRIES) throw new Error(`${answer.status}`);
    await new Promise((resolve) => setTimeout(resolve, later * 1000));
  }
}

/** Lets the browser keep a file, as it keeps any other. */
export async function download(door: Door, { id, name }: { id: string; name: string }): Promise<void> {
  const href = door.pass ? (await door.link(id, 10)).url : contentUrl(id, { download: true });
  const link = document.createElement("a");
  link.href = sameOrigin(href);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

/** The server may know its address by another name than the one it was opened at. */
function sameOrigin(url: string): string {
  const found = url.match(/\/downloads\/[^/]+$/);
  return found ? API_URL + found[0] : url;
}
