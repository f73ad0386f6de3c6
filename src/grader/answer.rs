//! The `answer` grader: short answers against their key.

use super::Verdict;
use crate::task::{Answer, AnswerKey, Task};

/// The largest short answer looked at, in bytes; a longer one is wrong.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Judges the short answer in `answer`. Nothing handed in is wrong, not an error.
pub(super) fn grade(task: &Task, key: &AnswerKey, answer: &Answer) -> Verdict {
    let (right, detail) = right_or_why_not(key, answer);
    Verdict::simple(task, "answer", if right { 1.0 } else { 0.0 }, detail)
}

fn right_or_why_not(key: &AnswerKey, answer: &Answer) -> (bool, String) {
    let Some(text) = answer.short_text() else {
        return (false, "no answer was handed in".into());
    };
    if text.len() > MAX_ANSWER_BYTES {
        return (
            false,
            format!(
                "the answer has {} bytes; that is no short answer",
                text.len()
            ),
        );
    }
    match judge(key, text.trim()) {
        Ok(()) => (true, "right".into()),
        Err(reason) => (false, reason),
    }
}

/// Whether `text` is right, or why it is not. The reasons never give the key away.
fn judge(key: &AnswerKey, text: &str) -> Result<(), String> {
    match key {
        AnswerKey::Exact {
            value,
            accept,
            case_sensitive,
        } => {
            let given = folded(text, *case_sensitive);
            let right = std::iter::once(value).chain(accept);
            right_if(
                right
                    .into_iter()
                    .any(|known| folded(known, *case_sensitive) == given),
                text,
            )
        }
        AnswerKey::Choice { value, options } => {
            let letter =
                chosen_letter(text).ok_or_else(|| format!("{text:?} is not one letter"))?;
            if !options
                .keys()
                .any(|option| option.eq_ignore_ascii_case(letter))
            {
                return Err(format!("{letter:?} is none of the options"));
            }
            right_if(letter.eq_ignore_ascii_case(value), text)
        }
        AnswerKey::Number {
            value,
            tolerance,
            unit,
        } => {
            let given = number(text, unit.as_deref())
                .ok_or_else(|| format!("{text:?} is not one number"))?;
            // A hair's breadth for decimal fractions that binary cannot hold.
            let slack = f64::EPSILON * value.abs().max(1.0) * 4.0;
            right_if((given - value).abs() <= tolerance + slack, text)
        }
        AnswerKey::Set { values } => {
            let inner = text
                .trim()
                .trim_start_matches(['{', '[', '('])
                .trim_end_matches(['}', ']', ')']);
            let mut given: Vec<String> = inner
                .split([',', ';'])
                .map(|member| folded(member.trim().trim_matches(['`', '"', '\'']), false))
                .filter(|member| !member.is_empty())
                .collect();
            given.sort();
            given.dedup();
            let mut right: Vec<String> = values.iter().map(|value| folded(value, false)).collect();
            right.sort();
            right.dedup();
            right_if(given == right, text)
        }
        AnswerKey::Regex { pattern, .. } => {
            let whole = regex::Regex::new(&format!(r"\A(?:{pattern})\z"))
                .map_err(|error| format!("the key's pattern is broken: {error}"))?;
            right_if(whole.is_match(text), text)
        }
    }
}

fn right_if(right: bool, text: &str) -> Result<(), String> {
    if right {
        Ok(())
    } else {
        Err(format!(
            "{:?} is wrong",
            text.chars().take(200).collect::<String>()
        ))
    }
}

/// `text` with its blanks collapsed and, unless told otherwise, in lower case.
fn folded(text: &str, case_sensitive: bool) -> String {
    let collapsed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if case_sensitive {
        collapsed
    } else {
        collapsed.to_lowercase()
    }
}

/// The letter in `B`, `(b)`, `B)`, `B.` or `B) because ...`.
fn chosen_letter(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches(['(', '[', ' ']);
    let end = bare
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(bare.len());
    let (letter, rest) = bare.split_at(end);
    let marked = rest.trim_start().is_empty() || rest.starts_with([')', ']', '.', ':']);
    (letter.chars().count() == 1 && marked).then_some(letter)
}

/// The number that `text` consists of, `unit` aside. Commas and underscores may group digits.
fn number(text: &str, unit: Option<&str>) -> Option<f64> {
    let mut text = text.trim().trim_start_matches(['=', '~', '≈']).trim_start();
    if let Some(unit) = unit {
        let lower = text.to_lowercase();
        if lower.ends_with(&unit.to_lowercase()) && lower.len() == text.len() {
            text = text.get(..text.len() - unit.len())?.trim_end();
        }
    }
    let grouped = |c: char| matches!(c, ',' | '_');
    if text.contains(grouped) {
        // `1,200` is a number; `1,2` is a list or a foreign decimal comma, and ambiguous.
        let whole = text.split('.').next().unwrap_or(text);
        let groups_of_three = whole.split(grouped).skip(1).all(|group| group.len() == 3);
        if !groups_of_three {
            return None;
        }
    }
    let plain: String = text.chars().filter(|&c| !grouped(c)).collect();
    plain
        .replace('−', "-")
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn right(key: &AnswerKey, text: &str) -> bool {
        right_or_why_not(key, &Answer::short(text)).0
    }

    #[test]
    fn exact_ignores_case_and_blanks() {
        let key = AnswerKey::Exact {
            value: "Lost update".into(),
            accept: vec!["lost write".into()],
            case_sensitive: false,
        };
        assert!(right(&key, " lost   UPDATE "));
        assert!(right(&key, "lost write"));
        assert!(!right(&key, "lost"));
    }

    #[test]
    fn choice_takes_one_letter() {
        let options = BTreeMap::from([("A".into(), "x".into()), ("B".into(), "y".into())]);
        let key = AnswerKey::Choice {
            value: "B".into(),
            options,
        };
        for text in ["B", "b", "(B)", "B) y", "B."] {
            assert!(right(&key, text), "{text}");
        }
        for text in ["A", "AB", "Because", "A or B", "", "C"] {
            assert!(!right(&key, text), "{text}");
        }
    }

    #[test]
    fn numbers_have_tolerance_and_unit() {
        let key = AnswerKey::Number {
            value: 1200.0,
            tolerance: 0.5,
            unit: Some("ms".into()),
        };
        for text in ["1200", "1,200 ms", "1200.4ms", "1_200", "≈1200", "1.2e3"] {
            assert!(right(&key, text), "{text}");
        }
        for text in [
            "1200 s",
            "1,2",
            "12,00",
            "NaN",
            "inf",
            "1200 or 1300",
            "",
            "1201",
        ] {
            assert!(!right(&key, text), "{text}");
        }
        let tenth = AnswerKey::Number {
            value: 0.3,
            tolerance: 0.1,
            unit: None,
        };
        assert!(right(&tenth, "0.4"));
    }

    #[test]
    fn sets_have_no_order() {
        let key = AnswerKey::Set {
            values: vec!["T1".into(), "T3".into()],
        };
        for text in ["T1, T3", "{t3,t1}", "`T1`; `T3`", "T1,T3,T1"] {
            assert!(right(&key, text), "{text}");
        }
        for text in ["T1", "T1,T2,T3", ""] {
            assert!(!right(&key, text), "{text}");
        }
    }

    #[test]
    fn a_pattern_must_match_the_whole() {
        let key = AnswerKey::Regex {
            pattern: "a|b+".into(),
            reference: "a".into(),
        };
        assert!(right(&key, "bbb"));
        assert!(!right(&key, "ab"));
    }

    proptest! {
        #[test]
        fn any_text_gets_a_verdict(text in "(?s).{0,80}") {
            let options = BTreeMap::from([("A".into(), "x".into()), ("B".into(), "y".into())]);
            for key in [
                AnswerKey::Number { value: 1.0, tolerance: 0.0, unit: Some("İs".into()) },
                AnswerKey::Choice { value: "A".into(), options },
                AnswerKey::Set { values: vec!["a".into()] },
            ] {
                right_or_why_not(&key, &Answer::short(&text));
            }
        }
    }
}
