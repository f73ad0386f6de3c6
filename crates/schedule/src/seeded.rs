use crate::program::{Schedule, Situation};
use crate::step::Move;

/// A random schedule: the same seed gives the same one.
#[derive(Debug, Clone)]
pub struct Seeded {
    random: Random,
    manner: Manner,
}

#[derive(Debug, Clone)]
enum Manner {
    Fair,
    Starving {
        victim: usize,
        one_in: usize,
    },
    Priorities {
        order: Vec<usize>,
        changes: Vec<usize>,
        steps: usize,
    },
}

impl Seeded {
    /// All moves are equally likely.
    pub fn fair(seed: u64) -> Self {
        Self {
            random: Random(seed),
            manner: Manner::Fair,
        }
    }

    /// One thread moves about once in so many steps, or when no other can; else all moves are
    /// equally likely.
    pub fn starving(seed: u64, victim: usize, one_in: usize) -> Self {
        Self {
            random: Random(seed),
            manner: Manner::Starving { victim, one_in },
        }
    }

    /// The thread of highest priority moves. Priorities are drawn at the start, and at so many
    /// random moments among the first steps the thread that would move becomes the last. So does
    /// one that ends a round of waiting, or it would wait for ever. (Burckhardt, Kothari, Musuvathi
    /// and Nagarakatte, ASPLOS 2010, call this probabilistic concurrency testing.)
    pub fn priorities(seed: u64, threads: usize, changes: usize, within: usize) -> Self {
        let mut random = Random(seed);
        let mut order: Vec<usize> = (0..threads).collect();
        for last in (1..threads).rev() {
            order.swap(last, random.below(last + 1));
        }
        let changes = (0..changes).map(|_| random.below(within)).collect();
        Self {
            random,
            manner: Manner::Priorities {
                order,
                changes,
                steps: 0,
            },
        }
    }
}

impl Schedule for Seeded {
    fn next(&mut self, situation: &Situation<'_>) -> Option<Move> {
        let can_move = |thread: usize| situation.moves.iter().any(|m| m.thread == thread);
        let allowed: Box<dyn Fn(usize) -> bool> = match &mut self.manner {
            Manner::Fair => Box::new(|_| true),
            Manner::Starving { victim, one_in } => {
                let victim = *victim;
                let alone = situation.moves.iter().all(|m| m.thread == victim);
                let mercy = self.random.below(*one_in) == 0 && can_move(victim);
                let its_turn = alone || mercy;
                Box::new(move |thread| (thread == victim) == its_turn)
            }
            Manner::Priorities {
                order,
                changes,
                steps,
            } => {
                let demote = |order: &mut Vec<usize>, thread: usize| {
                    order.retain(|&other| other != thread);
                    order.push(thread);
                };
                if let Some(thread) = situation.spun {
                    demote(order, thread);
                }
                let first = |order: &[usize]| order.iter().copied().find(|&t| can_move(t));
                if changes.contains(steps)
                    && let Some(thread) = first(order)
                {
                    demote(order, thread);
                }
                *steps += 1;
                let chosen = first(order);
                Box::new(move |thread| Some(thread) == chosen)
            }
        };
        let moves: Vec<Move> = situation
            .moves
            .iter()
            .copied()
            .filter(|m| allowed(m.thread))
            .collect();
        moves.get(self.random.below(moves.len())).copied()
    }
}

/// Steele, Lea and Flood's SplitMix64.
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this one; 0 if there is none. The bias is below 2^-50.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }
}
