/** What one may do in a conversation. The server decides; this only spares people buttons that would be refused. */
import type { ConversationView, Role } from "@/api/types";

export interface Rights {
  write: boolean;
  pin: boolean;
  invite: boolean;
  manage: boolean;
  moderate: boolean;
  own: boolean;
}

const RANK: Record<Role, number> = { guest: 0, member: 1, admin: 2, owner: 3 };

export function rights({ role, kind, archived_at }: ConversationView): Rights {
  const rank = role ? RANK[role] : -1;
  const direct = kind === "direct";
  const alive = !archived_at;
  return {
    write: rank >= 0 && alive,
    pin: (rank >= 1 || (direct && rank >= 0)) && alive,
    invite: !direct && rank >= 1 && alive,
    manage: !direct && rank >= 2,
    moderate: !direct && rank >= 2 && alive,
    own: !direct && rank >= 3,
  };
}

/** Whether `mine` may change or remove somebody with the role `theirs`. */
export function outranks(mine: Role | null | undefined, theirs: Role): boolean {
  if (!mine) return false;
  return mine === "owner" || (mine === "admin" && RANK[theirs] < RANK.admin);
}

/** The roles that one can give: not above one's own. */
export function givable(mine: Role | null | undefined): Role[] {
  const roles: Role[] = ["guest", "member", "admin", "owner"];
  return mine ? roles.filter((role) => RANK[role] <= RANK[mine]) : [];
}

export const ROLE_WORDS: Record<Role, string> = { guest: "Guest", member: "Member", admin: "Admin", owner: "Owner" };
