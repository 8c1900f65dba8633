/** What happens in a room, in a sentence: for those who do not see it, or look elsewhere. */
import type { Room } from "./room";
import type { Told } from "./wire";

/** What to say of something that was told in the room as it was before; null where it is no news. */
export function newsOf(before: Room, told: Told): string | null {
  switch (told.type) {
    case "peer_update": {
      const known = before.peers.get(told.peer);
      const self = told.peer === before.self;
      if (told.state === "left") return known === undefined || self ? null : `${told.name} left.`;
      if (known === undefined) return `${told.name}${told.role === "guest" ? " (guest)" : ""} came in.`;
      if (told.role !== known.role) return roleNews(told.name, self, told.role, known.role);
      if (told.hand && !known.hand && !self) return `${told.name} raised a hand.`;
      if (!told.hand && known.hand && self) return "Your hand is down.";
      return null;
    }
    case "track_published":
      if (told.source !== "screen" || told.peer === before.self || before.tracks.has(told.track)) return null;
      return `${before.peers.get(told.peer)?.name ?? "Somebody"} shows their screen.`;
    case "reaction": {
      const from = before.peers.get(told.from);
      return from === undefined || told.from === before.self ? null : `${from.name}: ${told.emoji}`;
    }
    case "lock":
      if (told.on === before.locked) return null;
      return told.on ? "The meeting is locked: nobody else comes in." : "The meeting is open again.";
    default:
      return null;
  }
}

function roleNews(name: string, self: boolean, now: string, then: string): string | null {
  if (now === "host") return self ? "You are the host now." : `${name} is the host now.`;
  if (now === "co_host" && then !== "host") return self ? "You are a co-host now." : `${name} is a co-host now.`;
  if (now === "participant") return self ? "You are not a co-host any more." : `${name} is not a co-host any more.`;
  return null;
}
