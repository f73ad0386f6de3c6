//! Rows of bits of one length.

/// A table of bits.
#[derive(Debug)]
pub(super) struct Bits {
    /// Words in a row.
    stride: usize,
    words: Vec<u64>,
}

impl Bits {
    /// No rows, each to be this long.
    pub(super) fn new(length: usize) -> Bits {
        Bits {
            stride: length.div_ceil(64),
            words: Vec::new(),
        }
    }

    /// Adds a row of zeros.
    pub(super) fn push(&mut self) {
        self.words.resize(self.words.len() + self.stride, 0);
    }

    /// Sets a bit of the last row.
    pub(super) fn set_last(&mut self, bit: usize) {
        let start = self.words.len() - self.stride;
        if let Some(word) = self.words[start..].get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// A bit of a row.
    pub(super) fn get(&self, row: usize, bit: usize) -> bool {
        has(self.row(row), bit)
    }

    /// A row.
    pub(super) fn row(&self, row: usize) -> &[u64] {
        let start = row * self.stride;
        self.words
            .get(start..start + self.stride)
            .unwrap_or_default()
    }

    /// Words in a row.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }
}

/// A bit of a row.
pub(super) fn has(row: &[u64], bit: usize) -> bool {
    row.get(bit / 64)
        .is_some_and(|word| word >> (bit % 64) & 1 == 1)
}
