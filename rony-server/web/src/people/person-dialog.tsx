import { usePersonName } from "@/client/hooks";
import { Dialog } from "@/ui/dialog";
import { PersonCard } from "./person-card";

/** Somebody's card over whatever is open. */
export default function PersonDialog({ id, close }: { id: string; close: () => void }) {
  const name = usePersonName(id);
  return (
    <Dialog open onOpenChange={close} title={name}>
      <PersonCard id={id} left={close} />
    </Dialog>
  );
}
