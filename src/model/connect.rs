//! From a name and settings to a model that can be asked.

use std::sync::Arc;
use std::time::Duration;

use super::provider::{self, ProviderError};
use super::{Model, ModelName, OpenAiChat};

/// How to reach a model. Operational only: nothing here is part of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectOptions {
    /// Replaces the provider's address.
    pub base_url: Option<String>,
    /// Whether replies are streamed. Slow replies survive proxies that cut
    /// silent connections; the answer is the same.
    pub stream: bool,
    /// The longest time until a connection is made.
    pub connect_timeout: Duration,
    /// The longest time from request to the last byte of the reply.
    pub total_timeout: Duration,
    /// The largest reply accepted: of the body, or of a stream's texts together.
    pub max_reply_bytes: usize,
    /// How many idle connections are kept for reuse; at least the number of
    /// calls in flight, or connections are made anew all the time.
    pub idle_connections: usize,
}

impl Default for ConnectOptions {
    /// OpenAI's client has the same times and pool: 5 s, 600 s, 1,000.
    fn default() -> Self {
        Self {
            base_url: None,
            stream: false,
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(600),
            max_reply_bytes: 64 << 20,
            idle_connections: 1_000,
        }
    }
}

/// Makes the model called `name` ready to be asked. Nothing is sent yet.
///
/// # Errors
/// [`ProviderError`] when the provider is unknown, or a key or an address is
/// missing or unusable.
pub fn connect(
    name: &ModelName,
    options: &ConnectOptions,
    settings: &dyn Fn(&str) -> Option<String>,
) -> Result<Arc<dyn Model>, ProviderError> {
    let endpoint = provider::resolve(name, options.base_url.as_deref(), settings)?;
    Ok(Arc::new(OpenAiChat::new(name.clone(), endpoint, options)?))
}
