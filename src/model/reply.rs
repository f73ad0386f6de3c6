//! What comes back from a model, in no provider's shape.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::seconds;

/// Why the model stopped, in the vocabulary shared by Inspect's logs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum StopReason {
    /// It had finished, or met a stop text.
    Stop,
    /// It reached the limit on output tokens.
    MaxTokens,
    /// It filled the model's context window.
    ModelLength,
    /// It wants tools to be called.
    ToolCalls,
    /// The provider withheld the reply or a part of it.
    ContentFilter,
    /// Something else: the provider's own word, empty when it gave none.
    Unknown(String),
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stop => "stop",
            Self::MaxTokens => "max_tokens",
            Self::ModelLength => "model_length",
            Self::ToolCalls => "tool_calls",
            Self::ContentFilter => "content_filter",
            Self::Unknown(word) if word.is_empty() => "unknown",
            Self::Unknown(word) => return write!(f, "unknown:{word}"),
        })
    }
}

impl From<String> for StopReason {
    fn from(text: String) -> Self {
        match text.as_str() {
            "stop" => Self::Stop,
            "max_tokens" => Self::MaxTokens,
            "model_length" => Self::ModelLength,
            "tool_calls" => Self::ToolCalls,
            "content_filter" => Self::ContentFilter,
            "unknown" => Self::Unknown(String::new()),
            other => Self::Unknown(other.strip_prefix("unknown:").unwrap_or(other).to_owned()),
        }
    }
}

impl From<StopReason> for String {
    fn from(reason: StopReason) -> Self {
        reason.to_string()
    }
}

/// Tokens of one reply. The three input counts do not overlap; reasoning is a
/// part of output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Input tokens read in full.
    pub input_uncached_tokens: u64,
    /// Input tokens taken from the provider's cache.
    pub cache_read_tokens: u64,
    /// Input tokens written to the provider's cache.
    pub cache_write_tokens: u64,
    /// All tokens written, reasoning included.
    pub output_tokens: u64,
    /// The part of `output_tokens` that was reasoning.
    pub reasoning_tokens: u64,
    /// What the provider says it charged, in US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_dollars: Option<f64>,
}

impl Usage {
    /// All tokens, in and out.
    #[must_use]
    pub fn total_tokens(&self) -> u64 {
        [
            self.input_uncached_tokens,
            self.cache_read_tokens,
            self.cache_write_tokens,
            self.output_tokens,
        ]
        .into_iter()
        .fold(0, u64::saturating_add)
    }

    /// What two replies used together. A price is known only where both are.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            input_uncached_tokens: self
                .input_uncached_tokens
                .saturating_add(other.input_uncached_tokens),
            cache_read_tokens: self
                .cache_read_tokens
                .saturating_add(other.cache_read_tokens),
            cache_write_tokens: self
                .cache_write_tokens
                .saturating_add(other.cache_write_tokens),
            output_tokens: self.output_tokens.saturating_add(other.output_tokens),
            reasoning_tokens: self.reasoning_tokens.saturating_add(other.reasoning_tokens),
            cost_dollars: self
                .cost_dollars
                .zip(other.cost_dollars)
                .map(|(one, two)| one + two),
        }
    }
}

/// An answer, whatever its worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// What the model said, without its reasoning; may be empty.
    pub text: String,
    /// Its reasoning, where the provider shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// Why it stopped.
    pub stop_reason: StopReason,
    /// The words with which it refused, where the provider sets them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Token counts; absent when the provider gave none, which is not zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The model the provider says answered, often more exact than the name asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_returned: Option<String>,
    /// The provider's mark of the serving configuration (`system_fingerprint`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<String>,
    /// Whom an aggregator passed the request to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_provider: Option<String>,
    /// The provider's identifier of this call, for its support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// From sending the request to the last byte of the reply.
    #[serde(rename = "latency_seconds", with = "seconds")]
    pub latency: Duration,
}

impl Reply {
    /// A finished reply with this text and nothing else known.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            reasoning: None,
            stop_reason: StopReason::Stop,
            refusal: None,
            usage: None,
            model_returned: None,
            system_fingerprint: None,
            upstream_provider: None,
            request_id: None,
            latency: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_reasons_survive_writing() {
        let all = [
            StopReason::Stop,
            StopReason::MaxTokens,
            StopReason::ModelLength,
            StopReason::ToolCalls,
            StopReason::ContentFilter,
            StopReason::Unknown(String::new()),
            StopReason::Unknown("eos".to_owned()),
        ];
        for reason in all {
            let text = serde_json::to_string(&reason).unwrap();
            assert_eq!(serde_json::from_str::<StopReason>(&text).unwrap(), reason);
        }
    }

    #[test]
    fn a_reply_survives_writing() {
        let mut reply = Reply::from_text("hello");
        reply.latency = Duration::from_millis(1500);
        let text = serde_json::to_string(&reply).unwrap();
        assert!(text.contains("\"latency_seconds\":1.5"), "{text}");
        assert_eq!(serde_json::from_str::<Reply>(&text).unwrap(), reply);
    }
}
