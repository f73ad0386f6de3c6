//! `a .. b`

use super::MAX_SET;
use super::hash::{Hasher, Kind};

/// The integers from a least one on: at most `u32::MAX` of them, and none beyond 64 bits.
/// (A longer interval is a [`super::LazySet`].)
#[derive(Debug, Clone, Copy)]
#[repr(Rust, packed(4))] // Fits behind the tag of `Text` in a value of 16 bytes.
pub struct Interval {
    count: u32,
    low: i64,
}

impl Interval {
    /// `low .. high`, if it is not too long.
    #[must_use]
    pub fn new(low: i64, high: i64) -> Option<Interval> {
        if low > high {
            return Some(Interval::EMPTY);
        }
        let count = u32::try_from(high.checked_sub(low)?.checked_add(1)?).ok()?;
        Some(Interval { count, low })
    }

    /// Number of elements.
    #[must_use]
    #[inline]
    pub fn len(self) -> u32 {
        self.count
    }

    /// Whether it has no elements.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        self.count == 0
    }

    /// The least element; 1 if there is none.
    #[must_use]
    #[inline]
    pub fn low(self) -> i64 {
        self.low
    }

    /// The greatest element; 0 if there is none.
    #[must_use]
    #[inline]
    pub fn high(self) -> i64 {
        // The constructor saw that this does not overflow.
        self.low.wrapping_add(i64::from(self.count) - 1)
    }

    /// Whether an integer is in it.
    #[must_use]
    #[inline]
    pub fn contains(self, number: i64) -> bool {
        self.position(number).is_some()
    }

    /// How many elements are less than this one.
    #[must_use]
    #[inline]
    pub fn position(self, number: i64) -> Option<usize> {
        let offset = number.wrapping_sub(self.low);
        (number >= self.low && offset < i64::from(self.count))
            .then(|| usize::try_from(offset).ok())
            .flatten()
    }

    /// The integers in order.
    pub fn numbers(self) -> impl ExactSizeIterator<Item = i64> + Clone {
        let low = self.low;
        (0..self.count).map(move |offset| low.wrapping_add(i64::from(offset)))
    }
}

impl PartialEq for Interval {
    fn eq(&self, other: &Interval) -> bool {
        (self.len(), self.low()) == (other.len(), other.low())
    }
}

impl Eq for Interval {}

impl Interval {
    /// No integers.
    pub const EMPTY: Interval = Interval { count: 0, low: 1 };

    /// The hash of the set of these integers; of the bounds alone where there are more than a set
    /// held as its elements can have.
    pub(super) fn content_hash(self) -> u64 {
        if self.len() as usize > MAX_SET {
            let mut hasher = Hasher::of(Kind::LargeInterval, u64::from(self.len()));
            hasher.word(self.low().cast_unsigned());
            return hasher.finish();
        }
        let mut hasher = Hasher::of(Kind::Set, u64::from(self.len()));
        for number in self.numbers() {
            hasher.word(super::scalar(Kind::Int, number.cast_unsigned()));
        }
        hasher.finish()
    }
}
