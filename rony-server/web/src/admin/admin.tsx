/** Administration of the server. */
import { Activity, DoorOpen, Link2, ScrollText, ShieldCheck, Users } from "lucide-react";
import { useModel } from "@/client/hooks";
import { places, useNavigate } from "@/lib/navigate";
import { Button } from "@/ui/button";
import { type Part, Parts } from "@/ui/parts";
import { Empty } from "@/ui/states";
import { AuditLog } from "./audit";
import { Invitations } from "./invitations";
import { People } from "./people";
import { Registration } from "./registration";
import { ServerState } from "./state";

const PARTS: readonly Part[] = [
  { id: "people", name: "People", hint: "Accounts of people and bots", icon: Users, show: People },
  { id: "invitations", name: "Invitations", hint: "Links by which others come in", icon: Link2, show: Invitations },
  { id: "registration", name: "Registration", hint: "Who may make an account", icon: DoorOpen, show: Registration },
  { id: "audit", name: "Audit log", hint: "Who did what", icon: ScrollText, show: AuditLog },
  { id: "server", name: "Server", hint: "How it does, and how much it keeps", icon: Activity, show: ServerState },
];

export default function Admin({ part }: { part?: string }) {
  const administrator = useModel((model) => model.me.role === "administrator");
  const navigate = useNavigate();
  if (administrator) return <Parts title="Administration" at="/admin" parts={PARTS} part={part} wide />;
  return (
    <Empty icon={<ShieldCheck />} title="This is for administrators" alone>
      <p>They add people, make invite links, and look after the server. Ask one of them if you need something here.</p>
      <Button look="plain" onClick={() => navigate(places.home)}>
        Back to your conversations
      </Button>
    </Empty>
  );
}
