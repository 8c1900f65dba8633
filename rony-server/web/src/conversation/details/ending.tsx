import { Archive, ArchiveRestore, LogOut, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, call } from "@/api/client";
import { places, useNavigate } from "@/lib/navigate";
import { useConversationTitle } from "@/model/naming";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { attempt, change } from "../acts";
import { useTalk } from "../talk";

/** Leaving, archiving and deleting. */
export function Ending() {
  const { view, rights } = useTalk();
  const title = useConversationTitle(view);
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"leave" | "archive" | "delete" | null>(null);
  const params = { path: { id: view.id } };
  const close = () => setAsking(null);
  const look = "w-full justify-start";

  async function leave() {
    await call<unknown>(api.POST("/conversations/{id}/leave", { params }));
    navigate(places.home);
  }
  async function remove() {
    await call<unknown>(api.DELETE("/conversations/{id}", { params }));
    navigate(places.home);
  }

  if (view.general) return null;
  return (
    <section aria-label="Leave or close" className="flex flex-col gap-2 border-t pt-5">
      {rights.manage &&
        (view.archived_at ? (
          <Button look="plain" className={look} onClick={() => void attempt(change(view.id, { archived: false }))}>
            <ArchiveRestore className="size-4" /> Bring back from the archive
          </Button>
        ) : (
          <Button look="plain" className={look} onClick={() => setAsking("archive")}>
            <Archive className="size-4" /> Archive
          </Button>
        ))}
      <Button look="plain" className={look} onClick={() => setAsking("leave")}>
        <LogOut className="size-4" /> Leave
      </Button>
      {rights.own && (
        <Button look="plain" className={`${look} text-danger`} onClick={() => setAsking("delete")}>
          <Trash2 className="size-4" /> Delete
        </Button>
      )}
      {asking === "leave" && (
        <Confirm title={`Leave ${title}?`} action="Leave" danger run={leave} close={close}>
          {view.visibility === "public" ? "You can join again." : "To come back, somebody has to add you."}
        </Confirm>
      )}
      {asking === "archive" && (
        <Confirm
          title={`Archive ${title}?`}
          action="Archive"
          run={() => change(view.id, { archived: true })}
          close={close}
        >
          Everybody can still read it, and nobody can write. It can be brought back.
        </Confirm>
      )}
      {asking === "delete" && (
        <Confirm title={`Delete ${title}?`} action="Delete for everybody" danger run={remove} close={close}>
          All of its messages go, for everybody. This cannot be undone.
        </Confirm>
      )}
    </section>
  );
}
