//! `RandomElement` and what else depends on chance.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A generator of its own for each machine, made when it is first needed.
#[derive(Debug)]
pub(super) struct Random {
    seed: u64,
    generator: Option<Box<ChaCha8Rng>>,
}

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random {
            seed,
            generator: None,
        }
    }

    /// A number below `bound`, which must not be 0, each as likely as any other.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.generator().random_range(0..bound.max(1))
    }

    /// `true` in `hits` of `of` cases.
    pub(super) fn hit(&mut self, hits: usize, of: usize) -> bool {
        self.below(of) < hits
    }

    fn generator(&mut self) -> &mut ChaCha8Rng {
        let seed = self.seed;
        self.generator
            .get_or_insert_with(|| Box::new(ChaCha8Rng::seed_from_u64(seed)))
    }
}
