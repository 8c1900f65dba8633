/** One's own picture: choosing, cutting out, removing. */
import { lazy, Suspense, useRef, useState } from "react";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import { useModel } from "@/client/hooks";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";

const Crop = lazy(() => import("./crop"));

export function Picture() {
  const me = useModel((model) => model.me);
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<File | null>(null);
  const [removing, setRemoving] = useState(false);

  function choose(file: File | undefined) {
    if (file === undefined) return;
    if (file.type.startsWith("image/")) setChosen(file);
    else toast.error("That is no picture. Choose a PNG, JPEG, GIF or WebP file.");
  }

  async function remove() {
    await call(api.DELETE("/me/avatar", {}));
    toast.success("Your picture is removed.");
  }

  return (
    <div className="flex items-center gap-5">
      <Avatar id={me.id} name={me.display_name} picture={me.avatar} size="large" />
      <div className="min-w-0">
        <p dir="auto" className="truncate font-semibold text-lg leading-tight">
          {me.display_name}
        </p>
        <p className="truncate text-soft text-sm">@{me.username}</p>
        <div className="mt-2.5 flex flex-wrap gap-2">
          <Button look="plain" size="small" onClick={() => input.current?.click()}>
            {me.avatar ? "Change picture" : "Add a picture"}
          </Button>
          {me.avatar && (
            <Button look="ghost" size="small" onClick={() => setRemoving(true)}>
              Remove
            </Button>
          )}
        </div>
      </div>
      <input
        ref={input}
        type="file"
        aria-label="Picture file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        hidden
        onChange={({ target }) => {
          choose(target.files?.[0]);
          // The same file may be chosen again.
          target.value = "";
        }}
      />
      {chosen && (
        <Suspense>
          <Crop file={chosen} close={() => setChosen(null)} />
        </Suspense>
      )}
      {removing && (
        <Confirm title="Remove your picture?" action="Remove" danger run={remove} close={() => setRemoving(false)}>
          Others see the first letters of your name in its place.
        </Confirm>
      )}
    </div>
  );
}
