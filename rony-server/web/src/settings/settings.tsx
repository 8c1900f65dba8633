/** One's own settings. */
import { Bell, KeyRound, Laptop, Palette, ScrollText, UserRound } from "lucide-react";
import { type Part, Parts } from "@/ui/parts";
import { Appearance } from "./appearance";
import { Devices } from "./devices";
import { Notifications } from "./notifications";
import { Password } from "./password";
import { Profile } from "./profile";
import { Tokens } from "./tokens";

const PARTS: readonly Part[] = [
  {
    id: "profile",
    name: "Profile",
    hint: "Your name, picture, and what others see of you",
    icon: UserRound,
    show: Profile,
  },
  { id: "password", name: "Password", hint: "Choose another password", icon: KeyRound, show: Password },
  { id: "devices", name: "Devices", hint: "Where you are signed in", icon: Laptop, show: Devices },
  {
    id: "notifications",
    name: "Notifications",
    hint: "What you are told of, and when",
    icon: Bell,
    show: Notifications,
  },
  { id: "appearance", name: "Appearance", hint: "Light or dark, shortcuts", icon: Palette, show: Appearance },
  { id: "tokens", name: "Access tokens", hint: "For programs that act as you", icon: ScrollText, show: Tokens },
];

export default function Settings({ part }: { part?: string }) {
  return <Parts title="Settings" at="/settings" parts={PARTS} part={part} />;
}
