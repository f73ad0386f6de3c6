//! Strings and model values.

use std::cmp::Ordering;

use triomphe::Arc;

use super::hash::{Hasher, Kind, hash_text};
use crate::symbol::Symbol;

/// The text of a string value. Texts with the same content are equal, however they are held.
#[derive(Debug, Clone)]
#[repr(u32)] // A small tag leaves room for the other kinds of values behind it.
pub enum Text {
    /// A text that is read: a string of the specification, a field name.
    Symbol(Symbol),
    /// A text that evaluation made and that was not interned when it was made.
    Made(Arc<MadeText>),
}

/// A text that evaluation made, with its content hash.
#[derive(Debug)]
pub struct MadeText {
    text: Box<str>,
    hash: u64,
}

impl Text {
    /// Holds a text, as the symbol it is or as a text of its own.
    #[must_use]
    pub fn new(text: &str) -> Text {
        match Symbol::find(text) {
            Some(symbol) => Text::Symbol(symbol),
            None => Text::Made(Arc::new(MadeText {
                text: text.into(),
                hash: hash_text(text),
            })),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Text::Symbol(symbol) => symbol.as_str(),
            Text::Made(made) => &made.text,
        }
    }

    /// Whether this is the text of a symbol.
    #[must_use]
    #[inline]
    pub fn is(&self, symbol: Symbol) -> bool {
        match self {
            Text::Symbol(own) => *own == symbol,
            Text::Made(made) => *made.text == *symbol.as_str(),
        }
    }

    pub(super) fn content_hash(&self) -> u64 {
        match self {
            Text::Symbol(symbol) => symbol.content_hash(),
            Text::Made(made) => made.hash,
        }
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Text) -> bool {
        match (self, other) {
            (Text::Symbol(a), Text::Symbol(b)) => a == b,
            _ => self.as_str() == other.as_str(),
        }
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> Ordering {
        match (self, other) {
            (Text::Symbol(a), Text::Symbol(b)) => a.cmp(b),
            _ => self.as_str().cmp(other.as_str()),
        }
    }
}

/// A model value: equal to nothing but itself.
///
/// Model values are ordered by rank and then by name. TLC orders them as its configuration first
/// names them; whoever reads the configuration gives the ranks. One name must have one rank within
/// a model.
#[derive(Clone, Copy)]
#[repr(Rust, packed(4))] // Fits behind the tag of `Text` in a value of 16 bytes.
pub struct ModelValue {
    rank: u32,
    name: Symbol,
}

impl ModelValue {
    /// A model value of a rank.
    #[must_use]
    pub fn new(name: Symbol, rank: u32) -> ModelValue {
        ModelValue { rank, name }
    }

    /// Its name.
    #[must_use]
    #[inline]
    pub fn name(self) -> Symbol {
        self.name
    }

    /// Its type: the first letter of a name of three letters or more of which the second is `_`.
    /// A typed model value can be compared with model values of its type and with untyped ones
    /// only.
    #[must_use]
    #[inline]
    pub fn type_letter(self) -> Option<char> {
        self.name().type_letter()
    }

    pub(super) fn content_hash(self) -> u64 {
        let mut hasher = Hasher::of(Kind::Model, 1);
        hasher.word(self.name().content_hash());
        hasher.finish()
    }
}

impl std::fmt::Debug for ModelValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name().as_str())
    }
}

impl PartialEq for ModelValue {
    #[inline]
    fn eq(&self, other: &ModelValue) -> bool {
        self.name() == other.name()
    }
}

impl Eq for ModelValue {}

impl PartialOrd for ModelValue {
    fn partial_cmp(&self, other: &ModelValue) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ModelValue {
    fn cmp(&self, other: &ModelValue) -> Ordering {
        let (own, others) = (self.rank, other.rank);
        if self == other {
            Ordering::Equal
        } else {
            own.cmp(&others)
                .then_with(|| self.name().cmp(&other.name()))
        }
    }
}
