//! Every way a call can end, over real sockets, against the scripted server.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sextant::model::mock_server::{Action, MockScript, MockServer, MockUsage, Rule, Step};
use sextant::model::{
    CallError, ConnectOptions, Model, ModelName, Parameters, Reply, Request, RetryPolicy,
    StopReason, Try, connect, generate_with_retries,
};

/// What all tests need; marked as test code so that it may unwrap.
#[cfg(test)]
mod support {
    use super::*;

    pub(super) const KEY: &str = "test-key-0123456789";

    pub(super) async fn serve(script: MockScript) -> MockServer {
        MockServer::start(script, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .await
            .unwrap()
    }

    pub(super) fn steps<const N: usize>(actions: [Action; N]) -> MockScript {
        MockScript {
            steps: actions.map(Step::once).into(),
            ..MockScript::default()
        }
    }

    pub(super) fn options(server: &MockServer) -> ConnectOptions {
        ConnectOptions {
            base_url: Some(server.url()),
            ..ConnectOptions::default()
        }
    }

    pub(super) fn client_named(name: &str, options: &ConnectOptions) -> Arc<dyn Model> {
        let settings = |variable: &str| variable.ends_with("_API_KEY").then(|| KEY.to_owned());
        connect(&ModelName::parse(name).unwrap(), options, &settings).unwrap()
    }

    pub(super) fn client(options: &ConnectOptions) -> Arc<dyn Model> {
        client_named("openai/test-model", options)
    }

    /// Both ways of asking: at once and streamed.
    pub(super) fn both(server: &MockServer) -> [Arc<dyn Model>; 2] {
        [false, true].map(|stream| {
            client(&ConnectOptions {
                stream,
                ..options(server)
            })
        })
    }

    pub(super) async fn ask(model: &Arc<dyn Model>) -> Result<Reply, CallError> {
        model.generate(&Request::from_user("a question")).await
    }

    /// Asks once in each way and returns the errors.
    pub(super) async fn errors(action: Action) -> [CallError; 2] {
        let server = serve(steps([action.clone(), action])).await;
        let [plain, streamed] = both(&server);
        let found = [
            ask(&plain).await.unwrap_err(),
            ask(&streamed).await.unwrap_err(),
        ];
        for error in &found {
            let text = format!("{error} {error:?}");
            assert!(!text.contains(KEY), "{text}");
        }
        found
    }

    pub(super) async fn fails_as(action: Action, kind: &str, transient: bool, fatal: bool) {
        for error in errors(action.clone()).await {
            assert_eq!(error.kind(), kind, "{action:?}: {error}");
            assert_eq!(error.is_transient(), transient, "{action:?}: {error}");
            assert_eq!(error.is_fatal_for_model(), fatal, "{action:?}: {error}");
        }
    }

    pub(super) fn quick() -> RetryPolicy {
        RetryPolicy {
            first_wait: Duration::from_millis(5),
            ..RetryPolicy::default()
        }
    }

    pub(super) async fn ask_with_retries(
        model: &Arc<dyn Model>,
        policy: &RetryPolicy,
    ) -> (Result<Reply, CallError>, Vec<Try>) {
        let request = Request::from_user("a question");
        generate_with_retries(model.as_ref(), &request, policy, &|_| {}).await
    }
}

use support::*;

#[tokio::test]
async fn an_answer_arrives_whole_either_way() {
    let text = "Grüße, ∀x ∈ S: 🙂 and a text long enough for a few chunks of a stream.\n\nEnd.";
    let usage = MockUsage {
        prompt_tokens: 100,
        cached_tokens: 40,
        completion_tokens: 30,
        reasoning_tokens: 20,
        cost: Some(0.5),
    };
    let server = serve(MockScript {
        reply: text.to_owned(),
        usage: Some(usage),
        ..MockScript::default()
    })
    .await;
    for (index, model) in both(&server).iter().enumerate() {
        let reply = ask(model).await.unwrap();
        assert_eq!(reply.text, text);
        assert_eq!(reply.stop_reason, StopReason::Stop);
        assert_eq!(reply.model_returned.as_deref(), Some("test-model"));
        assert_eq!(reply.request_id, Some(index.to_string()));
        let usage = reply.usage.unwrap();
        assert_eq!(usage.input_uncached_tokens, 60);
        assert_eq!(usage.cache_read_tokens, 40);
        assert_eq!((usage.output_tokens, usage.reasoning_tokens), (30, 20));
        assert_eq!(usage.cost_dollars, Some(0.5));
        assert!(reply.latency > Duration::ZERO);
    }
    assert_eq!(server.requests_served(), 2);
}

#[tokio::test]
async fn the_request_on_the_wire_is_what_was_asked_and_no_more() {
    let server = serve(MockScript {
        key: Some(KEY.to_owned()),
        ..MockScript::default()
    })
    .await;
    let sent = async |name: &str, parameters: Parameters| -> serde_json::Value {
        let mut request = Request::from_user("a question");
        request.parameters = parameters;
        client_named(name, &options(&server))
            .generate(&request)
            .await
            .unwrap();
        serde_json::from_slice(server.last_request().unwrap().body()).unwrap()
    };
    let bare = sent("openai/gpt-x", Parameters::default()).await;
    let messages = serde_json::json!([{"role": "user", "content": "a question"}]);
    assert_eq!(
        bare,
        serde_json::json!({"model": "gpt-x", "messages": messages})
    );
    let last = server.last_request().unwrap();
    assert_eq!(
        last.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(last.header("content-type"), Some("application/json"));

    let limit = Parameters {
        max_output_tokens: Some(9),
        ..Parameters::default()
    };
    assert_eq!(
        sent("openai/gpt-x", limit.clone()).await["max_completion_tokens"],
        9
    );
    let other = sent("openai-api/my-co/org/model", limit).await;
    assert_eq!(
        (&other["max_tokens"], &other["model"]),
        (&9.into(), &"org/model".into())
    );
}

#[tokio::test]
async fn what_the_model_says_is_an_answer_however_useless() {
    for stream in [false, true] {
        let server = serve(steps([
            Action::Refusal,
            Action::Empty,
            Action::ContentFilter,
        ]))
        .await;
        let model = client(&ConnectOptions {
            stream,
            ..options(&server)
        });
        let refusal = ask(&model).await.unwrap();
        assert_eq!(refusal.text, "");
        assert!(refusal.refusal.unwrap().contains("cannot help"));
        let empty = ask(&model).await.unwrap();
        assert_eq!(
            (empty.text.as_str(), empty.stop_reason),
            ("", StopReason::MaxTokens)
        );
        let filtered = ask(&model).await.unwrap();
        assert_eq!(filtered.stop_reason, StopReason::ContentFilter);
    }
}

#[tokio::test]
async fn failures_that_may_pass() {
    fails_as(
        Action::RateLimit {
            retry_after_seconds: None,
        },
        "rate_limited",
        true,
        false,
    )
    .await;
    fails_as(
        Action::Overloaded { status: 503 },
        "overloaded",
        true,
        false,
    )
    .await;
    fails_as(
        Action::Overloaded { status: 529 },
        "overloaded",
        true,
        false,
    )
    .await;
    fails_as(Action::ErrorInside, "server_error", true, false).await;
    fails_as(Action::Drop, "connection", true, false).await;
    let broken = [
        Action::Half,
        Action::HalfStream,
        Action::UnfinishedStream,
        Action::Html,
        Action::MalformedJson,
        Action::BadUtf8,
        Action::NoChoices,
    ];
    for action in broken {
        fails_as(action, "malformed_reply", true, false).await;
    }
}

#[tokio::test]
async fn failures_that_will_not_pass() {
    fails_as(Action::InsufficientQuota, "spent_money", false, true).await;
    fails_as(Action::Unauthorized, "unauthorized", false, true).await;
    fails_as(Action::UnknownModel, "unknown_model", false, true).await;
    fails_as(Action::ContextLength, "context_length", false, false).await;
    let status = |status, headers: &[(&str, &str)], body: &str| Action::Status {
        status,
        headers: headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        body: body.to_owned(),
    };
    fails_as(status(402, &[], ""), "spent_money", false, true).await;
    fails_as(
        status(422, &[], r#"{"detail":"no"}"#),
        "bad_request",
        false,
        false,
    )
    .await;
    fails_as(
        status(307, &[("location", "/elsewhere")], ""),
        "unknown_model",
        false,
        true,
    )
    .await;
    fails_as(
        status(500, &[("x-should-retry", "false")], ""),
        "server_error",
        false,
        false,
    )
    .await;
}

#[tokio::test]
async fn messages_say_where_to_look() {
    let [unauthorized, _] = errors(Action::Unauthorized).await;
    assert!(
        unauthorized.to_string().contains("OPENAI_API_KEY"),
        "{unauthorized}"
    );
    assert!(
        unauthorized.to_string().contains("[redacted]"),
        "{unauthorized}"
    );
    assert_eq!(unauthorized.status(), Some(401));
    assert_eq!(unauthorized.request_id(), Some("0"));
    let [unknown, _] = errors(Action::UnknownModel).await;
    assert!(
        unknown
            .to_string()
            .contains("`test-model` at http://127.0.0.1"),
        "{unknown}"
    );
    let [html, _] = errors(Action::Html).await;
    assert!(html.to_string().contains("<html><body>Welcome"), "{html}");
    let [half, streamed] = errors(Action::HalfStream).await;
    assert!(half.to_string().contains("cut off"), "{half}");
    assert!(streamed.to_string().contains("cut off"), "{streamed}");
}

#[tokio::test]
async fn a_server_that_hangs_is_left_in_time() {
    let server = serve(steps([Action::Hang, Action::Hang])).await;
    for stream in [false, true] {
        let total_timeout = Duration::from_millis(150);
        let model = client(&ConnectOptions {
            stream,
            total_timeout,
            ..options(&server)
        });
        let started = Instant::now();
        let error = ask(&model).await.unwrap_err();
        assert_eq!(error.kind(), "timeout", "{error}");
        assert!(error.is_transient());
        assert!(started.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn nobody_listening_is_a_connection_error() {
    let server = serve(MockScript::default()).await;
    let model = client(&options(&server));
    server.shutdown().await;
    let error = ask(&model).await.unwrap_err();
    assert_eq!(error.kind(), "connection", "{error}");
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_reply_beyond_the_limit_is_refused() {
    let oversized = Action::Oversized {
        text_bytes: 300_000,
    };
    let server = serve(steps([oversized.clone(), oversized, Action::Answer])).await;
    for stream in [false, true] {
        let model = client(&ConnectOptions {
            stream,
            max_reply_bytes: 100_000,
            ..options(&server)
        });
        let error = ask(&model).await.unwrap_err();
        assert_eq!(error.kind(), "reply_too_large", "{error}");
        assert!(!error.is_transient());
    }
    assert_eq!(ask(&client(&options(&server))).await.unwrap().text, "ok");
}

#[tokio::test]
async fn recovers_from_a_run_of_failures() {
    let hurdles = [
        Action::RateLimit {
            retry_after_seconds: Some(0.02),
        },
        Action::Overloaded { status: 529 },
        Action::Drop,
        Action::Half,
        Action::HalfStream,
        Action::Html,
        Action::BadUtf8,
        Action::ErrorInside,
    ];
    let count = hurdles.len();
    let policy = RetryPolicy {
        longest_wait: Duration::from_millis(20),
        ..quick()
    };
    for stream in [false, true] {
        let server = serve(steps(hurdles.clone())).await;
        let model = client(&ConnectOptions {
            stream,
            ..options(&server)
        });
        let (result, tries) = ask_with_retries(&model, &policy).await;
        assert_eq!(result.unwrap().text, "ok");
        assert_eq!(tries.len(), count);
        assert_eq!(server.requests_served(), count as u64 + 1);
        assert_eq!(tries[0].error.status(), Some(429));
        assert!(tries[0].waited >= Duration::from_millis(20));
        assert!(tries.iter().all(|this| !this.waited.is_zero()));
    }
}

#[tokio::test]
async fn waits_named_in_any_header_are_kept() {
    let limited = |name: &str, value: &str| Action::Status {
        status: 429,
        headers: BTreeMap::from([(name.to_owned(), value.to_owned())]),
        body: r#"{"error":{"message":"slow down"}}"#.to_owned(),
    };
    let server = serve(steps([
        limited("retry-after-ms", "60"),
        limited("retry-after", "0.06"),
        limited("x-ratelimit-reset-requests", "60ms"),
    ]))
    .await;
    let started = Instant::now();
    let (result, tries) = ask_with_retries(&client(&options(&server)), &quick()).await;
    assert!(result.is_ok());
    let kept = Duration::from_millis(60)..Duration::from_millis(66);
    assert!(
        tries.iter().all(|this| kept.contains(&this.waited)),
        "{tries:?}"
    );
    assert!(started.elapsed() >= Duration::from_millis(180));
}

#[tokio::test]
async fn money_and_keys_are_never_retried() {
    for action in [
        Action::InsufficientQuota,
        Action::Unauthorized,
        Action::UnknownModel,
    ] {
        let server = serve(steps([action])).await;
        let (result, tries) = ask_with_retries(&client(&options(&server)), &quick()).await;
        assert!(result.unwrap_err().is_fatal_for_model());
        assert_eq!((tries.len(), server.requests_served()), (1, 1));
    }
}

#[tokio::test]
async fn the_servers_own_checks_work() {
    let rule = Rule {
        contains: "France".to_owned(),
        reply: "Paris".to_owned(),
    };
    let script = MockScript {
        key: Some("another-key".to_owned()),
        models: vec!["one".to_owned()],
        rules: vec![rule],
        ..MockScript::default()
    };
    let server = serve(script).await;
    let asks = |name: &'static str, key: &'static str| {
        let settings = move |variable: &str| (variable == "LOCAL_API_KEY").then(|| key.to_owned());
        connect(
            &ModelName::parse(name).unwrap(),
            &options(&server),
            &settings,
        )
        .unwrap()
    };
    assert_eq!(
        ask(&asks("local/one", "wrong-key"))
            .await
            .unwrap_err()
            .kind(),
        "unauthorized"
    );
    assert_eq!(
        ask(&asks("local/two", "another-key"))
            .await
            .unwrap_err()
            .kind(),
        "unknown_model"
    );
    let model = asks("local/one", "another-key");
    assert_eq!(ask(&model).await.unwrap().text, "ok");
    let request = Request::from_user("The capital of France?");
    assert_eq!(model.generate(&request).await.unwrap().text, "Paris");
}

#[tokio::test]
async fn many_calls_really_run_at_once() {
    // More than the hundred connections or streams at which many clients stop.
    const CALLS: u32 = 300;
    let hang = Step::repeated(Action::Hang, CALLS);
    let server = serve(MockScript {
        steps: vec![hang],
        ..MockScript::default()
    })
    .await;
    let model = client(&options(&server));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CALLS {
        let model = Arc::clone(&model);
        calls.spawn(async move { ask(&model).await.map(|reply| reply.text) });
    }
    let all_arrived = async {
        while server.most_in_flight() < u64::from(CALLS) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(20), all_arrived).await;
    assert!(
        in_time.is_ok(),
        "only {} calls ran at once",
        server.most_in_flight()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_reach_the_calls_they_belong_to() {
    let server = serve(MockScript {
        echo: true,
        ..MockScript::default()
    })
    .await;
    for model in both(&server) {
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..100 {
            let model = Arc::clone(&model);
            calls.spawn(async move {
                let request = Request::from_user(format!("call {number}"));
                (number, model.generate(&request).await.unwrap().text)
            });
        }
        while let Some(done) = calls.join_next().await {
            let (number, text) = done.unwrap();
            assert_eq!(text, format!("call {number}"));
        }
    }
}

/// Prints the cost of a call; run it with `--ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn ten_thousand_calls() {
    let server = serve(MockScript::default()).await;
    for stream in [false, true] {
        let started = Instant::now();
        let model = client(&ConnectOptions {
            stream,
            ..options(&server)
        });
        println!("{:?} to set up a client", started.elapsed());
        let started = Instant::now();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let model = Arc::clone(&model);
            calls.spawn(async move {
                for _ in 0..10_000 / 50 {
                    ask(&model).await.unwrap();
                }
            });
        }
        while let Some(done) = calls.join_next().await {
            done.unwrap();
        }
        println!("stream {stream}: {:?} for 10,000 calls", started.elapsed());
    }
}
