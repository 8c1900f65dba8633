import { EmojiPicker, type EmojiPickerListComponents } from "frimousse";
import { EMOJI_URL } from "./data";

/** The library counts from 0, and ARIA from 1. */
const counted = (index: number | undefined) => (index ?? 0) + 1;

/** How the parts of the list look. */
const PARTS: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-raised px-3 pt-2.5 pb-1 font-medium text-soft text-xs">
      {category.label}
    </div>
  ),
  // By keys the library scrolls to the row of a number, which now is the one before: so there is room for one more below it.
  Row: ({ children, ...props }) => (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: its role is among the props
    <div {...props} aria-rowindex={counted(props["aria-rowindex"])} className="scroll-mb-9 px-1.5">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: its role is among the props
    <button
      {...props}
      aria-colindex={counted(props["aria-colindex"])}
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
        className="mx-2 mt-2 mb-1.5 h-9 rounded-lg border border-strong bg-background px-3 text-sm placeholder:text-soft"
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
