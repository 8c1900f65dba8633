import { picked } from "@/files/uploads/gather";
import { uploadsOf } from "@/files/uploads/use-uploads";

/** Lets the person choose files, and uploads them to the top of their own. */
export function bringFiles(me: string): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.onchange = () => uploadsOf(me).add(picked(input.files ?? []), { parent: null, where: "My files" });
  input.click();
}
