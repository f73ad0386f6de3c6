//! Asking again after a failure that may pass.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{CallError, Model, Reply, Request, seconds};

/// When to try again. All of it is operational: it decides how an answer is
/// obtained, never which answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RetryPolicy {
    /// The most tries, the first one included; 0 counts as 1.
    pub max_tries: u32,
    /// The first wait; each later one doubles.
    #[serde(rename = "first_wait_seconds", with = "seconds")]
    pub first_wait: Duration,
    /// The longest wait this policy chooses by itself.
    #[serde(rename = "longest_wait_seconds", with = "seconds")]
    pub longest_wait: Duration,
    /// The longest wait a server may ask for. If it asks for more, the call
    /// ends with the server's error rather than block a place for so long.
    #[serde(rename = "longest_server_wait_seconds", with = "seconds")]
    pub longest_server_wait: Duration,
    /// The most waiting in one call, all waits together.
    #[serde(rename = "total_wait_seconds", with = "seconds")]
    pub total_wait: Duration,
    /// Seed of the jitter. Give each call its own, so that calls which failed
    /// together do not return together.
    pub seed: u64,
}

impl Default for RetryPolicy {
    /// Ten tries over about three minutes; servers may ask for two minutes at a
    /// time, as OpenAI's client allows.
    fn default() -> Self {
        Self {
            max_tries: 10,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            longest_server_wait: Duration::from_secs(120),
            total_wait: Duration::from_secs(1_800),
            seed: 0,
        }
    }
}

impl RetryPolicy {
    /// A policy that never tries again.
    #[must_use]
    pub fn never() -> Self {
        Self {
            max_tries: 1,
            ..Self::default()
        }
    }

    /// The same policy with another seed.
    #[must_use]
    pub fn with_seed(&self, seed: u64) -> Self {
        Self {
            seed,
            ..self.clone()
        }
    }

    /// The wait after the failed try number `tried` (from 1), or `None` to give
    /// up. `waited` is what this call has waited already.
    #[must_use]
    pub fn wait_after(&self, error: &CallError, tried: u32, waited: Duration) -> Option<Duration> {
        if !error.is_transient() || tried >= self.max_tries {
            return None;
        }
        let doublings = i32::try_from(tried.saturating_sub(1).min(60)).unwrap_or(60);
        let grown = self.first_wait.as_secs_f64() * 2_f64.powi(doublings);
        // Up to a quarter is taken off, as the providers' own clients do.
        let capped = grown.min(self.longest_wait.as_secs_f64());
        let own = capped * (1.0 - 0.25 * jitter(self.seed, tried));
        let own = Duration::try_from_secs_f64(own).unwrap_or(self.longest_wait);
        let wait = match error.retry_after() {
            Some(asked) if asked > self.longest_server_wait => return None,
            // At least what was asked, spread a little so that calls which were
            // told the same do not all return at once; and no less than our own
            // backoff, for servers that keep asking for nothing.
            Some(asked) => {
                let spread = asked.as_secs_f64() * 0.1 * jitter(self.seed, tried);
                let spread = Duration::try_from_secs_f64(spread).unwrap_or(Duration::ZERO);
                asked.saturating_add(spread).max(own)
            }
            None => own,
        };
        (waited.saturating_add(wait) <= self.total_wait).then_some(wait)
    }
}

/// A number in [0, 1) that depends on nothing but the seed and the try: one
/// step of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
fn jitter(seed: u64, tried: u32) -> f64 {
    let mut z = seed.wrapping_add(u64::from(tried).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    // The upper 32 bits are exact in an f64.
    f64::from(u32::try_from(z >> 32).unwrap_or(0)) / f64::from(u32::MAX).next_up()
}

/// One failed try of a call, for the transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// What went wrong, with status and request identifier.
    pub error: CallError,
    /// How long the try took until it failed.
    #[serde(rename = "took_seconds", with = "seconds")]
    pub took: Duration,
    /// The wait after it; zero after the last.
    #[serde(rename = "waited_seconds", with = "seconds")]
    pub waited: Duration,
}

/// Asks `model` until it answers, fails for good, or `policy` gives up.
///
/// Returns the outcome and every failed try, the last included. `on_retry` is
/// called before each wait with the failed try, whose `waited` is the wait about
/// to begin, so that progress displays can show it.
pub async fn generate_with_retries(
    model: &dyn Model,
    request: &Request,
    policy: &RetryPolicy,
    on_retry: &(dyn Fn(&Try) + Send + Sync),
) -> (Result<Reply, CallError>, Vec<Try>) {
    let mut failed: Vec<Try> = Vec::new();
    let mut waited = Duration::ZERO;
    let mut tried = 0_u32;
    loop {
        let started = Instant::now();
        let error = match model.generate(request).await {
            Ok(reply) => return (Ok(reply), failed),
            Err(error) => error,
        };
        tried = tried.saturating_add(1);
        let took = started.elapsed();
        let Some(wait) = policy.wait_after(&error, tried, waited) else {
            failed.push(Try {
                error: error.clone(),
                took,
                waited: Duration::ZERO,
            });
            return (Err(error), failed);
        };
        let this = Try {
            error,
            took,
            waited: wait,
        };
        on_retry(&this);
        failed.push(this);
        tokio::time::sleep(wait).await;
        waited = waited.saturating_add(wait);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;

    use super::*;
    use crate::model::{Failure, ModelName};

    /// Fails as listed, then answers.
    struct Failing {
        name: ModelName,
        errors: Mutex<Vec<CallError>>,
    }

    impl Failing {
        fn new(mut errors: Vec<CallError>) -> Self {
            errors.reverse();
            let name = ModelName::parse("test/failing").unwrap();
            Self {
                name,
                errors: Mutex::new(errors),
            }
        }
    }

    #[async_trait]
    impl Model for Failing {
        fn name(&self) -> &ModelName {
            &self.name
        }

        async fn generate(&self, _: &Request) -> Result<Reply, CallError> {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let next = self.errors.lock().unwrap().pop();
            next.map_or_else(|| Ok(Reply::from_text("done")), Err)
        }
    }

    fn overloaded() -> CallError {
        CallError::Overloaded(Failure::new("busy"))
    }

    fn limited(seconds: u64) -> CallError {
        let retry_after = Some(Duration::from_secs(seconds));
        CallError::RateLimited(Failure {
            retry_after,
            ..Failure::new("slow down")
        })
    }

    async fn run(
        errors: Vec<CallError>,
        policy: &RetryPolicy,
    ) -> (Result<Reply, CallError>, Vec<Try>, Duration) {
        let model = Failing::new(errors);
        let calls = AtomicUsize::new(0);
        let count = |_: &Try| {
            calls.fetch_add(1, Ordering::Relaxed);
        };
        let started = Instant::now();
        let request = Request::from_user("?");
        let (result, tries) = generate_with_retries(&model, &request, policy, &count).await;
        let waits = tries.iter().filter(|this| !this.waited.is_zero()).count();
        assert_eq!(calls.load(Ordering::Relaxed), waits);
        (result, tries, started.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn backs_off_and_recovers() {
        let policy = RetryPolicy::default();
        let (result, tries, elapsed) = run(vec![overloaded(); 3], &policy).await;
        assert_eq!(result.unwrap().text, "done");
        assert_eq!(tries.len(), 3);
        for (this, full) in tries.iter().zip([0.5, 1.0, 2.0]) {
            let wait = this.waited.as_secs_f64();
            assert!((0.75 * full..=full).contains(&wait), "{wait} of {full}");
            assert_eq!(this.took, Duration::from_millis(10));
        }
        let waited: Duration = tries.iter().map(|this| this.waited).sum();
        // Tokio's timer has a resolution of one millisecond.
        assert!(elapsed.abs_diff(waited + Duration::from_millis(40)) < Duration::from_millis(5));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_at_least_what_the_server_asks() {
        let (result, tries, elapsed) = run(vec![limited(40)], &RetryPolicy::default()).await;
        assert!(result.is_ok());
        let wait = tries[0].waited;
        assert!((40.0..44.0).contains(&wait.as_secs_f64()), "{wait:?}");
        assert!(elapsed >= Duration::from_secs(40));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_asks_for_nothing_still_gets_backoff() {
        let (_, tries, _) = run(vec![limited(0); 4], &RetryPolicy::default()).await;
        assert!(tries[3].waited >= Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_when_asked_to_wait_too_long() {
        let (result, tries, elapsed) = run(vec![limited(3_600)], &RetryPolicy::default()).await;
        assert_eq!(
            result.unwrap_err().retry_after(),
            Some(Duration::from_secs(3_600))
        );
        assert_eq!(tries.len(), 1);
        assert!(elapsed < Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn tries_and_total_waiting_are_bounded() {
        let policy = RetryPolicy {
            max_tries: 4,
            ..RetryPolicy::default()
        };
        let (result, tries, _) = run(vec![overloaded(); 50], &policy).await;
        assert!(result.is_err());
        assert_eq!(tries.len(), 4);
        assert_eq!(tries[3].waited, Duration::ZERO);

        let total_wait = Duration::from_secs(100);
        let policy = RetryPolicy {
            max_tries: 1_000,
            total_wait,
            ..RetryPolicy::default()
        };
        let (result, tries, elapsed) = run(vec![overloaded(); 2_000], &policy).await;
        assert!(result.is_err());
        assert!(tries.len() > 5);
        assert!(elapsed < total_wait + Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_pass_is_not_retried() {
        for error in [
            CallError::SpentMoney(Failure::new("m")),
            CallError::Unauthorized(Failure::new("m")),
            CallError::UnknownModel(Failure::new("m")),
            CallError::ContextLength(Failure::new("m")),
            CallError::BadRequest(Failure::new("m")),
            CallError::ReplyTooLarge(Failure::new("m")),
        ] {
            let (result, tries, _) = run(vec![error.clone()], &RetryPolicy::default()).await;
            assert_eq!(result.unwrap_err(), error);
            assert_eq!(tries.len(), 1);
        }
    }

    #[test]
    fn jitter_depends_on_the_seed_alone() {
        let policy = RetryPolicy::default();
        let waits = |seed| -> Vec<_> {
            let policy = policy.with_seed(seed);
            (1..8)
                .map(|tried| policy.wait_after(&overloaded(), tried, Duration::ZERO))
                .collect()
        };
        assert_eq!(waits(7), waits(7));
        assert_ne!(waits(7), waits(8));
        for tried in 0..10_000 {
            assert!((0.0..1.0).contains(&jitter(u64::MAX, tried)));
        }
        let mean = (0..10_000).map(|seed| jitter(seed, 1)).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }

    #[test]
    fn extreme_settings_do_not_panic() {
        let policy = RetryPolicy {
            first_wait: Duration::MAX,
            longest_wait: Duration::MAX,
            longest_server_wait: Duration::MAX,
            total_wait: Duration::MAX,
            max_tries: u32::MAX,
            seed: u64::MAX,
        };
        assert!(
            policy
                .wait_after(&overloaded(), u32::MAX - 1, Duration::MAX)
                .is_some()
        );
    }

    #[test]
    fn a_try_reads_plainly_in_json() {
        let this = Try {
            error: limited(2),
            took: Duration::ZERO,
            waited: Duration::from_secs(2),
        };
        let json = serde_json::to_value(&this).unwrap();
        assert_eq!(json["error"]["kind"], "rate_limited");
        assert_eq!(json["waited_seconds"], 2.0);
        assert_eq!(serde_json::from_value::<Try>(json).unwrap(), this);
    }
}
