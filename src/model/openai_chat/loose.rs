//! Reading JSON that servers write loosely: a number as a string, a text as a
//! list of parts, an error as a bare string. Unknown parts are skipped without
//! being kept, so a reply costs no more memory than its useful content.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

/// Text from a string, a number, a part (`{"text": …}` or `{"summary": …}`) or a
/// list of those joined; anything else is no text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LooseText(pub(super) Option<String>);

impl LooseText {
    /// The text, if it is not empty.
    pub(super) fn non_empty(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty())
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The text as a number.
    pub(super) fn number(&self) -> Option<f64> {
        self.as_str()
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }

    /// The text as a count; a fraction or a negative number is no count.
    pub(super) fn count(&self) -> Option<u64> {
        let text = self.as_str().trim();
        // Some servers write counts as 12.0.
        text.strip_suffix(".0").unwrap_or(text).parse().ok()
    }

    fn append(&mut self, more: Self) {
        match (&mut self.0, more.0) {
            (Some(text), Some(more)) => text.push_str(&more),
            (text @ None, more) => *text = more,
            (Some(_), None) => {}
        }
    }
}

impl<'de> Deserialize<'de> for LooseText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = LooseText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, or parts of text")
    }

    fn visit_str<E>(self, text: &str) -> Result<LooseText, E> {
        Ok(LooseText(Some(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<LooseText, E> {
        Ok(LooseText(Some(text)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<LooseText, E> {
        Ok(LooseText(Some(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<LooseText, E> {
        Ok(LooseText(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<LooseText, E> {
        // Debug keeps the `.0` and is exact.
        Ok(LooseText(Some(format!("{number:?}"))))
    }

    fn visit_bool<E>(self, _: bool) -> Result<LooseText, E> {
        Ok(LooseText(None))
    }

    fn visit_unit<E>(self) -> Result<LooseText, E> {
        Ok(LooseText(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<LooseText, A::Error> {
        let mut whole = LooseText(None);
        while let Some(part) = parts.next_element::<LooseText>()? {
            whole.append(part);
        }
        Ok(whole)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<LooseText, A::Error> {
        let mut whole = LooseText(None);
        while let Some(key) = fields.next_key::<String>()? {
            match key.as_str() {
                "text" | "summary" => whole.append(fields.next_value()?),
                _ => {
                    fields.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(whole)
    }
}

/// What a server says went wrong: OpenAI's object, or just a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ErrorObject {
    pub(super) message: String,
    /// `code`, `type` and their kin, in lower case.
    pub(super) codes: Vec<String>,
    /// A `code` that is an HTTP status, as OpenRouter's are.
    pub(super) status: Option<u16>,
    /// Reasons of a moderation service.
    pub(super) flagged: bool,
}

#[derive(Deserialize)]
struct ErrorFields {
    #[serde(default)]
    message: LooseText,
    #[serde(default, rename = "type")]
    kind: LooseText,
    #[serde(default)]
    code: LooseText,
    #[serde(default)]
    details: Option<ErrorDetails>,
    #[serde(default)]
    metadata: Option<ErrorMetadata>,
}

#[derive(Deserialize)]
struct ErrorDetails {
    #[serde(default)]
    error_code: LooseText,
}

#[derive(Deserialize)]
struct ErrorMetadata {
    #[serde(default)]
    raw: LooseText,
    #[serde(default)]
    reasons: Option<IgnoredAny>,
}

impl ErrorObject {
    /// An error of which only a text is known.
    pub(super) fn from_message(message: String) -> Self {
        Self {
            message,
            ..Self::default()
        }
    }

    /// Some servers send an empty object along with every success.
    pub(super) fn is_empty(&self) -> bool {
        self.message.is_empty() && self.codes.is_empty()
    }

    pub(super) fn has_code(&self, wanted: &[&str]) -> bool {
        self.codes
            .iter()
            .any(|code| wanted.contains(&code.as_str()))
    }
}

impl From<ErrorFields> for ErrorObject {
    fn from(fields: ErrorFields) -> Self {
        let status = fields
            .code
            .count()
            .and_then(|code| u16::try_from(code).ok());
        let mut message = fields.message.0.unwrap_or_default();
        let mut flagged = false;
        if let Some(metadata) = fields.metadata {
            flagged = metadata.reasons.is_some();
            // An aggregator's own message is often only "Provider returned error".
            if let Some(raw) = metadata.raw.non_empty() {
                message = format!("{message}: {raw}");
            }
        }
        let detail = fields
            .details
            .map(|details| details.error_code)
            .unwrap_or_default();
        let codes = [fields.code, fields.kind, detail]
            .into_iter()
            .filter_map(LooseText::non_empty)
            .map(|code| code.to_ascii_lowercase())
            .collect();
        Self {
            message,
            codes,
            status: status.filter(|s| (400..600).contains(s)),
            flagged,
        }
    }
}

impl<'de> Deserialize<'de> for ErrorObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ErrorVisitor)
    }
}

struct ErrorVisitor;

impl<'de> Visitor<'de> for ErrorVisitor {
    type Value = ErrorObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error object or a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<ErrorObject, E> {
        Ok(ErrorObject::from_message(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<ErrorObject, E> {
        Ok(ErrorObject::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<ErrorObject, A::Error> {
        ErrorFields::deserialize(MapAccessDeserializer::new(fields)).map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Option<String> {
        serde_json::from_str::<LooseText>(json).unwrap().0
    }

    #[test]
    fn text_comes_in_many_shapes() {
        assert_eq!(text(r#""a""#).as_deref(), Some("a"));
        assert_eq!(text("null"), None);
        assert_eq!(text("true"), None);
        assert_eq!(text("[]"), None);
        assert_eq!(text("12").as_deref(), Some("12"));
        let parts = r#"[{"type":"text","text":"a"},{"type":"thinking","thinking":["x"]},"b",
                        {"type":"reasoning.summary","summary":"c"}]"#;
        assert_eq!(text(parts).as_deref(), Some("abc"));
    }

    #[test]
    fn counts_and_numbers() {
        let loose = |json: &str| serde_json::from_str::<LooseText>(json).unwrap();
        assert_eq!(loose("12").count(), Some(12));
        assert_eq!(loose("12.0").count(), Some(12));
        assert_eq!(loose("\"12\"").count(), Some(12));
        assert_eq!(loose("-1").count(), None);
        assert_eq!(loose("0.25").number(), Some(0.25));
        assert_eq!(loose("\"inf\"").number(), None);
        assert_eq!(loose("null").number(), None);
    }

    #[test]
    fn errors_come_in_many_shapes() {
        let error = |json: &str| serde_json::from_str::<ErrorObject>(json).unwrap();
        assert_eq!(error(r#""broken""#).message, "broken");
        assert!(error("{}").is_empty());
        let openrouter =
            error(r#"{"code":502,"message":"Provider returned error","metadata":{"raw":"boom"}}"#);
        assert_eq!(openrouter.status, Some(502));
        assert_eq!(openrouter.message, "Provider returned error: boom");
        let openai =
            error(r#"{"message":"m","type":"T","code":"Insufficient_Quota","param":null}"#);
        assert!(openai.has_code(&["insufficient_quota"]) && openai.has_code(&["t"]));
        assert!(error(r#"{"code":403,"message":"m","metadata":{"reasons":["x"]}}"#).flagged);
    }
}
