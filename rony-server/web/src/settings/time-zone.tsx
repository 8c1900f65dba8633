import { useMemo } from "react";
import { Button } from "@/ui/button";
import { Choice } from "@/ui/field";

interface Props {
  /** A name such as `Europe/Prague`; empty where none is given. */
  value: string;
  error?: string;
  /** What it is good for; that others see it, unless this says otherwise. */
  hint?: string;
  change: (zone: string) => void;
}

/** Where one's day is: others see what time it is there. */
export function TimeZone({ value, error, hint, change }: Props) {
  const regions = useMemo(() => byRegion(value), [value]);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="flex flex-col items-start gap-1.5">
      <div className="w-full">
        <Choice
          label="Time zone"
          name="time_zone"
          hint={hint ?? "Others see what time it is for you."}
          value={value}
          error={error}
          onChange={({ target }) => change(target.value)}
        >
          <option value="">Not given</option>
          {regions.map(([region, zones]) => (
            <optgroup key={region} label={region}>
              {zones.map((zone) => (
                <option key={zone} value={zone}>
                  {city(zone)} {offset(zone)}
                </option>
              ))}
            </optgroup>
          ))}
        </Choice>
      </div>
      {here && here !== value && (
        <Button look="link" size="inline" onClick={() => change(here)}>
          Use that of this device: {city(here)}
        </Button>
      )}
    </div>
  );
}

function byRegion(value: string): [string, string[]][] {
  const all = new Set(Intl.supportedValuesOf("timeZone"));
  if (value) all.add(value);
  all.add("UTC");
  const regions = new Map<string, string[]>();
  for (const zone of [...all].sort()) {
    const region = zone.includes("/") ? (zone.split("/")[0] ?? "") : "Everywhere";
    regions.set(region, [...(regions.get(region) ?? []), zone]);
  }
  return [...regions];
}

function city(zone: string): string {
  return zone.split("/").slice(1).reverse().join(", ").replaceAll("_", " ") || zone;
}

const offsets = new Map<string, string>();

/** `(GMT+1)`, as it is today. */
function offset(zone: string): string {
  const known = offsets.get(zone);
  if (known !== undefined) return known;
  let said = "";
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts();
    said = `(${parts.find(({ type }) => type === "timeZoneName")?.value ?? ""})`;
  } catch {
    // The browser does not know what the server knows: its name must do.
  }
  offsets.set(zone, said);
  return said;
}
