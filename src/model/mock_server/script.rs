//! What the fake server is to do, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The fake server's behaviour. Without any steps or rules it answers every
/// request at once with `reply`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MockScript {
    /// The text of a normal answer.
    pub reply: String,
    /// Answer with the last user message instead.
    pub echo: bool,
    /// Wait before every reply, in milliseconds.
    pub latency_ms: u64,
    /// Token counts to report; estimated from the texts when absent.
    pub usage: Option<MockUsage>,
    /// The `finish_reason` of a normal answer.
    pub finish_reason: String,
    /// The only models served; empty serves every name.
    pub models: Vec<String>,
    /// If set, requests need this key (`Authorization: Bearer …`).
    pub key: Option<String>,
    /// What happens to the first request, the second, and so on.
    pub steps: Vec<Step>,
    /// Begin again with the first step after the last; otherwise the requests
    /// after the last step are answered normally.
    pub cycle: bool,
    /// Answers by content: the first rule that matches the last user message wins.
    pub rules: Vec<Rule>,
}

impl Default for MockScript {
    fn default() -> Self {
        Self {
            reply: "ok".to_owned(),
            echo: false,
            latency_ms: 0,
            usage: None,
            finish_reason: "stop".to_owned(),
            models: Vec::new(),
            key: None,
            steps: Vec::new(),
            cycle: false,
            rules: Vec::new(),
        }
    }
}

/// Token counts as OpenAI's wire reports them: `prompt_tokens` includes cached
/// ones, `completion_tokens` includes reasoning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MockUsage {
    /// Tokens of input.
    pub prompt_tokens: u64,
    /// The part of them from the cache.
    pub cached_tokens: u64,
    /// Tokens of output.
    pub completion_tokens: u64,
    /// The part of them spent on reasoning.
    pub reasoning_tokens: u64,
    /// A price in US dollars, as OpenRouter reports it.
    pub cost: Option<f64>,
}

/// An answer for requests whose last user message contains a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The text to look for.
    pub contains: String,
    /// The answer.
    pub reply: String,
}

/// One thing to do, for one request or several in a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What to do; in a file, `do = "drop"` or `do = { reply = { text = "…" } }`.
    #[serde(rename = "do")]
    pub action: Action,
    /// For how many requests.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl Step {
    /// Does `action` for one request.
    #[must_use]
    pub fn once(action: Action) -> Self {
        Self { action, times: 1 }
    }

    /// Does `action` for `times` requests.
    #[must_use]
    pub fn repeated(action: Action, times: u32) -> Self {
        Self { action, times }
    }
}

/// What the server does with a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Answers as if there were no steps: by rule, echo or the default reply.
    Answer,
    /// Answers with this text.
    Reply {
        /// The text.
        text: String,
    },
    /// 429, with a `retry-after` header if a time is given.
    RateLimit {
        /// Seconds to announce.
        #[serde(default)]
        retry_after_seconds: Option<f64>,
    },
    /// 429 with OpenAI's code for an account without money.
    InsufficientQuota,
    /// 503 or 529.
    Overloaded {
        /// The status.
        #[serde(default = "service_unavailable")]
        status: u16,
    },
    /// Any status, headers and body.
    Status {
        /// The status.
        status: u16,
        /// Further headers.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The body, sent as JSON.
        #[serde(default)]
        body: String,
    },
    /// 401, repeating the key that was sent, as some servers do.
    Unauthorized,
    /// 404 for the model.
    UnknownModel,
    /// 400: the messages exceed the context.
    ContextLength,
    /// Closes the connection without a reply.
    Drop,
    /// Sends the headers and half of the body, then closes the connection.
    Half,
    /// Streams half of the answer, then closes the connection. Without `stream`
    /// in the request, the same as `half`.
    HalfStream,
    /// Streams half of the answer and ends the stream in good order, without a
    /// finish reason. Without `stream` in the request, the same as `half`.
    UnfinishedStream,
    /// Streams half of the answer, then an error object, all under status 200.
    /// Without `stream` in the request, a whole body that holds the error.
    ErrorInside,
    /// 200 with a web page.
    Html,
    /// 200 with broken JSON.
    MalformedJson,
    /// 200 with bytes that are not UTF-8 inside the JSON.
    BadUtf8,
    /// 200 with JSON that has no choices.
    NoChoices,
    /// 200 with an answer of this many bytes.
    Oversized {
        /// Length of the text.
        text_bytes: usize,
    },
    /// Never replies, and keeps the connection.
    Hang,
    /// 200 with a refusal in place of content.
    Refusal,
    /// 200 with empty content and `finish_reason` `length`: reasoning took it all.
    Empty,
    /// 200 with null content and `finish_reason` `content_filter`.
    ContentFilter,
}

fn service_unavailable() -> u16 {
    503
}

impl MockScript {
    /// What to do with request number `index`, counted from 0.
    pub(super) fn action(&self, index: u64) -> &Action {
        let total: u64 = self.steps.iter().map(|step| u64::from(step.times)).sum();
        let mut position = match index.checked_rem(total) {
            Some(position) if self.cycle => position,
            _ => index,
        };
        for step in &self.steps {
            match position.checked_sub(u64::from(step.times)) {
                Some(rest) => position = rest,
                None => return &step.action,
            }
        }
        &Action::Answer
    }

    /// The text of a normal answer to this message.
    pub(super) fn answer(&self, last_user_message: &str) -> String {
        let matches = |rule: &&Rule| last_user_message.contains(&rule.contains);
        match self.rules.iter().find(matches) {
            Some(rule) => rule.reply.clone(),
            None if self.echo => last_user_message.to_owned(),
            None => self.reply.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(cycle: bool) -> MockScript {
        let steps = vec![
            Step::repeated(Action::Drop, 2),
            Step::repeated(Action::Hang, 0),
            Step::once(Action::Html),
        ];
        MockScript {
            steps,
            cycle,
            ..MockScript::default()
        }
    }

    #[test]
    fn steps_run_in_order_then_end_or_begin_again() {
        let actions = |script: &MockScript| -> Vec<Action> {
            (0..5).map(|index| script.action(index).clone()).collect()
        };
        use Action::{Answer, Drop, Html};
        assert_eq!(actions(&script(false)), [Drop, Drop, Html, Answer, Answer]);
        assert_eq!(actions(&script(true)), [Drop, Drop, Html, Drop, Drop]);
        let empty = MockScript {
            cycle: true,
            ..MockScript::default()
        };
        assert_eq!(empty.action(u64::MAX), &Answer);
    }

    #[test]
    fn a_rule_comes_before_the_default() {
        let rule = Rule {
            contains: "two".to_owned(),
            reply: "2".to_owned(),
        };
        let mut script = MockScript {
            rules: vec![rule],
            ..MockScript::default()
        };
        assert_eq!(script.answer("one two"), "2");
        assert_eq!(script.answer("one"), "ok");
        script.echo = true;
        assert_eq!(script.answer("one"), "one");
    }

    #[test]
    fn reads_from_toml_and_survives_json() {
        let text = r#"
            reply = "default"
            latency_ms = 5
            cycle = true
            steps = [
              { do = "answer", times = 9 },
              { do = { rate_limit = { retry_after_seconds = 0.5 } }, times = 3 },
              { do = { overloaded = { status = 529 } } },
              { do = { overloaded = {} } },
              { do = "half_stream" },
            ]
            [usage]
            prompt_tokens = 10
            [[rules]]
            contains = "capital of France"
            reply = "Paris"
        "#;
        let script: MockScript = toml::from_str(text).unwrap();
        let limit = Action::RateLimit {
            retry_after_seconds: Some(0.5),
        };
        assert_eq!(script.steps[1], Step::repeated(limit, 3));
        assert_eq!(
            script.steps[3],
            Step::once(Action::Overloaded { status: 503 })
        );
        assert_eq!(script.rules[0].reply, "Paris");
        let json = serde_json::to_string(&script).unwrap();
        assert_eq!(serde_json::from_str::<MockScript>(&json).unwrap(), script);
        assert!(toml::from_str::<MockScript>("replyy = \"x\"").is_err());
    }
}
