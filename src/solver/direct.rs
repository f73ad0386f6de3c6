//! The `direct` solver: the task in one prompt, the answer in one reply.

use std::fmt::Write as _;

use super::extract::{self, Block};
use crate::model::{Message, Parameters, Request, Role};
use crate::task::{Answer, AnswerError, AnswerKey, Grading, Task, TaskFolder};

/// Why a task cannot be asked directly.
#[derive(Debug, thiserror::Error)]
pub enum SolveError {
    /// The task names no files to hand in.
    #[error(
        "task `{0}` lists no `deliverables` under `[sextant]`, so a single reply cannot hand anything in"
    )]
    NothingToHandIn(String),
    /// A file of the task is unreadable.
    #[error(transparent)]
    Files(#[from] AnswerError),
}

/// An answer read from a reply, with a word on where each part was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// What was handed in.
    pub answer: Answer,
    /// How it was found, for the transcript and the report.
    pub notes: Vec<String>,
}

/// The request that asks `task`.
///
/// # Errors
/// When the task has nothing to hand in, or its files are unreadable.
pub fn request(task: &Task, parameters: Parameters) -> Result<Request, SolveError> {
    let content = match &task.grading {
        Grading::Answer(short) => short_prompt(&task.instruction, &short.key),
        Grading::Tests(tested) => {
            let place = format!("Files in {}", tested.workdir);
            files_prompt(task, &tested.folder, &tested.deliverables, &place)?
        }
        Grading::Model(system) => {
            let place = "The system's files";
            files_prompt(task, &system.folder, &system.deliverables, place)?
        }
    };
    Ok(Request {
        messages: vec![Message {
            role: Role::User,
            content,
        }],
        parameters,
    })
}

fn short_prompt(question: &str, key: &AnswerKey) -> String {
    let mut prompt = question.trim_end().to_owned();
    prompt.push('\n');
    let form = match key {
        AnswerKey::Exact { .. } | AnswerKey::Regex { .. } => {
            "the answer and nothing else".to_owned()
        }
        AnswerKey::Choice { options, .. } => {
            prompt.push('\n');
            for (letter, meaning) in options {
                let _ = writeln!(prompt, "{letter}) {meaning}");
            }
            "one letter".to_owned()
        }
        AnswerKey::Number {
            unit: Some(unit), ..
        } => format!("one number in {unit}"),
        AnswerKey::Number { unit: None, .. } => "one number".to_owned(),
        AnswerKey::Set { .. } => "the members separated by commas, in any order".to_owned(),
    };
    let _ = write!(
        prompt,
        "\nYou may reason first. End your reply with a line of this form, where the dots stand for {form}:\n\nANSWER: ...\n"
    );
    prompt
}

fn files_prompt(
    task: &Task,
    folder: &TaskFolder,
    deliverables: &[String],
    place: &str,
) -> Result<String, SolveError> {
    let Some(example) = deliverables.first() else {
        return Err(SolveError::NothingToHandIn(task.id.to_string()));
    };
    let mut prompt = task.instruction.trim_end().to_owned();
    prompt.push('\n');
    let files = folder.environment_files()?;
    if !files.is_empty() {
        let _ = write!(prompt, "\n## {place}\n");
        for file in &files {
            let text = String::from_utf8_lossy(&file.bytes);
            let _ = write!(
                prompt,
                "\n`{}`\n\n{}",
                file.path,
                fenced(language(&file.path), &text)
            );
        }
    }
    let _ = write!(
        prompt,
        "\n## How to hand in\n\nReply with the complete text of {}. Put each file in a fenced code block of \
         its own whose opening line names the file, like this:\n\n{}",
        list_files(deliverables),
        fenced(
            &format!("{} {example}", language(example)),
            "(the whole file)\n"
        ),
    );
    Ok(prompt)
}

fn list_files(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [one] => format!("the file {one}"),
        many => format!("these files: {}", many.join(", ")),
    }
}

/// `text` in a fence longer than any run of backticks in it.
fn fenced(info: &str, text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat((longest + 1).max(3));
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{fence}{info}\n{text}{end}{fence}\n")
}

/// The usual info string for a file of this name.
fn language(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("py") => "python",
        Some("rs") => "rust",
        Some("c" | "h") => "c",
        Some("md") => "markdown",
        Some("sh") => "bash",
        Some("tla") => "tla",
        _ => "text",
    }
}

/// The reply by which a perfect follower of the prompt hands in `answer`. The built-in oracle
/// speaks so, and therefore passes through the same reading as any model.
pub fn render_reply(task: &Task, answer: &Answer) -> String {
    match task.files() {
        None => answer
            .short_text()
            .map(|text| format!("ANSWER: {text}\n"))
            .unwrap_or_default(),
        Some(_) => answer
            .files()
            .iter()
            .map(|(path, bytes)| {
                fenced(
                    &format!("{} {path}", language(path)),
                    &String::from_utf8_lossy(bytes),
                )
            })
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// Reads the answer out of a reply: forgivingly, and saying what it took.
pub fn read_reply(task: &Task, reply: &str) -> Taken {
    match task.files() {
        None => read_short(reply),
        Some((_, deliverables)) => read_files(deliverables, reply),
    }
}

fn read_short(reply: &str) -> Taken {
    match extract::short_answer(reply) {
        Some((text, note)) => Taken {
            answer: Answer::short(&text),
            notes: vec![note],
        },
        None => Taken {
            answer: Answer::empty(),
            notes: vec!["the reply holds no text".into()],
        },
    }
}

fn read_files(deliverables: &[String], reply: &str) -> Taken {
    let mut answer = Answer::empty();
    let mut notes = Vec::new();
    let blocks = extract::blocks(reply);
    let mut unnamed: Vec<&Block> = Vec::new();
    for block in &blocks {
        let Some(path) = block.names(deliverables) else {
            unnamed.push(block);
            continue;
        };
        let repeated = answer.files().contains_key(path);
        // A deliverable's path was checked when the task was loaded.
        if answer.insert(path, block.text.clone().into_bytes()).is_ok() {
            notes.push(format!(
                "`{path}` from the block at line {}{}{}",
                block.line,
                if repeated {
                    ", in place of an earlier one"
                } else {
                    ""
                },
                if block.closed {
                    ""
                } else {
                    ", which is not closed"
                },
            ));
        }
    }
    for path in deliverables {
        let Some(module) = path.strip_suffix(".tla") else {
            continue;
        };
        let mut holding = unnamed.iter().rev().filter(|block| block.is_module(module));
        if !answer.files().contains_key(path)
            && let Some(block) = holding.next()
            && answer.insert(path, block.text.clone().into_bytes()).is_ok()
        {
            let line = block.line;
            notes.push(format!(
                "`{path}` from the block at line {line}, by its module"
            ));
        }
    }
    let missing: Vec<&String> = deliverables
        .iter()
        .filter(|path| !answer.files().contains_key(*path))
        .collect();
    if let [path] = missing.as_slice() {
        // The longest block is the file; shorter ones are usually examples of its use.
        let longest = unnamed.iter().rev().max_by_key(|block| block.text.len());
        let found = match longest {
            Some(block) => Some((
                block.text.clone(),
                format!("the unnamed block at line {}", block.line),
            )),
            None if blocks.is_empty() && !reply.trim().is_empty() => Some((
                reply.to_owned(),
                "the whole reply, which has no code block".to_owned(),
            )),
            None => None,
        };
        if let Some((text, from)) = found
            && answer.insert(path, text.into_bytes()).is_ok()
        {
            notes.push(format!("`{path}` from {from}"));
        }
    }
    for path in deliverables
        .iter()
        .filter(|path| !answer.files().contains_key(*path))
    {
        notes.push(format!("`{path}` is not in the reply"));
    }
    Taken { answer, notes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(deliverables: &[&str], reply: &str) -> Taken {
        let names: Vec<String> = deliverables.iter().map(|&name| name.to_owned()).collect();
        read_files(&names, reply)
    }

    fn text_of(taken: &Taken, path: &str) -> String {
        String::from_utf8(taken.answer.files()[path].clone()).unwrap()
    }

    #[test]
    fn named_blocks_go_to_their_files() {
        let taken = take(
            &["a.py", "src/b.rs"],
            "First:\n```python a.py\nx = 1\n```\nThen `src/b.rs`:\n\n```rust\nfn main() {}\n```\n",
        );
        assert_eq!(text_of(&taken, "a.py"), "x = 1\n");
        assert_eq!(text_of(&taken, "src/b.rs"), "fn main() {}\n");
    }

    #[test]
    fn the_longest_unnamed_block_is_the_only_deliverable() {
        let taken = take(
            &["a.py"],
            "```python\nclass A:\n    pass\n    # much longer\n```\nUse it:\n```\nA()\n```\n",
        );
        assert!(text_of(&taken, "a.py").starts_with("class A"));
        assert!(taken.notes[0].contains("unnamed block"));
    }

    #[test]
    fn a_module_is_known_by_its_header() {
        let taken = take(
            &["Spec.tla"],
            "```tla\n---- MODULE Spec ----\n====\n```\nCheck it with:\n```\nSPECIFICATION Spec\n\
             INVARIANT TypeOK\nCONSTANT Threads = {1, 2, 3}\n```\n",
        );
        assert!(text_of(&taken, "Spec.tla").starts_with("---- MODULE"));
        assert!(
            taken.notes[0].contains("by its module"),
            "{:?}",
            taken.notes
        );
    }

    #[test]
    fn a_later_block_replaces_an_earlier_one() {
        let taken = take(
            &["a.py"],
            "```python a.py\n1\n```\nOn reflection:\n```python a.py\n2\n```\n",
        );
        assert_eq!(text_of(&taken, "a.py"), "2\n");
    }

    #[test]
    fn a_reply_without_text_hands_in_nothing() {
        let taken = take(&["a.py"], "  \n");
        assert!(taken.answer.is_empty());
        assert_eq!(taken.notes, ["`a.py` is not in the reply"]);
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let text = "```\ninner\n```\n";
        let taken = take(&["a.md"], &fenced("markdown a.md", text));
        assert_eq!(text_of(&taken, "a.md"), text);
    }
}
