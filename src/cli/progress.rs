//! Showing a run as it goes: a bar on a terminal, plain lines elsewhere.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::say;
use crate::attempt::{Attempt, AttemptKey, Outcome};
use crate::model::Try;
use crate::runner::Observer;

/// Plain lines come no faster than this.
const PLAIN_INTERVAL: Duration = Duration::from_secs(10);
/// Infrastructure errors shown one by one; the rest are counted.
const SHOWN_ERRORS: usize = 10;

/// Watches a run for the person who started it.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    tally: Mutex<Tally>,
}

struct Tally {
    total: usize,
    /// Scored before this session.
    done_before: usize,
    done: usize,
    succeeded: usize,
    infra_errors: usize,
    retries: usize,
    tokens: u64,
    cost_dollars: Option<f64>,
    begun: Instant,
    last_line: Instant,
}

impl Progress {
    /// A run of `total` attempts, `done` of them scored before.
    pub(crate) fn new(total: usize, done: usize) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total as u64).with_position(done as u64);
            let style =
                ProgressStyle::with_template("{bar:30.cyan/dim} {pos}/{len} {msg} ETA {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar.reset_eta();
            bar
        });
        let now = Instant::now();
        let tally = Tally {
            total,
            done_before: done,
            done,
            succeeded: 0,
            infra_errors: 0,
            retries: 0,
            tokens: 0,
            cost_dollars: None,
            begun: now,
            last_line: now,
        };
        Self {
            bar,
            tally: Mutex::new(tally),
        }
    }

    /// Says something without tearing the bar.
    pub(crate) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| say(text)),
            None => say(text),
        }
    }

    /// Ends the display.
    pub(crate) fn close(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Tally {
    fn text(&self) -> String {
        let mut text = format!(
            "{} succeeded, {} failed to run",
            self.succeeded, self.infra_errors
        );
        if self.retries > 0 {
            text.push_str(&format!(", {} retries", self.retries));
        }
        text.push_str(&format!(", {} tokens", self.tokens));
        if let Some(dollars) = self.cost_dollars {
            text.push_str(&format!(", ${dollars:.2}"));
        }
        text
    }

    /// Time left at the pace so far.
    fn time_left(&self) -> Option<Duration> {
        let done_now = self
            .done
            .checked_sub(self.done_before)
            .filter(|done| *done > 0)?;
        let left = self.total.saturating_sub(self.done);
        Some(self.begun.elapsed().mul_f64(left as f64 / done_now as f64))
    }
}

impl Observer for Progress {
    fn started(&self, _key: &AttemptKey) {}

    fn retrying(&self, key: &AttemptKey, failed: &Try) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.retries += 1;
        let waits_long = failed.waited >= Duration::from_secs(5);
        drop(tally);
        // Long waits are shown, so that nobody wonders why nothing moves.
        if waits_long {
            self.say(&format!(
                "{key}: {}; waiting {:.0} s",
                failed.error,
                failed.waited.as_secs_f64()
            ));
        }
    }

    fn finished(&self, attempt: &Attempt) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.tokens += attempt.tokens_count.unwrap_or(0);
        if let Some(dollars) = attempt.generation_cost {
            *tally.cost_dollars.get_or_insert(0.0) += dollars;
        }
        let mut error = None;
        match &attempt.outcome {
            Outcome::Scored { success, .. } => {
                tally.done += 1;
                tally.succeeded += usize::from(*success);
            }
            Outcome::InfraError { stage, message } => {
                tally.infra_errors += 1;
                if tally.infra_errors <= SHOWN_ERRORS {
                    error = Some(format!("{}: could not {stage}: {message}", attempt.key()));
                } else if tally.infra_errors == SHOWN_ERRORS + 1 {
                    error =
                        Some("more attempts could not be scored; the rest are only counted".into());
                }
            }
            Outcome::Cancelled => {}
        }
        let text = tally.text();
        let mut line = None;
        match &self.bar {
            Some(bar) => {
                bar.set_position(tally.done as u64);
                bar.set_message(text);
            }
            None if tally.last_line.elapsed() >= PLAIN_INTERVAL || tally.done == tally.total => {
                let left = tally
                    .time_left()
                    .map(|left| format!(", {} s left", left.as_secs()));
                let left = left.unwrap_or_default();
                line = Some(format!("{}/{} done, {text}{left}", tally.done, tally.total));
                tally.last_line = Instant::now();
            }
            None => {}
        }
        drop(tally);
        for text in error.iter().chain(&line) {
            self.say(text);
        }
    }
}
