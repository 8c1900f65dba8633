import { API_URL } from "@/api/client";
import { useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";

const SIZES = {
  tiny: "size-5 text-[9px]",
  small: "size-7 text-[11px]",
  normal: "size-9 text-sm",
  large: "size-20 text-2xl",
};

/** Dark enough for white letters in both themes. */
const COLOURS = ["#b4235a", "#9333ea", "#4f46e5", "#1d6fb8", "#0f766e", "#2f7d32", "#a05a00", "#b42318"];

interface Props {
  id: string;
  name: string;
  /** The version of the person's picture, where they have one. */
  picture?: number | null;
  /** An emoji in place of letters, for conversations. */
  icon?: string;
  size?: keyof typeof SIZES;
  square?: boolean;
  className?: string;
}

/** A person's picture, or the first letters of their name. The name stands beside it, so it is not read out. */
export function Avatar({ id, name, picture, icon, size = "normal", square, className }: Props) {
  const shape = cn("shrink-0 select-none object-cover", square ? "rounded-lg" : "rounded-full", SIZES[size], className);
  if (picture) {
    return <img src={`${API_URL}/users/${id}/avatar?v=${picture}`} alt="" className={shape} draggable={false} />;
  }
  const colour = COLOURS[Number.parseInt(id.slice(-6), 16) % COLOURS.length];
  return (
    <span
      aria-hidden
      className={cn(
        "flex items-center justify-center font-semibold",
        icon ? "bg-muted text-text" : "text-white",
        shape,
        icon && size === "large" && "text-4xl",
      )}
      style={icon ? undefined : { background: colour }}
    >
      {icon || initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

const PRESENCE = {
  online: ["bg-good", "online"],
  away: ["bg-warn", "away"],
  busy: ["bg-danger", "busy"],
  offline: ["border-2 border-strong bg-background", "offline"],
} as const;

/** How present somebody is, as a dot with a word for those who do not see it. */
export function PresenceDot({ user, className }: { user: string; className?: string }) {
  const status = useModel((model) => model.presence.get(user)?.status ?? "offline");
  const [look, word] = PRESENCE[status];
  return (
    <span className={cn("inline-block size-2.5 rounded-full", look, className)}>
      <span className="sr-only">{word}</span>
    </span>
  );
}
