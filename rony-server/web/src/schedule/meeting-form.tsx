/** What one decides about a meeting: what it is about, when it is, who is asked. */
import { useState } from "react";
import { ApiError } from "@/api/client";
import type { Meeting, UserSummary } from "@/api/types";
import { TimeZone } from "@/settings/time-zone";
import { Button } from "@/ui/button";
import { Choice, Field, TextField } from "@/ui/field";
import { PeoplePicker } from "@/ui/people-picker";
import { Alert } from "@/ui/refused";
import { Switch } from "@/ui/switch";
import { useForm } from "@/welcome/form";
import { FindTime } from "./find-time";
import { city, length, moment, ownZone, wall } from "./when";

/** What the form says. */
export interface Wish {
  title: string;
  description: string;
  start: string;
  zone: string;
  minutes: number;
  people: string[];
  reminders: number[];
  guests: boolean;
}

interface Props {
  /** The meeting that changes; a new one without it. */
  meeting?: Meeting;
  /** Who is asked already. */
  asked?: readonly UserSummary[];
  action: string;
  send: (wish: Wish) => Promise<unknown>;
}

const LENGTHS = [15, 30, 45, 60, 90, 120, 180, 240];
const REMINDERS: readonly (readonly [string, readonly number[]])[] = [
  ["10 minutes before, and at the start", [10, 0]],
  ["At the start", [0]],
  ["5 minutes before, and at the start", [5, 0]],
  ["30 minutes before, and at the start", [30, 0]],
  ["1 hour before, and at the start", [60, 0]],
  ["1 day and 10 minutes before, and at the start", [1440, 10, 0]],
  ["Not at all", []],
];
/** The fields that say themselves what is wrong with them. */
const SHOWN = ["title", "description", "start", "zone", "minutes", "people", "reminders"];
const HALF_HOUR = 30 * 60_000;

/** The next full or half hour, an hour from now at least. */
function soon(): number {
  return Math.ceil((Date.now() + 2 * HALF_HOUR) / HALF_HOUR) * HALF_HOUR;
}

export function MeetingForm({ meeting, asked = [], action, send }: Props) {
  const [title, setTitle] = useState(meeting?.title ?? "");
  const [description, setDescription] = useState(meeting?.description ?? "");
  const [zone, setZone] = useState(meeting?.zone ?? ownZone());
  const [when, setWhen] = useState(() => wall(meeting?.starts_at ?? soon(), meeting?.zone ?? ownZone()));
  const [minutes, setMinutes] = useState(meeting?.minutes ?? 30);
  const [people, setPeople] = useState<readonly UserSummary[]>(asked);
  const [reminders, setReminders] = useState<readonly number[]>(meeting?.reminders ?? [10, 0]);
  const [guests, setGuests] = useState(true);
  const [finding, setFinding] = useState(false);
  const [elsewhere, setElsewhere] = useState(zone !== ownZone());
  const form = useForm(SHOWN, async () => {
    if (when.day === "" || when.time === "")
      throw new ApiError("invalid", "", { start: "Say on which day, and at what time." });
    await send({
      title: title.trim(),
      description,
      start: `${when.day}T${when.time}`,
      zone,
      minutes,
      people: people.map(({ id }) => id),
      reminders: [...reminders],
      guests,
    });
  });
  const { fields } = form;

  return (
    <form className="flex flex-col gap-5" onSubmit={form.submit} noValidate>
      <Field
        label="Title"
        dir="auto"
        maxLength={100}
        value={title}
        error={fields.title}
        onChange={({ target }) => setTitle(target.value)}
      />
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-[1fr_auto_1fr]">
        <Field
          label="Day"
          type="date"
          className="min-w-0"
          value={when.day}
          aria-invalid={fields.start ? true : undefined}
          onChange={({ target }) => setWhen({ ...when, day: target.value })}
        />
        <Field
          label="Time"
          type="time"
          value={when.time}
          aria-invalid={fields.start ? true : undefined}
          onChange={({ target }) => setWhen({ ...when, time: target.value })}
        />
        <div className="max-sm:col-span-2">
          <Choice
            label="How long"
            value={minutes}
            error={fields.minutes}
            onChange={({ target }) => setMinutes(Number(target.value))}
          >
            {(LENGTHS.includes(minutes) ? LENGTHS : [...LENGTHS, minutes].sort((a, b) => a - b)).map((it) => (
              <option key={it} value={it}>
                {length(it)}
              </option>
            ))}
          </Choice>
        </div>
      </div>
      {fields.start && (
        <p role="alert" className="-mt-3 text-danger text-sm">
          {fields.start}
        </p>
      )}
      {elsewhere ? (
        <TimeZone value={zone} error={fields.zone} hint={own(when, zone)} change={(to) => setZone(to || ownZone())} />
      ) : (
        <p className="-mt-3 text-soft text-sm">
          Clocks in {city(zone)}.{" "}
          <Button look="link" size="inline" onClick={() => setElsewhere(true)}>
            Another time zone
          </Button>
        </p>
      )}
      <PeoplePicker label="Who is asked to come" chosen={people} change={setPeople} error={fields.people} />
      {finding ? (
        <FindTime
          people={people}
          minutes={minutes}
          zone={zone}
          from={when.day}
          meeting={meeting?.id}
          choose={(start) => {
            setWhen(wall(start, zone));
            setFinding(false);
          }}
        />
      ) : (
        <div className="-mt-3">
          <Button look="link" size="inline" onClick={() => setFinding(true)}>
            Find a time that suits all
          </Button>
        </div>
      )}
      <TextField
        label="What it is about"
        dir="auto"
        maxLength={4000}
        value={description}
        error={fields.description}
        onChange={({ target }) => setDescription(target.value)}
      />
      <Choice
        label="Remind us"
        value={String(reminders)}
        error={fields.reminders}
        onChange={({ target }) => setReminders(target.value === "" ? [] : target.value.split(",").map(Number))}
      >
        {choices(reminders).map(([name, minutes]) => (
          <option key={String(minutes)} value={String(minutes)}>
            {name}
          </option>
        ))}
      </Choice>
      {meeting === undefined && (
        <Switch
          label="Guests"
          hint="People without an account may ask to come in by the link."
          checked={guests}
          onChange={setGuests}
        />
      )}
      <Alert>{form.error}</Alert>
      <div className="flex justify-end">
        <Button type="submit" disabled={form.busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}

/** When that is here. */
function own(when: { day: string; time: string }, zone: string): string {
  if (zone === ownZone() || when.day === "" || when.time === "") return "The time above is meant there.";
  const here = wall(moment(when, zone), ownZone());
  const same = here.day === when.day;
  return same && here.time === when.time
    ? "Clocks here show the same."
    : `For you that is ${here.time}${same ? "" : ` on ${here.day}`}.`;
}

/** Those that are offered, and the one that somebody set by another program. */
function choices(reminders: readonly number[]): readonly (readonly [string, readonly number[]])[] {
  const known = REMINDERS.some(([, minutes]) => String(minutes) === String(reminders));
  return known ? REMINDERS : [...REMINDERS, [`${reminders.map((it) => `${it} min`).join(", ")} before`, reminders]];
}
