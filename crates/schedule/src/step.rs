//! What a step is, as a schedule and an onlooker see it.

/// One of the steps that are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Move {
    /// Who moves.
    pub thread: usize,
    /// Which of the alternatives it takes, if it has a choice; else 0.
    pub option: usize,
}

/// What an access does to its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// It is read.
    Load,
    /// It is written.
    Store,
    /// It is written, and what it held is returned.
    Swap,
    /// It is written if it holds what is expected.
    CompareExchange,
    /// A number is added.
    Add,
    /// A number is subtracted.
    Sub,
    /// Bits are kept.
    And,
    /// Bits are set.
    Or,
    /// Bits are flipped.
    Xor,
    /// It becomes the greater of two numbers.
    Max,
    /// It becomes the smaller of two numbers.
    Min,
}

/// One access to a shared cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Access {
    /// The number of the cell, in the order in which they were made.
    pub cell: usize,
    /// What was done.
    pub kind: Kind,
    /// What the cell held. It is also what the access returned, if that returns anything.
    pub before: u64,
    /// What the cell holds now.
    pub after: u64,
    /// Whether it was carried out: false for a `compare_exchange` that found something else.
    pub succeeded: bool,
}

/// What a thread did in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// It chose this alternative.
    Chose(usize),
    /// It accessed shared memory.
    Accessed(Access),
}

/// What all can see between two steps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Scene {
    /// What each cell holds, in the order in which they were made.
    pub cells: Vec<u64>,
    /// The [note](crate::Client::note) of each thread, 0 until it makes one.
    pub notes: Vec<u64>,
    /// How many rounds of waiting each thread has ended since it last forgot its history, up to
    /// [`Program::max_rounds`](crate::Program::max_rounds).
    pub rounds: Vec<u64>,
}

/// One step.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Who took it.
    pub thread: usize,
    /// What it did.
    pub deed: Deed,
    /// The scene before.
    pub before: &'a Scene,
    /// The scene after.
    pub after: &'a Scene,
    /// How many moves are possible now; 0 at the end of a run.
    pub moves: usize,
}
