/** What one can do with a message: a bar above it where one points, and a menu with all of it. */
import { Copy, Ellipsis, Link2, MessageSquareText, Pencil, Pin, PinOff, Reply, SmilePlus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Message } from "@/api/types";
import { useClient, useModel } from "@/client/hooks";
import { Button } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { copy, linkTo, pin, react } from "../acts";
import { PickEmoji } from "../emoji/pick";
import { frequent, used } from "../emoji/recent";
import { useTalk } from "../talk";

interface Props {
  message: Message;
  pinned: boolean;
  menu: boolean;
  setMenu: (open: boolean) => void;
  setDeleting: (deleting: boolean) => void;
}

export function Actions({ message, pinned, menu, setMenu, setDeleting }: Props) {
  const { rights, thread, setWriting, openThread } = useTalk();
  const me = useModel((model) => model.me.id);
  const [picking, setPicking] = useState(false);

  function toggle(emoji: string) {
    used(emoji);
    const own = message.reactions?.find((reaction) => reaction.emoji === emoji)?.user_ids.includes(me);
    void react(message, emoji, !own);
  }

  return (
    <div
      role="toolbar"
      aria-label="Message"
      className="-top-4 absolute right-4 z-10 flex items-center gap-0.5 rounded-lg border bg-raised p-0.5 shadow-sm pointer-coarse:border-0 pointer-coarse:bg-transparent pointer-coarse:shadow-none"
    >
      <div className="flex items-center gap-0.5 pointer-coarse:hidden">
        {rights.write && (
          <>
            {frequent()
              .slice(0, 3)
              .map((emoji) => (
                <Button
                  key={emoji}
                  look="ghost"
                  size="icon-small"
                  className="text-base leading-none max-sm:hidden"
                  aria-label={`React with ${emoji}`}
                  onClick={() => toggle(emoji)}
                >
                  {emoji}
                </Button>
              ))}
            <PickEmoji pick={toggle} open={picking} onOpenChange={setPicking}>
              <Button look="ghost" size="icon-small" aria-label="React with another emoji">
                <SmilePlus />
              </Button>
            </PickEmoji>
            <Button
              look="ghost"
              size="icon-small"
              aria-label="Reply"
              onClick={() => setWriting({ kind: "reply", message })}
            >
              <Reply />
            </Button>
            {!thread && (
              <Button look="ghost" size="icon-small" aria-label="Reply in a thread" onClick={() => openThread(message)}>
                <MessageSquareText />
              </Button>
            )}
          </>
        )}
      </div>
      <MoreMenu
        message={message}
        pinned={pinned}
        open={menu}
        onOpenChange={setMenu}
        toggle={toggle}
        setDeleting={setDeleting}
      />
    </div>
  );
}

interface MoreProps {
  message: Message;
  pinned: boolean;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  toggle: (emoji: string) => void;
  setDeleting: (deleting: boolean) => void;
}

function MoreMenu({ message, pinned, open, onOpenChange, toggle, setDeleting }: MoreProps) {
  const { rights, thread, setWriting, openThread } = useTalk();
  const client = useClient();
  const own = message.sender_id === client.snapshot().model?.me.id;
  return (
    <Menu
      open={open}
      onOpenChange={onOpenChange}
      trigger={
        <Button look="ghost" size="icon-small" aria-label="More" className="pointer-coarse:opacity-0">
          <Ellipsis />
        </Button>
      }
    >
      {rights.write && (
        <>
          <div className="hidden justify-between px-1 pb-1.5 pointer-coarse:flex">
            {frequent()
              .slice(0, 6)
              .map((emoji) => (
                <MenuItem
                  key={emoji}
                  className="px-1.5 text-xl"
                  aria-label={`React with ${emoji}`}
                  onSelect={() => toggle(emoji)}
                >
                  {emoji}
                </MenuItem>
              ))}
          </div>
          <MenuItem onSelect={() => setWriting({ kind: "reply", message })}>
            <Reply /> Reply
          </MenuItem>
          {!thread && (
            <MenuItem onSelect={() => openThread(message)}>
              <MessageSquareText /> Reply in a thread
            </MenuItem>
          )}
          {own && !message.call && (
            <MenuItem onSelect={() => setWriting({ kind: "edit", message })}>
              <Pencil /> Edit
            </MenuItem>
          )}
        </>
      )}
      {!message.call && (
        <MenuItem onSelect={() => void copy(message.text, "Text")}>
          <Copy /> Copy text
        </MenuItem>
      )}
      <MenuItem onSelect={() => void copy(linkTo(message), "Link")}>
        <Link2 /> Copy link
      </MenuItem>
      {rights.pin && (
        <MenuItem onSelect={() => void pin(message, !pinned)}>
          {pinned ? <PinOff /> : <Pin />}
          {pinned ? "Unpin" : "Pin"}
        </MenuItem>
      )}
      {((own && rights.write) || rights.moderate) && (
        <>
          <MenuSeparator />
          <MenuItem danger onSelect={() => setDeleting(true)}>
            <Trash2 /> Delete…
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
