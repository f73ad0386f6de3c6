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

/// What TLC knows before it reads a module.
pub(crate) fn before() -> Vec<&'static str> {
    listed("", "before")
}

/// What TLC reads of a module that is not the user's.
pub(crate) fn of(module: &str) -> Option<ModuleWords> {
    let lines = blocks().get(module)?.lines();
    let mut read = ModuleWords::default();
    for line in lines {
        let (keyword, listed) = line.split_once(' ').unwrap_or((line, ""));
        let items = listed.split_ascii_whitespace();
        match keyword {
            "extends" => read.extends.extend(items),
            "instances" => read.instances.extend(items),
            "words" => read.words.extend(items),
            // Quoted, because blanks at the ends belong to it.
            "string" => read.strings.push(listed.trim_matches('"')),
            _ => {}
        }
    }
    Some(read)
}

/// What TLC comes across after it has read all modules.
pub(crate) fn after() -> Vec<&'static str> {
    listed("", "after")
}

fn listed(module: &str, keyword: &str) -> Vec<&'static str> {
    let lines = blocks().get(module).map_or("", |block| *block).lines();
    lines
        .filter_map(|line| line.strip_prefix(keyword))
        .flat_map(str::split_ascii_whitespace)
        .collect()
}

/// The lines of each module, and those of none under no name.
fn blocks() -> &'static HashMap<&'static str, &'static str> {
    static BLOCKS: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    BLOCKS.get_or_init(|| {
        let mut blocks = HashMap::new();
        for block in WORDS.split("\n\n") {
            match block
                .strip_prefix("module ")
                .and_then(|rest| rest.split_once('\n'))
            {
                Some((name, lines)) => blocks.insert(name, lines),
                None => blocks.insert("", block),
            };
        }
        blocks
    })
}

#[test]
fn every_module_of_the_engine_is_known() {
    for name in super::names() {
        let known = of(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(known.words.first(), Some(&name));
        for needed in known.extends.iter().chain(&known.instances) {
            assert!(of(needed).is_some(), "{name} needs {needed}");
        }
    }
    assert_eq!(before().first(), Some(&"STRING"));
    assert_eq!(after().last(), Some(&"bfs"));
}
