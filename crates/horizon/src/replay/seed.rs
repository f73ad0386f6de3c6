//! NumPy's `SeedSequence`: how a small seed becomes the 256 bits that a generator starts from.
//!
//! The design is M. E. O'Neill's ("Developing a seed_seq Alternative", 2015) with NumPy's
//! constants: a pool of four words, into which the words of the seed are hashed and which is then
//! mixed until every word depends on every other.

const POOL_WORDS: usize = 4;
const INITIAL_A: u32 = 0x43b0_d7e5;
const MULTIPLIER_A: u32 = 0x931e_8875;
const INITIAL_B: u32 = 0x8b51_f9dd;
const MULTIPLIER_B: u32 = 0x58f3_8ded;
const MIX_LEFT: u32 = 0xca01_f9dd;
const MIX_RIGHT: u32 = 0x4973_f715;
const SHIFT: u32 = 16;

/// A hash whose constant changes with every word that it has hashed.
struct Hash {
    constant: u32,
    multiplier: u32,
}

impl Hash {
    fn word(&mut self, word: u32) -> u32 {
        let crossed = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.multiplier);
        fold(crossed.wrapping_mul(self.constant))
    }
}

fn fold(word: u32) -> u32 {
    word ^ (word >> SHIFT)
}

fn mix(left: u32, right: u32) -> u32 {
    fold(
        MIX_LEFT
            .wrapping_mul(left)
            .wrapping_sub(MIX_RIGHT.wrapping_mul(right)),
    )
}

/// What `SeedSequence(seed).generate_state(4, uint64)` returns.
pub(super) fn state_words(seed: u64) -> [u64; 4] {
    // The low word comes first. A high word of zero would not be part of NumPy's entropy, but the
    // pool is filled up with zeros anyway.
    let entropy = [low_word(seed), low_word(seed >> 32), 0, 0];
    let mut into = Hash {
        constant: INITIAL_A,
        multiplier: MULTIPLIER_A,
    };
    let mut pool = entropy.map(|word| into.word(word));
    for source in 0..POOL_WORDS {
        for target in 0..POOL_WORDS {
            if source != target {
                pool[target] = mix(pool[target], into.word(pool[source]));
            }
        }
    }
    let mut out = Hash {
        constant: INITIAL_B,
        multiplier: MULTIPLIER_B,
    };
    // Each state word takes two words of the pool in turn, the low half first.
    let mut pairs = [[pool[0], pool[1]], [pool[2], pool[3]]].into_iter().cycle();
    [(); 4].map(|()| {
        let [low, high] = pairs.next().unwrap_or_default().map(|word| out.word(word));
        u64::from(low) | u64::from(high) << 32
    })
}

fn low_word(value: u64) -> u32 {
    // Masked to 32 bits, so the conversion cannot fail.
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_equal_numpy_s() {
        // numpy 2.4.6: np.random.SeedSequence(seed).generate_state(4, np.uint64)
        for (seed, words) in [
            (
                0,
                [
                    0xdb2cd7e7b0f478be,
                    0xabf4641a2c71ba49,
                    0x20c6ed6d9d7b8d41,
                    0x2c4099de223c39d4,
                ],
            ),
            (
                42,
                [
                    0x9f1e2e6dcd540ab7,
                    0xd57873dc79fb94b6,
                    0x7d282a1b64d420b7,
                    0x336579714692d5ff,
                ],
            ),
            (
                1_041,
                [
                    0x8a59dcb229a70df1,
                    0x3544986a268ea6ac,
                    0xa416581dac406266,
                    0xe053fa8da3ceb35c,
                ],
            ),
            (
                4_294_967_295,
                [
                    0x2a05c5e276c1fe08,
                    0x2032e40fc20e8198,
                    0xed4ac06d787f4396,
                    0x56896cb4f3db80fd,
                ],
            ),
            (
                4_294_967_296,
                [
                    0x50ff846cec53f444,
                    0x7a4918dbe8278562,
                    0x3bff9f6c362e2b19,
                    0xbdb177539a0654e3,
                ],
            ),
            (
                12_345_678_901_234_567_890,
                [
                    0x3adce17e346514ac,
                    0x59e9bcc388fa7613,
                    0xf848c11a70fd2314,
                    0x2fce4134a50badc2,
                ],
            ),
        ] {
            assert_eq!(state_words(seed), words);
        }
    }
}
