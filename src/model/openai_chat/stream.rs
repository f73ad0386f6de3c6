//! A streamed chat completion, put together from its chunks.

use super::classify::Source;
use super::loose::ErrorObject;
use super::wire::{Completion, Gathered};
use crate::model::{CallError, SseError, SseEvent, SseParser};

/// The largest single event accepted, unless whole replies must be smaller.
const MAX_EVENT_BYTES: usize = 4 << 20;

/// Reads a reply from the bytes of its event stream.
///
/// The stream may be much longer than its text (hundreds of bytes a token), so
/// the limit on size counts the text, and the call's timeout bounds the rest.
pub(super) struct StreamReader {
    parser: SseParser,
    events: Vec<SseEvent>,
    gathered: Gathered,
    max_reply_bytes: usize,
    is_done: bool,
}

impl StreamReader {
    pub(super) fn new(max_reply_bytes: usize) -> Self {
        Self {
            parser: SseParser::new(MAX_EVENT_BYTES.min(max_reply_bytes)),
            events: Vec::new(),
            gathered: Gathered::default(),
            max_reply_bytes,
            is_done: false,
        }
    }

    /// Whether the stream has said that it ends.
    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether the model has finished, so that nothing of its text is missing.
    pub(super) fn has_finished(&self) -> bool {
        self.gathered.finish_reason.is_some()
    }

    /// Takes the next bytes.
    pub(super) fn push(&mut self, bytes: &[u8], source: &Source<'_>) -> Result<(), CallError> {
        let mut events = std::mem::take(&mut self.events);
        self.parser
            .push(bytes, &mut events)
            .map_err(|error| match error {
                SseError::NotUtf8 => source.malformed(&error.to_string(), bytes),
                SseError::TooLarge { limit_bytes } => super::too_large(source, limit_bytes),
            })?;
        for event in events.drain(..) {
            self.take(&event, source)?;
        }
        self.events = events;
        Ok(())
    }

    fn take(&mut self, event: &SseEvent, source: &Source<'_>) -> Result<(), CallError> {
        let data = event.data.trim();
        if self.is_done || data.is_empty() {
            return Ok(());
        }
        if data == "[DONE]" {
            self.is_done = true;
            return Ok(());
        }
        let read = serde_json::from_str::<Completion>(data);
        if event.event == "error" {
            let wrapped = read.ok().and_then(|completion| completion.error);
            let bare = || serde_json::from_str::<ErrorObject>(data).ok();
            let error = wrapped.or_else(bare).filter(|error| !error.is_empty());
            let error = error.unwrap_or_else(|| ErrorObject::from_message(data.to_owned()));
            return Err(source.classify(&error));
        }
        let chunk = read.map_err(|error| {
            source.malformed(
                &format!("an event is not a chat completion ({error})"),
                data.as_bytes(),
            )
        })?;
        if let Some(error) = self.gathered.add(chunk) {
            return Err(source.classify(&error));
        }
        if self.gathered.bytes() > self.max_reply_bytes {
            return Err(super::too_large(source, self.max_reply_bytes));
        }
        Ok(())
    }

    /// The error for a stream that broke off.
    pub(super) fn cut_off(&self, source: &Source<'_>, cause: &str) -> CallError {
        let bytes = self.gathered.bytes();
        let message = format!("the stream was cut off after {bytes} bytes of text ({cause})");
        CallError::MalformedReply(source.failure(&message))
    }

    /// What was gathered, if the stream came to its end.
    pub(super) fn finish(self, source: &Source<'_>) -> Result<Gathered, CallError> {
        if !self.is_done && !self.has_finished() {
            return Err(self.cut_off(source, "it ended without a finish reason or [DONE]"));
        }
        if !self.gathered.has_choice && !self.has_finished() {
            return Err(source.malformed("the stream held no choices", b""));
        }
        Ok(self.gathered)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use reqwest::header::HeaderMap;

    use super::*;
    use crate::model::{Reply, StopReason};

    const HELLO: &str = concat!(
        ": OPENROUTER PROCESSING\n\n",
        r#"data: {"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
        "\n\n",
        r#"data: {"choices":[{"index":0,"delta":{"reasoning":"hm"}}]}"#,
        "\n\n",
        r#"data: {"choices":[{"index":1,"delta":{"content":"other"}},{"index":0,"delta":{"content":"Grüß "}}]}"#,
        "\n\n",
        r#"data: {"choices":[{"index":0,"delta":{"content":"dich"},"finish_reason":null}]}"#,
        "\n\n",
        r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}"#,
        "\n\n",
        r#"data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#,
        "\n\ndata: [DONE]\n\n",
    );

    fn read(chunks: &[&[u8]], limit: usize) -> Result<Reply, CallError> {
        let headers = HeaderMap::new();
        let source = Source {
            status: 200,
            headers: &headers,
            secret: None,
        };
        let mut reader = StreamReader::new(limit);
        for chunk in chunks {
            reader.push(chunk, &source)?;
        }
        Ok(reader.finish(&source)?.into_reply(None, Duration::ZERO))
    }

    fn kind(stream: &str) -> &'static str {
        read(&[stream.as_bytes()], 1 << 20).unwrap_err().kind()
    }

    #[test]
    fn chunks_make_a_reply() {
        let reply = read(&[HELLO.as_bytes()], 1 << 20).unwrap();
        assert_eq!(reply.text, "Grüß dich");
        assert_eq!(reply.reasoning.as_deref(), Some("hm"));
        assert_eq!(reply.stop_reason, StopReason::MaxTokens);
        assert_eq!(reply.usage.unwrap().output_tokens, 2);
        assert_eq!(reply.model_returned.as_deref(), Some("m-1"));
    }

    #[test]
    fn broken_streams_are_typed() {
        assert_eq!(kind(""), "malformed_reply");
        assert_eq!(kind("data: [DONE]\n\n"), "malformed_reply");
        assert_eq!(kind("data: {\"choices\":\n\n"), "malformed_reply");
        let half = HELLO.split("\"finish_reason\":\"length\"").next().unwrap();
        assert_eq!(kind(half), "malformed_reply");
        let error = "data: {\"error\":{\"code\":429,\"message\":\"slow\"}}\n\n";
        assert_eq!(kind(error), "rate_limited");
        let named = "event: error\ndata: {\"type\":\"overloaded_error\",\"message\":\"busy\"}\n\n";
        assert_eq!(kind(named), "overloaded");
        assert_eq!(kind("event: error\ndata: kaputt\n\n"), "server_error");
    }

    #[test]
    fn a_stream_without_done_is_whole_once_it_has_finished() {
        let stream = HELLO.replace("data: [DONE]\n\n", "");
        assert_eq!(
            read(&[stream.as_bytes()], 1 << 20).unwrap().text,
            "Grüß dich"
        );
    }

    #[test]
    fn an_endless_text_is_refused() {
        let chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"xxxxxxxxxxxxxxxx\"}}]}\n\n";
        let chunks: Vec<&[u8]> = vec![chunk.as_bytes(); 100];
        assert_eq!(read(&chunks, 1_000).unwrap_err().kind(), "reply_too_large");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn where_the_bytes_are_cut_does_not_matter(
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        ) {
            let bytes = HELLO.as_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let chunks: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&chunks, 1 << 20), read(&[bytes], 1 << 20));
        }
    }
}
