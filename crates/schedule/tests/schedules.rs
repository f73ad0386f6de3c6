//! What schedules find, and that they find the same again.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use schedule::sync::{AtomicBool, AtomicU32, Ordering, Slot, spin_loop};
use schedule::{Client, Error, Every, Program, Schedule, Seeded, perform};

/// A program in a few lines.
struct Threads<S, M: Fn() -> S, R: Fn(&S, &Client<'_>)> {
    threads: usize,
    share: M,
    run: R,
}

impl<S: Sync, M: Fn() -> S + Sync, R: Fn(&S, &Client<'_>) + Sync> Program for Threads<S, M, R> {
    type Shared = S;
    fn threads(&self) -> usize {
        self.threads
    }
    fn max_rounds(&self) -> u64 {
        2
    }
    fn share(&self) -> S {
        (self.share)()
    }
    fn run(&self, shared: &S, client: &Client<'_>) {
        (self.run)(shared, client);
    }
}

/// Values of the first cell at the ends of all runs.
fn ends(program: &impl Program) -> Result<BTreeSet<u64>, Error> {
    let mut ends = BTreeSet::new();
    Every::default().explore(program, |step| {
        if step.moves == 0 {
            ends.insert(step.after.cells[0]);
        }
    })?;
    Ok(ends)
}

#[test]
fn a_lost_update_is_found() {
    let run = |counter: &Slot<u32>, _: &Client<'_>| counter.set(counter.get() + 1);
    let racy = Threads {
        threads: 3,
        share: || Slot::new(0),
        run,
    };
    assert_eq!(ends(&racy).unwrap(), BTreeSet::from([1, 2, 3]));
}

#[test]
fn an_atomic_update_is_never_lost() {
    let run = |counter: &AtomicU32, _: &Client<'_>| {
        counter.fetch_add(1, Ordering::Relaxed);
    };
    let atomic = Threads {
        threads: 3,
        share: || AtomicU32::new(0),
        run,
    };
    assert_eq!(ends(&atomic).unwrap(), BTreeSet::from([3]));
}

/// A test-and-set lock, its guard, and a counter that it protects.
struct Locked {
    lock: AtomicBool,
    counter: Slot<u32>,
}

struct Guard<'a>(&'a AtomicBool);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

fn locked() -> Locked {
    Locked {
        lock: AtomicBool::new(false),
        counter: Slot::new(0),
    }
}

/// A driver that takes the lock and counts to three again and again.
fn count(shared: &Locked, client: &Client<'_>) {
    loop {
        client.forget();
        client.note(0);
        client.choose(1);
        while shared.lock.swap(true, Ordering::Acquire) {
            spin_loop();
        }
        let guard = Guard(&shared.lock);
        client.note(1);
        shared.counter.set((shared.counter.get() + 1) % 3);
        drop(guard);
    }
}

#[test]
fn a_spinlock_excludes_and_spinning_is_finite() {
    let program = Threads {
        threads: 3,
        share: locked,
        run: count,
    };
    let mut most = 0;
    let explore = |most: &mut u64| {
        Every::default().explore(&program, |step| {
            *most = step.after.notes.iter().sum::<u64>().max(*most);
        })
    };
    let explored = explore(&mut most).unwrap();
    assert_eq!(most, 1);
    assert_eq!(
        explored.runs, 1,
        "whoever loops for ever is never started again"
    );
    assert_eq!(explored, explore(&mut most).unwrap());
}

#[test]
fn what_a_thread_hides_is_noticed() {
    let run = |turn: &AtomicU32, client: &Client<'_>| {
        let mut hidden = 0;
        loop {
            client.forget();
            client.choose(2);
            hidden = 3 - hidden.min(2);
            turn.store(hidden, Ordering::Relaxed);
            turn.store(0, Ordering::Relaxed);
            hidden += 1;
        }
    };
    let program = Threads {
        threads: 2,
        share: || AtomicU32::new(0),
        run,
    };
    let error = Every::default().explore(&program, |_| ()).unwrap_err();
    assert!(matches!(error, Error::Undetermined { .. }), "{error}");
}

#[test]
fn states_are_limited() {
    let run = |counter: &AtomicU32, client: &Client<'_>| {
        loop {
            client.forget();
            counter.fetch_add(1, Ordering::Relaxed);
        }
    };
    let program = Threads {
        threads: 2,
        share: || AtomicU32::new(0),
        run,
    };
    let error = Every { max_states: 50 }
        .explore(&program, |_| ())
        .unwrap_err();
    assert!(matches!(error, Error::TooManyStates(50)), "{error}");
}

#[test]
fn a_panic_is_told() {
    let run = |cell: &AtomicU32, client: &Client<'_>| {
        cell.fetch_add(1, Ordering::Relaxed);
        assert!(client.index() == 0, "not mine");
    };
    let program = Threads {
        threads: 2,
        share: || AtomicU32::new(0),
        run,
    };
    let error = Every::default().explore(&program, |_| ()).unwrap_err();
    assert_eq!(error.to_string(), "thread 1 panicked: not mine");
}

#[test]
fn cells_are_made_beforehand() {
    let run = |(): &(), _: &Client<'_>| {
        AtomicBool::new(false).store(true, Ordering::Relaxed);
    };
    let program = Threads {
        threads: 1,
        share: || (),
        run,
    };
    let error = Every::default().explore(&program, |_| ()).unwrap_err();
    assert!(matches!(error, Error::StrangeCell { thread: 0 }), "{error}");
}

/// Who moved in the first two hundred steps.
fn movers(mut schedule: impl Schedule) -> Result<Vec<usize>, Error> {
    let program = Threads {
        threads: 3,
        share: locked,
        run: count,
    };
    let mut movers = Vec::new();
    perform(&program, &mut schedule, |step| {
        movers.push(step.thread);
        if movers.len() < 200 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(movers)
}

#[test]
fn a_seed_repeats_a_run() {
    let fair = |seed| movers(Seeded::fair(seed)).unwrap();
    assert_eq!(fair(7), fair(7));
    assert_ne!(fair(7), fair(8));
}

#[test]
fn unkind_schedules_are_unkind_but_go_on() {
    let share = |movers: &[usize], thread| movers.iter().filter(|&&t| t == thread).count();
    let starving = movers(Seeded::starving(1, 2, 10)).unwrap();
    assert!((1..40).contains(&share(&starving, 2)));
    let priorities = movers(Seeded::priorities(1, 3, 4, 200)).unwrap();
    let switches = priorities
        .windows(2)
        .filter(|pair| pair[0] != pair[1])
        .count();
    assert!((1..60).contains(&switches), "{switches}");
}
