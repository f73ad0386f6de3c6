//! The room that asks models.
//!
//! A [`Model`] turns a [`Request`] into a [`Reply`] or a typed [`CallError`].
//! This room knows wires, keys, waits and retries; it knows nothing of tasks,
//! graders or runs, and imports no other room.
//!
//! ```text
//! ModelName ─► provider::resolve ─► Endpoint ─► OpenAiChat ┐
//!                                              Canned      ├─ dyn Model ─► generate_with_retries
//! ```
//!
//! Two rules hold everywhere here. What a model says is an answer, however
//! useless: a refusal, a filtered or an empty reply comes back as a [`Reply`].
//! And what the machinery does wrong is never an answer: it comes back as a
//! [`CallError`] that says whether trying again can help.

mod connect;
mod error;
mod message;
pub mod mock_server;
mod name;
pub mod provider;
mod reply;
pub mod retry;
mod scripted;
mod seconds;
mod secret;
mod sse;
mod wait_hint;

mod openai_chat;

pub use connect::{ConnectOptions, connect};
pub use error::{CallError, Failure};
pub use message::{Message, Parameters, Request, Role};
pub use name::{ModelName, ModelNameError};
pub use openai_chat::OpenAiChat;
pub use provider::{Endpoint, ProviderError};
pub use reply::{Reply, StopReason, Usage};
pub use retry::{RetryPolicy, Try, generate_with_retries};
pub use scripted::Canned;
pub use secret::{Secret, redact};
pub use sse::{SseError, SseEvent, SseParser};

/// Something that can be asked: an API behind a wire, or a canned text.
#[async_trait::async_trait]
pub trait Model: Send + Sync {
    /// The name the user gave, as it is written into records.
    fn name(&self) -> &ModelName;

    /// Asks once, without retrying.
    ///
    /// Dropping the future abandons the call and closes its connection.
    ///
    /// # Errors
    /// A [`CallError`] when no answer was obtained. A refusal, a filtered or an
    /// empty reply is an answer, not an error.
    async fn generate(&self, request: &Request) -> Result<Reply, CallError>;
}
