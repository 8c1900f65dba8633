/** The pages of a PDF: each is drawn when it comes into view. Scripts in it do not run. */
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy, version } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { contentUrl, useDoor } from "../door";
import { Filling, type ShownFile } from "./shown";

GlobalWorkerOptions.workerSrc = worker;

/** What some PDFs need lies beside the page's own files. */
const BESIDE = new URL(`pdf-${version}/`, new URL(worker, document.baseURI)).href;

/** Beyond this a page is hard to read, in pixels. */
const WIDEST = 900;
/** Screens that are finer still show no difference. */
const FINEST = 2;

interface Size {
  width: number;
  height: number;
}

export default function Pdf({ file, otherwise }: { file: ShownFile; otherwise: ReactNode }) {
  const door = useDoor();
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  const [page, setPage] = useState<Size | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const loading = getDocument({
      url: contentUrl(file.id),
      httpHeaders: door.headers,
      withCredentials: door.pass === undefined,
      disableAutoFetch: true,
      disableStream: true,
      enableXfa: false,
      standardFontDataUrl: `${BESIDE}standard_fonts/`,
      cMapUrl: `${BESIDE}cmaps/`,
    });
    loading.promise
      .then(async (loaded) => {
        const { width, height } = (await loaded.getPage(1)).getViewport({ scale: 1 });
        setPage({ width, height });
        setPdf(loaded);
      })
      .catch(() => setFailed(true));
    return () => void loading.destroy();
  }, [door, file.id]);

  if (failed) return otherwise;
  if (pdf === null || page === null) return <Filling />;
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys, too
      tabIndex={0}
      role="document"
      aria-label={file.name}
      className="min-w-0 flex-1 overflow-auto bg-muted p-3 sm:px-16"
    >
      <div className="mx-auto flex flex-col gap-3" style={{ maxWidth: WIDEST }}>
        {Array.from({ length: pdf.numPages }, (_, index) => index + 1).map((number) => (
          <Page key={number} pdf={pdf} number={number} like={page} />
        ))}
      </div>
    </div>
  );
}

function Page({ pdf, number, like }: { pdf: PDFDocumentProxy; number: number; like: Size }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState(like);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (canvas.current === null) return;
    const observer = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      rootMargin: "800px",
    });
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const target = canvas.current;
    if (!near || target === null) return;
    let stop = () => {};
    void pdf
      .getPage(number)
      .then((page) => {
        const whole = page.getViewport({ scale: 1 });
        setSize({ width: whole.width, height: whole.height });
        const scale = (target.clientWidth / whole.width) * Math.min(FINEST, window.devicePixelRatio);
        const viewport = page.getViewport({ scale });
        target.width = viewport.width;
        target.height = viewport.height;
        const drawing = page.render({ canvas: target, viewport });
        stop = () => drawing.cancel();
        return drawing.promise;
      })
      .catch(() => {});
    return () => stop();
  }, [pdf, number, near]);

  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`Page ${number} of ${pdf.numPages}`}
      className="w-full rounded border bg-white"
      style={{ aspectRatio: `${size.width} / ${size.height}` }}
    />
  );
}
