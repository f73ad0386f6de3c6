//! Replies in the shape of OpenAI's chat completions API.

use std::collections::VecDeque;

use hyper::body::Bytes;
use hyper::{Response, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Ending, Pieces};
use super::script::{Action, MockScript, MockUsage};

/// Characters in one chunk of a streamed text.
const CHUNK_CHARACTERS: usize = 24;

/// What the server reads of a request.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChatRequest {
    pub(super) model: String,
    messages: Vec<ChatMessage>,
    stream: bool,
    stream_options: Option<StreamOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ChatMessage {
    role: String,
    content: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StreamOptions {
    include_usage: bool,
}

impl ChatRequest {
    fn last_user_message(&self) -> &str {
        let users = self
            .messages
            .iter()
            .rev()
            .find(|message| message.role == "user");
        users.map_or("", |message| message.content.as_str())
    }

    fn characters(&self) -> usize {
        self.messages
            .iter()
            .map(|message| message.content.len())
            .sum()
    }
}

/// An answer before it is written.
struct Answer {
    content: Option<String>,
    refusal: Option<String>,
    finish_reason: String,
}

/// Replies to a request as `action` says. `None` for the actions that send
/// nothing at all.
pub(super) fn respond(
    action: &Action,
    script: &MockScript,
    request: &ChatRequest,
    authorization: &str,
    index: u64,
) -> Option<Response<Pieces>> {
    let say = |text: String| Answer {
        content: Some(text),
        refusal: None,
        finish_reason: script.finish_reason.clone(),
    };
    let normal = || say(script.answer(request.last_user_message()));
    let writer = Writer {
        script,
        request,
        index,
    };
    let mut response = match action {
        Action::Answer => writer.whole(&normal()),
        Action::Reply { text } => writer.whole(&say(text.clone())),
        Action::Oversized { text_bytes } => writer.whole(&say("x".repeat(*text_bytes))),
        Action::Refusal => writer.whole(&Answer {
            content: None,
            refusal: Some("I cannot help with that.".to_owned()),
            finish_reason: "stop".to_owned(),
        }),
        Action::Empty => writer.whole(&Answer {
            content: Some(String::new()),
            refusal: None,
            finish_reason: "length".to_owned(),
        }),
        Action::ContentFilter => writer.whole(&Answer {
            content: None,
            refusal: None,
            finish_reason: "content_filter".to_owned(),
        }),
        Action::Half => half(&writer.json(&normal())),
        Action::HalfStream if request.stream => {
            writer.stream_start(&normal(), None, Ending::BrokenOff)
        }
        Action::UnfinishedStream if request.stream => {
            writer.stream_start(&normal(), None, Ending::Whole)
        }
        Action::HalfStream | Action::UnfinishedStream => half(&writer.json(&normal())),
        Action::ErrorInside => {
            let error = json!({"error": {"code": 502, "message": "the upstream went away"}});
            if request.stream {
                writer.stream_start(&normal(), Some(&error), Ending::Whole)
            } else {
                json_response(StatusCode::OK, &error)
            }
        }
        Action::Html => response(
            StatusCode::OK,
            "text/html",
            "<html><body>Welcome</body></html>".into(),
        ),
        Action::MalformedJson => response(
            StatusCode::OK,
            "application/json",
            r#"{"choices": [{"mess"#.into(),
        ),
        Action::BadUtf8 => response(
            StatusCode::OK,
            "application/json",
            b"{\"choices\":[{\"message\":{\"content\":\"\xff\xfe\"}}]}".to_vec(),
        ),
        Action::NoChoices => json_response(StatusCode::OK, &json!({"object": "chat.completion"})),
        Action::RateLimit { .. } => error(
            StatusCode::TOO_MANY_REQUESTS,
            "Rate limit reached for requests",
            "rate_limit_exceeded",
        ),
        Action::InsufficientQuota => error(
            StatusCode::TOO_MANY_REQUESTS,
            "You exceeded your current quota",
            "insufficient_quota",
        ),
        Action::Overloaded { status } => error(code(*status), "Overloaded", "overloaded"),
        Action::Unauthorized => {
            let message = format!("Incorrect API key provided: {authorization}");
            error(StatusCode::UNAUTHORIZED, &message, "invalid_api_key")
        }
        Action::UnknownModel => {
            let message = format!("The model `{}` does not exist", request.model);
            error(StatusCode::NOT_FOUND, &message, "model_not_found")
        }
        Action::ContextLength => error(
            StatusCode::BAD_REQUEST,
            "This model's maximum context length is 8192 tokens",
            "context_length_exceeded",
        ),
        Action::Status { status, body, .. } => {
            response(code(*status), "application/json", body.clone().into_bytes())
        }
        Action::Drop | Action::Hang => return None,
    };
    add_headers(action, &mut response);
    Some(response)
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn add_headers(action: &Action, response: &mut Response<Pieces>) {
    match action {
        Action::RateLimit {
            retry_after_seconds: Some(seconds),
        } => {
            if let Ok(value) = header::HeaderValue::from_str(&seconds.to_string()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
        }
        Action::Status { headers, .. } => {
            for (name, value) in headers {
                let name = header::HeaderName::from_bytes(name.as_bytes());
                if let (Ok(name), Ok(value)) = (name, header::HeaderValue::from_str(value)) {
                    response.headers_mut().insert(name, value);
                }
            }
        }
        _ => {}
    }
}

/// A response with a body in one piece.
pub(super) fn response(
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
) -> Response<Pieces> {
    with_type(status, content_type, Pieces::whole(body))
}

fn with_type(status: StatusCode, content_type: &'static str, body: Pieces) -> Response<Pieces> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let value = header::HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}

pub(super) fn json_response(status: StatusCode, body: &Value) -> Response<Pieces> {
    response(status, "application/json", body.to_string().into_bytes())
}

/// An error in OpenAI's shape.
pub(super) fn error(status: StatusCode, message: &str, code: &str) -> Response<Pieces> {
    let kind = if status.is_server_error() {
        "server_error"
    } else {
        "invalid_request_error"
    };
    let body = json!({"error": {"message": message, "type": kind, "param": null, "code": code}});
    json_response(status, &body)
}

/// Announces a whole body and sends its first half.
fn half(body: &Value) -> Response<Pieces> {
    let mut bytes = Bytes::from(body.to_string());
    let length = header::HeaderValue::from(bytes.len());
    bytes.truncate(bytes.len() / 2);
    let body = Pieces::new([bytes].into(), Ending::BrokenOff);
    let mut response = with_type(StatusCode::OK, "application/json", body);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, length);
    response
}

/// Writes answers to one request.
struct Writer<'a> {
    script: &'a MockScript,
    request: &'a ChatRequest,
    index: u64,
}

impl Writer<'_> {
    /// The whole answer, streamed if the request asks for it.
    fn whole(&self, answer: &Answer) -> Response<Pieces> {
        if !self.request.stream {
            return json_response(StatusCode::OK, &self.json(answer));
        }
        let mut events = self.text_events(answer, usize::MAX);
        let finish = json!([{"index": 0, "delta": {}, "finish_reason": answer.finish_reason}]);
        events.push_back(self.event(&finish, None));
        if self
            .request
            .stream_options
            .as_ref()
            .is_some_and(|options| options.include_usage)
        {
            events.push_back(self.event(&json!([]), Some(&self.usage(answer))));
        }
        events.push_back(Bytes::from_static(b"data: [DONE]\n\n"));
        stream(events, Ending::Whole)
    }

    /// The first half of a streamed answer, then perhaps an error.
    fn stream_start(
        &self,
        answer: &Answer,
        error: Option<&Value>,
        ending: Ending,
    ) -> Response<Pieces> {
        let characters = answer
            .content
            .as_ref()
            .map_or(0, |text| text.chars().count());
        let mut events = self.text_events(answer, characters / 2);
        events.extend(error.map(|error| Bytes::from(format!("data: {error}\n\n"))));
        stream(events, ending)
    }

    fn json(&self, answer: &Answer) -> Value {
        json!({
            "id": self.id(),
            "object": "chat.completion",
            "created": 0,
            "model": self.request.model,
            "choices": [{
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": answer.content,
                    "refusal": answer.refusal,
                },
                "finish_reason": answer.finish_reason,
            }],
            "usage": self.usage(answer),
        })
    }

    fn id(&self) -> String {
        format!("chatcmpl-mock-{}", self.index)
    }

    /// Four bytes a token, roughly as in English prose.
    fn usage(&self, answer: &Answer) -> Value {
        let tokens = |bytes: usize| bytes.div_ceil(4) as u64;
        let usage = self.script.usage.unwrap_or_else(|| MockUsage {
            prompt_tokens: tokens(self.request.characters()),
            completion_tokens: tokens(answer.content.as_ref().map_or(0, String::len)),
            ..MockUsage::default()
        });
        let mut json = json!({
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "total_tokens": usage.prompt_tokens.saturating_add(usage.completion_tokens),
            "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        });
        if let Some(cost) = usage.cost {
            json["cost"] = json!(cost);
        }
        json
    }

    /// Events with the first `characters` of the text.
    fn text_events(&self, answer: &Answer, characters: usize) -> VecDeque<Bytes> {
        let opening = json!([{"index": 0, "delta": {"role": "assistant", "content": ""}}]);
        let mut events = VecDeque::from([self.event(&opening, None)]);
        if let Some(refusal) = &answer.refusal {
            let choices = json!([{"index": 0, "delta": {"refusal": refusal}}]);
            events.push_back(self.event(&choices, None));
        }
        let text = answer.content.as_deref().unwrap_or_default();
        let mut letters = text.chars().take(characters).peekable();
        while letters.peek().is_some() {
            let piece: String = letters.by_ref().take(CHUNK_CHARACTERS).collect();
            let choices = json!([{"index": 0, "delta": {"content": piece}}]);
            events.push_back(self.event(&choices, None));
        }
        events
    }

    fn event(&self, choices: &Value, usage: Option<&Value>) -> Bytes {
        let chunk = json!({
            "id": self.id(),
            "object": "chat.completion.chunk",
            "created": 0,
            "model": self.request.model,
            "choices": choices,
            "usage": usage,
        });
        Bytes::from(format!("data: {chunk}\n\n"))
    }
}

fn stream(events: VecDeque<Bytes>, ending: Ending) -> Response<Pieces> {
    with_type(
        StatusCode::OK,
        "text/event-stream",
        Pieces::new(events, ending),
    )
}
