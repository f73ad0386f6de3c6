//! Interned text: names, operators and the string literals of a specification.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::value::hash_text;

/// Interned text; equality is a pointer comparison, order is that of the text.
///
/// Interned text lives as long as the process. Only what is read from a specification, its
/// configuration or the program itself is interned, so this is bounded by the input read; strings
/// that evaluation makes are not interned (see `value`).
#[derive(Clone, Copy)]
pub struct Symbol(&'static Interned);

/// What a symbol points to: one pointer wide, so that a value which holds a symbol stays small.
struct Interned {
    text: &'static str,
    hash: u64,
    /// The first eight bytes, in the order of the text.
    start: u64,
    /// The type of a model value of this name.
    type_letter: Option<char>,
}

/// The first bytes of a text as a number: where two differ, they are in the order of the texts.
fn start(text: &str) -> u64 {
    let mut bytes = [0_u8; 8];
    for (place, byte) in bytes.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    u64::from_be_bytes(bytes)
}

/// The first letter of a text of three letters or more of which the second is `_`.
fn type_letter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (Some(first), Some('_'), Some(_)) => Some(first),
        _ => None,
    }
}

type Table = HashMap<&'static str, Symbol>;

fn table() -> MutexGuard<'static, Table> {
    static TABLE: OnceLock<Mutex<Table>> = OnceLock::new();
    TABLE
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

impl Symbol {
    /// Interns a text.
    #[must_use]
    pub fn new(text: &str) -> Symbol {
        let mut table = table();
        if let Some(known) = table.get(text) {
            return *known;
        }
        let kept: &'static str = Box::leak(text.into());
        let symbol = Symbol(Box::leak(Box::new(Interned {
            text: kept,
            hash: hash_text(kept),
            start: start(kept),
            type_letter: type_letter(kept),
        })));
        table.insert(kept, symbol);
        symbol
    }

    /// The symbol of a text that was interned before.
    #[must_use]
    pub fn find(text: &str) -> Option<Symbol> {
        table().get(text).copied()
    }

    /// The text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0.text
    }

    /// The type of a model value of this name: the first letter of a name of three letters or more
    /// of which the second is `_`.
    #[must_use]
    #[inline]
    pub fn type_letter(self) -> Option<char> {
        self.0.type_letter
    }

    /// The content hash of the text (see [`hash_text`]), computed when it was interned.
    #[must_use]
    pub fn content_hash(self) -> u64 {
        self.0.hash
    }
}

impl PartialEq for Symbol {
    #[inline]
    fn eq(&self, other: &Symbol) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Symbol {}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.0).hash(state);
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Symbol) -> std::cmp::Ordering {
        if self == other {
            return std::cmp::Ordering::Equal;
        }
        let starts = self.0.start.cmp(&other.0.start);
        starts.then_with(|| self.0.text.cmp(other.0.text))
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.text)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.text)
    }
}
