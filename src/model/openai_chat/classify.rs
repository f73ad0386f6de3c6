//! From what a server says went wrong to a [`CallError`].
//!
//! The status decides first and the error's codes refine it; words in messages
//! are consulted only where providers offer nothing better.

use std::time::SystemTime;

use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::loose::{ErrorObject, LooseText};
use crate::model::secret::excerpt;
use crate::model::{CallError, Failure, Secret, wait_hint};

/// Characters of a server's text that go into a message.
const EXCERPT_CHARACTERS: usize = 200;

/// The longest message, what the server's text is framed by included.
const MESSAGE_CHARACTERS: usize = 500;

const SPENT_CODES: [&str; 6] = [
    "insufficient_quota",
    "credit_balance_exhausted",
    "billing_error",
    "billing_hard_limit_reached",
    "enforced_spend_limit_reached",
    "quota_exceeded",
];
const CONTEXT_CODES: [&str; 3] = [
    "context_length_exceeded",
    "exceed_context_size_error",
    "model_context_window_exceeded",
];
const CONTEXT_WORDS: [&str; 8] = [
    "context length",
    "context_length",
    "context window",
    "context size",
    "prompt is too long",
    "input is too long",
    "too many tokens",
    "reduce the length",
];
const UNKNOWN_MODEL_CODES: [&str; 3] = ["model_not_found", "not_found_error", "invalid_model"];
const UNKNOWN_MODEL_WORDS: [&str; 3] = [
    "not a valid model id",
    "model not exist",
    "model does not exist",
];
const BLOCKED_CODES: [&str; 4] = [
    "content_filter",
    "content_policy_violation",
    "invalid_prompt",
    "moderation_blocked",
];

/// The name of a failing reply, with whatever it says about itself.
pub(super) struct Source<'a> {
    /// HTTP status of the reply.
    pub(super) status: u16,
    pub(super) headers: &'a HeaderMap,
    pub(super) secret: Option<&'a Secret>,
}

impl Source<'_> {
    /// A failure of this reply with the server's hints about waiting.
    pub(super) fn failure(&self, message: &str) -> Failure {
        let is_rate_limit = self.status == 429;
        Failure {
            retry_after: wait_hint::retry_after(self.headers, is_rate_limit, SystemTime::now()),
            should_retry: wait_hint::should_retry(self.headers),
            ..self.plain_failure(message)
        }
    }

    /// The error for a reply whose body is not what the protocol promises.
    pub(super) fn malformed(&self, problem: &str, body: &[u8]) -> CallError {
        let shown = excerpt(body, EXCERPT_CHARACTERS, self.secret);
        let message = if shown.is_empty() {
            format!("{problem}; the body is empty")
        } else {
            format!("{problem}; the body begins: {shown}")
        };
        // Waiting hints of a success are about its next request, not about this one.
        CallError::MalformedReply(self.plain_failure(&message))
    }

    /// A failure with its message made safe to show: even a parser's complaint
    /// repeats what the server sent.
    fn plain_failure(&self, message: &str) -> Failure {
        Failure {
            status: Some(self.status),
            request_id: request_id(self.headers),
            ..Failure::new(excerpt(message.as_bytes(), MESSAGE_CHARACTERS, self.secret))
        }
    }

    /// The error for a reply with a status other than success.
    pub(super) fn classify_body(&self, body: &[u8]) -> CallError {
        let error = read_error(body)
            .unwrap_or_else(|| ErrorObject::from_message(String::from_utf8_lossy(body).into()));
        self.classify(&error)
    }

    /// The error for an error object, which under a success status stands for
    /// the status it would have had.
    pub(super) fn classify(&self, error: &ErrorObject) -> CallError {
        let status = match self.status {
            200..300 => error.status.unwrap_or_else(|| status_by_code(error)),
            status => status,
        };
        let mut message = excerpt(error.message.as_bytes(), EXCERPT_CHARACTERS, self.secret);
        if message.is_empty() {
            message = error
                .codes
                .first()
                .cloned()
                .unwrap_or_else(|| format!("HTTP {status}"));
        }
        let mut failure = self.failure(&message);
        failure.status = Some(status);
        kind(status, error)(failure)
    }
}

/// The provider's identifier of a call; an absurdly long one is not kept.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    let value = ["x-request-id", "request-id", "cf-ray"]
        .iter()
        .find_map(|n| headers.get(*n))?;
    value
        .to_str()
        .ok()
        .filter(|id| !id.is_empty() && id.len() <= 200)
        .map(str::to_owned)
}

/// The status that an error object's codes stand for.
fn status_by_code(error: &ErrorObject) -> u16 {
    let has = |codes: &[&str]| error.has_code(codes);
    if has(&[
        "rate_limit_exceeded",
        "rate_limit_error",
        "too_many_requests",
    ]) {
        429
    } else if has(&["overloaded", "overloaded_error", "service_unavailable"]) {
        529
    } else if has(&["authentication_error", "invalid_api_key"]) {
        401
    } else if has(&["permission_error"]) {
        403
    } else if has(&SPENT_CODES) {
        402
    } else if has(&UNKNOWN_MODEL_CODES) {
        404
    } else if has(&["invalid_request_error"]) || has(&CONTEXT_CODES) || has(&BLOCKED_CODES) {
        400
    } else {
        // Nothing says the request is at fault, so the provider is.
        500
    }
}

/// The constructor of the right kind of error.
fn kind(status: u16, error: &ErrorObject) -> fn(Failure) -> CallError {
    let message = error.message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match status {
        402 => CallError::SpentMoney,
        // OpenRouter's free models have a quota a day, told only in words.
        429 if error.has_code(&SPENT_CODES) || says(&["free-models-per-day"]) => {
            CallError::SpentMoney
        }
        429 => CallError::RateLimited,
        // 498 is Groq's word for a full flexible tier.
        498 | 503 | 529 => CallError::Overloaded,
        408 | 409 | 425 => CallError::ServerError,
        500.. if error.has_code(&CONTEXT_CODES) => CallError::ContextLength,
        500.. => CallError::ServerError,
        400 | 413 | 422 if error.has_code(&CONTEXT_CODES) || says(&CONTEXT_WORDS) => {
            CallError::ContextLength
        }
        400 | 403 if error.flagged || error.has_code(&BLOCKED_CODES) => CallError::PromptBlocked,
        404 | 405 | 300..400 => CallError::UnknownModel,
        400 | 403 | 422 if error.has_code(&UNKNOWN_MODEL_CODES) || says(&UNKNOWN_MODEL_WORDS) => {
            CallError::UnknownModel
        }
        401 | 403 => CallError::Unauthorized,
        _ => CallError::BadRequest,
    }
}

/// Finds the error in a body: `{"error": …}`, a list of one such, or the error's
/// fields at the top (older vLLM, Mistral; FastAPI's `detail`).
fn read_error(body: &[u8]) -> Option<ErrorObject> {
    #[derive(Deserialize)]
    struct Wrapped {
        error: ErrorObject,
    }
    #[derive(Deserialize)]
    struct Detail {
        detail: LooseText,
    }
    let wrapped = serde_json::from_slice::<Wrapped>(body)
        .map(|wrapped| wrapped.error)
        .ok();
    let listed = || {
        let list = serde_json::from_slice::<Vec<Wrapped>>(body).ok()?;
        list.into_iter().next().map(|wrapped| wrapped.error)
    };
    let detail = || {
        let detail = serde_json::from_slice::<Detail>(body).ok()?.detail;
        detail.non_empty().map(ErrorObject::from_message)
    };
    let bare = || serde_json::from_slice::<ErrorObject>(body).ok();
    wrapped
        .or_else(listed)
        .or_else(detail)
        .or_else(bare)
        .filter(|error| !error.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classify(status: u16, body: &str) -> CallError {
        let headers = HeaderMap::new();
        let secret = Secret::new("my-secret-key");
        Source {
            status,
            headers: &headers,
            secret: Some(&secret),
        }
        .classify_body(body.as_bytes())
    }

    #[test]
    fn statuses_and_codes_decide_the_kind() {
        let cases = [
            (
                429,
                r#"{"error":{"message":"slow","code":"rate_limit_exceeded"}}"#,
                "rate_limited",
            ),
            (
                429,
                r#"{"error":{"message":"pay","code":"insufficient_quota"}}"#,
                "spent_money",
            ),
            (
                429,
                r#"{"error":{"message":"x","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
                "spent_money",
            ),
            (
                429,
                r#"{"error":{"message":"Rate limit: free-models-per-day"}}"#,
                "spent_money",
            ),
            (402, "", "spent_money"),
            (503, "<html>busy</html>", "overloaded"),
            (529, "", "overloaded"),
            (502, "<html>", "server_error"),
            (408, "", "server_error"),
            (524, "", "server_error"),
            (401, r#"{"error":"no"}"#, "unauthorized"),
            (
                403,
                r#"{"error":{"message":"not in your country"}}"#,
                "unauthorized",
            ),
            (
                403,
                r#"{"error":{"code":403,"message":"m","metadata":{"reasons":[]}}}"#,
                "prompt_blocked",
            ),
            (
                400,
                r#"{"error":{"message":"m","code":"content_filter"}}"#,
                "prompt_blocked",
            ),
            (404, "page not found", "unknown_model"),
            (301, "", "unknown_model"),
            (
                400,
                r#"{"error":{"message":"foo is not a valid model ID","code":400}}"#,
                "unknown_model",
            ),
            (
                400,
                r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#,
                "context_length",
            ),
            (
                400,
                r#"{"object":"error","message":"This model's maximum context length is 10","code":400}"#,
                "context_length",
            ),
            (
                500,
                r#"{"error":{"type":"exceed_context_size_error","message":"m"}}"#,
                "context_length",
            ),
            (
                400,
                r#"[{"error":{"message":"bad","code":400}}]"#,
                "bad_request",
            ),
            (
                422,
                r#"{"detail":[{"msg":"field required"}]}"#,
                "bad_request",
            ),
            (413, "", "bad_request"),
            (
                200,
                r#"{"error":{"code":502,"message":"up"}}"#,
                "server_error",
            ),
            (
                200,
                r#"{"error":{"type":"overloaded_error","message":"m"}}"#,
                "overloaded",
            ),
            (
                200,
                r#"{"error":{"type":"rate_limit_error","message":"m"}}"#,
                "rate_limited",
            ),
            (
                200,
                r#"{"error":{"type":"insufficient_quota","message":"m"}}"#,
                "spent_money",
            ),
            (200, r#"{"error":"something"}"#, "server_error"),
        ];
        for (status, body, expected) in cases {
            let error = classify(status, body);
            assert_eq!(error.kind(), expected, "{status} {body}");
            assert!(!error.failure().message.is_empty());
        }
    }

    #[test]
    fn messages_hold_no_secrets_and_are_short() {
        let body = format!(
            r#"{{"error":{{"message":"key my-secret-key {}"}}}}"#,
            "x".repeat(999)
        );
        let error = classify(401, &body).to_string();
        assert!(error.contains("key [redacted] xxx"), "{error}");
        assert!(error.len() < 400);
    }

    #[test]
    fn a_parsers_complaint_holds_no_secret_either() {
        let headers = HeaderMap::new();
        let secret = Secret::new("my-secret-key");
        let source = Source {
            status: 200,
            headers: &headers,
            secret: Some(&secret),
        };
        let problem = format!(
            "invalid type: string \"my-secret-key{}\"",
            "y".repeat(9_999)
        );
        let error = source.malformed(&problem, b"{}").to_string();
        assert!(
            error.contains("[redacted]") && !error.contains("my-secret"),
            "{error}"
        );
        assert!(error.len() < 700);
    }

    #[test]
    fn a_key_at_the_cut_does_not_show_by_half() {
        for padding in 180..210 {
            let error = classify(500, &format!("{}my-secret-key", "x ".repeat(padding / 2)));
            assert!(!error.to_string().contains("my-s"), "{error}");
        }
    }
}
