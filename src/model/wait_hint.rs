//! How long a server asks to be left alone, in the many ways servers say it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderMap;

/// Plain numbers above this are moments (Unix seconds), not durations: 2001.
const FIRST_UNIX_SECONDS: f64 = 1e9;
/// Plain numbers above this are Unix milliseconds.
const FIRST_UNIX_MILLISECONDS: f64 = 1e12;

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// The server's advice in `x-should-retry`.
pub(super) fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match header(headers, "x-should-retry")? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The wait a reply asks for, most explicit header first: `retry-after-ms`,
/// `retry-after` (seconds or an HTTP date) and, when `rate_limited`, the resets
/// of the limits.
pub(super) fn retry_after(
    headers: &HeaderMap,
    rate_limited: bool,
    now: SystemTime,
) -> Option<Duration> {
    let milliseconds = || {
        let value: f64 = header(headers, "retry-after-ms")?.parse().ok()?;
        Duration::try_from_secs_f64(value / 1000.0).ok()
    };
    let seconds_or_date = || {
        let text = header(headers, "retry-after")?;
        match text.parse::<f64>() {
            Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
            Err(_) => Some(until(httpdate::parse_http_date(text).ok()?, now)),
        }
    };
    let resets = || {
        if rate_limited {
            limit_resets(headers, now)
        } else {
            None
        }
    };
    milliseconds().or_else(seconds_or_date).or_else(resets)
}

fn until(moment: SystemTime, now: SystemTime) -> Duration {
    moment.duration_since(now).unwrap_or(Duration::ZERO)
}

/// The wait until the exhausted limits are full again. Replies carry a reset
/// for requests and one for tokens: those with nothing remaining count, and if
/// none says so, the sooner one, which is then the better guess.
fn limit_resets(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let (mut exhausted, mut sooner) = (None::<Duration>, None::<Duration>);
    for kind in ["", "-requests", "-tokens"] {
        let reset = header(headers, &format!("x-ratelimit-reset{kind}"));
        let Some(wait) = reset.and_then(|text| reset_wait(text, now)) else {
            continue;
        };
        match header(headers, &format!("x-ratelimit-remaining{kind}")) {
            Some(remaining) if remaining != "0" => {
                sooner = Some(sooner.map_or(wait, |other| other.min(wait)));
            }
            _ => exhausted = Some(exhausted.map_or(wait, |other| other.max(wait))),
        }
    }
    exhausted.or(sooner)
}

/// Reads `6m0s`, `20ms`, `1.5` (seconds), or Unix seconds or milliseconds.
fn reset_wait(text: &str, now: SystemTime) -> Option<Duration> {
    let Ok(number) = text.parse::<f64>() else {
        return compound_duration(text);
    };
    let moment = if number >= FIRST_UNIX_MILLISECONDS {
        Duration::try_from_secs_f64(number / 1000.0).ok()?
    } else if number >= FIRST_UNIX_SECONDS {
        Duration::try_from_secs_f64(number).ok()?
    } else {
        return Duration::try_from_secs_f64(number).ok();
    };
    Some(until(UNIX_EPOCH.checked_add(moment)?, now))
}

/// Reads a sum of numbers with units, such as `1h2m3.5s` or `120ms`.
fn compound_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(number_end);
        let unit_end = tail
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let unit_seconds = match unit {
            "d" => 86_400.0,
            "h" => 3_600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        let part = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit_seconds).ok()?;
        total = total.checked_add(part)?;
        rest = tail;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn wait(pairs: &[(&'static str, &str)]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        retry_after(
            &headers,
            true,
            UNIX_EPOCH + Duration::from_secs(1_800_000_000),
        )
    }

    #[test]
    fn the_most_explicit_header_wins() {
        assert_eq!(wait(&[]), None);
        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        let both = [("retry-after", "7"), ("retry-after-ms", "250")];
        assert_eq!(wait(&both), Some(Duration::from_millis(250)));
        let with_reset = [("retry-after", "7"), ("x-ratelimit-reset-requests", "6m0s")];
        assert_eq!(wait(&with_reset), Some(Duration::from_secs(7)));
    }

    #[test]
    fn an_http_date_is_a_moment_and_a_past_one_no_wait() {
        let at = |seconds| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        let later = at(1_800_000_030);
        assert_eq!(
            wait(&[("retry-after", &later)]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            wait(&[("retry-after", &at(1_700_000_000))]),
            Some(Duration::ZERO)
        );
    }

    #[test]
    fn nonsense_is_no_hint() {
        for text in ["-1", "NaN", "inf", "1e300", "soon", ""] {
            assert_eq!(wait(&[("retry-after", text)]), None, "{text}");
            assert_eq!(wait(&[("x-ratelimit-reset", text)]), None, "{text}");
        }
    }

    #[test]
    fn the_exhausted_limit_decides() {
        let headers = [
            ("x-ratelimit-reset-requests", "20ms"),
            ("x-ratelimit-remaining-requests", "12"),
            ("x-ratelimit-reset-tokens", "1m2.5s"),
            ("x-ratelimit-remaining-tokens", "0"),
        ];
        assert_eq!(wait(&headers), Some(Duration::from_millis(62_500)));
        let none_empty = [
            headers[0],
            headers[1],
            headers[2],
            ("x-ratelimit-remaining-tokens", "9"),
        ];
        assert_eq!(wait(&none_empty), Some(Duration::from_millis(20)));
    }

    #[test]
    fn resets_may_be_moments() {
        assert_eq!(
            wait(&[("x-ratelimit-reset", "1800000005")]),
            Some(Duration::from_secs(5))
        );
        assert_eq!(
            wait(&[("x-ratelimit-reset", "1800000005000")]),
            Some(Duration::from_secs(5))
        );
        assert_eq!(
            wait(&[("x-ratelimit-reset", "2.5")]),
            Some(Duration::from_millis(2500))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn any_header_text_is_survived(text in "[0-9.hmsdEe+µ-]{0,24}") {
            let _ = reset_wait(&text, UNIX_EPOCH);
        }

        #[test]
        fn minutes_and_seconds_add_up(minutes in 0u64..1000, seconds in 0u64..60) {
            let read = compound_duration(&format!("{minutes}m{seconds}s"));
            prop_assert_eq!(read, Some(Duration::from_secs(minutes * 60 + seconds)));
        }
    }
}
