//! Runs real threads under every schedule, or under seeded ones.
//!
//! A [`Program`] is some threads and what they share. They are threads of the operating system, but
//! only one runs at a time: each stops before every access to shared memory, and a [`Schedule`] says
//! who goes on. The memory is made of the types in [`sync`], which have the names and methods of
//! those of `std`, so that a source file that says `use crate::sync::{AtomicBool, Ordering}` runs
//! here unchanged. What a thread may do freely, such as which call to make next, it asks of the
//! schedule too, with [`Client::choose`].
//!
//! A *step* is one access (or one choice) and all that the thread does alone until the next.
//! [`Every`] takes every step that is possible in every state that can be reached; [`Seeded`] takes
//! random or unkind ones. Both tell of each step who took it, what it was, and what the shared
//! cells hold before and after. Nothing depends on time, so the same run gives the same steps.
//!
//! Memory is sequentially consistent here whatever orderings are asked for: what is explored is the
//! interleaving of accesses, not their reordering.
//!
//! ```
//! use schedule::sync::{AtomicU32, Ordering};
//! use schedule::{Client, Every, Program};
//!
//! /// Two threads that each add one, carelessly.
//! struct Careless;
//!
//! impl Program for Careless {
//!     type Shared = AtomicU32;
//!     fn threads(&self) -> usize {
//!         2
//!     }
//!     fn share(&self) -> AtomicU32 {
//!         AtomicU32::new(0)
//!     }
//!     fn run(&self, counter: &AtomicU32, _: &Client<'_>) {
//!         let old = counter.load(Ordering::Acquire);
//!         counter.store(old + 1, Ordering::Release);
//!     }
//! }
//!
//! let mut ends = std::collections::BTreeSet::new();
//! Every::default().explore(&Careless, |step| {
//!     if step.moves == 0 {
//!         ends.insert(step.after.cells[0]);
//!     }
//! })?;
//! assert_eq!(Vec::from_iter(ends), [1, 2]);
//! # Ok::<(), schedule::Error>(())
//! ```

mod error;
mod every;
mod program;
mod seeded;
mod stage;
mod step;
pub mod sync;

pub use error::Error;
pub use every::{Every, Explored};
pub use program::{Client, Program, Schedule, Situation, perform};
pub use seeded::Seeded;
pub use step::{Access, Deed, Kind, Move, Scene, Step};
