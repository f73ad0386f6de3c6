//! Finding code blocks and short answers in free text.

/// A fenced code block.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    /// What follows the opening fence.
    info: String,
    /// The last non-blank line before the block.
    lead: String,
    /// The block's content.
    pub(super) text: String,
    /// Line of the opening fence, from 1.
    pub(super) line: usize,
    /// Whether a closing fence was found; a reply cut short has none.
    pub(super) closed: bool,
}

impl Block {
    /// Whether it holds the TLA+ module of this name.
    pub(super) fn is_module(&self, name: &str) -> bool {
        self.text.lines().any(|line| {
            let words: Vec<&str> = line.trim().trim_matches('-').split_whitespace().collect();
            line.trim_start().starts_with("----") && words == ["MODULE", name]
        })
    }

    /// Which of `paths` the block's info string, the line before it, or a comment on its first
    /// line names: the full path anywhere, or else its last component.
    pub(super) fn names<'p>(&self, paths: &'p [String]) -> Option<&'p str> {
        let first = self.text.lines().next().unwrap_or_default().trim_start();
        let comment = ["#", "//", "/*", "--", "\\*", "(*", "<!--"]
            .iter()
            .any(|mark| first.starts_with(mark))
            .then_some(first);
        for place in [Some(self.info.as_str()), Some(self.lead.as_str()), comment]
            .into_iter()
            .flatten()
        {
            for name in [full_path, last_component] {
                let mut named = paths.iter().filter(|path| mentions(place, name(path)));
                // A line that names two files names neither.
                if let (Some(path), None) = (named.next(), named.next()) {
                    return Some(path);
                }
            }
        }
        None
    }
}

fn full_path(path: &str) -> &str {
    path
}

fn last_component(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether `name` stands in `text` as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut rest = text[at + name.len()..].chars();
        let after = rest.next();
        // A full stop ends a sentence, but `a.py.bak` is another file.
        let other_file = after == Some('.') && rest.next().is_some_and(char::is_alphanumeric);
        !before.is_some_and(|c| inside(c) || c == '.') && !after.is_some_and(inside) && !other_file
    })
}

/// The fence that `line` opens or closes: its character, length, and what follows.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let trimmed = line.trim_start();
    let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = trimmed.chars().take_while(|&c| c == mark).count();
    // Both marks are one byte long.
    let rest = &trimmed[length..];
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then_some((mark, length, rest.trim()))
}

/// All fenced blocks of `text`, in order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(char, usize, usize, Block)> = None;
    let mut lead = "";
    for (index, line) in text.lines().enumerate() {
        match &mut open {
            None => match fence(line) {
                Some((mark, length, info)) => {
                    let indent = line.len() - line.trim_start().len();
                    let block = Block {
                        info: info.to_owned(),
                        lead: lead.to_owned(),
                        text: String::new(),
                        line: index + 1,
                        closed: false,
                    };
                    open = Some((mark, length, indent, block));
                    lead = "";
                }
                None if !line.trim().is_empty() => lead = line.trim(),
                None => {}
            },
            Some((mark, length, indent, block)) => {
                let closes = fence(line)
                    .is_some_and(|(m, l, rest)| m == *mark && l >= *length && rest.is_empty());
                if closes {
                    block.closed = true;
                    blocks.extend(open.take().map(|(.., block)| block));
                } else {
                    // A block inside a list is indented as a whole.
                    let blank = line.len() - line.trim_start_matches(' ').len();
                    block.text.push_str(&line[blank.min(*indent)..]);
                    block.text.push('\n');
                }
            }
        }
    }
    blocks.extend(open.map(|(.., block)| block));
    blocks
}

/// The short answer in `reply` and where it was found: after the last `ANSWER:`, or else the
/// last line that is not blank.
pub(super) fn short_answer(reply: &str) -> Option<(String, String)> {
    let lines: Vec<&str> = reply
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    for (index, line) in lines.iter().enumerate().rev() {
        if let Some(rest) = after_answer_label(line) {
            let value = undecorated(rest);
            if !value.is_empty() {
                return Some((value, "after the last `ANSWER:`".into()));
            }
            // A label on a line of its own: the value follows.
            if let Some(next) = lines.get(index + 1) {
                return Some((
                    undecorated(next),
                    "on the line after the last `ANSWER:`".into(),
                ));
            }
        }
    }
    let last = lines
        .iter()
        .rev()
        .map(|line| undecorated(line))
        .find(|line| !line.is_empty())?;
    Some((last, "the last line; no `ANSWER:` was found".into()))
}

/// What follows `ANSWER:` (or `Final answer:`) at the start of `line`, decoration aside.
fn after_answer_label(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower = bare.to_ascii_lowercase();
    let label = ["final answer", "answer"]
        .into_iter()
        .find(|label| lower.starts_with(label))?;
    let rest = bare[label.len()..].trim_start_matches(['*', '_', '`', ' ']);
    rest.strip_prefix([':', '：'])
}

/// `text` without the marks of emphasis and code around it, and without a final full stop.
fn undecorated(text: &str) -> String {
    let mut value = text.trim();
    loop {
        let before = value;
        for mark in ["**", "__", "`", "$"] {
            if let Some(inner) = value
                .strip_prefix(mark)
                .and_then(|rest| rest.strip_suffix(mark))
            {
                value = inner.trim();
            }
        }
        // Emphasis opened before the label leaves its end behind.
        for mark in ["**", "__"] {
            value = value.strip_prefix(mark).unwrap_or(value).trim();
            value = value.strip_suffix(mark).unwrap_or(value).trim();
        }
        if let Some(inner) = value.strip_suffix('.') {
            value = inner.trim_end();
        }
        if value == before {
            return value.to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn answers_are_found_under_usual_decoration() {
        for (reply, expected) in [
            ("ANSWER: 42", "42"),
            ("thinking\n**ANSWER:** 42.", "42"),
            ("**Answer: `a, b`**", "a, b"),
            ("Final answer: B\n", "B"),
            ("ANSWER: 1\nno wait\nANSWER: 2\n", "2"),
            ("ANSWER:\n7", "7"),
            ("just 9", "just 9"),
            ("$12$", "12"),
        ] {
            assert_eq!(short_answer(reply).unwrap().0, expected, "{reply:?}");
        }
        assert_eq!(short_answer(" \n "), None);
    }

    #[test]
    fn a_path_is_a_word_of_its_own() {
        assert!(mentions("python:queue.py", "queue.py"));
        assert!(mentions("### `src/queue.py`:", "src/queue.py"));
        assert!(mentions("Here is queue.py.", "queue.py"));
        assert!(!mentions("my_queue.py", "queue.py"));
        assert!(!mentions("queue.py.bak", "queue.py"));
    }

    #[test]
    fn an_unclosed_block_reaches_to_the_end() {
        let found = blocks("```c\nint x;\n");
        assert_eq!(
            (found[0].text.as_str(), found[0].closed),
            ("int x;\n", false)
        );
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(reply in "(?s)[`~a\n :*.ANSWER#]{0,200}|.{0,200}") {
            for block in blocks(&reply) {
                block.names(&["a".to_owned(), "b/a".to_owned()]);
            }
            short_answer(&reply);
        }
    }
}
