//! The content hash of values.
//!
//! Words are folded one after the other into a 64-bit state by multiplying to 128 bits and adding
//! the halves without carry, as wyhash and foldhash do: every bit of input reaches every bit of
//! output, and the order of the words matters. The constants are digits of pi. The result depends
//! only on the content of a value and, where a set or a domain has strings or model values, on the
//! model's order of these: it is the same in every process, on every machine and for every
//! representation of equal values, and it serves as the fingerprint of states.

const SEED: u64 = 0x243f_6a88_85a3_08d3;
const MULTIPLIER: u64 = 0x1319_8a2e_0370_7345;
const FINAL: u64 = 0xa409_3822_299f_31d1;

/// What kind of content is hashed, so that `1`, `"1"` and `<<1>>` differ.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Bool = 1,
    Int,
    String,
    Model,
    Set,
    LargeInterval,
    Function,
    Tuple,
}

/// A hash in the making.
#[derive(Debug, Clone, Copy)]
pub struct Hasher(u64);

impl Hasher {
    /// A fresh state.
    #[must_use]
    #[inline]
    pub fn new() -> Hasher {
        Hasher(SEED)
    }

    /// A fresh state for a kind of value with so many parts.
    #[inline]
    pub(super) fn of(kind: Kind, parts: u64) -> Hasher {
        let mut hasher = Hasher(SEED ^ ((kind as u64) << 56));
        hasher.word(parts);
        hasher
    }

    /// Adds a word.
    #[inline]
    pub fn word(&mut self, word: u64) {
        self.0 = fold(self.0 ^ word, MULTIPLIER).wrapping_add(self.0.rotate_left(23));
    }

    /// The hash; never 0, which stands for a hash that was not computed yet.
    #[must_use]
    #[inline]
    pub fn finish(self) -> u64 {
        fold(self.0 ^ FINAL, MULTIPLIER ^ self.0.rotate_left(32)).max(1)
    }
}

impl Default for Hasher {
    fn default() -> Hasher {
        Hasher::new()
    }
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "takes the two halves of the product"
    )]
    let halves = (product as u64, (product >> 64) as u64);
    halves.0 ^ halves.1
}

/// The hash of a text, as the hash of a string value uses it.
#[must_use]
pub fn hash_text(text: &str) -> u64 {
    let mut hasher = Hasher::of(Kind::String, text.len() as u64);
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0_u8; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hasher.word(u64::from_le_bytes(word));
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Flipping any bit of a word changes about half of the bits of the hash.
    #[test]
    fn every_bit_reaches_every_bit() {
        let hash = |word: u64| {
            let mut hasher = Hasher::of(Kind::Int, 1);
            hasher.word(word);
            hasher.finish()
        };
        let mut flips = [0_u32; 64];
        let mut words = 0_u32;
        for word in (0..64_u64).chain((0..64).map(|i| SEED.wrapping_mul(2 * i + 1))) {
            for bit in 0..64 {
                let difference = hash(word) ^ hash(word ^ (1 << bit));
                words += 1;
                for (place, count) in flips.iter_mut().enumerate() {
                    *count += u32::from(difference >> place & 1 == 1);
                }
            }
        }
        for count in flips {
            let share = f64::from(count) / f64::from(words);
            assert!((0.45..0.55).contains(&share), "{share}");
        }
    }

    #[test]
    fn texts_of_different_length_differ() {
        assert_ne!(hash_text(""), hash_text("\0"));
        assert_ne!(hash_text("a"), hash_text("a\0"));
        assert_ne!(hash_text("12345678"), hash_text("123456780"));
    }
}
