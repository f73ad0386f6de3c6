//! Server-sent events, read incrementally from bytes.
//!
//! Follows the event stream format of the WHATWG HTML standard, section 9.2,
//! except that bytes which are not UTF-8 are an error here: a model's text must
//! not be altered silently.

use thiserror::Error;

/// One event of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// The `event` field; empty when the event has none.
    pub event: String,
    /// The `data` lines, joined by line feeds.
    pub data: String,
}

/// Why a stream cannot be read on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SseError {
    /// A line is not UTF-8.
    #[error("the event stream holds bytes that are not UTF-8")]
    NotUtf8,
    /// One event exceeds the limit.
    #[error("one event of the stream exceeds {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
}

/// Turns chunks of bytes, cut anywhere, into events.
#[derive(Debug)]
pub struct SseParser {
    limit_bytes: usize,
    line: Vec<u8>,
    event: SseEvent,
    has_data: bool,
    /// The last byte was a carriage return, so a line feed belongs to it.
    after_return: bool,
    at_start: bool,
}

impl SseParser {
    /// A parser that refuses events of more than `limit_bytes`.
    #[must_use]
    pub fn new(limit_bytes: usize) -> Self {
        Self {
            limit_bytes,
            line: Vec::new(),
            event: SseEvent::default(),
            has_data: false,
            after_return: false,
            at_start: true,
        }
    }

    /// Takes the next bytes and appends the events they complete to `events`.
    /// An event counts once its empty line has come; what is cut off before
    /// that is dropped, as the standard asks.
    ///
    /// # Errors
    /// [`SseError`], after which the parser is of no further use.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<SseEvent>) -> Result<(), SseError> {
        let mut rest = bytes;
        while let Some(&first) = rest.first() {
            if std::mem::take(&mut self.after_return) && first == b'\n' {
                rest = &rest[1..];
                continue;
            }
            let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let line_part = &rest[..end.unwrap_or(rest.len())];
            if self.line.len() + line_part.len() + self.event.data.len() > self.limit_bytes {
                return Err(SseError::TooLarge {
                    limit_bytes: self.limit_bytes,
                });
            }
            self.line.extend_from_slice(line_part);
            let Some(end) = end else { return Ok(()) };
            self.after_return = rest[end] == b'\r';
            rest = &rest[end + 1..];
            self.end_line(events)?;
        }
        Ok(())
    }

    fn end_line(&mut self, events: &mut Vec<SseEvent>) -> Result<(), SseError> {
        let line = std::mem::take(&mut self.line);
        let mut line = std::str::from_utf8(&line).map_err(|_| SseError::NotUtf8)?;
        if std::mem::take(&mut self.at_start) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            if std::mem::take(&mut self.has_data) {
                events.push(event);
            }
            return Ok(());
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.event.event),
            // Comments have an empty field name; `id` and `retry` serve
            // reconnecting, which a generation cannot do.
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(chunks: &[&[u8]]) -> Result<Vec<SseEvent>, SseError> {
        let mut parser = SseParser::new(1 << 16);
        let mut events = Vec::new();
        for chunk in chunks {
            parser.push(chunk, &mut events)?;
        }
        Ok(events)
    }

    fn data(text: &str) -> SseEvent {
        SseEvent {
            event: String::new(),
            data: text.to_owned(),
        }
    }

    #[test]
    fn reads_fields_comments_and_every_line_end() {
        let stream = "\u{feff}: hello\n\ndata: one\r\n\r\nevent: error\rdata:two\rdata\r\r\
                      id: 7\ndata:  three\n\n";
        let error = SseEvent {
            event: "error".to_owned(),
            data: "two\n".to_owned(),
        };
        assert_eq!(
            parse(&[stream.as_bytes()]).unwrap(),
            [data("one"), error, data(" three")]
        );
    }

    #[test]
    fn an_unfinished_event_is_dropped() {
        assert_eq!(
            parse(&[b"data: one\n\ndata: two\n"]).unwrap(),
            [data("one")]
        );
    }

    #[test]
    fn bad_bytes_and_endless_lines_are_errors() {
        assert_eq!(parse(&[b"data: \xff\n\n"]), Err(SseError::NotUtf8));
        let endless = vec![b'x'; 70_000];
        assert_eq!(
            parse(&[&endless]),
            Err(SseError::TooLarge {
                limit_bytes: 1 << 16
            })
        );
        let many = b"data: xxxxxxxxxxxxxxxx\n".repeat(5_000);
        assert_eq!(
            parse(&[&many]),
            Err(SseError::TooLarge {
                limit_bytes: 1 << 16
            })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn where_the_bytes_are_cut_does_not_matter(
            lines in prop::collection::vec(
                prop_oneof![
                    Just(String::new()), Just("data: é∀🙂".to_owned()), Just(": comment".to_owned()),
                    Just("event: error".to_owned()), "[a-z: ]{0,8}", "data:[ -~]{0,8}",
                ], 0..12),
            ends in prop::collection::vec(prop_oneof![Just("\n"), Just("\r\n"), Just("\r")], 12),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let text: String =
                lines.iter().zip(&ends).flat_map(|(line, end)| [line.as_str(), *end]).collect();
            let bytes = text.as_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let chunks: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(parse(&chunks), parse(&[bytes]));
        }

        #[test]
        fn what_is_written_is_read(texts in prop::collection::vec("[ -~]{0,20}", 0..10)) {
            let stream: String = texts.iter().map(|text| format!("data: {text}\n\n")).collect();
            let expected: Vec<SseEvent> = texts.iter().map(|text| data(text)).collect();
            prop_assert_eq!(parse(&[stream.as_bytes()]).unwrap(), expected);
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&[&bytes]);
        }
    }
}
