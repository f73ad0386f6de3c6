//! The words of a module.

use super::lexer::tokenize;
use super::token::TokenKind;
use crate::source::FileId;

/// The words of the first module in a text, as they are written: names, numbers, reserved words and
/// symbols, with repetitions, but no strings.
pub(crate) fn words(file: FileId, text: &str) -> impl Iterator<Item = &str> {
    let tokens = tokenize(file, text).tokens.into_iter();
    tokens
        .filter(|token| !matches!(token.kind, TokenKind::String | TokenKind::End))
        .filter_map(|token| text.get(token.start as usize..token.end as usize))
}

#[test]
fn words_are_what_is_read() {
    let text =
        "title\n---- MODULE M ----\nA(x) == x+12 \\* note\n(* note *)\nB == {\"s\"}\n====\nend";
    let found: Vec<_> = words(FileId(0), text).collect();
    let expected = [
        "---- MODULE",
        "M",
        "----",
        "A",
        "(",
        "x",
        ")",
        "==",
        "x",
        "+",
        "12",
        "B",
        "==",
        "{",
        "}",
        "====",
    ];
    assert_eq!(found, expected);
}
