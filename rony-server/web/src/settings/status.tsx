/** How one appears, and what one is up to. */
import { SmilePlus } from "lucide-react";
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import type { Status } from "@/api/types";
import { useModel } from "@/client/hooks";
import { isAhead, until } from "@/lib/time";
import { openOverlay } from "@/shell/overlays";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/field";
import { Section } from "@/ui/parts";

export function StatusSection() {
  const own = useModel((model) => model.ownPresence);

  async function appear(status: Status) {
    try {
      await call(api.PUT("/me/presence", { body: { status } }));
    } catch (error) {
      toast.error(explain(error));
    }
  }

  const lasts = own.text !== "" && own.text_until && isAhead(own.text_until) ? until(own.text_until) : "";
  return (
    <Section title="Status" hint="Others see it beside your name.">
      <div className="grid items-end gap-4 sm:grid-cols-2">
        <Choice label="Appear" value={own.status} onChange={({ target }) => void appear(target.value as Status)}>
          <option value="online">Online, while I am here</option>
          <option value="away">Away</option>
          <option value="busy">Busy</option>
          <option value="offline">Offline, always</option>
        </Choice>
        <Button look="plain" className="justify-start font-normal" onClick={() => openOverlay({ kind: "status" })}>
          <SmilePlus className="size-4 text-soft" aria-hidden />
          <span dir="auto" className="truncate">
            {own.text || "Say what you are up to…"}
          </span>
          {lasts && <span className="ml-auto text-soft text-xs">{lasts}</span>}
        </Button>
      </div>
    </Section>
  );
}
