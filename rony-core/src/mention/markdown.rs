//! As much of Markdown as it takes to know what is prose and what is code or an address. It follows
//! [CommonMark 0.31](https://spec.commonmark.org/0.31.2/) where people notice, is no parser, and never goes over a text
//! more often than a fixed number of times, whatever the text is.

/// The blocks of prose in `text`: what is not fenced code, cut where a code span cannot go on (at blank lines, list
/// items, headings, and where a quotation begins or ends).
pub(super) fn prose(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut fence: Option<Fence> = None;
    // Where the current block begins, how deeply it is quoted, and where we are.
    let (mut start, mut quoted, mut at) = (0, 0, 0);
    let mut after_heading = false;
    for raw in text.split_inclusive('\n') {
        let begin = at;
        at += raw.len();
        match fence.as_ref().map(|fence| fence.meets(raw)) {
            Some(Meets::Code) => {
                start = at;
                continue;
            }
            Some(Meets::End) => {
                fence = None;
                start = at;
                continue;
            }
            Some(Meets::Outside) | None => {}
        }
        let line = Line::of(raw);
        fence = Fence::open(&line);
        if fence.is_some()
            || line.is_blank()
            || line.item
            || line.is_heading()
            || after_heading
            || line.quoted != quoted
        {
            blocks.push(&text[start..begin]);
            start = if fence.is_some() { at } else { begin };
        }
        quoted = line.quoted;
        after_heading = line.is_heading();
    }
    blocks.push(&text[start..]);
    blocks
}

/// A line without what stands before its content.
struct Line<'a> {
    /// How many quotations it is in.
    quoted: usize,
    /// Whether it begins an item of a list.
    item: bool,
    content: &'a str,
}

impl<'a> Line<'a> {
    fn of(raw: &'a str) -> Self {
        let mut line = Self { quoted: 0, item: false, content: raw.trim_start_matches([' ', '\t']) };
        loop {
            line.content = if let Some(rest) = line.content.strip_prefix('>') {
                line.quoted += 1;
                rest
            } else if let Some(rest) = strip_list_marker(line.content) {
                line.item = true;
                rest
            } else {
                return line;
            }
            .trim_start_matches([' ', '\t']);
        }
    }

    fn is_blank(&self) -> bool {
        self.content.trim_end().is_empty()
    }

    fn is_heading(&self) -> bool {
        self.content.trim_start_matches('#').starts_with(' ') && self.content.starts_with('#')
    }
}

/// What follows `- `, `* `, `+ `, `1. ` or `1) `.
fn strip_list_marker(content: &str) -> Option<&str> {
    let digits = content.bytes().take(9).take_while(u8::is_ascii_digit).count();
    let marks: &[char] = if digits > 0 { &['.', ')'] } else { &['-', '*', '+'] };
    content[digits..].strip_prefix(marks)?.strip_prefix([' ', '\t'])
}

/// The line that opened a block of code.
struct Fence {
    mark: char,
    len: usize,
    quoted: usize,
}

/// What a line is to an open [`Fence`].
enum Meets {
    Code,
    End,
    /// The quotation that the code is in ends, and the code with it.
    Outside,
}

impl Fence {
    fn open(line: &Line<'_>) -> Option<Self> {
        let mark = line.content.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = line.content.trim_start_matches(mark);
        let len = line.content.len() - info.len();
        // "```code```" on one line is a code span.
        let opens = len >= 3 && !(mark == '`' && info.contains('`'));
        opens.then_some(Self { mark, len, quoted: line.quoted })
    }

    fn meets(&self, raw: &str) -> Meets {
        let mut content = raw.trim();
        for _ in 0..self.quoted {
            match content.strip_prefix('>') {
                Some(rest) => content = rest.trim_start(),
                None => return Meets::Outside,
            }
        }
        let ends = content.len() >= self.len && content.chars().all(|c| c == self.mark);
        if ends { Meets::End } else { Meets::Code }
    }
}

/// Where the runs of backticks in a block are, to find the end of a code span without searching again for each.
pub(super) struct CodeSpans<'a> {
    block: &'a str,
    /// (length, start) of each run, sorted.
    runs: Vec<(usize, usize)>,
}

impl<'a> CodeSpans<'a> {
    pub(super) fn new(block: &'a str) -> Self {
        let mut runs = Vec::new();
        let mut at = 0;
        while let Some(start) = block[at..].find('`').map(|found| at + found) {
            let len = backticks(&block[start..]);
            runs.push((len, start));
            at = start + len;
        }
        runs.sort_unstable();
        Self { block, runs }
    }

    /// Where to go on after the backticks at `at`: behind the code span that they begin, or behind them when there is
    /// no run of the same length to end it.
    pub(super) fn skip(&self, at: usize) -> usize {
        let len = backticks(&self.block[at..]);
        let next = self.runs.partition_point(|run| *run < (len, at + len));
        match self.runs.get(next) {
            Some(&(same, start)) if same == len => start + len,
            _ => at + len,
        }
    }
}

fn backticks(text: &str) -> usize {
    text.bytes().take_while(|b| *b == b'`').count()
}

/// Where a link ends whose address begins at `from`, behind `](`; `None` when it is no link.
pub(super) fn skip_destination(block: &str, from: usize) -> Option<usize> {
    let bytes = block.as_bytes();
    let mut at = skip_space(bytes, from);
    at = if bytes.get(at) == Some(&b'<') { skip_pointed(bytes, at + 1)? } else { skip_plain(bytes, at)? };
    at = skip_space(bytes, at);
    if let Some(quote @ (b'"' | b'\'')) = bytes.get(at) {
        at = skip_space(bytes, skip_title(bytes, at + 1, *quote)?);
    }
    (bytes.get(at) == Some(&b')')).then_some(at + 1)
}

fn skip_space(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..].iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// The end of an address in `<` and `>`.
fn skip_pointed(bytes: &[u8], from: usize) -> Option<usize> {
    let len = bytes[from..].iter().position(|b| matches!(b, b'<' | b'>' | b'\n'))?;
    (bytes[from + len] == b'>').then_some(from + len + 1)
}

/// The end of any other address: space, or a closing bracket that it did not open.
fn skip_plain(bytes: &[u8], from: usize) -> Option<usize> {
    // As CommonMark allows. It also keeps the work small: after this many more beginnings of links this one is given up.
    const DEPTH: usize = 32;
    let mut depth = 0;
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'(' if depth == DEPTH => return None,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            b if b.is_ascii_whitespace() => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

/// The end of a link's title, behind its closing quotation mark.
fn skip_title(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b if *b == quote => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
}

/// How much of `rest`, which follows "https:", is still the address: up to space, quotation marks and brackets, or
/// punctuation of other writing systems.
pub(super) fn address_len(rest: &str) -> usize {
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`') || !(c.is_ascii() || c.is_alphanumeric())
    };
    rest.find(ends).unwrap_or(rest.len())
}
