/** The places of the page: a rail at the left, on a phone a bar below. */
import {
  Bell,
  FolderOpen,
  type LucideIcon,
  MessageCircle,
  Phone,
  Search,
  Settings,
  ShieldCheck,
  Users,
  Video,
} from "lucide-react";
import { Link, useLocation } from "wouter";
import { useModel } from "@/client/hooks";
import { cn } from "@/lib/cn";
import { places } from "@/lib/navigate";
import { Badge } from "@/ui/badge";
import { AccountMenu } from "./account-menu";
import { calls } from "./order";

export function Rail({ className }: { className?: string }) {
  const [at] = useLocation();
  const administrator = useModel((model) => model.me.role === "administrator");
  const waiting = useModel((model) => {
    let count = 0;
    for (const view of model.conversations.values()) count += calls(view);
    return count;
  });
  const notifications = useModel((model) => model.notifications.size);
  const chats = at === "/" || at.startsWith("/c/") || at === places.browse;
  return (
    <nav
      aria-label="Places"
      className={cn(
        "flex shrink-0 gap-1 border-border max-md:gap-0 bg-sidebar",
        "max-md:justify-around max-md:border-t max-md:px-1 max-md:pt-1 max-md:pb-[max(0.25rem,env(safe-area-inset-bottom))]",
        "md:w-[4.75rem] md:flex-col md:border-r md:px-1.5 md:py-3",
        className,
      )}
    >
      <Place to={places.home} icon={MessageCircle} label="Chats" here={chats} count={waiting} of="unread" />
      <Place to={places.people} icon={Users} label="People" here={at.startsWith("/people")} />
      <Place
        to={places.activity}
        icon={Bell}
        label="Activity"
        here={at === places.activity}
        count={notifications}
        of="new"
      />
      <Place to={places.calls} icon={Phone} label="Calls" here={at === places.calls} className="max-md:hidden" />
      <Place to={places.meetings} icon={Video} label="Meetings" here={at.startsWith(places.meetings)} />
      <Place to={places.files} icon={FolderOpen} label="Files" here={at.startsWith("/files")} />
      <Place to={places.search()} icon={Search} label="Search" here={at.startsWith("/search")} />
      <div className="flex-1 max-md:hidden" />
      {administrator && (
        <Place
          to={places.admin()}
          icon={ShieldCheck}
          label="Manage"
          here={at.startsWith("/admin")}
          className="max-md:hidden"
        />
      )}
      <Place
        to={places.settings()}
        icon={Settings}
        label="Settings"
        here={at.startsWith("/settings")}
        className="max-md:hidden"
      />
      <AccountMenu />
    </nav>
  );
}

interface PlaceProps {
  to: string;
  icon: LucideIcon;
  label: string;
  here: boolean;
  count?: number;
  of?: string;
  className?: string;
}

function Place({ to, icon: Icon, label, here, count = 0, of = "", className }: PlaceProps) {
  return (
    <Link
      href={to}
      aria-current={here ? "page" : undefined}
      className={cn(
        "group relative flex flex-col items-center gap-1 rounded-xl py-1.5 font-medium text-[11px] leading-none max-md:min-w-12",
        here ? "text-text" : "text-soft hover:text-text",
        className,
      )}
    >
      <span
        className={cn(
          "relative flex h-8 w-12 items-center justify-center rounded-full transition-colors",
          here ? "bg-selected text-link" : "group-hover:bg-hover",
        )}
      >
        <Icon className="size-5" aria-hidden />
        <Badge count={count} of={of} className="-top-1 -right-0.5 absolute h-[18px] min-w-[18px] ring-2 ring-sidebar" />
      </span>
      {label}
    </Link>
  );
}
