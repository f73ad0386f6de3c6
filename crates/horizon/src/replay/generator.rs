//! NumPy's default generator, PCG64, and the three ways of drawing that METR's bootstrap uses.
//!
//! PCG XSL-RR 128/64 (M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically
//! Good Algorithms for Random Number Generation", 2014), seeded as `numpy.random.default_rng` seeds
//! it.

use super::seed::state_words;

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;
/// 2⁻⁵³, the spacing of the numbers that `random` draws.
const SPACING: f64 = 1.0 / (1_u64 << 53) as f64;

/// `numpy.random.default_rng(seed)`.
#[derive(Debug, Clone)]
pub(super) struct Generator {
    state: u128,
    increment: u128,
    /// High half of a word of which only the low half has been used.
    kept_half: Option<u32>,
}

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        let words = state_words(seed).map(u128::from);
        let start = words[0] << 64 | words[1];
        let sequence = words[2] << 64 | words[3];
        let mut generator = Self {
            state: 0,
            increment: sequence << 1 | 1,
            kept_half: None,
        };
        generator.step();
        generator.state = generator.state.wrapping_add(start);
        generator.step();
        generator
    }

    /// A number from 0 up to but without 1, as `random` draws it. A kept half word stays kept.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * SPACING
    }

    /// A number from 0 to `count` − 1, as `integers(0, count)` and with it
    /// `choice(count, replace=True)` draw it: Lemire's method ("Fast Random Integer Generation in
    /// an Interval", 2019) on half words, which NumPy takes for ranges below 2³² even where the
    /// result has 64 bits. A range of one number draws nothing. Counts end at 2³² − 1.
    pub(super) fn below(&mut self, count: usize) -> usize {
        if count <= 1 {
            return 0;
        }
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let rejected_below = (u32::MAX - (count - 1)) % count;
        loop {
            let [low, high] = halves(u64::from(self.next_u32()) * u64::from(count));
            if low >= rejected_below {
                return high as usize;
            }
        }
    }

    fn next_u32(&mut self) -> u32 {
        self.kept_half.take().unwrap_or_else(|| {
            let [low, high] = halves(self.next_u64());
            self.kept_half = Some(high);
            low
        })
    }

    fn next_u64(&mut self) -> u64 {
        self.step();
        let [low, high] = [self.state, self.state >> 64].map(low_word);
        let rotation = self.state >> 122;
        // Six bits, so the conversion cannot fail.
        (low ^ high).rotate_right(u32::try_from(rotation).unwrap_or_default())
    }

    fn step(&mut self) {
        self.state = self
            .state
            .wrapping_mul(MULTIPLIER)
            .wrapping_add(self.increment);
    }
}

/// The low and the high half of a word.
fn halves(word: u64) -> [u32; 2] {
    // Masked to 32 bits, so the conversions cannot fail.
    [word, word >> 32].map(|half| u32::try_from(half & u64::from(u32::MAX)).unwrap_or_default())
}

fn low_word(word: u128) -> u64 {
    // Masked to 64 bits, so the conversion cannot fail.
    u64::try_from(word & u128::from(u64::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_equal_numpy_s() {
        // numpy 2.4.6, one generator a seed:
        // r.choice(n, 3, replace=True) for n = 3, 1, 36, 3_000_000_000, then r.random(2), then
        // r.choice(10, 2, replace=True). Three draws leave half a word over, which outlasts the
        // uniform numbers, and the large range rejects three draws in ten.
        for (seed, choices, uniforms, last) in [
            (
                42,
                [
                    [0, 2, 1],
                    [0, 0, 0],
                    [15, 15, 30],
                    [282_532_043, 1_579_436_936, 2_926_867_054],
                ],
                [0.761139701990353, 0.7860643052769538],
                [5, 1],
            ),
            (
                43,
                [
                    [1, 1, 1],
                    [0, 0, 0],
                    [1, 20, 0],
                    [829_727_294, 2_517_637_747, 1_761_429_142],
                ],
                [0.22470523020362443, 0.7517922718186155],
                [3, 2],
            ),
            (
                1_041,
                [
                    [2, 2, 0],
                    [0, 0, 0],
                    [14, 6, 31],
                    [1_285_111_327, 1_329_878_402, 854_605_946],
                ],
                [0.5011969129093878, 0.8662336008052542],
                [6, 7],
            ),
            (
                1_099_511_627_781,
                [
                    [0, 0, 1],
                    [0, 0, 0],
                    [13, 32, 21],
                    [2_698_308_901, 454_198_945, 29_614_336],
                ],
                [0.9859162233511684, 0.36119499827535184],
                [4, 1],
            ),
        ] {
            let mut generator = Generator::new(seed);
            for (count, expected) in [3, 1, 36, 3_000_000_000].into_iter().zip(choices) {
                let drawn = [(); 3].map(|()| generator.below(count));
                assert_eq!(drawn, expected, "seed {seed}, below {count}");
            }
            let drawn = [(); 2].map(|()| generator.uniform().to_bits());
            assert_eq!(drawn, uniforms.map(f64::to_bits), "seed {seed}");
            let drawn = [(); 2].map(|()| generator.below(10));
            assert_eq!(drawn, last, "seed {seed}");
        }
    }

    #[test]
    fn a_million_draws_equal_numpy_s() {
        // r = np.random.default_rng(7); r.choice(83, 1_000_000).sum(), then
        // (r.random(1_000_000) * 1000).astype(int).sum()
        let mut generator = Generator::new(7);
        let sum: u64 = (0..1_000_000).map(|_| generator.below(83) as u64).sum();
        assert_eq!(sum, 41_010_985);
        let sum: f64 = (0..1_000_000)
            .map(|_| (generator.uniform() * 1_000.0).floor())
            .sum();
        assert_eq!(sum, 499_285_884.0);
    }
}
