/** The people and groups who may see something, and what else they may do. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useDeferredValue, useId, useState } from "react";
import { api, call } from "@/api/client";
import type { FileLevel, Grant, Item } from "@/api/types";
import { useModel } from "@/client/hooks";
import { attempt } from "@/conversation/acts";
import { conversationTitle } from "@/model/naming";
import { fold } from "@/shell/order";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Rows } from "@/ui/parts";
import { SearchField } from "@/ui/search-field";
import { Failed } from "@/ui/states";
import { useDoor } from "../door";
import { refreshFiles } from "../queries";

const LEVELS: readonly (readonly [FileLevel, string])[] = [
  ["viewer", "Can view"],
  ["editor", "Can edit"],
  ["manager", "Can manage"],
];

/** What the levels mean, for who chooses one. */
const MEANING: Partial<Record<FileLevel, string>> = {
  viewer: "See it and download it.",
  editor: "Also add, change and remove what is in it.",
  manager: "Also share it with others.",
};

export function Grants({ item }: { item: Item }) {
  const door = useDoor();
  const queries = useQueryClient();
  const id = useId();
  const me = useModel((model) => model.me.id);
  const [level, setLevel] = useState<FileLevel>("viewer");
  const found = useQuery({ queryKey: ["files", "grants", item.id], queryFn: () => door.grants(item.id), staleTime: 0 });
  const grants = found.data ?? [];

  async function set(subject: Grant["subject"], to: FileLevel) {
    if (await attempt(door.grant(item.id, subject, to))) await refreshFiles(queries);
  }

  async function remove({ subject }: Grant) {
    if (await attempt(door.revoke(item.id, subject.id))) await refreshFiles(queries);
  }

  if (found.isError) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <h3 id={id} className="font-semibold text-sm">
        People and groups
      </h3>
      <div className="flex items-start gap-2 max-sm:flex-col max-sm:items-stretch">
        <SubjectPicker
          without={
            new Set([
              item.owner_id,
              me,
              ...grants.filter((one) => one.file_id === item.id).map((one) => one.subject.id),
            ])
          }
          choose={(subject) => void set(subject, level)}
        />
        <LevelChoice label="What they may do" level={level} change={setLevel} className="h-10" />
      </div>
      <p className="text-soft text-xs">{MEANING[level]}</p>
      {grants.length > 0 && (
        <Rows label="Who may see it">
          {grants.map((grant) => (
            <Row
              key={`${grant.file_id} ${grant.subject.id}`}
              grant={grant}
              own={grant.file_id === item.id}
              set={(to) => void set(grant.subject, to)}
              remove={() => void remove(grant)}
            />
          ))}
        </Rows>
      )}
    </section>
  );
}

interface RowProps {
  grant: Grant;
  /** It was given here, not to a folder above. */
  own: boolean;
  set: (level: FileLevel) => void;
  remove: () => void;
}

function Row({ grant: { subject, name, level }, own, set, remove }: RowProps) {
  const picture = useModel((model) => model.people.get(subject.id)?.avatar);
  const icon = useModel((model) => model.conversations.get(subject.id)?.icon);
  return (
    <li className="flex items-center gap-2 py-2 pr-1 pl-3 sm:gap-3 sm:pr-2">
      <Avatar
        id={subject.id}
        name={name}
        picture={picture}
        icon={icon || undefined}
        square={subject.kind === "conversation"}
        size="small"
      />
      <span className="min-w-0 flex-1 text-sm">
        <span dir="auto" className="block truncate">
          {name}
        </span>
        {!own && <span className="block text-soft text-xs">By a folder above</span>}
      </span>
      {own ? (
        <>
          <LevelChoice label={`What ${name} may do`} level={level} change={set} className="h-8" />
          <Button look="ghost" size="icon-small" aria-label={`Remove ${name}`} onClick={remove}>
            <X />
          </Button>
        </>
      ) : (
        <span className="pr-2 text-soft text-sm">{LEVELS.find(([one]) => one === level)?.[1]}</span>
      )}
    </li>
  );
}

interface LevelProps {
  label: string;
  level: FileLevel;
  change: (level: FileLevel) => void;
  className: string;
}

function LevelChoice({ label, level, change, className }: LevelProps) {
  return (
    <select
      aria-label={label}
      value={level}
      onChange={({ target }) => change(target.value as FileLevel)}
      className={`shrink-0 rounded-lg border border-strong bg-background px-2 text-sm ${className}`}
    >
      {LEVELS.map(([one, name]) => (
        <option key={one} value={one}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface PickerProps {
  without: ReadonlySet<string>;
  choose: (subject: Grant["subject"]) => void;
}

const MOST = 6;

/** Somebody, or a group, by a few letters of the name. */
function SubjectPicker({ without, choose }: PickerProps) {
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const model = useModel((all) => all);
  const people = useQuery({
    queryKey: ["people", query],
    queryFn: () => call(api.GET("/users", { params: { query: { query, limit: 20 } } })),
    enabled: query !== "",
    placeholderData: (before) => before,
  });
  const groups = [...model.conversations.values()]
    .filter((view) => view.kind === "group" && !view.archived_at)
    .map((view) => ({
      kind: "conversation" as const,
      id: view.id,
      name: conversationTitle(model, view),
      hint: "Group",
      picture: null,
      icon: view.icon,
    }))
    .filter(({ name }) => fold(name).includes(fold(query)));
  const persons = (people.data?.items ?? []).map((person) => ({
    kind: "person" as const,
    id: person.id,
    name: person.display_name,
    hint: `@${person.username}`,
    picture: person.avatar,
    icon: "",
  }));
  const offered = [...persons, ...groups].filter(({ id }) => !without.has(id)).slice(0, MOST);

  function take({ kind, id }: Grant["subject"]) {
    setText("");
    choose({ kind, id });
  }

  return (
    <div className="relative min-w-0 flex-1">
      <SearchField
        label="Name of a person or group"
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          if (offered[0]) take(offered[0]);
        }}
      />
      {query !== "" && (
        <ul aria-label="Found" className="absolute inset-x-0 top-11 z-10 rounded-lg border bg-raised p-1 shadow-lg">
          {offered.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => take(one)}
                className="flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left text-sm hover:bg-hover"
              >
                <Avatar
                  id={one.id}
                  name={one.name}
                  picture={one.picture}
                  icon={one.icon || undefined}
                  square={one.kind === "conversation"}
                  size="small"
                />
                <span className="min-w-0 flex-1 truncate">
                  <span dir="auto" className="font-medium">
                    {one.name}
                  </span>{" "}
                  <span className="text-soft">{one.hint}</span>
                </span>
              </button>
            </li>
          ))}
          {offered.length === 0 && !people.isPending && (
            <li className="px-3 py-2 text-soft text-sm">Nobody else is called so.</li>
          )}
        </ul>
      )}
    </div>
  );
}
