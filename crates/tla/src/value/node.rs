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

/// Size and depth of a value without parts.
pub(super) const LEAF: (u32, u16) = (1, 0);

/// The measures of a compound value.
#[derive(Debug)]
pub(super) struct Node {
    /// The content hash; 0 until it is computed.
    hash: AtomicU64,
    /// Nodes in the tree below and including this one.
    size: u32,
    /// Levels below this one, plus one.
    depth: u16,
}

impl Node {
    /// The node above parts with these sizes and depths.
    ///
    /// # Errors
    /// [`super::Problem::TooLarge`] beyond [`MAX_SIZE`] or [`MAX_DEPTH`], and when the computation
    /// was told to stop.
    pub(super) fn above(parts: impl IntoIterator<Item = (u32, u16)>) -> Result<Node, ValueError> {
        let mut size = 1_u32;
        let mut depth = 0_u16;
        let mut count = 0_usize;
        for (part_size, part_depth) in parts {
            count += 1;
            size = size.saturating_add(part_size);
            depth = depth.max(part_depth);
        }
        if size > MAX_SIZE || depth >= MAX_DEPTH {
            return Err(ValueError::too_large());
        }
        if count > LARGE {
            patience_for(count)?;
        }
        Ok(Node {
            hash: AtomicU64::new(0),
            size,
            depth: depth + 1,
        })
    }

    /// The node of a compound value without parts.
    pub(super) fn leaf() -> Node {
        Node {
            hash: AtomicU64::new(0),
            size: 1,
            depth: 1,
        }
    }

    /// Size and depth.
    #[inline]
    pub(super) fn measure(&self) -> (u32, u16) {
        (self.size, self.depth)
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
