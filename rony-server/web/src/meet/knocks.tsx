import { Button } from "@/ui/button";
import type { Meeting } from "./meeting";
import type { Room } from "./room";

/** Who waits before the door, for those who may let them in. */
export function Knocks({ meeting, room }: { meeting: Meeting; room: Room }) {
  const knocks = [...room.knocks.values()];
  if (knocks.length === 0) return null;
  const admit = (peer: number) => meeting.say({ type: "moderate", action: "admit", peer });
  return (
    <section aria-label="Who wants to come in" className="rounded-lg border border-accent bg-raised px-3 py-2">
      <div role="status">
        <ul className="flex max-h-48 flex-col gap-2 overflow-y-auto">
          {knocks.map(({ peer, name, user_id }) => (
            <li key={peer} className="flex flex-wrap items-center justify-end gap-2 text-sm">
              <p className="min-w-32 flex-1">
                <span dir="auto" className="font-medium">
                  {name}
                </span>
                {user_id === undefined && " (guest)"} wants to come in
              </p>
              <div className="flex gap-2">
                {" "}
                <Button
                  look="plain"
                  size="small"
                  onClick={() => meeting.say({ type: "moderate", action: "deny", peer })}
                >
                  Refuse
                </Button>
                <Button size="small" onClick={() => admit(peer)}>
                  Let in
                </Button>
              </div>{" "}
            </li>
          ))}
        </ul>
      </div>
      {knocks.length > 1 && (
        <div className="mt-2 flex justify-end border-t pt-2">
          <Button
            size="small"
            look="plain"
            onClick={() => {
              for (const { peer } of knocks) admit(peer);
            }}
          >
            Let all in ({knocks.length})
          </Button>
        </div>
      )}
    </section>
  );
}
