//! OpenAI's chat completions wire, which most providers and all local servers
//! speak: `POST {base}/chat/completions`.

mod classify;
mod loose;
mod stream;
mod wire;

use std::error::Error as StdError;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response};

use self::classify::Source;
use self::stream::StreamReader;
use self::wire::{Completion, Gathered};
use super::provider::{self, Endpoint, ProviderError};
use super::secret::{excerpt, redact};
use super::{CallError, ConnectOptions, Failure, Model, ModelName, Reply, Request};

/// An error's body is read no further than this.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// How long a finished stream may take to close, so that its connection can be
/// used again.
const CLOSING_TIME: Duration = Duration::from_millis(100);

/// A model behind OpenAI's chat completions wire.
#[derive(Debug)]
pub struct OpenAiChat {
    name: ModelName,
    endpoint: Endpoint,
    client: Client,
    stream: bool,
    total_timeout: Duration,
    max_reply_bytes: usize,
}

impl OpenAiChat {
    /// Sets up a client with its own pool of connections.
    ///
    /// # Errors
    /// [`ProviderError`] when a header cannot be written or TLS cannot be set up.
    pub fn new(
        name: ModelName,
        endpoint: Endpoint,
        options: &ConnectOptions,
    ) -> Result<Self, ProviderError> {
        let problem = |problem: String| ProviderError::Client {
            model: name.clone(),
            problem,
        };
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        for (header, value) in &endpoint.headers {
            let value = HeaderValue::from_str(value)
                .map_err(|_| problem(format!("the header {header} would hold {value:?}")))?;
            headers.insert(HeaderName::from_static(header), value);
        }
        if let Some(key) = &endpoint.key {
            let mut value =
                HeaderValue::from_str(&format!("Bearer {}", key.expose())).map_err(|_| {
                    ProviderError::BadKey {
                        variable: endpoint.key_variable.clone(),
                    }
                })?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let mut builder = Client::builder()
            .user_agent(concat!("sextant/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .connect_timeout(options.connect_timeout)
            .timeout(options.total_timeout)
            .pool_max_idle_per_host(options.idle_connections)
            // Servers close idle connections after a minute or so; closing first
            // avoids sending into a connection that is being closed.
            .pool_idle_timeout(Duration::from_secs(50))
            .tcp_keepalive(Duration::from_secs(60))
            // HTTP/2 would put every call on one connection, whose limit on
            // streams (often 100) silently caps the number of calls in flight.
            .http1_only()
            // A redirected POST becomes a GET, and a key must not wander.
            .redirect(reqwest::redirect::Policy::none());
        if endpoint.is_loopback() {
            builder = builder.no_proxy();
        }
        let client = builder
            .build()
            .map_err(|error| problem(error_chain(&error)))?;
        Ok(Self {
            name,
            endpoint,
            client,
            stream: options.stream,
            total_timeout: options.total_timeout,
            max_reply_bytes: options.max_reply_bytes,
        })
    }

    async fn read_success(
        &self,
        mut response: Response,
        started: Instant,
    ) -> Result<Reply, CallError> {
        let headers = response.headers().clone();
        let source = self.source(response.status().as_u16(), &headers);
        let gathered = if self.stream && !is_json(&headers) {
            self.read_stream(&mut response, &source).await?
        } else {
            let body = self.read_body(&mut response, &source).await?;
            let completion: Completion = serde_json::from_slice(&body).map_err(|error| {
                source.malformed(&format!("not a chat completion ({error})"), &body)
            })?;
            let mut gathered = Gathered::default();
            if let Some(error) = gathered.add(completion) {
                return Err(source.classify(&error));
            }
            if !gathered.has_choice {
                return Err(source.malformed("there are no choices in it", &body));
            }
            gathered
        };
        Ok(gathered.into_reply(classify::request_id(&headers), started.elapsed()))
    }

    /// Reads a whole body of bounded size.
    async fn read_body(
        &self,
        response: &mut Response,
        source: &Source<'_>,
    ) -> Result<Vec<u8>, CallError> {
        let limit = self.max_reply_bytes;
        let announced = response
            .content_length()
            .and_then(|n| usize::try_from(n).ok());
        if announced.is_some_and(|bytes| bytes > limit) {
            return Err(too_large(source, limit));
        }
        let mut body = Vec::with_capacity(announced.unwrap_or(0).min(1 << 20));
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                    return Err(too_large(source, limit));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body),
                Err(error) if error.is_timeout() => return Err(self.transport_error(error)),
                Err(error) => {
                    let problem = format!(
                        "the reply was cut off after {} bytes ({})",
                        body.len(),
                        error_chain(&error.without_url())
                    );
                    return Err(source.malformed(&problem, &body));
                }
            }
        }
    }

    async fn read_stream(
        &self,
        response: &mut Response,
        source: &Source<'_>,
    ) -> Result<Gathered, CallError> {
        let mut reader = StreamReader::new(self.max_reply_bytes);
        while !reader.is_done() {
            match response.chunk().await {
                Ok(Some(chunk)) => reader.push(&chunk, source)?,
                Ok(None) => break,
                // What is still missing then is at most the usage.
                Err(_) if reader.has_finished() => break,
                Err(error) if error.is_timeout() => return Err(self.transport_error(error)),
                Err(error) => {
                    let cause = error_chain(&error.without_url());
                    return Err(reader.cut_off(source, &cause));
                }
            }
        }
        if reader.is_done() {
            // Only for the connection's sake; whatever comes is of no interest.
            let _ = tokio::time::timeout(CLOSING_TIME, response.chunk()).await;
        }
        reader.finish(source)
    }

    async fn read_failure(&self, mut response: Response) -> CallError {
        let headers = response.headers().clone();
        let mut body = Vec::new();
        // A body that breaks off still says something; the status says the rest.
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = MAX_ERROR_BYTES - body.len();
            body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            if body.len() == MAX_ERROR_BYTES {
                break;
            }
        }
        let status = response.status().as_u16();
        let mut error = self.source(status, &headers).classify_body(&body);
        match &mut error {
            CallError::Unauthorized(failure) => match self.endpoint.key {
                Some(_) => {
                    let variable = &self.endpoint.key_variable;
                    failure
                        .message
                        .push_str(&format!(" (the key is from {variable})"));
                }
                None => failure.message.push_str(&format!(
                    " (none was sent; set {} if the server wants one)",
                    self.endpoint.key_variable
                )),
            },
            CallError::UnknownModel(failure) => {
                let (model, url) = (provider::name_on_wire(&self.name), self.endpoint.chat_url());
                failure
                    .message
                    .push_str(&format!(" (model `{model}` at {url}"));
                if let Some(target) = headers.get(header::LOCATION).and_then(|v| v.to_str().ok()) {
                    let target = excerpt(target.as_bytes(), 200, self.endpoint.key.as_ref());
                    failure
                        .message
                        .push_str(&format!(", which redirects to {target}"));
                }
                failure.message.push(')');
            }
            _ => {}
        }
        error
    }

    fn source<'a>(&'a self, status: u16, headers: &'a HeaderMap) -> Source<'a> {
        Source {
            status,
            headers,
            secret: self.endpoint.key.as_ref(),
        }
    }

    /// The error for a call that failed below HTTP.
    fn transport_error(&self, error: reqwest::Error) -> CallError {
        let error = error.without_url();
        let cause = redact(&error_chain(&error), self.endpoint.key.as_ref());
        let url = self.endpoint.chat_url();
        if error.is_builder() {
            CallError::BadRequest(Failure::new(format!("it cannot be sent to {url}: {cause}")))
        } else if error.is_connect() {
            CallError::Connection(Failure::new(format!("cannot reach {url}: {cause}")))
        } else if error.is_timeout() {
            let seconds = self.total_timeout.as_secs_f64();
            CallError::Timeout(Failure::new(format!("no whole reply within {seconds} s")))
        } else {
            CallError::Connection(Failure::new(format!("no reply from {url}: {cause}")))
        }
    }
}

#[async_trait]
impl Model for OpenAiChat {
    fn name(&self) -> &ModelName {
        &self.name
    }

    async fn generate(&self, request: &Request) -> Result<Reply, CallError> {
        let model = provider::name_on_wire(&self.name);
        let body = wire::request_body(model, request, self.endpoint.dialect, self.stream)?;
        let started = Instant::now();
        let sent = self
            .client
            .post(self.endpoint.chat_url.clone())
            .body(body)
            .send()
            .await;
        let response = sent.map_err(|error| self.transport_error(error))?;
        if response.status().is_success() {
            self.read_success(response, started).await
        } else {
            Err(self.read_failure(response).await)
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value.is_some_and(|value| value.trim_start().starts_with("application/json"))
}

fn too_large(source: &Source<'_>, limit: usize) -> CallError {
    CallError::ReplyTooLarge(source.failure(&format!("more than {limit} bytes")))
}

/// An error and its causes on one line: the outer ones alone say little.
fn error_chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.ends_with(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}
