//! The fingerprints of the states found so far.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Segments, so that growing copies little at a time.
const SEGMENTS: usize = 64;

/// Slots of a segment at first.
const FIRST_SLOTS: usize = 16;

/// A set of fingerprints: open addressing, eight bytes a slot, at most three quarters full.
///
/// Any number of threads may look while one inserts; growing needs the set alone. A thread that
/// looks while another inserts may miss the newest fingerprints.
#[derive(Debug)]
pub(super) struct Seen {
    segments: Vec<Segment>,
}

#[derive(Debug)]
struct Segment {
    /// Scrambled fingerprints, in ascending order but for collisions; zero is a free slot.
    slots: Box<[AtomicU64]>,
    used: AtomicUsize,
}

/// What became of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Insertion {
    /// It was not in the set and is now.
    New,
    /// It was in the set.
    Known,
    /// Its segment must grow first, see [`Seen::grow`].
    Full,
}

impl Seen {
    /// The empty set.
    pub(super) fn new() -> Seen {
        Seen {
            segments: (0..SEGMENTS)
                .map(|_| Segment::with_slots(FIRST_SLOTS))
                .collect(),
        }
    }

    /// Whether a fingerprint is in the set.
    pub(super) fn contains(&self, fingerprint: u64) -> bool {
        let key = scramble(fingerprint);
        matches!(self.segment(key).find(key), Slot::Holds)
    }

    /// Adds a fingerprint. Only one thread may insert at a time.
    pub(super) fn insert(&self, fingerprint: u64) -> Insertion {
        let key = scramble(fingerprint);
        let segment = self.segment(key);
        match segment.find(key) {
            Slot::Holds => Insertion::Known,
            Slot::Free(at) => {
                let used = segment.used.load(Ordering::Relaxed);
                if (used + 1) * 4 > segment.slots.len() * 3 {
                    return Insertion::Full;
                }
                segment.slots[at].store(key, Ordering::Relaxed);
                segment.used.store(used + 1, Ordering::Relaxed);
                Insertion::New
            }
            Slot::None => Insertion::Full,
        }
    }

    /// Makes room where a fingerprint belongs.
    pub(super) fn grow(&mut self, fingerprint: u64) {
        let at = high_bits(scramble(fingerprint), SEGMENTS);
        let segment = &mut self.segments[at];
        let slots = segment.slots.len();
        let larger = Segment::with_slots(slots + slots / 2);
        for slot in &mut segment.slots {
            let key = *slot.get_mut();
            if key != 0
                && let Slot::Free(at) = larger.find(key)
            {
                larger.slots[at].store(key, Ordering::Relaxed);
            }
        }
        larger
            .used
            .store(segment.used.load(Ordering::Relaxed), Ordering::Relaxed);
        *segment = larger;
    }

    /// The least distance between two fingerprints; `None` with fewer than two.
    pub(super) fn least_distance(&self) -> Option<u64> {
        let mut least: Option<u64> = None;
        let mut before: Option<u64> = None;
        let mut sorted = Vec::new();
        for segment in &self.segments {
            sorted.clear();
            sorted.extend(
                segment
                    .slots
                    .iter()
                    .map(|slot| slot.load(Ordering::Relaxed))
                    .filter(|&key| key != 0),
            );
            sorted.sort_unstable();
            for &key in &sorted {
                if let Some(before) = before {
                    let distance = key - before;
                    least = Some(least.map_or(distance, |least| least.min(distance)));
                }
                before = Some(key);
            }
        }
        least
    }

    fn segment(&self, key: u64) -> &Segment {
        &self.segments[high_bits(key, SEGMENTS)]
    }
}

/// Where a key is or would go.
enum Slot {
    Holds,
    Free(usize),
    None,
}

impl Segment {
    fn with_slots(slots: usize) -> Segment {
        Segment {
            slots: (0..slots).map(|_| AtomicU64::new(0)).collect(),
            used: AtomicUsize::new(0),
        }
    }

    fn find(&self, key: u64) -> Slot {
        let start = high_bits(key.wrapping_mul(SEGMENTS as u64), self.slots.len());
        let (before, after) = self.slots.split_at(start);
        for (distance, slot) in after.iter().chain(before).enumerate() {
            match slot.load(Ordering::Relaxed) {
                0 => {
                    let at = start + distance;
                    let count = self.slots.len();
                    return Slot::Free(if at < count { at } else { at - count });
                }
                held if held == key => return Slot::Holds,
                _ => {}
            }
        }
        Slot::None
    }
}

/// Spreads a fingerprint over all bits, one to one but for the two that become one. Zero marks a
/// free slot, so it is not a result.
fn scramble(fingerprint: u64) -> u64 {
    fingerprint.wrapping_mul(0x9E37_79B9_7F4A_7C15).max(1)
}

/// Maps a key to `0..count` in proportion, so that order is kept.
fn high_bits(key: u64, count: usize) -> usize {
    let scaled = (u128::from(key) * count as u128) >> 64;
    usize::try_from(scaled).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn add(seen: &mut Seen, fingerprint: u64) -> bool {
        loop {
            match seen.insert(fingerprint) {
                Insertion::New => return true,
                Insertion::Known => return false,
                Insertion::Full => seen.grow(fingerprint),
            }
        }
    }

    #[test]
    fn agrees_with_a_set_whatever_the_fingerprints_look_like() {
        for spread in [1, 1 << 40, 0x9E37_79B9_7F4A_7C15, 0x1000_0000_0000_0001] {
            let mut seen = Seen::new();
            let mut known = HashSet::new();
            for i in 2..30_000_u64 {
                let fingerprint = (i % 20_011).wrapping_mul(spread);
                assert_eq!(seen.contains(fingerprint), known.contains(&fingerprint));
                assert_eq!(add(&mut seen, fingerprint), known.insert(fingerprint));
            }
            assert!(known.iter().all(|&fingerprint| seen.contains(fingerprint)));
        }
    }

    #[test]
    fn takes_at_most_sixteen_bytes_a_state_once_large() {
        let mut seen = Seen::new();
        for i in 0..200_000_u64 {
            add(&mut seen, i);
        }
        let slots: usize = seen
            .segments
            .iter()
            .map(|segment| segment.slots.len())
            .sum();
        assert!(slots * 8 <= 200_000 * 16, "{slots}");
    }

    #[test]
    fn finds_the_least_distance() {
        let mut seen = Seen::new();
        assert_eq!(seen.least_distance(), None);
        let keys: Vec<u64> = (1..1000_u64)
            .map(|i| (i * i).wrapping_mul(0x0010_0000_0000_0123))
            .collect();
        // Undo the scrambling, so that the keys are those given.
        let inverse = inverse_of_scrambling();
        for &key in &keys {
            add(&mut seen, key.wrapping_mul(inverse));
        }
        let mut sorted = keys;
        sorted.sort_unstable();
        let expected = sorted.windows(2).map(|pair| pair[1] - pair[0]).min();
        assert_eq!(seen.least_distance(), expected);
    }

    /// Newton's iteration for an inverse modulo 2^64.
    fn inverse_of_scrambling() -> u64 {
        let odd = 0x9E37_79B9_7F4A_7C15_u64;
        let mut inverse = odd;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        }
        assert_eq!(odd.wrapping_mul(inverse), 1);
        inverse
    }
}
