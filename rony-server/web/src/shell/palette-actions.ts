/** What can be done from the palette. */
import {
  Bell,
  BellOff,
  FolderOpen,
  FolderSearch,
  Hash,
  Keyboard,
  type LucideIcon,
  MessageCirclePlus,
  Moon,
  Phone,
  Search,
  Settings,
  ShieldCheck,
  SmilePlus,
  Sun,
  Upload,
  UserPlus,
  UserRoundPlus,
  Users,
  Video,
} from "lucide-react";
import { useModel } from "@/client/hooks";
import { places } from "@/lib/navigate";
import { setTheme } from "@/lib/theme";
import { isAhead } from "@/lib/time";
import { bringFiles } from "./bring-files";
import { disturb } from "./do-not-disturb";
import { fold } from "./order";
import { openOverlay } from "./overlays";

interface Action {
  label: string;
  icon: LucideIcon;
  /** Where it leads, or what it does. */
  place?: string;
  run?: () => void;
}

const HOUR = 3_600_000;
/** Without a word written, only the first few. */
const SHORT = 4;

/** Those whose words begin with what is written, and the search for it. */
export function useActions(query: string): Action[] {
  const me = useModel((model) => model.me.id);
  const administrator = useModel((model) => model.me.role === "administrator");
  const quiet = useModel((model) => isAhead(model.doNotDisturb.until));
  const dark = document.documentElement.classList.contains("dark");
  const all: Action[] = [
    { label: "Write to somebody", icon: MessageCirclePlus, run: () => openOverlay({ kind: "new", what: "direct" }) },
    { label: "Start a group", icon: UserRoundPlus, run: () => openOverlay({ kind: "new", what: "group" }) },
    { label: "Browse public groups", icon: Hash, place: places.browse },
    { label: "New meeting", icon: Video, run: () => openOverlay({ kind: "new-room" }) },
    { label: "Meetings", icon: Video, place: places.meetings },
    { label: "Calls", icon: Phone, place: places.calls },
    { label: "Say what you are up to", icon: SmilePlus, run: () => openOverlay({ kind: "status" }) },
    quiet
      ? { label: "Do not disturb: off", icon: Bell, run: () => void disturb(null) }
      : { label: "Do not disturb for 1 hour", icon: BellOff, run: () => void disturb(new Date(Date.now() + HOUR)) },
    dark
      ? { label: "Light theme", icon: Sun, run: () => setTheme("light") }
      : { label: "Dark theme", icon: Moon, run: () => setTheme("dark") },
    { label: "My files", icon: FolderOpen, place: places.files },
    { label: "Upload files", icon: Upload, run: () => bringFiles(me) },
    { label: "Files shared with me", icon: FolderOpen, place: places.filesView("shared") },
    { label: "People and contacts", icon: Users, place: places.people },
    { label: "Add a contact", icon: UserPlus, run: () => openOverlay({ kind: "add-contact" }) },
    { label: "Activity", icon: Bell, place: places.activity },
    { label: "Settings", icon: Settings, place: places.settings() },
    { label: "Keyboard shortcuts", icon: Keyboard, run: () => openOverlay({ kind: "shortcuts" }) },
    ...(administrator
      ? [
          { label: "Invite people", icon: UserPlus, run: () => openOverlay({ kind: "invite" }) },
          { label: "Manage this server", icon: ShieldCheck, place: places.admin() },
        ]
      : []),
  ];
  if (query === "") return all.slice(0, SHORT);
  const found = all.filter(
    ({ label }) => words(label).some((word) => word.startsWith(fold(query))) || fold(label).includes(fold(query)),
  );
  return [
    ...found,
    { label: `Search files for “${query}”`, icon: FolderSearch, place: places.fileSearch(query) },
    { label: `Search messages for “${query}”`, icon: Search, place: places.search(query) },
  ];
}

function words(label: string): string[] {
  return fold(label).split(/\W+/);
}
