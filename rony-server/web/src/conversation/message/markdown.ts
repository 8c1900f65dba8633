/** Markdown as people write it, to HTML that can do no harm. */
import DOMPurify from "dompurify";
import { Marked, type Tokens } from "marked";

/** Who a name after `@` is: what to show for it, and whether it means the reader. */
export type Resolve = (name: string) => { id: string; name: string; own: boolean } | null;

interface Mention extends Tokens.Generic {
  type: "mention";
  id: string;
  name: string;
  own: boolean;
}

const NAME = /^@([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*)/u;
const START = /(?<![\p{L}\p{N}._/@\\-])@[\p{L}\p{N}]/u;

let resolve: Resolve = () => null;

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    // Pictures from elsewhere would tell others who reads what: they are links.
    image: ({ href, text }) => `<a href="${escapeHtml(href)}">${escapeHtml(text || href)}</a>`,
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
    heading({ tokens }) {
      return `<p class="heading">${this.parser.parseInline(tokens)}</p>`;
    },
    code: ({ text, lang }) =>
      `<pre tabindex="0" aria-label="${escapeHtml(lang ? `Code, ${lang}` : "Code")}" role="region"><code>${escapeHtml(text)}</code></pre>`,
  },
  extensions: [
    {
      name: "mention",
      level: "inline",
      start: (src) => src.match(START)?.index,
      tokenizer(src): Mention | undefined {
        let name = src.match(NAME)?.[1] ?? "";
        // A name at the end of a sentence, or in a word that goes on.
        for (; name !== ""; name = [...name].slice(0, -1).join("")) {
          const who = resolve(name);
          if (who !== null) return { type: "mention", raw: `@${name}`, ...who };
        }
      },
      renderer: (token) => {
        const { id, name, own } = token as Mention;
        return `<span class="mention${own ? " own" : ""}" data-user="${escapeHtml(id)}">@${escapeHtml(name)}</span>`;
      },
    },
  ],
});

const purify = DOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  if (!(node instanceof HTMLAnchorElement)) return;
  // Links to places of this page stay in it.
  if (node.href.startsWith(`${document.baseURI.split("#")[0]}#`)) return;
  node.target = "_blank";
  node.rel = "noopener noreferrer nofollow";
});

const ALLOWED = {
  ALLOWED_TAGS: "p br strong em del code pre blockquote ul ol li a span hr table thead tbody tr th td".split(" "),
  ALLOWED_ATTR: ["href", "class", "data-user", "start", "tabindex", "role", "aria-label", "align"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):|^#/i,
  // These are no addresses: what is asked of addresses would take them away.
  ADD_URI_SAFE_ATTR: ["start", "tabindex", "align"],
};

/** The HTML of a message. */
export function toHtml(markdown: string, names: Resolve): string {
  resolve = names;
  return purify.sanitize(marked.parse(markdown, { async: false }), ALLOWED);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

const EMOJI = /^(?:\p{RI}\p{RI}|\p{Emoji}(?:\p{EMod}|\uFE0F\u20E3?)?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*){1,3}$/u;

/** Whether it is nothing but a few emoji, which are shown large. */
export function isEmojiOnly(text: string): boolean {
  const bare = text.replace(/\s/g, "");
  return bare.length > 0 && bare.length <= 40 && !/[\d#*]/.test(bare) && EMOJI.test(bare);
}
