//! A scripted fake API server, for demonstrations, tests and benchmarks.
//!
//! Speaks OpenAI's chat API over real sockets and answers, or fails, as a
//! [`MockScript`] says. Nothing in it is random: the n-th request gets the n-th
//! step. It serves `POST …/chat/completions`, `GET …/models` and `GET /health`.

mod answers;
mod body;
mod script;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, HeaderMap};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

pub use self::script::{Action, MockScript, MockUsage, Rule, Step};

use self::answers::ChatRequest;
use self::body::{Dropped, Pieces};

/// The largest request read.
const MAX_REQUEST_BYTES: usize = 64 << 20;

/// Rest after a failed accept, most likely for want of file descriptors.
const ACCEPT_REST: Duration = Duration::from_millis(10);

/// A request as the server received it.
#[derive(Debug, Clone, Default)]
pub struct ReceivedRequest {
    headers: HeaderMap,
    body: Bytes,
}

impl ReceivedRequest {
    /// A header's value, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// State shared by all connections.
#[derive(Debug)]
struct Shared {
    script: MockScript,
    /// Chat requests received, whatever became of them.
    received: AtomicU64,
    in_flight: AtomicU64,
    most_in_flight: AtomicU64,
    last: Mutex<Option<Arc<ReceivedRequest>>>,
}

/// A running fake server. Dropping it stops it.
#[derive(Debug)]
pub struct MockServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl MockServer {
    /// Listens at `address` (port 0 takes any free one) and serves in the
    /// background of the current Tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be listened at.
    pub async fn start(script: MockScript, address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script,
            received: AtomicU64::new(0),
            in_flight: AtomicU64::new(0),
            most_in_flight: AtomicU64::new(0),
            last: Mutex::new(None),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            accepting,
        })
    }

    /// The base URL for clients, such as `http://127.0.0.1:4000/v1`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The address listened at.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many chat requests have come, failed ones included.
    #[must_use]
    pub fn requests_served(&self) -> u64 {
        self.shared.received.load(Ordering::Relaxed)
    }

    /// The largest number of chat requests that were being served at one time.
    #[must_use]
    pub fn most_in_flight(&self) -> u64 {
        self.shared.most_in_flight.load(Ordering::Relaxed)
    }

    /// The latest chat request.
    #[must_use]
    pub fn last_request(&self) -> Option<Arc<ReceivedRequest>> {
        self.shared
            .last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Stops listening and closes every connection.
    pub async fn shutdown(mut self) {
        self.accepting.abort();
        // The error is the cancellation just asked for.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Accepts connections until it is aborted, which drops the set and so closes
/// every connection.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    connections.spawn(serve(socket, Arc::clone(&shared)));
                }
                Err(_) => tokio::time::sleep(ACCEPT_REST).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(socket: TcpStream, shared: Arc<Shared>) {
    // Replies are small; waiting to fill packets would add 40 ms to each.
    let _ = socket.set_nodelay(true);
    let service = service_fn(|request| handle(request, &shared));
    // An error is the client's going away, or a drop that the script asks for.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(socket), service)
        .await;
}

async fn handle(request: Request<Incoming>, shared: &Shared) -> Result<Response<Pieces>, Dropped> {
    let path = request.uri().path().trim_end_matches('/');
    if request.method() == Method::GET {
        return Ok(if path == "/health" {
            answers::json_response(StatusCode::OK, &json!({"status": "ok"}))
        } else if path.ends_with("/models") {
            models(&shared.script)
        } else {
            no_such_path()
        });
    }
    if request.method() != Method::POST || !path.ends_with("/chat/completions") {
        return Ok(no_such_path());
    }
    let index = shared.received.fetch_add(1, Ordering::Relaxed);
    let _in_flight = InFlight::enter(shared);
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_REQUEST_BYTES).collect().await else {
        return Err(Dropped);
    };
    let received = Arc::new(ReceivedRequest {
        headers: head.headers,
        body: body.to_bytes(),
    });
    *shared.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&received));
    reply(shared, &received, index).await
}

async fn reply(
    shared: &Shared,
    received: &ReceivedRequest,
    index: u64,
) -> Result<Response<Pieces>, Dropped> {
    let script = &shared.script;
    if script.latency_ms > 0 {
        tokio::time::sleep(Duration::from_millis(script.latency_ms)).await;
    }
    let authorization = received.header(AUTHORIZATION.as_str()).unwrap_or_default();
    let chat: ChatRequest = match serde_json::from_slice(&received.body) {
        Ok(chat) => chat,
        Err(problem) => {
            let message = format!("could not read the request: {problem}");
            return Ok(answers::error(
                StatusCode::BAD_REQUEST,
                &message,
                "invalid_json",
            ));
        }
    };
    let has_key = |key: &String| authorization.strip_prefix("Bearer ") == Some(key);
    let action = if !script.key.as_ref().is_none_or(has_key) {
        &Action::Unauthorized
    } else if !script.models.is_empty() && !script.models.contains(&chat.model) {
        &Action::UnknownModel
    } else {
        script.action(index)
    };
    match answers::respond(action, script, &chat, authorization, index) {
        Some(mut response) => {
            // An integer is always a valid header value.
            response.headers_mut().insert("x-request-id", index.into());
            Ok(response)
        }
        None if *action == Action::Hang => std::future::pending().await,
        None => Err(Dropped),
    }
}

fn models(script: &MockScript) -> Response<Pieces> {
    let served = match script.models.as_slice() {
        [] => vec!["mock"],
        names => names.iter().map(String::as_str).collect(),
    };
    let data: Vec<_> = served
        .iter()
        .map(|id| json!({"id": id, "object": "model"}))
        .collect();
    answers::json_response(StatusCode::OK, &json!({"object": "list", "data": data}))
}

fn no_such_path() -> Response<Pieces> {
    answers::error(StatusCode::NOT_FOUND, "no such path", "not_found")
}

/// Counts a request as in flight for as long as it lives.
struct InFlight<'a>(&'a Shared);

impl<'a> InFlight<'a> {
    fn enter(shared: &'a Shared) -> Self {
        let now = shared.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        shared.most_in_flight.fetch_max(now, Ordering::Relaxed);
        Self(shared)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
