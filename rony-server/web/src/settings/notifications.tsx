/** What one is told of, and when. */
import { BellOff } from "lucide-react";
import { useState } from "react";
import { useModel } from "@/client/hooks";
import { isAhead, until } from "@/lib/time";
import { disturb, PAUSES } from "@/shell/do-not-disturb";
import { Button } from "@/ui/button";
import { Choice, Field } from "@/ui/field";
import { Section } from "@/ui/parts";
import { BrowserNotifications } from "./browser";
import { Exceptions } from "./exceptions";

export function Notifications() {
  return (
    <>
      <Section
        title="Do not disturb"
        hint="You still get everything, but nothing rings or pops up, on all of your devices."
      >
        <DoNotDisturb />
      </Section>
      <Section title="In this browser" hint="A notification for direct messages, mentions, replies and invitations.">
        <BrowserNotifications />
      </Section>
      <Section
        title="Conversations"
        hint="Each conversation can have its own way. Those that differ from the usual are listed here."
      >
        <Exceptions />
      </Section>
    </>
  );
}

const OWN_MOMENT = "own";

function DoNotDisturb() {
  const end = useModel((model) => model.doNotDisturb.until);
  const [chosen, setChosen] = useState("0");
  const [moment, setMoment] = useState("");
  const quiet = isAhead(end) && end ? until(end) : null;

  function start() {
    const then = chosen === OWN_MOMENT ? new Date(moment) : PAUSES[Number(chosen)]?.[1]();
    if (then && isAhead(then.toISOString())) void disturb(then);
  }

  if (quiet !== null) {
    return (
      <div className="flex flex-wrap items-center gap-3 rounded-xl border bg-raised px-4 py-3">
        <BellOff className="size-5 text-danger" aria-hidden />
        <p className="flex-1 font-medium text-sm">Nothing disturbs you {quiet}.</p>
        <Button look="plain" size="small" onClick={() => void disturb(null)}>
          Tell me again
        </Button>
      </div>
    );
  }
  const ready = chosen !== OWN_MOMENT || (moment !== "" && new Date(moment).getTime() > Date.now());
  return (
    <div className="flex flex-wrap items-end gap-3">
      <div className="min-w-52 flex-1">
        <Choice label="For how long" value={chosen} onChange={({ target }) => setChosen(target.value)}>
          {PAUSES.map(([label], index) => (
            <option key={label} value={index}>
              {label}
            </option>
          ))}
          <option value={OWN_MOMENT}>Until a day and time…</option>
        </Choice>
      </div>
      {chosen === OWN_MOMENT && (
        <div className="min-w-52 flex-1">
          <Field
            label="Until"
            type="datetime-local"
            value={moment}
            onChange={({ target }) => setMoment(target.value)}
          />
        </div>
      )}
      <Button disabled={!ready} onClick={start}>
        Do not disturb
      </Button>
    </div>
  );
}
