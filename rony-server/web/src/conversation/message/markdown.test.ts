// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { isEmojiOnly, type Resolve, toHtml } from "./markdown";

const nobody: Resolve = () => null;
const people: Resolve = (name) =>
  ({
    ann: { id: "1", name: "Ann Lee", own: true },
    bob: { id: "2", name: 'Bob "<b>" O', own: false },
    "bob.smith": { id: "3", name: "Bob Smith", own: false },
  })[name.toLowerCase()] ?? null;

/** What the reader's browser makes of a message. */
function read(markdown: string, names = nobody): HTMLElement {
  const element = document.createElement("div");
  element.innerHTML = toHtml(markdown, names);
  return element;
}

const SAFE_TAGS = /^(p|br|strong|em|del|code|pre|blockquote|ul|ol|li|a|span|hr|table|thead|tbody|tr|th|td)$/i;

/** Everything that could run, load or restyle something. */
function harm(element: HTMLElement): string[] {
  const found: string[] = [];
  for (const one of element.querySelectorAll("*")) {
    if (!SAFE_TAGS.test(one.tagName)) found.push(one.tagName);
    for (const { name, value } of one.attributes) {
      if (/^on|^style$|^src|^id$|^name$|^xlink|^action|^formaction/i.test(name)) found.push(name);
      if (name === "href" && !/^(https?:|mailto:|tel:|#)/i.test(value)) found.push(value);
    }
  }
  return found;
}

describe("what would do harm", () => {
  it.each([
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)"></style></mglyph></table></mtext></math>',
    "<style>body { display: none }</style>",
    '<p style="position:fixed;inset:0">x</p>',
    '<iframe src="https://example.org"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="https://example.org"></object><embed src="https://example.org">',
    '<form action="https://example.org"><input name="password"><button>Go</button></form>',
    '<base href="https://example.org/"><meta http-equiv="refresh" content="0;url=https://example.org">',
    '<a href="javascript:alert(1)">x</a>',
    '<div onclick="alert(1)" id="root" name="body">x</div>',
    "> - **<img src=x onerror=alert(1)>**",
    "| a |\n| - |\n| <img src=x onerror=alert(1)> |",
    "`</code><img src=x onerror=alert(1)>`",
    '```"><img/src=x/onerror=alert(1)>\n</code></pre><script>alert(1)</script>\n```',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.org/1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '[x](https://example.org "\\" onmouseover=\\"alert(1)")',
    '[x](https://example.org"onmouseover="alert(1))',
    '![" onerror="alert(1)](https://example.org/x.png)',
    "[a]: javascript:alert(1)\n\n[a]",
  ])("%s is only text", (markdown) => {
    expect(harm(read(markdown, people))).toEqual([]);
  });

  it("is shown as it was written", () => {
    expect(read("<script>alert(1)</script>").textContent?.trim()).toBe("<script>alert(1)</script>");
    expect(read("a <b>bold</b> word").textContent?.trim()).toBe("a <b>bold</b> word");
    expect(read("`<b>`").querySelector("code")?.textContent).toBe("<b>");
  });

  it("is not in a name either", () => {
    const mention = read("@bob", people).querySelector(".mention");
    expect(mention?.textContent).toBe('@Bob "<b>" O');
    expect(mention?.children).toHaveLength(0);
  });
});

describe("links", () => {
  it.each(["[x](https://example.org/a?b=c)", "https://example.org/a?b=c", "<https://example.org/a?b=c>"])(
    "%s opens beside the page, and tells nothing of it",
    (markdown) => {
      const link = read(markdown).querySelector("a");
      expect(link?.getAttribute("href")).toBe("https://example.org/a?b=c");
      expect(link?.target).toBe("_blank");
      expect(link?.rel.split(" ")).toEqual(expect.arrayContaining(["noopener", "noreferrer"]));
    },
  );

  it("to mail and telephone are links", () => {
    expect(read("[x](mailto:ann@example.org)").querySelector("a")?.href).toBe("mailto:ann@example.org");
    expect(read("[x](tel:+41791234567)").querySelector("a")?.href).toBe("tel:+41791234567");
  });

  it("to a place of this page stay in it", () => {
    const link = read(`${document.baseURI}#/c/1/m/2`).querySelector("a");
    expect(link?.target).toBe("");
  });
});

describe("pictures", () => {
  it.each([
    "![a cat](https://example.org/cat.png)",
    "[![a cat](https://example.org/cat.png)](https://example.org/cat.png)",
  ])("%s is a link, and nothing is loaded", (markdown) => {
    const element = read(markdown);
    expect(element.querySelector("img, picture, video, audio, source")).toBeNull();
    const link = element.querySelector("a[href]");
    expect(link?.getAttribute("href")).toBe("https://example.org/cat.png");
    expect(element.textContent).toContain("a cat");
  });
});

describe("what people write", () => {
  it("keeps its lines, lists, code and quotes", () => {
    expect(read("one\ntwo").querySelectorAll("br")).toHaveLength(1);
    expect(read("- a\n- b").querySelectorAll("ul > li")).toHaveLength(2);
    expect(read("3. a\n4. b").querySelector("ol")?.getAttribute("start")).toBe("3");
    expect(read("> a").querySelector("blockquote")?.textContent?.trim()).toBe("a");
    expect(read("**a** _b_ ~~c~~").querySelectorAll("strong, em, del")).toHaveLength(3);
    expect(read("```rust\nlet a = 1 < 2;\n```").querySelector("pre > code")?.textContent).toBe("let a = 1 < 2;");
  });

  it("can be scrolled to by keys where it is wide, and keeps the sides of a table", () => {
    expect(read("```\na\n```").querySelector("pre")?.tabIndex).toBe(0);
    expect(read("| a |\n| -: |\n| 1 |").querySelector("td")?.getAttribute("align")).toBe("right");
  });

  it("has no headings, which belong to the page", () => {
    expect(read("# Big").querySelector("h1")).toBeNull();
    expect(read("# Big").querySelector("p.heading")?.textContent).toBe("Big");
  });

  it("names people where it means them", () => {
    const own = read("Hello @Ann.", people).querySelector(".mention");
    expect(own?.textContent).toBe("@Ann Lee");
    expect(own?.classList.contains("own")).toBe(true);
    expect(read("@bob.smith", people).querySelector(".mention")?.getAttribute("data-user")).toBe("3");
    for (const other of ["ann@ann.org", "`@ann`", "https://example.org/@ann", "@anna-who", "\\@ann"]) {
      const mention = read(other, people).querySelector(".mention");
      expect(mention?.textContent ?? null, other).toBe(other === "@anna-who" ? "@Ann Lee" : null);
    }
  });

  it("is large where it is nothing but a few emoji", () => {
    for (const few of ["🎉", "🎉🎉", "👍🏽", "👩‍🚀 🇨🇭", "❤️"]) expect(isEmojiOnly(few), few).toBe(true);
    for (const more of ["", "a", "1", "#", "🎉 a", "🎉🎉🎉🎉"]) expect(isEmojiOnly(more), more).toBe(false);
  });
});
