/** The beginning of a text, letter by letter: whatever stands in it, it is only read. */
import { useQuery } from "@tanstack/react-query";
import { Failed } from "@/ui/states";
import { useDoor } from "../door";
import { sizeOf } from "../words";
import { Filling, NotShown, type ShownFile } from "./shown";

const MOST = 256 * 1024;

export default function Text({ file }: { file: ShownFile }) {
  const door = useDoor();
  const found = useQuery({
    queryKey: ["files", "text", file.id, file.version],
    queryFn: async ({ signal }) => {
      if (file.size === 0) return "";
      const answer = await door.bytes(file.id, { range: `bytes=0-${MOST - 1}`, signal });
      const bytes = new Uint8Array(await answer.arrayBuffer()).subarray(0, MOST);
      return new TextDecoder().decode(bytes, { stream: true });
    },
    staleTime: 60_000,
  });
  if (found.isPending) return <Filling />;
  if (found.isError) {
    return (
      <div className="flex-1">
        <Failed error={found.error} retry={() => void found.refetch()} />
      </div>
    );
  }
  // Bytes that no text has.
  if (found.data.includes("\u0000")) return <NotShown file={file} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys, too
    <div tabIndex={0} role="document" aria-label={file.name} className="min-w-0 flex-1 overflow-auto sm:px-16">
      <pre
        dir="auto"
        className="mx-auto w-fit min-w-full max-w-5xl whitespace-pre-wrap break-words p-4 font-mono text-[13px] leading-5 sm:p-6"
      >
        {found.data}
      </pre>
      {file.size > MOST && (
        <p className="pb-8 text-center text-soft text-sm">
          This is the beginning. Download it to read all of its {sizeOf(file.size)}.
        </p>
      )}
    </div>
  );
}
