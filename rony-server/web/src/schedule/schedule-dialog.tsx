/** Schedules a meeting, or changes one. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { toast } from "sonner";
import { api, call } from "@/api/client";
import type { Meeting } from "@/api/types";
import { useClient, useModel } from "@/client/hooks";
import { Dialog } from "@/ui/dialog";
import { Loading } from "@/ui/states";
import { MeetingForm, type Wish } from "./meeting-form";
import { MEETINGS } from "./meetings";

const WIDE = "sm:max-w-xl";

export default function ScheduleDialog({ close }: { close: () => void }) {
  const queries = useQueryClient();
  // One wish, however often it is sent.
  const client_id = useRef(crypto.randomUUID());

  async function schedule(wish: Wish) {
    try {
      await call(api.POST("/meetings", { body: { ...wish, client_id: client_id.current, conversation_id: null } }));
      toast.success(wish.people.length > 0 ? "It is scheduled, and all are asked to come." : "It is scheduled.");
      close();
    } finally {
      void queries.invalidateQueries({ queryKey: MEETINGS });
    }
  }

  return (
    <Dialog open onOpenChange={close} title="Schedule a meeting" className={WIDE}>
      <MeetingForm action="Schedule" send={schedule} />
    </Dialog>
  );
}

export function ChangeDialog({ meeting, close }: { meeting: Meeting; close: () => void }) {
  const queries = useQueryClient();
  const client = useClient();
  const ids = meeting.invitees.map(({ user_id }) => user_id);
  const people = useModel((model) => model.people);
  const asked = ids.map((id) => people.get(id));
  const known = asked.filter((person) => person !== undefined);
  useEffect(() => {
    for (const id of ids) if (!people.has(id)) client.needPerson(id);
  }, [client, ids, people]);

  async function change({ guests: _, ...wish }: Wish) {
    const params = { path: { id: meeting.id } };
    try {
      await call(api.PATCH("/meetings/{id}", { params, body: { ...wish, version: meeting.version } }));
      close();
    } finally {
      void queries.invalidateQueries({ queryKey: MEETINGS });
    }
  }

  return (
    <Dialog open onOpenChange={close} title={`Change ${meeting.title}`} className={WIDE}>
      {known.length < ids.length ? (
        <Loading />
      ) : (
        <MeetingForm meeting={meeting} asked={known} action="Save" send={change} />
      )}
    </Dialog>
  );
}
