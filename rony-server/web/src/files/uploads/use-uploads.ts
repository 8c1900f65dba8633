/** The uploads of whoever is signed in: one for the page, whatever place of it is shown. */
import { useSyncExternalStore } from "react";
import { useModel } from "@/client/hooks";
import { OWN_DOOR } from "../door";
import { type Snapshot, Uploads } from "./uploads";

let current: { user: string; uploads: Uploads } | null = null;

export function uploadsOf(user: string): Uploads {
  if (current?.user !== user) {
    current?.uploads.stop();
    current = { user, uploads: new Uploads(OWN_DOOR, user) };
  }
  return current.uploads;
}

export function useUploads(): Uploads {
  return uploadsOf(useModel((model) => model.me.id));
}

export function useSnapshot(uploads: Uploads): Snapshot {
  return useSyncExternalStore(uploads.subscribe, uploads.snapshot);
}
