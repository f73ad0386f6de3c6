//! The order of a model's strings.
//!
//! TLC orders strings, and model values among themselves, as it first comes across their texts: in
//! the configuration, as any word of a module, as a string of the specification. Which text comes
//! first is known before anything is evaluated, so each gets a rank then. Symbols belong to the
//! process but ranks to a model: a value carries its rank, and a thread that makes values is told
//! whose ranks they get.
//!
//! Texts that only evaluation makes have no rank. They come after all others, in the order of their
//! text. (TLC orders them by when they were made, which with several workers is not the same in
//! each run.)

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::symbol::Symbol;

/// The rank of what has none.
pub(super) const UNRANKED: u32 = u32::MAX;

/// The places of texts in the order of a model's strings.
#[derive(Debug, Clone, Default)]
pub struct Ranks(Arc<HashMap<Symbol, u32>>);

thread_local! {
    /// Those that values made on this thread get.
    static IN_EFFECT: RefCell<Ranks> = RefCell::default();
}

impl Ranks {
    /// Ranks in the order in which the texts first occur.
    #[must_use]
    pub fn new(texts: impl IntoIterator<Item = Symbol>) -> Ranks {
        let mut ranks = HashMap::new();
        let mut next = 0;
        for text in texts {
            ranks.entry(text).or_insert_with(|| {
                next += 1;
                next - 1
            });
        }
        Ranks(Arc::new(ranks))
    }

    /// Makes strings and model values that the present thread makes from here on have these ranks,
    /// until it is told to use others. Values of different ranks must not meet.
    pub fn take_effect(&self) {
        IN_EFFECT.set(self.clone());
    }
}

/// The rank of a text in the order in effect on this thread.
pub(super) fn rank_of(text: Symbol) -> u32 {
    IN_EFFECT.with_borrow(|Ranks(ranks)| ranks.get(&text).copied().unwrap_or(UNRANKED))
}
