//! Strings and model values.

use std::cmp::Ordering;

use triomphe::Arc;

use super::hash::{Hasher, Kind, hash_text};
use super::ranks::{UNRANKED, rank_of};
use crate::symbol::Symbol;

/// A symbol with its place in the order of the model's strings ([`super::Ranks`]), so that ordering
/// strings is comparing integers. Whoever holds a symbol and needs a value makes this once.
#[derive(Clone, Copy)]
#[repr(Rust, packed(4))] // Fits behind the tag of `Text` in a value of 16 bytes.
pub struct Ranked {
    rank: u32,
    symbol: Symbol,
}

impl Ranked {
    /// A symbol with its rank in the order in effect on this thread.
    #[must_use]
    pub fn of(symbol: Symbol) -> Ranked {
        let rank = rank_of(symbol);
        Ranked { rank, symbol }
    }

    /// The symbol.
    #[must_use]
    #[inline]
    pub fn symbol(self) -> Symbol {
        self.symbol
    }
}

impl std::fmt::Debug for Ranked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.symbol().as_str())
    }
}

impl PartialEq for Ranked {
    #[inline]
    fn eq(&self, other: &Ranked) -> bool {
        self.symbol() == other.symbol()
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    #[inline]
    fn partial_cmp(&self, other: &Ranked) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    #[inline]
    fn cmp(&self, other: &Ranked) -> Ordering {
        let (own, others) = (self.rank, other.rank);
        if own == others && self != other {
            // Neither has a rank.
            return self.symbol().cmp(&other.symbol());
        }
        own.cmp(&others)
    }
}

/// The text of a string value. Texts with the same content are equal, however they are held.
#[derive(Debug, Clone)]
#[repr(u32)] // A small tag leaves room for the other kinds of values behind it.
pub enum Text {
    /// A text that is read: a string of the specification, a field name.
    Symbol(Ranked),
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
            Some(symbol) => Text::symbol(symbol),
            None => Text::Made(Arc::new(MadeText {
                text: text.into(),
                hash: hash_text(text),
            })),
        }
    }

    /// The text of a symbol.
    #[must_use]
    #[inline]
    pub fn symbol(symbol: Symbol) -> Text {
        Text::Symbol(Ranked::of(symbol))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Text::Symbol(name) => name.symbol().as_str(),
            Text::Made(made) => &made.text,
        }
    }

    /// Whether this is the text of a symbol.
    #[must_use]
    #[inline]
    pub fn is(&self, symbol: Symbol) -> bool {
        match self {
            Text::Symbol(own) => own.symbol() == symbol,
            Text::Made(made) => *made.text == *symbol.as_str(),
        }
    }

    pub(super) fn content_hash(&self) -> u64 {
        match self {
            Text::Symbol(name) => name.symbol().content_hash(),
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
    #[inline]
    fn partial_cmp(&self, other: &Text) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    #[inline]
    fn cmp(&self, other: &Text) -> Ordering {
        match (self, other) {
            (Text::Symbol(a), Text::Symbol(b)) => a.cmp(b),
            // What evaluation made has no rank.
            (Text::Symbol(a), Text::Made(_)) if a.rank != UNRANKED => Ordering::Less,
            (Text::Made(_), Text::Symbol(b)) if b.rank != UNRANKED => Ordering::Greater,
            _ => self.as_str().cmp(other.as_str()),
        }
    }
}

/// A model value: equal to nothing but itself. Model values have their places in the same order as
/// strings, by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelValue(Ranked);

impl ModelValue {
    /// The model value of a name, with its rank in the order in effect on this thread.
    #[must_use]
    pub fn new(name: Symbol) -> ModelValue {
        ModelValue(Ranked::of(name))
    }

    /// Its name.
    #[must_use]
    #[inline]
    pub fn name(self) -> Symbol {
        self.0.symbol()
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
