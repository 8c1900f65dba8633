/** Cutting a square out of a picture. */
import { LoaderCircle, ZoomIn } from "lucide-react";
import { useEffect, useState } from "react";
import Cropper, { type Area } from "react-easy-crop";
import "react-easy-crop/react-easy-crop.css";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Refused } from "@/ui/refused";
import { encode } from "./encode";

export default function Crop({ file, close }: { file: File; close: () => void }) {
  const source = useSource(file);
  const [crop, setCrop] = useState({ x: 0, y: 0 });
  const [zoom, setZoom] = useState(1);
  const [area, setArea] = useState<Area | null>(null);
  const [broken, setBroken] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function save() {
    if (area === null || source === null) return;
    setBusy(true);
    setError(null);
    try {
      await put(await encode(source, area));
      toast.success("Your picture is saved.");
      close();
    } catch (failed) {
      setError(failed);
    }
    setBusy(false);
  }

  return (
    <Dialog
      open
      onOpenChange={close}
      title="Your picture"
      description={broken ? undefined : "Move it until what you want is in the circle. The arrow keys move it, too."}
    >
      <div className="flex flex-col gap-5">
        {broken ? (
          <p role="alert">This file cannot be shown as a picture. Choose another one: PNG, JPEG, GIF or WebP.</p>
        ) : (
          <>
            <div className="relative h-72 overflow-hidden rounded-xl bg-muted">
              {source && (
                <Cropper
                  image={source}
                  crop={crop}
                  zoom={zoom}
                  aspect={1}
                  cropShape="round"
                  showGrid={false}
                  onCropChange={setCrop}
                  onZoomChange={setZoom}
                  onCropComplete={(_, pixels) => setArea(pixels)}
                  mediaProps={{ onError: () => setBroken(true), alt: "The picture that you chose" }}
                />
              )}
            </div>
            <label className="flex items-center gap-3 text-soft text-sm">
              <ZoomIn className="size-5" aria-hidden />
              <span className="sr-only">Zoom</span>
              <input
                type="range"
                min={1}
                max={4}
                step={0.05}
                value={zoom}
                onChange={({ target }) => setZoom(Number(target.value))}
                className="w-full accent-accent"
              />
            </label>
          </>
        )}
        <Refused error={error} />
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            {broken ? "Close" : "Cancel"}
          </Button>
          {!broken && (
            <Button disabled={busy || area === null} onClick={() => void save()}>
              {busy && <LoaderCircle className="size-4 animate-spin" aria-hidden />}
              Use this picture
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** An address for what the file has, as long as it is looked at. */
function useSource(file: File): string | null {
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setSource(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return source;
}

async function put(picture: Blob): Promise<void> {
  await call(
    api.PUT("/me/avatar", {
      // The description says "bytes" by a list of numbers.
      body: picture as unknown as number[],
      bodySerializer: (body) => body as unknown as Blob,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
}
