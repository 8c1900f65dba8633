//! Texts such as people write: of one length, from words of which few are common and most are rare.

use rand::Rng;

/// Different words in all texts together.
const WORDS: usize = 8_000;

/// Bytes in a text.
pub(crate) const LENGTH: usize = 200;

/// A text of [`LENGTH`] bytes.
pub(crate) fn text(rng: &mut impl Rng) -> String {
    let mut text = String::with_capacity(LENGTH + 16);
    while text.len() < LENGTH {
        // The cube makes the first tenth of all words half of what is written.
        let chance: f64 = rng.random();
        push_word(&mut text, (chance.powi(3) * WORDS as f64) as usize);
        text.push(' ');
    }
    text.truncate(LENGTH - 1);
    text.push('.');
    text
}

/// The word with that number: two to four syllables, the same at each call.
fn push_word(text: &mut String, number: usize) {
    const FIRST: &[u8] = b"bdfghklmnprstvwz";
    const SECOND: &[u8] = b"aeiou";
    let mut rest = number + FIRST.len() * SECOND.len();
    while rest > 0 {
        text.push(char::from(FIRST[rest % FIRST.len()]));
        rest /= FIRST.len();
        text.push(char::from(SECOND[rest % SECOND.len()]));
        rest /= SECOND.len();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::*;

    #[test]
    fn words_differ_and_texts_have_their_length() {
        let word = |number| {
            let mut word = String::new();
            push_word(&mut word, number);
            word
        };
        assert_eq!((0..WORDS).map(word).collect::<HashSet<_>>().len(), WORDS);
        let mut rng = SmallRng::seed_from_u64(1);
        assert!((0..100).all(|_| text(&mut rng).len() == LENGTH));
    }
}
