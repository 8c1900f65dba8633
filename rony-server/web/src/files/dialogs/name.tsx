import { useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useRef, useState } from "react";
import type { Item } from "@/api/types";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field } from "@/ui/field";
import { Alert } from "@/ui/refused";
import { useForm } from "@/welcome/form";
import { isTaken } from "../acts";
import { useDoor } from "../door";
import type { Target } from "../drag";
import { refreshFiles } from "../queries";
import { nameFault } from "../words";
import { LookFields } from "./look";

interface Props {
  /** What gets another name. */
  item?: Item;
  /** Where a new folder is made. */
  parent?: Target;
  close: () => void;
}

/** Makes a folder, or gives something another name. */
export function NameDialog({ item, parent, close }: Props) {
  const door = useDoor();
  const queries = useQueryClient();
  const [name, setName] = useState(item?.name ?? "");
  const [look, setLook] = useState({ icon: "", color: "" });
  const [taken, setTaken] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  const fault = nameFault(name);

  // What comes behind the last point says what kind of file it is, and mostly stays.
  useLayoutEffect(() => {
    const end = item?.kind === "file" && item.name.lastIndexOf(".") > 0 ? item.name.lastIndexOf(".") : undefined;
    const input = field.current?.querySelector("input");
    const timer = setTimeout(() => input?.setSelectionRange(0, end ?? input.value.length), 0);
    return () => clearTimeout(timer);
  }, [item]);

  const form = useForm(["name"], async () => {
    setTaken(false);
    try {
      if (item) await door.change(item.id, { name: name.trim() });
      else await door.createFolder({ parent_id: parent?.id ?? null, name: name.trim(), ...look });
    } catch (error) {
      if (!isTaken(error)) throw error;
      setTaken(true);
      return;
    }
    void refreshFiles(queries);
    close();
  });
  const error = taken
    ? "There is something of this name here already. Choose another one."
    : (form.fields.name ?? (fault && name.trim() !== "" ? fault : undefined));
  return (
    <Dialog open onOpenChange={close} title={item ? "Rename" : "New folder"}>
      <form onSubmit={form.submit} className="flex flex-col gap-5" noValidate>
        <div ref={field}>
          <Field
            label="Name"
            name="name"
            dir="auto"
            autoComplete="off"
            maxLength={255}
            value={name}
            error={error}
            onChange={({ target }) => {
              setName(target.value);
              setTaken(false);
            }}
          />
        </div>
        {!item && <LookFields look={look} change={setLook} />}
        <Alert>{form.error}</Alert>
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={form.busy || fault !== null || name.trim() === item?.name}>
            {item ? "Rename" : "Make folder"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
