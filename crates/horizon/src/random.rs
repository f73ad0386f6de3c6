//! Random draws that depend on nothing but a seed, a stream and what was drawn before.
//!
//! They are written out here, since what the generator's own ranges and distributions return may
//! change between versions of its crate.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Generator number `stream` of a seed; streams of one seed are independent.
pub(crate) fn stream(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(stream);
    random
}

/// A number from zero to `count` − 1, all equally likely to within count / 2⁶⁴.
pub(crate) fn below(random: &mut impl Rng, count: usize) -> usize {
    let scaled = (u128::from(random.next_u64()) * count as u128) >> 64;
    // Less than `count`, so the conversion cannot fail.
    usize::try_from(scaled).unwrap_or_default()
}

/// A standard normal number, by Marsaglia's polar method.
pub(crate) fn standard_normal(random: &mut impl Rng) -> f64 {
    loop {
        let (a, b) = (symmetric(random), symmetric(random));
        let square = a * a + b * b;
        if square > 0.0 && square < 1.0 {
            return a * (-2.0 * square.ln() / square).sqrt();
        }
    }
}

/// A number from −1 to 1, on a grid of 2⁻⁵².
fn symmetric(random: &mut impl Rng) -> f64 {
    let bits = random.next_u64() >> 11;
    bits as f64 * (2.0 / (1_u64 << 53) as f64) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_cover_the_range_evenly() {
        let mut random = stream(1, 0);
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[below(&mut random, 6)] += 1;
        }
        // Six standard deviations of a binomial count.
        assert!(
            counts.iter().all(|&count| count.abs_diff(10_000) < 550),
            "{counts:?}"
        );
    }

    #[test]
    fn normal_draws_have_normal_moments_and_tails() {
        let mut random = stream(1, 0);
        let draws: Vec<f64> = (0..100_000).map(|_| standard_normal(&mut random)).collect();
        let moment = |power| draws.iter().map(|z| z.powi(power)).sum::<f64>() / 1e5;
        // Five standard deviations: of the mean 1/√n, of the square √2/√n, of the fourth √96/√n.
        assert!(moment(1).abs() < 5.0 / 316.0);
        assert!((moment(2) - 1.0).abs() < 5.0 * 1.42 / 316.0);
        assert!((moment(4) - 3.0).abs() < 5.0 * 9.8 / 316.0);
        let beyond = draws.iter().filter(|z| z.abs() > 1.959_964).count();
        assert!(beyond.abs_diff(5_000) < 345, "{beyond}");
    }

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |seed, number| stream(seed, number).next_u64();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }
}
