//! The queues: those of the tasks, from the very files that a solver reads, and broken ones.

use std::num::NonZeroU32;

/// Where a handle stands in the circle: the slot it comes to next, and the other side's index as it
/// last read it.
pub(crate) type Indices = [u64; 2];

/// What the queues have in common.
pub(crate) trait Queue: Sync {
    type Producer: Send;
    type Consumer: Send;

    /// Whether there is a `flush`.
    const FLUSHES: bool;

    fn make(slots: usize) -> (Self::Producer, Self::Consumer);
    fn push(producer: &mut Self::Producer, value: NonZeroU32) -> Result<(), NonZeroU32>;
    fn flush(producer: &mut Self::Producer);
    fn pop(consumer: &mut Self::Consumer) -> Option<NonZeroU32>;

    /// What a handle carries from call to call, if that is more than the shared indices tell.
    fn producer(producer: &Self::Producer) -> Option<Indices>;
    /// The same of the other side.
    fn consumer(consumer: &Self::Consumer) -> Option<Indices>;
}

macro_rules! queue {
    ($name:ident from $module:ident, $($rest:tt)*) => {
        pub(crate) struct $name;

        impl Queue for $name {
            type Producer = $module::Producer;
            type Consumer = $module::Consumer;
            fn make(slots: usize) -> (Self::Producer, Self::Consumer) {
                $module::ring(slots)
            }
            fn push(producer: &mut Self::Producer, value: NonZeroU32) -> Result<(), NonZeroU32> {
                producer.push(value)
            }
            fn pop(consumer: &mut Self::Consumer) -> Option<NonZeroU32> {
                consumer.pop()
            }
            queue!(@ $($rest)* $module);
        }
    };
    (@ lamport $module:ident) => {
        const FLUSHES: bool = false;
        fn flush(_: &mut Self::Producer) {}
        fn producer(_: &Self::Producer) -> Option<Indices> {
            None
        }
        fn consumer(_: &Self::Consumer) -> Option<Indices> {
            None
        }
    };
    (@ batched $module:ident) => {
        const FLUSHES: bool = true;
        fn flush(producer: &mut Self::Producer) {
            producer.flush();
        }
        fn producer(producer: &Self::Producer) -> Option<Indices> {
            Some([producer.tail as u64, producer.head as u64])
        }
        fn consumer(consumer: &Self::Consumer) -> Option<Indices> {
            Some([consumer.head as u64, consumer.tail as u64])
        }
    };
}

macro_rules! broken {
    ($($name:ident from $module:ident, $variant:ident;)*) => { $(
        #[allow(unreachable_pub, reason = "the file is a library elsewhere")]
        mod $module {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($variant), "_", stringify!($module), ".rs"));
        }
        queue!($name from $module, $variant);
    )* };
}

#[allow(unreachable_pub, reason = "the file is a library elsewhere")]
#[path = "../../lamport/environment/ring.rs"]
mod lamport;
queue!(Lamport from lamport, lamport);

#[allow(unreachable_pub, reason = "the file is a library elsewhere")]
#[path = "../../batched/environment/ring.rs"]
mod batched;
queue!(Batched from batched, batched);

broken! {
    PublishFirst from publish_first, lamport;
    ReleaseFirst from release_first, lamport;
    FullTooEarly from full_too_early, lamport;
    NeverFull from never_full, lamport;
    EmptyTooEarly from empty_too_early, lamport;
    PublishesTooLate from publishes_too_late, batched;
    KeepsBackWhenFull from keeps_back_when_full, batched;
    HeadNeverReadAgain from head_never_read_again, batched;
    TailTakenOnTrust from tail_taken_on_trust, batched;
    ReleasesAtOnce from releases_at_once, batched;
}
