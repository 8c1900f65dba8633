import { Button } from "@/ui/button";
import { type Gathered, picked } from "./gather";

/** Lets a person choose files of this device, where there is nothing else to see. */
export function ChooseFiles({ take }: { take: (files: Gathered[]) => void }) {
  return (
    <Button asChild>
      <label className="has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2">
        Choose files
        <input
          type="file"
          multiple
          className="sr-only"
          onChange={({ target }) => {
            take(picked(target.files ?? []));
            // The same files may be chosen again.
            target.value = "";
          }}
        />
      </label>
    </Button>
  );
}
