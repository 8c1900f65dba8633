import { EmojiPicker, type EmojiPickerListComponents } from "frimousse";
import { EMOJI_URL } from "./data";

/** How the parts of the list look. */
const PARTS: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-raised px-3 pt-2.5 pb-1 font-medium text-soft text-xs">
      {category.label}
    </div>
  ),
  Row: ({ children, ...props }) => (
    <div {...props} className="px-1.5">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    <button
      {...props}
      type="button"
      className="flex size-9 items-center justify-center rounded-lg text-xl data-[active]:bg-hover"
    >
      {emoji.emoji}
    </button>
  ),
};

/** All emoji, to be searched and chosen from. Their names come from this server. */
export default function All({ pick }: { pick: (emoji: string) => void }) {
  return (
    <EmojiPicker.Root
      emojibaseUrl={EMOJI_URL}
      onEmojiSelect={({ emoji }) => pick(emoji)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <EmojiPicker.Search
        autoFocus
        aria-label="Search emoji"
        placeholder="Search emoji"
        className="mx-2 mt-2 h-9 rounded-lg border border-strong bg-background px-3 text-sm placeholder:text-soft"
      />
      <EmojiPicker.Viewport className="relative min-h-0 flex-1 outline-hidden">
        <EmojiPicker.Loading className="absolute inset-0 flex items-center justify-center text-sm text-soft">
          Loading…
        </EmojiPicker.Loading>
        <EmojiPicker.Empty className="absolute inset-0 flex items-center justify-center text-sm text-soft">
          No emoji is called so.
        </EmojiPicker.Empty>
        <EmojiPicker.List className="select-none pb-2" components={PARTS} />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}
