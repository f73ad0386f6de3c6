//! What every compound value carries: its hash, its size and its depth.

use std::sync::atomic::{AtomicU64, Ordering};

use super::ValueError;
use crate::control::patience_for;

/// Greatest number of nodes in the tree of a value.
pub const MAX_SIZE: u32 = 1 << 24;

/// Greatest nesting of a value.
pub const MAX_DEPTH: u16 = 1_000;

/// Making a value with more parts than this takes long.
const LARGE: usize = 256;

/// What a value knows of the tree it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measure {
    /// Nodes in the tree.
    pub(super) size: u32,
    /// Levels below the topmost.
    pub(super) depth: u16,
    /// Whether a model value is in it.
    pub(super) models: bool,
}

/// The measure of a value without parts.
pub(super) const LEAF: Measure = Measure {
    size: 1,
    depth: 0,
    models: false,
};

/// The measure of a model value.
pub(super) const MODEL: Measure = Measure {
    models: true,
    ..LEAF
};

/// The measures of a compound value.
#[derive(Debug)]
pub(super) struct Node {
    /// The content hash; 0 until it is computed.
    hash: AtomicU64,
    measure: Measure,
}

impl Node {
    /// The node above parts with these sizes and depths.
    ///
    /// # Errors
    /// [`super::Problem::TooLarge`] beyond [`MAX_SIZE`] or [`MAX_DEPTH`], and when the computation
    /// was told to stop.
    pub(super) fn above(parts: impl IntoIterator<Item = Measure>) -> Result<Node, ValueError> {
        let mut whole = LEAF;
        let mut count = 0_usize;
        for part in parts {
            count += 1;
            whole.size = whole.size.saturating_add(part.size);
            whole.depth = whole.depth.max(part.depth);
            whole.models |= part.models;
        }
        if whole.size > MAX_SIZE || whole.depth >= MAX_DEPTH {
            return Err(ValueError::too_large());
        }
        if count > LARGE {
            patience_for(count)?;
        }

        whole.depth += 1;
        Ok(Node {
            hash: AtomicU64::new(0),
            measure: whole,
        })
    }

    /// The node of a compound value without parts.
    pub(super) fn leaf() -> Node {
        Node {
            hash: AtomicU64::new(0),
            measure: Measure { depth: 1, ..LEAF },
        }
    }

    /// The node of a value like this one with one part more.
    ///
    /// # Errors
    /// As [`Node::above`].
    pub(super) fn with(&self, part: Measure) -> Result<Node, ValueError> {
        let parts = Measure {
            size: self.measure.size - 1,
            depth: self.measure.depth - 1,
            ..self.measure
        };
        Node::above([parts, part])
    }

    /// The node of a value like this one but for one part, where that is easily told: it is small,
    /// and the part's measure is the same.
    #[inline]
    pub(super) fn with_replaced(&self, old: Measure, new: Measure) -> Option<Node> {
        (old == new && self.measure.size as usize <= LARGE).then(|| Node {
            hash: AtomicU64::new(0),
            measure: self.measure,
        })
    }

    /// Size, depth and whether there are model values.
    #[inline]
    pub(super) fn measure(&self) -> Measure {
        self.measure
    }

    /// The hash, computed at most once (or the same by several threads at once).
    pub(super) fn hash(
        &self,
        compute: impl FnOnce() -> Result<u64, ValueError>,
    ) -> Result<u64, ValueError> {
        let known = self.hash.load(Ordering::Relaxed);
        if known != 0 {
            return Ok(known);
        }
        let hash = compute()?;
        self.hash.store(hash, Ordering::Relaxed);
        Ok(hash)
    }
}
