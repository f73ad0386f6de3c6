//! What TLC reads of the modules of its distribution and the community modules.
//!
//! The order of strings depends on it (see `resolve::order`), and not only for specifications that
//! use these modules: some are read with every specification.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Lines of a keyword and what it lists; `words.txt` says what the keywords mean.
const WORDS: &str = include_str!("words.txt");

/// What TLC reads of one module.
#[derive(Debug, Default)]
pub(crate) struct ModuleWords {
    /// The modules it extends.
    pub(crate) extends: Vec<&'static str>,
    /// The modules it instantiates.
    pub(crate) instances: Vec<&'static str>,
    /// Its words, each where it first occurs; those known before any module are left out.
    pub(crate) words: Vec<&'static str>,
    /// Its strings.
    pub(crate) strings: Vec<&'static str>,
}

/// What TLC comes across in every run, and in modules that are not the user's.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// What it knows before it reads a module.
    pub(crate) before: Vec<&'static str>,
    /// The modules, by name.
    pub(crate) modules: HashMap<&'static str, ModuleWords>,
    /// What it comes across after it has read all modules.
    pub(crate) after: Vec<&'static str>,
}

/// All of it.
pub(crate) fn known() -> &'static Words {
    static KNOWN: OnceLock<Words> = OnceLock::new();
    KNOWN.get_or_init(|| read(WORDS))
}

fn read(text: &'static str) -> Words {
    let mut known = Words::default();
    let mut module = ModuleWords::default();
    let mut name = "";
    for line in text.lines() {
        let (keyword, listed) = line.split_once(' ').unwrap_or((line, ""));
        let items = listed.split_ascii_whitespace();
        match keyword {
            "before" => known.before.extend(items),
            "after" => known.after.extend(items),
            "module" => {
                let read = std::mem::take(&mut module);
                known
                    .modules
                    .insert(std::mem::replace(&mut name, listed), read);
            }
            "extends" => module.extends.extend(items),
            "instances" => module.instances.extend(items),
            "words" => module.words.extend(items),
            // Quoted, because blanks at the ends belong to it.
            "string" => module.strings.push(listed.trim_matches('"')),
            _ => {}
        }
    }
    known.modules.insert(name, module);
    known.modules.remove("");
    known
}
