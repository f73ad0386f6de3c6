//! The `repair` solver: what the checker says of an answer goes back to the model, which answers
//! again.
//!
//! The checker's words arrive as text. What they may give away is the grader's to decide; where it
//! has nothing to say, as of a short answer, the first answer stands.

use crate::model::{Message, Request};

/// The most of the checker's words that go back, in characters: a model does not repair a hundred
/// errors at once, and every round carries the words of the rounds before.
const MOST_CHARS: usize = 6_000;

/// `request` with the model's `reply` and what the checker says of it.
pub(super) fn follow_up(request: &Request, reply: &str, checker: &str) -> Request {
    // Several servers refuse a turn without text.
    let said = match reply.trim() {
        "" => "(no text)",
        _ => reply,
    };
    let mut next = request.clone();
    next.messages.push(Message::assistant(said));
    next.messages.push(Message::user(format!(
        "Your answer was checked. This is what the checker says:\n\n{}\n\n\
         Mend the answer, and reply with all of it again, every file complete and in the same form \
         as before. Only the last answer counts.\n",
        shortened(checker.trim_end())
    )));
    next
}

/// `text`, cut after its last whole line within [`MOST_CHARS`], with a word on what is left out.
fn shortened(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(MOST_CHARS) else {
        return text.to_owned();
    };
    let kept = &text[..end];
    let kept = kept.rfind('\n').map_or(kept, |line| &kept[..line]);
    let left = text[kept.len()..].trim().lines().count();
    format!("{kept}\n({left} more lines are left out)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;

    #[test]
    fn the_conversation_goes_on_with_the_answer_and_the_words_of_the_checker() {
        let first = Request {
            messages: vec![Message::user("Model the lock.")],
            ..Request::default()
        };
        let second = follow_up(&first, "Spec", "syntax: line 3\n");
        let third = follow_up(&second, "  ", "syntax: no Spec.tla\n");
        let roles: Vec<Role> = third.messages.iter().map(|message| message.role).collect();
        assert_eq!(
            roles,
            [
                Role::User,
                Role::Assistant,
                Role::User,
                Role::Assistant,
                Role::User
            ]
        );
        assert_eq!(third.messages[1].content, "Spec");
        assert!(third.messages[2].content.contains("\n\nsyntax: line 3\n\n"));
        assert_eq!(third.messages[3].content, "(no text)");
    }

    #[test]
    fn long_words_are_cut_at_a_line_and_say_so() {
        let line = "é".repeat(99);
        let text = vec![line.as_str(); 80].join("\n");
        let cut = shortened(&text);
        assert!(cut.ends_with("\n(20 more lines are left out)"), "{cut}");
        assert_eq!(cut.lines().count(), 61);
        assert_eq!(shortened(&line), line);
    }
}
