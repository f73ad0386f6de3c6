//! Keys, and keeping them out of everything that is printed or stored.

use std::fmt;

const MASK: &str = "[redacted]";

/// A key too short to be one is not searched for: masking every `x` in a text
/// would destroy it and protect nothing.
const SHORTEST_KEY: usize = 6;

/// Beginnings by which providers mark their keys.
const KEY_PREFIXES: [&str; 10] = [
    "sk-", "sk_", "gsk_", "xai-", "pplx-", "AIza", "hf_", "fw_", "r8_", "nvapi-",
];

/// The shortest word with a key's beginning that is taken for a key.
const SHORTEST_MARKED_KEY: usize = 12;

/// A value that must not be shown. It prints as `[redacted]`; only
/// [`Secret::expose`] gives it away.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `value` secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Masks in `text` the given secret, whatever follows the word `Bearer`, and
/// every word that begins as known providers' keys do: servers repeat keys in
/// their error messages.
#[must_use]
pub fn redact(text: &str, secret: Option<&Secret>) -> String {
    match secret {
        Some(secret) if secret.expose().len() >= SHORTEST_KEY => {
            mask_marked_words(&text.replace(secret.expose(), MASK))
        }
        _ => mask_marked_words(text),
    }
}

fn is_word_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*' | '+' | '/' | '=' | '~')
}

/// Cuts the text into words and what is between them, and masks marked words.
fn mask_marked_words(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_bearer = false;
    while !rest.is_empty() {
        let gap = rest.find(is_word_character).unwrap_or(rest.len());
        let (between, tail) = rest.split_at(gap);
        masked.push_str(between);
        let end = tail.find(|c| !is_word_character(c)).unwrap_or(tail.len());
        let (word, tail) = tail.split_at(end);
        let marked = KEY_PREFIXES.iter().any(|prefix| word.starts_with(prefix));
        // `Bearer token` in prose is left alone: a key is longer than a word.
        if word.len() >= SHORTEST_MARKED_KEY && (marked || after_bearer) {
            masked.push_str(MASK);
        } else {
            masked.push_str(word);
        }
        after_bearer = word.eq_ignore_ascii_case("bearer");
        rest = tail;
    }
    masked
}

/// The first `limit` characters of `bytes` as one printable line without
/// secrets, for an error message.
pub(super) fn excerpt(bytes: &[u8], limit: usize, secret: Option<&Secret>) -> String {
    // Masking first a stretch much longer than what is shown keeps a key at the
    // cut from being shown by half, without scanning a huge body.
    let stretch = bytes.get(..limit * 40).unwrap_or(bytes);
    let text = redact(&String::from_utf8_lossy(stretch), secret);
    let printable = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(limit + 1);
    let mut line: String = printable.collect();
    if line.chars().count() > limit {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_never_prints() {
        let secret = Secret::new("hunter2hunter2");
        assert!(!format!("{secret:?} {secret} {:?}", Some(&secret)).contains("hunter"));
    }

    #[test]
    fn masks_the_secret_itself_and_what_looks_like_one() {
        let secret = Secret::new("plain-secret-1");
        let text = "Incorrect key plain-secret-1, was sk-proj-abcdefghijk; Bearer abcdefghijklmno.";
        let masked = redact(text, Some(&secret));
        assert_eq!(
            masked,
            "Incorrect key [redacted], was [redacted]; Bearer [redacted]"
        );
    }

    #[test]
    fn leaves_prose_alone() {
        let text = "the bearer token is missing; ask sk-1 about x";
        assert_eq!(redact(text, Some(&Secret::new("x"))), text);
    }

    #[test]
    fn an_excerpt_is_short_printable_and_masked() {
        let secret = Secret::new("0123456789");
        let body = format!("a\u{1b}[31m\n0123456789{}", "é".repeat(400));
        let line = excerpt(body.as_bytes(), 50, Some(&secret));
        assert_eq!(line.chars().count(), 51);
        assert!(line.starts_with("a [31m [redacted]é"), "{line}");
        assert!(excerpt(b"\xff\xfe", 10, None).contains('\u{fffd}'));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_secret_is_gone_from_any_text(before in ".{0,20}", after in ".{0,20}") {
            let secret = Secret::new("s3cr3t-v4lue");
            let masked = redact(&format!("{before}s3cr3t-v4lue{after}"), Some(&secret));
            prop_assert!(!masked.contains("s3cr3t-v4lue"));
        }
    }
}
