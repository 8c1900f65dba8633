import { useState } from "react";
import { toast } from "sonner";
import { ApiError, api, call, explain } from "@/api/client";
import type { components } from "@/api/schema";
import { useModel } from "@/client/hooks";
import { isAhead, until } from "@/lib/time";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Choice, Field } from "@/ui/field";
import { morning } from "./do-not-disturb";

const MINUTE = 60_000;
const SUGGESTIONS = ["📅 In a meeting", "🍽️ At lunch", "🏡 Working from home", "🤒 Out sick", "🌴 On holiday"] as const;

const ENDS: Readonly<Record<string, readonly [string, () => Date | null]>> = {
  never: ["Until I change it", () => null],
  half: ["For 30 minutes", () => new Date(Date.now() + 30 * MINUTE)],
  hour: ["For 1 hour", () => new Date(Date.now() + 60 * MINUTE)],
  hours: ["For 4 hours", () => new Date(Date.now() + 240 * MINUTE)],
  today: ["Until tomorrow morning", () => morning(1)],
  week: ["For a week", () => morning(7)],
};

/** What one is up to, as others see it beside one's name. */
export default function StatusDialog({ close }: { close: () => void }) {
  const own = useModel((model) => model.ownPresence);
  const keeps = own.text !== "" && isAhead(own.text_until);
  const [text, setText] = useState(own.text);
  const [end, setEnd] = useState(keeps ? "keep" : "never");
  const [error, setError] = useState<unknown>(null);

  async function save(event: React.FormEvent | null, wanted: string) {
    event?.preventDefault();
    const ends = ENDS[end]?.[1]();
    const status_until = wanted === "" ? null : end === "keep" ? own.text_until : (ends?.toISOString() ?? null);
    const body = { status_text: wanted, status_until } as components["schemas"]["ProfileChange"];
    try {
      await call(api.PATCH("/me", { body }));
      close();
      if (wanted === "") toast("Your status is gone.");
    } catch (failed) {
      setError(failed);
    }
  }

  const field = error instanceof ApiError ? error.fields.status_text : undefined;
  return (
    <Dialog open onOpenChange={close} title="What are you up to?" description="Others see it beside your name.">
      <form className="flex flex-col gap-5" onSubmit={(event) => void save(event, text.trim())}>
        <div className="flex flex-col gap-2.5">
          <Field
            label="Status"
            dir="auto"
            autoFocus
            maxLength={100}
            placeholder="In a meeting"
            value={text}
            error={field ?? (error ? explain(error) : undefined)}
            onChange={({ target }) => setText(target.value)}
          />
          <div className="flex flex-wrap gap-1.5">
            {SUGGESTIONS.map((suggestion) => (
              <Button
                key={suggestion}
                look="plain"
                className="h-7 rounded-full px-3 text-xs"
                onClick={() => setText(suggestion)}
              >
                {suggestion}
              </Button>
            ))}
          </div>
        </div>
        <Choice label="For how long" value={end} onChange={({ target }) => setEnd(target.value)}>
          {keeps && own.text_until && <option value="keep">As it is: {until(own.text_until)}</option>}
          {Object.entries(ENDS).map(([key, [label]]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </Choice>
        <div className="flex justify-end gap-2">
          {own.text !== "" && (
            <Button look="ghost" className="mr-auto" onClick={() => void save(null, "")}>
              Take it away
            </Button>
          )}
          <Button look="plain" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={text.trim() === ""}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
