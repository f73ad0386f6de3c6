//! The chat completion request as it is written, and the reply as it is read.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::loose::{ErrorObject, LooseText};
use crate::model::provider::Dialect;
use crate::model::{CallError, Failure, Reply, Request, StopReason, Usage};

/// Fields that [`Parameters::extra`](crate::model::Parameters) may not replace:
/// they are the question itself, or decide how the reply is read.
const RESERVED: [&str; 5] = ["model", "messages", "stream", "stream_options", "n"];

/// Writes the body of a request. Nothing is sent that the user did not set.
pub(super) fn request_body(
    model: &str,
    request: &Request,
    dialect: Dialect,
    stream: bool,
) -> Result<Vec<u8>, CallError> {
    let refuse = |problem: String| CallError::BadRequest(Failure::new(problem));
    let parameters = &request.parameters;
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(model));
    body.insert("messages".to_owned(), json!(request.messages));
    let numbers = [
        ("temperature", parameters.temperature),
        ("top_p", parameters.top_p),
    ];
    for (name, value) in numbers {
        match value {
            Some(value) if value.is_finite() => body.insert(name.to_owned(), json!(value)),
            Some(value) => return Err(refuse(format!("{name} is {value}, which is no number"))),
            None => None,
        };
    }
    if let Some(tokens) = parameters.max_output_tokens {
        body.insert(dialect.output_limit_field.to_owned(), json!(tokens));
    }
    if let Some(seed) = parameters.seed {
        body.insert(dialect.seed_field.to_owned(), json!(seed));
    }
    if let Some(effort) = &parameters.reasoning_effort {
        if dialect.nested_effort {
            body.insert("reasoning".to_owned(), json!({ "effort": effort }));
        } else {
            body.insert("reasoning_effort".to_owned(), json!(effort));
        }
    }
    if !parameters.stop.is_empty() {
        body.insert("stop".to_owned(), json!(parameters.stop));
    }
    if stream {
        body.insert("stream".to_owned(), json!(true));
        body.insert(
            "stream_options".to_owned(),
            json!({ "include_usage": true }),
        );
    }
    for (name, value) in &parameters.extra {
        if RESERVED.contains(&name.as_str()) {
            return Err(refuse(format!(
                "the extra parameter `{name}` is set by Sextant itself"
            )));
        }
        body.insert(name.clone(), value.clone());
    }
    serde_json::to_vec(&Value::Object(body)).map_err(|error| refuse(error.to_string()))
}

/// A whole reply, or one chunk of a stream: they differ in `message` and `delta`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Completion {
    pub(super) error: Option<ErrorObject>,
    choices: Option<Vec<Choice>>,
    usage: Option<UsageFields>,
    model: LooseText,
    id: LooseText,
    system_fingerprint: LooseText,
    provider: LooseText,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Choice {
    index: LooseText,
    finish_reason: LooseText,
    message: Option<Content>,
    delta: Option<Content>,
    error: Option<ErrorObject>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Content {
    content: LooseText,
    refusal: LooseText,
    reasoning_details: LooseText,
    reasoning_content: LooseText,
    reasoning: LooseText,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UsageFields {
    prompt_tokens: LooseText,
    completion_tokens: LooseText,
    total_tokens: LooseText,
    prompt_tokens_details: Option<PromptDetails>,
    completion_tokens_details: Option<CompletionDetails>,
    /// DeepSeek's name for cached tokens.
    prompt_cache_hit_tokens: LooseText,
    /// Moonshot's name for cached tokens.
    cached_tokens: LooseText,
    cost: LooseText,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PromptDetails {
    cached_tokens: LooseText,
    cache_write_tokens: LooseText,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CompletionDetails {
    reasoning_tokens: LooseText,
}

impl UsageFields {
    /// Makes the counts disjoint: the prompt count includes cached tokens.
    fn normalise(&self) -> Usage {
        let details = self.prompt_tokens_details.as_ref();
        let cached = [
            details.and_then(|details| details.cached_tokens.count()),
            self.prompt_cache_hit_tokens.count(),
            self.cached_tokens.count(),
        ];
        let cache_read_tokens = cached.into_iter().flatten().next().unwrap_or(0);
        let cache_write_tokens = details
            .and_then(|details| details.cache_write_tokens.count())
            .unwrap_or(0);
        let prompt = self.prompt_tokens.count().unwrap_or(0);
        let completion = self.completion_tokens.count().unwrap_or(0);
        let reasoning_tokens = self
            .completion_tokens_details
            .as_ref()
            .and_then(|details| details.reasoning_tokens.count())
            .unwrap_or(0);
        // xAI counts reasoning beside the completion, not within it; the total tells.
        let with_reasoning = completion.saturating_add(reasoning_tokens);
        let total_if_beside = prompt.saturating_add(with_reasoning);
        let is_beside = reasoning_tokens > completion
            || (reasoning_tokens > 0 && self.total_tokens.count() == Some(total_if_beside));
        Usage {
            input_uncached_tokens: prompt
                .saturating_sub(cache_read_tokens)
                .saturating_sub(cache_write_tokens),
            cache_read_tokens,
            cache_write_tokens,
            output_tokens: if is_beside {
                with_reasoning
            } else {
                completion
            },
            reasoning_tokens,
            cost_dollars: self.cost.number(),
        }
    }
}

/// What has been read of a reply so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    text: String,
    reasoning: String,
    refusal: String,
    /// The provider's word for why the model stopped.
    pub(super) finish_reason: Option<String>,
    usage: Option<Usage>,
    model: Option<String>,
    id: Option<String>,
    system_fingerprint: Option<String>,
    upstream_provider: Option<String>,
    pub(super) has_choice: bool,
}

impl Gathered {
    /// Adds a whole reply or a chunk, taking its first choice. An error that the
    /// provider put into it is returned instead.
    pub(super) fn add(&mut self, completion: Completion) -> Option<ErrorObject> {
        let is_error = |error: &ErrorObject| !error.is_empty();
        let error = completion.error.filter(is_error);
        if let Some(usage) = &completion.usage {
            self.usage = Some(usage.normalise());
        }
        keep_first(&mut self.model, completion.model);
        keep_first(&mut self.id, completion.id);
        keep_first(&mut self.system_fingerprint, completion.system_fingerprint);
        keep_first(&mut self.upstream_provider, completion.provider);
        let choices = completion.choices.unwrap_or_default();
        let first = choices
            .into_iter()
            .find(|choice| choice.index.count().unwrap_or(0) == 0);
        let Some(choice) = first else { return error };
        if let Some(content) = choice.message.or(choice.delta) {
            self.has_choice = true;
            self.text.push_str(content.content.as_str());
            self.refusal.push_str(content.refusal.as_str());
            let reasoning = [
                &content.reasoning_details,
                &content.reasoning_content,
                &content.reasoning,
            ];
            // The same text may come under several names: the first one counts.
            if let Some(text) = reasoning.iter().map(|t| t.as_str()).find(|t| !t.is_empty()) {
                self.reasoning.push_str(text);
            }
        }
        let error = error.or(choice.error.filter(is_error));
        match choice.finish_reason.non_empty() {
            Some(reason) if reason == "error" && error.is_none() => Some(
                ErrorObject::from_message("the provider ended the reply with an error".into()),
            ),
            // DeepSeek's word for having run out of machines in mid-reply.
            Some(reason) if reason == "insufficient_system_resource" => {
                let codes = vec!["overloaded".to_owned()];
                Some(ErrorObject {
                    codes,
                    ..ErrorObject::from_message(reason)
                })
            }
            Some(reason) => {
                // A withheld reply may come without any message.
                self.has_choice |= reason == "content_filter";
                self.finish_reason = Some(reason);
                error
            }
            None => error,
        }
    }

    /// Bytes of text held.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + self.reasoning.len() + self.refusal.len()
    }

    /// The reply, in no provider's shape.
    pub(super) fn into_reply(self, header_id: Option<String>, latency: Duration) -> Reply {
        let (text, reasoning) = if self.reasoning.is_empty() {
            split_inline_reasoning(self.text)
        } else {
            (self.text, Some(self.reasoning))
        };
        Reply {
            text,
            reasoning,
            stop_reason: stop_reason(self.finish_reason.unwrap_or_default()),
            refusal: Some(self.refusal).filter(|refusal| !refusal.is_empty()),
            usage: self.usage,
            model_returned: self.model,
            system_fingerprint: self.system_fingerprint,
            upstream_provider: self.upstream_provider,
            request_id: header_id.or(self.id),
            latency,
        }
    }
}

fn keep_first(kept: &mut Option<String>, new: LooseText) {
    if kept.is_none() {
        *kept = new.non_empty();
    }
}

fn stop_reason(word: String) -> StopReason {
    match word.as_str() {
        "stop" | "eos" | "end_turn" | "stop_sequence" => StopReason::Stop,
        "length" | "max_tokens" => StopReason::MaxTokens,
        "model_length" | "model_context_window_exceeded" => StopReason::ModelLength,
        "tool_calls" | "function_call" => StopReason::ToolCalls,
        "content_filter" => StopReason::ContentFilter,
        _ => StopReason::Unknown(word),
    }
}

/// Sets `<think>…</think>` at the beginning of a text apart. Without an end tag
/// all of it is reasoning: the tokens ran out before the answer.
fn split_inline_reasoning(text: String) -> (String, Option<String>) {
    let Some(inside) = text.trim_start().strip_prefix("<think>") else {
        return (text, None);
    };
    match inside.split_once("</think>") {
        Some((reasoning, answer)) => (
            answer.trim_start().to_owned(),
            Some(reasoning.trim().to_owned()),
        ),
        None => (String::new(), Some(inside.trim().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Endpoint, Message, ModelName, Parameters, provider};

    fn dialect(provider_name: &str) -> Dialect {
        let name = ModelName::parse(&format!("{provider_name}/m")).unwrap();
        let endpoint: Endpoint =
            provider::resolve(&name, Some("http://h"), &|_| Some("key".to_owned())).unwrap();
        endpoint.dialect
    }

    fn body(provider_name: &str, request: &Request, stream: bool) -> Value {
        let bytes = request_body("m", request, dialect(provider_name), stream).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn reply(json: &str) -> Reply {
        let mut gathered = Gathered::default();
        assert_eq!(gathered.add(serde_json::from_str(json).unwrap()), None);
        gathered.into_reply(None, Duration::ZERO)
    }

    fn error(json: &str) -> ErrorObject {
        Gathered::default()
            .add(serde_json::from_str(json).unwrap())
            .unwrap()
    }

    #[test]
    fn nothing_is_sent_that_was_not_set() {
        let request = Request::from_user("hi");
        let expected = json!({"model": "m", "messages": [{"role": "user", "content": "hi"}]});
        assert_eq!(body("openai", &request, false), expected);
    }

    #[test]
    fn parameters_go_by_the_providers_names() {
        let request = Request {
            messages: vec![
                Message::system("s"),
                Message::user("u"),
                Message::assistant("a"),
            ],
            parameters: Parameters {
                temperature: Some(0.5),
                top_p: Some(0.9),
                max_output_tokens: Some(100),
                seed: Some(7),
                reasoning_effort: Some("high".to_owned()),
                stop: vec!["END".to_owned()],
                extra: Map::from_iter([("top_k".to_owned(), json!(5))]),
            },
        };
        let openai = body("openai", &request, true);
        assert_eq!(openai["max_completion_tokens"], 100);
        assert_eq!(openai["reasoning_effort"], "high");
        assert_eq!(openai["stream_options"]["include_usage"], true);
        assert_eq!(openai["messages"][2]["role"], "assistant");
        assert_eq!(openai["stop"], json!(["END"]));
        assert_eq!(openai["top_k"], 5);
        let openrouter = body("openrouter", &request, false);
        assert_eq!(openrouter["max_tokens"], 100);
        assert_eq!(openrouter["reasoning"]["effort"], "high");
        assert_eq!(openrouter.get("stream"), None);
        assert_eq!(body("mistral", &request, false)["random_seed"], 7);
        assert_eq!(body("vllm", &request, false)["seed"], 7);
    }

    #[test]
    fn what_cannot_be_sent_is_refused_here() {
        let mut request = Request::from_user("hi");
        request.parameters.temperature = Some(f64::NAN);
        let refused = request_body("m", &request, dialect("openai"), false).unwrap_err();
        assert!(refused.to_string().contains("temperature"), "{refused}");
        request.parameters.temperature = None;
        request
            .parameters
            .extra
            .insert("messages".to_owned(), json!([]));
        let refused = request_body("m", &request, dialect("openai"), false).unwrap_err();
        assert!(refused.to_string().contains("`messages`"), "{refused}");
    }

    #[test]
    fn reasoning_is_found_wherever_it_is() {
        let cases = [
            r#"{"content":"a","reasoning_details":[{"type":"reasoning.text","text":"r"}],"reasoning":"r"}"#,
            r#"{"content":"a","reasoning_content":"r"}"#,
            r#"{"content":"a","reasoning_content":null,"reasoning":"r"}"#,
            r#"{"content":"\n<think>\nr\n</think>\n\na"}"#,
            r#"{"content":[{"type":"text","text":"a"}],"reasoning_details":[{"type":"reasoning.encrypted","data":"?"}],"reasoning":"r"}"#,
        ];
        for message in cases {
            let json = format!(r#"{{"choices":[{{"message":{message},"finish_reason":"stop"}}]}}"#);
            let reply = reply(&json);
            assert_eq!(
                (reply.text.as_str(), reply.reasoning.as_deref()),
                ("a", Some("r"))
            );
        }
    }

    #[test]
    fn reasoning_that_ate_all_tokens_is_an_empty_answer() {
        let reply =
            reply(r#"{"choices":[{"message":{"content":"<think>hm"},"finish_reason":"length"}]}"#);
        assert_eq!(reply.text, "");
        assert_eq!(reply.reasoning.as_deref(), Some("hm"));
        assert_eq!(reply.stop_reason, StopReason::MaxTokens);
    }

    #[test]
    fn a_withheld_reply_without_a_message_is_an_answer() {
        let json = r#"{"choices":[{"finish_reason":"content_filter"}]}"#;
        let mut gathered = Gathered::default();
        assert_eq!(gathered.add(serde_json::from_str(json).unwrap()), None);
        assert!(gathered.has_choice);
        assert_eq!(reply(json).stop_reason, StopReason::ContentFilter);
    }

    #[test]
    fn a_tag_within_an_answer_stays() {
        let text = "write </think> after <think>";
        assert_eq!(
            split_inline_reasoning(text.to_owned()),
            (text.to_owned(), None)
        );
    }

    #[test]
    fn usage_is_made_disjoint() {
        let usage = |json: &str| {
            serde_json::from_str::<UsageFields>(json)
                .unwrap()
                .normalise()
        };
        let openrouter = usage(
            r#"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"cost":0.0125,
                "prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":20},
                "completion_tokens_details":{"reasoning_tokens":40}}"#,
        );
        let expected = Usage {
            input_uncached_tokens: 50,
            cache_read_tokens: 30,
            cache_write_tokens: 20,
            output_tokens: 50,
            reasoning_tokens: 40,
            cost_dollars: Some(0.0125),
        };
        assert_eq!(openrouter, expected);
        let xai = usage(
            r#"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":115,
                "completion_tokens_details":{"reasoning_tokens":100}}"#,
        );
        assert_eq!((xai.output_tokens, xai.reasoning_tokens), (105, 100));
        let deepseek = usage(r#"{"prompt_tokens":10,"prompt_cache_hit_tokens":4}"#);
        assert_eq!(
            (deepseek.input_uncached_tokens, deepseek.cache_read_tokens),
            (6, 4)
        );
        let nonsense = usage(
            r#"{"prompt_tokens":-1,"completion_tokens":"x","prompt_tokens_details":{"cached_tokens":9}}"#,
        );
        assert_eq!(
            (nonsense.input_uncached_tokens, nonsense.output_tokens),
            (0, 0)
        );
    }

    #[test]
    fn errors_inside_a_success_are_found() {
        let top = error(r#"{"error":{"code":429,"message":"slow"},"choices":[]}"#);
        assert_eq!((top.status, top.message.as_str()), (Some(429), "slow"));
        let inner = error(
            r#"{"choices":[{"finish_reason":"error","message":{"content":"par"},
                "error":{"code":502,"message":"upstream"}}]}"#,
        );
        assert_eq!(inner.message, "upstream");
        let bare = error(r#"{"choices":[{"finish_reason":"error","message":{"content":"par"}}]}"#);
        assert!(bare.message.contains("error"));
        let no_room = error(r#"{"choices":[{"finish_reason":"insufficient_system_resource"}]}"#);
        assert!(no_room.has_code(&["overloaded"]));
        assert_eq!(
            reply(r#"{"error":null,"choices":[{"message":{"content":"a"}}]}"#).text,
            "a"
        );
    }

    #[test]
    fn every_word_for_stopping() {
        let pairs = [
            ("stop", StopReason::Stop),
            ("length", StopReason::MaxTokens),
            ("model_length", StopReason::ModelLength),
            ("function_call", StopReason::ToolCalls),
            ("content_filter", StopReason::ContentFilter),
            ("weird", StopReason::Unknown("weird".to_owned())),
        ];
        for (word, expected) in pairs {
            assert_eq!(stop_reason(word.to_owned()), expected);
        }
    }
}
