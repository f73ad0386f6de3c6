//! What the parser says about common mistakes. SANY rejects each of these modules too.

use tla::diagnostic::{Severity, render};
use tla::source::SourceMap;
use tla::syntax::parse_module;

/// Cases as `%% line:column words of the message or help`, then the module between header and end.
const MISTAKES: &str = include_str!("mistakes.txt");

#[test]
fn every_mistake_is_placed_and_explained() {
    let mut cases = 0;
    for case in MISTAKES.split("%% ").skip(1) {
        let (head, body) = case.split_once('\n').unwrap();
        let (place, words) = head.split_once(' ').unwrap();
        let text = format!("---- MODULE M ----\nEXTENDS Naturals, Sequences\n{body}====\n");
        let mut sources = SourceMap::default();
        let file = sources.add("M.tla", text.as_str());
        let parsed = parse_module(file, &text);
        assert!(parsed.module.is_none(), "accepted: {body}");
        let first = parsed.diagnostics.first().unwrap();
        assert_eq!(first.severity, Severity::Error);
        let shown = render(first, &sources);
        assert!(
            shown.contains(&format!("--> M.tla:{place}\n")),
            "{head}\n{shown}"
        );
        assert!(shown.contains(words), "{head}\n{shown}");
        cases += 1;
    }
    assert!(cases > 60);
}

#[test]
fn goes_on_at_the_next_unit() {
    let text = "---- MODULE M ----\nA == 1 +\nB == (2\nC == 3\nD == LET x == ) IN 4\nVARIABLE v,\n\
                E == 5\n====\n";
    let mut sources = SourceMap::default();
    let file = sources.add("M.tla", text);
    let lines: Vec<u32> = parse_module(file, text)
        .diagnostics
        .iter()
        .map(|found| sources.location(found.span.unwrap()).begin.line)
        .collect();
    assert_eq!(lines, [3, 4, 5, 7]);
}

#[test]
fn gives_at_most_twenty_diagnostics() {
    let text = format!("---- MODULE M ----\n{}====\n", "A == )\n".repeat(100));
    let mut sources = SourceMap::default();
    let file = sources.add("M.tla", text.as_str());
    assert_eq!(parse_module(file, &text).diagnostics.len(), 20);
}
