//! Why no answer was obtained, and what that means for trying again.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::seconds;

/// What is known about a failed call, whatever its kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What the server or the network said, without secrets, on one line.
    pub message: String,
    /// HTTP status, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The provider's identifier of this call, for its support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// How long the server asks to be left alone.
    #[serde(
        default,
        rename = "retry_after_seconds",
        skip_serializing_if = "Option::is_none",
        with = "seconds::optional"
    )]
    pub retry_after: Option<Duration>,
    /// The server's own advice (`x-should-retry`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub should_retry: Option<bool>,
}

impl Failure {
    /// A failure of which only a description is known.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }
}

/// A call that gave no answer.
///
/// Three groups matter to callers: [`is_transient`](Self::is_transient) (try
/// again), [`is_fatal_for_model`](Self::is_fatal_for_model) (stop asking this
/// model), and the rest (this request will never work, others may).
#[derive(Debug, Clone, PartialEq, Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CallError {
    /// Too many requests or tokens a minute (429).
    #[error("rate limited: {}", .0.message)]
    RateLimited(Failure),
    /// The provider has no capacity now (503, 529, or its words for it).
    #[error("the provider is overloaded: {}", .0.message)]
    Overloaded(Failure),
    /// The provider failed (other 5xx, 408, 409, 425).
    #[error("the provider failed: {}", .0.message)]
    ServerError(Failure),
    /// No whole reply in the time allowed.
    #[error("timed out: {}", .0.message)]
    Timeout(Failure),
    /// No connection, or one that broke before a reply began.
    #[error("connection failed: {}", .0.message)]
    Connection(Failure),
    /// A reply that is not what the protocol promises: not JSON, cut off, no choices.
    #[error("malformed reply: {}", .0.message)]
    MalformedReply(Failure),
    /// Money, credit or a day's quota is used up (402, `insufficient_quota`).
    #[error("the account has no money or quota left: {}; top it up, then run again", .0.message)]
    SpentMoney(Failure),
    /// The key is missing, wrong or not allowed to do this (401, 403).
    #[error("the provider does not accept the key: {}", .0.message)]
    Unauthorized(Failure),
    /// The server knows no such model, or nothing answers at this path (404, 405, a redirect).
    #[error("no such model or address: {}; check the model's name and the base URL", .0.message)]
    UnknownModel(Failure),
    /// The messages are longer than the model's context window.
    #[error("the request does not fit the model's context: {}", .0.message)]
    ContextLength(Failure),
    /// The provider's moderation rejected the request before the model saw it.
    #[error("the provider blocked the prompt: {}", .0.message)]
    PromptBlocked(Failure),
    /// The server rejects this request as it is (other 4xx).
    #[error("the provider rejects the request: {}", .0.message)]
    BadRequest(Failure),
    /// The reply exceeds the size the caller is willing to hold.
    #[error("the reply is too large: {}", .0.message)]
    ReplyTooLarge(Failure),
}

impl CallError {
    /// What is known about the failure.
    #[must_use]
    pub fn failure(&self) -> &Failure {
        match self {
            Self::RateLimited(failure)
            | Self::Overloaded(failure)
            | Self::ServerError(failure)
            | Self::Timeout(failure)
            | Self::Connection(failure)
            | Self::MalformedReply(failure)
            | Self::SpentMoney(failure)
            | Self::Unauthorized(failure)
            | Self::UnknownModel(failure)
            | Self::ContextLength(failure)
            | Self::PromptBlocked(failure)
            | Self::BadRequest(failure)
            | Self::ReplyTooLarge(failure) => failure,
        }
    }

    /// The kind as one word, for tables: the same as `kind` in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RateLimited(_) => "rate_limited",
            Self::Overloaded(_) => "overloaded",
            Self::ServerError(_) => "server_error",
            Self::Timeout(_) => "timeout",
            Self::Connection(_) => "connection",
            Self::MalformedReply(_) => "malformed_reply",
            Self::SpentMoney(_) => "spent_money",
            Self::Unauthorized(_) => "unauthorized",
            Self::UnknownModel(_) => "unknown_model",
            Self::ContextLength(_) => "context_length",
            Self::PromptBlocked(_) => "prompt_blocked",
            Self::BadRequest(_) => "bad_request",
            Self::ReplyTooLarge(_) => "reply_too_large",
        }
    }

    /// Whether the same request may succeed later. The server's own advice
    /// counts, except that money, keys and unknown models are never retried.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let by_kind = matches!(
            self,
            Self::RateLimited(_)
                | Self::Overloaded(_)
                | Self::ServerError(_)
                | Self::Timeout(_)
                | Self::Connection(_)
                | Self::MalformedReply(_)
        );
        !self.is_fatal_for_model() && self.failure().should_retry.unwrap_or(by_kind)
    }

    /// Whether every other request to this model would fail the same way, so
    /// that no more should be sent.
    #[must_use]
    pub fn is_fatal_for_model(&self) -> bool {
        matches!(
            self,
            Self::SpentMoney(_) | Self::Unauthorized(_) | Self::UnknownModel(_)
        )
    }

    /// How long the server asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.failure().retry_after
    }

    /// HTTP status, when there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.failure().status
    }

    /// The provider's identifier of the failed call.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.failure().request_id.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_advice_counts_but_not_against_fatal_errors() {
        let advised = |advice| Failure {
            should_retry: Some(advice),
            ..Failure::new("m")
        };
        assert!(CallError::RateLimited(Failure::new("m")).is_transient());
        assert!(!CallError::RateLimited(advised(false)).is_transient());
        assert!(!CallError::BadRequest(Failure::new("m")).is_transient());
        assert!(CallError::BadRequest(advised(true)).is_transient());
        assert!(!CallError::SpentMoney(advised(true)).is_transient());
        assert!(CallError::SpentMoney(advised(true)).is_fatal_for_model());
        assert!(!CallError::ContextLength(Failure::new("m")).is_fatal_for_model());
    }

    #[test]
    fn survives_writing_and_its_kind_is_the_word_in_json() {
        let error = CallError::RateLimited(Failure {
            status: Some(429),
            retry_after: Some(Duration::from_millis(2500)),
            ..Failure::new("slow down")
        });
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json["kind"], error.kind());
        assert_eq!(json["retry_after_seconds"], 2.5);
        assert_eq!(serde_json::from_value::<CallError>(json).unwrap(), error);
    }
}
