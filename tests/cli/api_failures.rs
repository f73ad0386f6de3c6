//! Every way a model API can fail: what is the model's doing is scored, what is not never is.

use std::time::{Duration, Instant};

use super::support::{Ended, MODEL, Project, Server, right_script};
use sextant::model::mock_server::{Action, MockScript, Step};

/// A server that does `step` first and then answers right.
fn server(step: Step) -> Server {
    Server::start(MockScript {
        steps: vec![step],
        ..right_script()
    })
}

/// Lets the first of two questions meet `action`, without a second try: it must not be scored, the
/// other must, and the next run must make up for it.
fn never_a_score(action: Action, options: &[&str], complaint: &str) {
    let project = Project::with_facts(2);
    let server = server(Step::once(action));
    let one_try = ["--max-tries", "1", "--concurrency", "1"];
    let options: Vec<&str> = one_try.iter().chain(options).copied().collect();
    project
        .ask(&server, "r", &options)
        .with_code(3)
        .complains_of(&["facts/q00", complaint, "run the same command again"]);
    let attempts = project.attempts("r");
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0]["outcome"]["kind"], "infra_error");
    assert_eq!(attempts[0]["outcome"]["stage"], "ask");
    assert!(attempts[0]["score_binarized"].is_null());
    assert_eq!(attempts[1]["outcome"]["success"], true);
    project.ask(&server, "r", &options).with_code(0);
    project.assert_scored_once("r", 2);
    assert_eq!(server.requests(), 3);
}

/// Lets the first of two questions meet `action`: it must be scored 0.
fn scored_zero(action: Action, limit: Option<&str>) {
    let project = Project::with_facts(2);
    let server = server(Step::once(action));
    project
        .ask(&server, "r", &["--concurrency", "1"])
        .with_code(0);
    let attempts = project.attempts("r");
    assert_eq!(attempts[0]["outcome"]["kind"], "scored");
    assert_eq!(attempts[0]["outcome"]["score"], 0.0);
    assert_eq!(attempts[0]["outcome"]["limit"].as_str(), limit);
    assert_eq!(attempts[0]["score_binarized"], 0);
    assert_eq!(attempts[1]["score_binarized"], 1);
    assert_eq!(server.requests(), 2);
}

/// Lets every question meet `action`: the first must end all asking, with the reason said.
fn ends_the_asking(action: Action, reason: &str) {
    let project = Project::with_facts(8);
    let server = server(Step::repeated(action, 1_000));
    project
        .ask(&server, "r", &["--concurrency", "1"])
        .with_code(3)
        .complains_of(&[
            &format!("gave up on {MODEL}"),
            reason,
            "8 attempts are not scored yet",
        ]);
    assert_eq!(server.requests(), 1, "asking stops at once");
    assert!(project.scored("r").is_empty());
}

#[test]
fn a_burst_of_rate_limits_is_waited_out() {
    let project = Project::with_facts(3);
    let limit = Action::RateLimit {
        retry_after_seconds: Some(0.1),
    };
    let server = server(Step::repeated(limit, 4));
    project.ask(&server, "r", &[]).with_code(0);
    project.assert_scored_once("r", 3);
    assert_eq!(server.requests(), 7);
}

#[test]
fn one_bad_moment_of_every_kind_is_retried() {
    let actions = [
        Action::Drop,
        Action::Html,
        Action::Half,
        Action::MalformedJson,
        Action::Overloaded { status: 529 },
        Action::ErrorInside,
    ];
    let project = Project::with_facts(actions.len());
    let server = Server::start(MockScript {
        steps: actions.map(Step::once).into(),
        ..right_script()
    });
    project.ask(&server, "r", &[]).with_code(0);
    project.assert_scored_once("r", 6);
    assert_eq!(server.requests(), 12);
}

#[test]
fn a_rejected_key_ends_the_asking() {
    ends_the_asking(Action::Unauthorized, "does not accept the key");
}

#[test]
fn an_empty_account_ends_the_asking() {
    ends_the_asking(Action::InsufficientQuota, "no money or quota left");
}

#[test]
fn a_model_that_the_server_does_not_know_ends_the_asking() {
    ends_the_asking(Action::UnknownModel, "no such model or address");
}

#[test]
fn one_lost_model_does_not_stop_the_other() {
    let project = Project::with_facts(4);
    let server = Server::start(MockScript {
        models: vec!["good".into()],
        ..right_script()
    });
    let url = server.url();
    project
        .sextant(&[
            "run",
            "--suite",
            "facts",
            "--model",
            "local/bad,local/good",
            "--base-url",
            &url,
            "--run",
            "r",
        ])
        .with_code(3)
        .complains_of(&["gave up on local/bad", "4 attempts are not scored yet"]);
    project.assert_scored_once("r", 4);
}

#[test]
fn a_server_that_hangs_is_given_up_in_time() {
    let begun = Instant::now();
    never_a_score(Action::Hang, &["--call-timeout", "1"], "timed out");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_closed_connection_is_never_a_score() {
    never_a_score(Action::Drop, &[], "connection failed");
}

#[test]
fn a_web_page_is_never_a_score() {
    never_a_score(Action::Html, &[], "malformed reply");
}

#[test]
fn half_a_reply_is_never_a_score() {
    never_a_score(Action::Half, &[], "q00");
}

#[test]
fn half_a_stream_is_never_a_score() {
    never_a_score(Action::HalfStream, &["--stream"], "q00");
}

#[test]
fn a_stream_without_an_end_is_never_a_score() {
    never_a_score(Action::UnfinishedStream, &["--stream"], "malformed reply");
}

#[test]
fn malformed_json_is_never_a_score() {
    never_a_score(Action::MalformedJson, &[], "malformed reply");
}

#[test]
fn bytes_that_are_no_text_are_never_a_score() {
    never_a_score(Action::BadUtf8, &[], "malformed reply");
}

#[test]
fn an_error_inside_a_stream_is_never_a_score() {
    never_a_score(Action::ErrorInside, &["--stream"], "upstream went away");
}

#[test]
fn rate_limits_without_end_are_never_a_score() {
    let limit = Action::RateLimit {
        retry_after_seconds: None,
    };
    never_a_score(limit, &[], "rate limited");
}

#[test]
fn a_refusal_is_scored_zero() {
    scored_zero(Action::Refusal, None);
}

#[test]
fn an_empty_reply_is_scored_zero_at_its_limit() {
    scored_zero(Action::Empty, Some("tokens"));
}

#[test]
fn a_filtered_reply_is_scored_zero() {
    scored_zero(Action::ContentFilter, None);
}

#[test]
fn a_prompt_beyond_the_context_is_scored_at_that_limit() {
    scored_zero(Action::ContextLength, Some("context"));
}

#[test]
fn nobody_at_the_address_is_never_a_score() {
    let project = Project::with_facts(1);
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/v1");
    let run = [
        "run",
        "--suite",
        "facts",
        "--model",
        MODEL,
        "--base-url",
        &url,
        "--run",
        "r",
        "--max-tries",
        "1",
    ];
    let ended: Ended = project.sextant(&run).with_code(3);
    ended.complains_of(&["connection failed"]);
    assert!(project.scored("r").is_empty());
}

#[test]
fn streamed_replies_are_scored_like_whole_ones() {
    let project = Project::with_facts(3);
    let server = Server::right(0);
    project.ask(&server, "r", &["--stream"]).with_code(0);
    project.assert_scored_once("r", 3);
    assert!(
        project
            .attempts("r")
            .iter()
            .all(|attempt| attempt["score_binarized"] == 1)
    );
}
