/** What a link leads to: a file, a folder, or a place to put files in. */
import { CloudUpload, Download } from "lucide-react";
import { Fragment, lazy, type ReactNode, Suspense, useEffect, useMemo } from "react";
import { toast } from "sonner";
import { explain } from "@/api/client";
import type { Opened } from "@/api/types";
import { useDoor } from "@/files/door";
import { download } from "@/files/media";
import { Shown } from "@/files/preview/shown";
import { ChooseFiles } from "@/files/uploads/choose-files";
import { dropped, type Gathered, hasFiles } from "@/files/uploads/gather";
import { UploadsPanel } from "@/files/uploads/panel";
import { Uploads } from "@/files/uploads/uploads";
import { count, sizeOf } from "@/files/words";
import { until } from "@/lib/time";
import { Button } from "@/ui/button";
import { Logo } from "@/ui/logo";
import { Loading } from "@/ui/states";

const SharedFolder = lazy(() => import("./shared-folder"));

interface Props {
  opened: Opened;
  refused: (error: unknown) => void;
}

export default function Shared({ opened, refused }: Props) {
  const door = useDoor();
  const uploads = useMemo(() => new Uploads(door), [door]);
  useEffect(() => () => uploads.stop(), [uploads]);
  const { item, share } = opened;
  return (
    <div className="flex h-full flex-col">
      <Head opened={opened} refused={refused} />
      <main className="flex min-h-0 flex-1 flex-col">
        {share.level === "drop" ? (
          <Drop opened={opened} uploads={uploads} />
        ) : item.kind === "folder" ? (
          <Suspense fallback={<Loading />}>
            <SharedFolder root={item} uploads={uploads} />
          </Suspense>
        ) : (
          <div className="flex min-h-0 flex-1">
            <Shown file={item} />
          </div>
        )}
      </main>
      <UploadsPanel uploads={uploads} />
    </div>
  );
}

function Head({ opened: { item, share }, refused }: Props) {
  const door = useDoor();
  async function load() {
    try {
      await download(door, item);
    } catch (error) {
      refused(error);
      toast.error(explain(error));
    }
  }
  const left = share.downloads_left;
  const facts = [
    item.kind === "file" && sizeOf(item.size),
    share.expires_at && until(share.expires_at),
    typeof left === "number" && `${count(left, "download", "downloads")} left`,
  ].filter((fact) => typeof fact === "string");
  return (
    <header className="flex min-h-14 shrink-0 items-center gap-3 border-b px-4 py-2">
      <Logo className="size-8 shrink-0" />
      <div className="min-w-0 flex-1">
        <h1 dir="auto" className="truncate font-semibold text-[15px] leading-5">
          {item.name}
        </h1>
        <p className="text-soft text-xs sm:truncate">
          {share.level === "drop" ? "Files for" : "Shared by"} <span dir="auto">{share.shared_by}</span>
          {facts.map((fact) => (
            <Fragment key={fact}>
              {" · "}
              <span className="whitespace-nowrap">{fact}</span>
            </Fragment>
          ))}
        </p>
      </div>
      {item.kind === "file" && share.level !== "drop" && (
        <Button onClick={() => void load()}>
          <Download className="size-4" />
          Download
        </Button>
      )}
    </header>
  );
}

/** One puts files in, and sees nothing of what is there. */
function Drop({ opened: { item, share }, uploads }: { opened: Opened; uploads: Uploads }) {
  const add = (files: Gathered[]) =>
    uploads.add(
      // Folders would show what is there already.
      files.map(({ file }) => ({ file, folders: [] })),
      { parent: item.id, where: item.name, ifExists: "rename" },
    );
  return (
    <Zone take={add}>
      <span className="rounded-2xl bg-muted p-4 text-soft" aria-hidden>
        <CloudUpload className="size-8" />
      </span>
      <p className="font-semibold text-lg">
        Give files to <span dir="auto">{share.shared_by}</span>
      </p>
      <p className="max-w-sm text-balance text-soft text-sm">
        Drag them here, or choose them. Only those who have the folder see what you put in, so you do not see it again
        here.
      </p>
      <ChooseFiles take={add} />
    </Zone>
  );
}

function Zone({ take, children }: { take: (files: Gathered[]) => void; children: ReactNode }) {
  return (
    <section
      aria-label="Put files in"
      className="m-4 flex flex-1 flex-col items-center justify-center gap-4 rounded-2xl border-2 border-strong/50 border-dashed p-6 text-center"
      onDragOver={(event) => hasFiles(event.dataTransfer) && event.preventDefault()}
      onDrop={(event) => {
        if (!hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        void dropped(event.dataTransfer).then(take);
      }}
    >
      {children}
    </section>
  );
}
