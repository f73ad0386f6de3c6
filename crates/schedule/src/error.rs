use std::io;

/// Why a program could not be run or explored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system gave no thread.
    #[error("no thread can be started: {0}")]
    Spawn(io::Error),
    /// A thread of the program panicked.
    #[error("thread {thread} panicked: {message}")]
    Panicked {
        /// Which one.
        thread: usize,
        /// What it said.
        message: String,
    },
    /// A thread met a cell that [`Program::share`](crate::Program::share) did not make.
    #[error("thread {thread} made or met a cell that was not made by `share`")]
    StrangeCell {
        /// Which one.
        thread: usize,
    },
    /// A schedule asked for a move that is not possible.
    #[error("thread {thread} was to move, but cannot, or not so")]
    NoSuchMove {
        /// Which one.
        thread: usize,
    },
    /// There are more states than were allowed.
    #[error("more than {0} states")]
    TooManyStates(usize),
    /// The same step from the same state led to different ones: a thread carries more from call to
    /// call, or from round to round, than the program said.
    #[error("thread {thread} carries more than its history shows")]
    Undetermined {
        /// Who took the step.
        thread: usize,
    },
}
