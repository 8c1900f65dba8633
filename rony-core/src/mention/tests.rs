//! What is a mention and what is not, and that no text takes long.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found = mentions(text);
    assert_eq!(found.names, expected, "{text:?}");
    assert!(!found.all && !found.here && !found.more, "{text:?}: {found:?}");
}

#[track_caller]
fn none(text: &str) {
    assert_eq!(mentions(text), Mentions::default(), "{text:?}");
}

#[test]
fn a_name_behind_an_at_sign_is_a_mention() {
    check("@ann", &["ann"]);
    check("hello @ann!", &["ann"]);
    check("@Ann @ben", &["Ann", "ben"]);
    check("@ann/@ben,@cem", &["ann", "ben", "cem"]);
    check("cc:@ann", &["ann"]);
    check("@ann.lee @a-b_c @u1", &["ann.lee", "a-b_c", "u1"]);
}

#[test]
fn punctuation_around_a_name_is_not_part_of_it() {
    for text in
        ["@ann.", "@ann,", "(@ann)", "@ann...", "@ann-", "\"@ann\"", "@ann's", "@ann:", "«@ann»", "@ann。"]
    {
        check(text, &["ann"]);
    }
    check("@ann.lee.", &["ann.lee"]);
}

#[test]
fn marked_up_names_are_mentions() {
    for text in
        ["*@ann*", "_@ann_", "**@ann**", "~~@ann~~", "> @ann", "- @ann", "# @ann", "| @ann |", "[@ann](x)"]
    {
        check(text, &["ann"]);
    }
}

#[test]
fn names_of_the_world_are_found() {
    check("@josé @мария @李雷", &["josé", "мария", "李雷"]);
    check("@jose\u{301}", &["josé"]);
    check("请@李雷。", &["李雷"]);
    check("@김철수님", &["김철수님"]);
    check("@अनिता, नमस्ते", &["अनिता"]);
}

#[test]
fn a_person_is_named_once_however_it_is_written() {
    check("@ann @Ann @ANN @аnn", &["ann"]);
}

#[test]
fn all_and_here_are_no_names() {
    for text in ["@all", "@All!", "@ALL: lunch", "@all大家好"] {
        assert_eq!(mentions(text), Mentions { all: true, ..Mentions::default() }, "{text}");
    }
    assert_eq!(mentions("@here"), Mentions { here: true, ..Mentions::default() });
    check("@all.hands @allan @a11 @hereafter", &["all.hands", "allan", "a11", "hereafter"]);
}

#[test]
fn addresses_are_no_mentions() {
    for text in [
        "ann@example.org",
        "a.b+c@example.org",
        "ann_@example.org",
        "josé@example.org",
        "<ann@example.org>",
        "mailto:ann@example.org",
        "@ann@example.org",
        "@ann.lee@example.org",
        "example.org/@ann",
        "https://example.org/@ann",
        "https://example.org/?to=,@ann;@ben",
        "<https://example.org/(@ann>",
        "[x](@ann)",
        "[x]( <@ann> )",
        "[x](y \"@ann\")",
        "![x](y(@ann))",
    ] {
        none(text);
    }
    check("https://example.org @ann", &["ann"]);
    check("看https://example.org，@李雷", &["李雷"]);
    check("](@ann", &["ann"]);
    check("[x](y z @ann)", &["ann"]);
    check("[x](y) @ann", &["ann"]);
}

#[test]
fn no_name_no_mention() {
    for text in ["@", "@ ann", "@@ann", "@.ann", "@-", "@a", "@!", "@\u{301}nn", "@@@@", "x = @"] {
        none(text);
    }
    none(&format!("@{}", "a".repeat(33)));
    none(&format!("@{}", "a".repeat(10_000)));
    check(&format!("@{}", "e\u{301}".repeat(32)), &[&"é".repeat(32)]);
}

#[test]
fn a_backslash_takes_the_meaning_away() {
    none(r"\@ann");
    check(r"\\@ann", &["ann"]);
    none(r"\\\@ann");
    check(r"\`@ann\`", &["ann"]);
    check("\\李@ann", &["ann"]);
}

#[test]
fn code_spans_are_no_prose() {
    none("`@ann`");
    none("``@ann ` @ben``");
    none("`a\n@ann`");
    none(r"`\` `@ann`");
    check("`x` @ann `y`", &["ann"]);
    check("` @ann", &["ann"]);
    check("`` @ann `", &["ann"]);
    check("` x\n\n@ann `", &["ann"]);
    check("- `x\n- @ann `", &["ann"]);
    check("> a `\n@ann `", &["ann"]);
    check("# a `\n@ann `", &["ann"]);
}

#[test]
fn fenced_code_is_no_prose() {
    none("```\n@ann\n```");
    none("~~~ @ann\n@ann\n```\n@ann");
    none("````\n```\n@ann\n````");
    none("  ```rust\n@ann\n  ```  \n");
    none("> ```\n> @ann\n> ```");
    none("- ```\n  @ann\n  ```");
    none("1. > ~~~\n   > @ann");
    none("```\n> ```\n@ann");
    check("```\n@ann\n```\n@ben", &["ben"]);
    check("> ```\n> @ann\n@ben", &["ben"]);
    check("text\n```\n@ann\n```\r\n@ben", &["ben"]);
    check("```@ann``` @ben", &["ben"]);
    check("``\n@ann", &["ann"]);
    check("    @ann", &["ann"]);
}

#[test]
fn at_most_fifty_names_are_taken() {
    let text = |n: usize| (0..n).map(|n| format!("@u{n} ")).collect::<String>();
    let fifty = mentions(&text(50));
    assert_eq!((fifty.names.len(), fifty.more), (50, false));
    let again = mentions(&(text(50) + &text(50)));
    assert_eq!((again.names.len(), again.more), (50, false));
    let many = mentions(&(text(51) + "@all"));
    assert_eq!(
        (many.names.last().unwrap().as_str(), many.names.len(), many.more, many.all),
        ("u49", 50, true, true)
    );
}

#[test]
fn a_name_may_be_shorter_than_it_looks() {
    #[track_caller]
    fn check(name: &str, expected: &[&str]) {
        assert_eq!(candidates(name).collect::<Vec<_>>(), expected, "{name}");
    }
    check("", &[]);
    check("a", &[]);
    check("ann", &["ann"]);
    check("ann.lee-x", &["ann.lee-x", "ann.lee", "ann"]);
    check("ann..lee", &["ann..lee", "ann"]);
    check("李雷你好", &["李雷你好", "李雷你", "李雷"]);
    check("annさん", &["annさん", "annさ", "ann"]);
    check("กี่ดี", &["กี่ดี", "กี่"]); // never between a letter and its marks
}

#[test]
fn a_sentence_without_spaces_behind_a_name_is_cut() {
    let found = mentions(&format!("@李雷{}", "好".repeat(1_000)));
    assert_eq!(found.names, [format!("李雷{}", "好".repeat(30))]);
    assert_eq!(candidates(&found.names[0]).last(), Some("李雷"));
}

#[test]
fn no_text_takes_long() {
    const LEN: usize = 1 << 18; // 16 times what a message may have: quadratic work would take far longer than is allowed here
    let growing: String = (1..700).map(|n| "`".repeat(n) + " ").collect();
    for pattern in [
        "`",
        "` ",
        "`` ` ",
        &growing,
        "\\`",
        "\\",
        "@",
        "@a",
        "@a@",
        "@ann ",
        "@ann.",
        "@.",
        "](",
        "](a",
        "]((",
        "](<",
        "](a ",
        "](a \"",
        "](a '\\",
        "](a\"(x)",
        "[](",
        ">",
        "> ",
        "- ",
        "1. ",
        "* ",
        "```\n",
        "~~~\n> ",
        "> ```\n",
        "a://",
        "://",
        "https://a",
        "#",
        "# \n",
        "李",
        "@李",
        "\u{301}",
        "@e\u{301}",
        "\n",
        "\0",
        "(",
        "](((((((((((((((((x)",
    ] {
        let text = format!("@x{}", pattern.repeat(LEN / pattern.len()));
        let start = Instant::now();
        let _ = mentions(&text);
        assert!(start.elapsed() < Duration::from_secs(5), "{pattern:.10?}: {:?}", start.elapsed());
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        let _ = mentions(&text);
    }

    #[test]
    fn any_markup_is_survived(text in "(@ann|@李|`|``|```|~~~|\n|> |- |1\\. |\\\\|\\]\\(|\\(|\\)|<|>|\"|'|\\[|://|\\.|_| |é|\u{301}|#){0,60}") {
        let found = mentions(&text);
        for name in &found.names {
            prop_assert!(text.nfc().collect::<String>().contains(name.as_str()), "{}", name);
            prop_assert_eq!(candidates(name).next(), Some(name.as_str()));
        }
    }

    #[test]
    fn every_username_can_be_mentioned(text in "[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}._-]{0,30}[\\p{L}\\p{N}]|[a-z]{2,32}") {
        if let Ok(name) = text.parse::<Username>() {
            let found = mentions(&format!("Hi @{name}, how are you?"));
            prop_assert_eq!(found.names, [name.as_str()]);
        }
    }

    #[test]
    fn nothing_in_a_fence_is_a_mention(code in "(@ann|`|``|\n|> |~| |x|\\]\\(){0,40}") {
        let fence = "~".repeat(50); // longer than any that the code has
        prop_assert_eq!(mentions(&format!("{fence}\n{code}\n{fence}")), Mentions::default());
        prop_assert_eq!(mentions(&format!("{fence}\n{code}\n{fence}\n@ben")).names, ["ben"]);
    }
}
