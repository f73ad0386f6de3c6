//! PlusCal algorithms in comments: whether their translation to TLA+ is there and untouched.
//!
//! The translator writes the translation between `\* BEGIN TRANSLATION` and `\* END TRANSLATION`
//! and records two checksums on the first of these lines. That of the TLA+ text is checked here;
//! that of the algorithm is over the translator's own tree of it and cannot be.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Warnings about the PlusCal algorithm in the text of a module, if it has one.
pub(super) fn check(text: &str, module: Span) -> Option<Diagnostic> {
    let source = text.get(module.start as usize..module.end as usize)?;
    let (at, length) = algorithm(source)?;
    let span = |at: usize, length: usize| Span {
        start: module.start + u32::try_from(at).unwrap_or(0),
        end: module.start + u32::try_from(at + length).unwrap_or(0),
        ..module
    };
    let lines = || {
        let mut at = 0;
        source.split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            (start, line.trim_end_matches(['\n', '\r']))
        })
    };
    let begin = lines().find(|(_, line)| has_words(line, "BEGIN"));
    let end = lines().find(|(start, line)| {
        begin.is_some_and(|(begin, _)| *start > begin) && has_words(line, "END")
    });
    let (Some((begin, first)), Some((end, _))) = (begin, end) else {
        return Some(
            Diagnostic::warning(
                Code::PlusCal,
                span(at, length),
                "the PlusCal algorithm has no translation",
            )
            .with_help(
                "run the PlusCal translator, or write the specification in TLA+; the algorithm \
                 itself is only a comment",
            ),
        );
    };
    let recorded = tla_checksum(first)?;
    let translation: String = lines()
        .filter(|(start, _)| *start > begin && *start < end)
        .map(|(_, line)| line)
        .collect();
    if format!("{:x}", crc32(translation.as_bytes())) == recorded {
        return None;
    }
    Some(
        Diagnostic::warning(
            Code::PlusCal,
            span(begin, first.len()),
            "the translation of the PlusCal algorithm was changed since it was made",
        )
        .with_related(span(at, length), "the algorithm is here")
        .with_help("run the PlusCal translator again, or remove the algorithm"),
    )
}

/// Place and length of `--algorithm` or `--fair algorithm`.
fn algorithm(source: &str) -> Option<(usize, usize)> {
    let plain = source
        .find("--algorithm")
        .map(|at| (at, "--algorithm".len()));
    let fair = source.match_indices("--fair").find_map(|(at, dashes)| {
        let rest = source.get(at + dashes.len()..)?;
        let word = rest.trim_start();
        let gap = rest.len() - word.len();
        (gap > 0 && word.starts_with("algorithm"))
            .then_some((at, dashes.len() + gap + "algorithm".len()))
    });
    plain.into_iter().chain(fair).min()
}

/// Whether a line has this word and then `TRANSLATION`.
fn has_words(line: &str, first: &str) -> bool {
    line.match_indices(first).any(|(at, _)| {
        let rest = line.get(at + first.len()..).unwrap_or_default();
        rest.starts_with([' ', '\t']) && rest.trim_start().starts_with("TRANSLATION")
    })
}

/// The checksum of the TLA+ text in `(chksum(pcal) = "…" /\ chksum(tla) = "…")`.
fn tla_checksum(line: &str) -> Option<&str> {
    let lower = line.to_ascii_lowercase();
    let at = ["chksum(tla", "checksum(tla"]
        .iter()
        .find_map(|words| lower.find(words).map(|at| at + words.len()))?;
    let rest = line.get(at..)?.trim_start_matches('+').strip_prefix(')')?;
    let quoted = rest
        .trim_start()
        .strip_prefix('=')?
        .trim_start()
        .strip_prefix('"')?;
    quoted.split_once('"').map(|(checksum, _)| checksum)
}

/// CRC-32 as in zip files.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            let low = crc & 1;
            crc >>= 1;
            if low == 1 {
                crc ^= 0xEDB8_8320;
            }
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::crc32;
    use crate::diagnostic::{Code, Severity};
    use crate::source::FileId;
    use crate::syntax::parse_module;

    /// A module as the translator leaves it.
    const TRANSLATED: &str = r#"---- MODULE Alg ----
EXTENDS Naturals
(* --algorithm Alg
variables x = 0;
begin
  A: x := x + 1;
end algorithm; *)
@@TRANSLATION@@
====
"#;

    fn warning(translation: &str) -> Option<String> {
        let text = TRANSLATED.replace("@@TRANSLATION@@", translation);
        let mut parsed = parse_module(FileId(0), &text);
        assert!(parsed.module.is_some(), "{:?}", parsed.diagnostics);
        let found = parsed.diagnostics.pop()?;
        assert_eq!(
            (found.severity, found.code),
            (Severity::Warning, Code::PlusCal)
        );
        Some(found.message)
    }

    #[test]
    fn knows_the_check_value() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn warns_of_missing_and_changed_translations() {
        assert!(warning("").is_some_and(|found| found.contains("no translation")));
        let checksum = format!("{:x}", crc32(b"VARIABLE xInit == x = 0"));
        let begin = r#"\* BEGIN TRANSLATION (chksum(pcal) = "1" /\ chksum(tla) = "#;
        let fresh =
            format!("{begin}\"{checksum}\")\nVARIABLE x\nInit == x = 0\n\\* END TRANSLATION");
        assert_eq!(warning(&fresh), None);
        let stale = fresh.replace("x = 0", "x = 1");
        assert!(warning(&stale).is_some_and(|found| found.contains("was changed")));
        let unchecked = "\\* BEGIN TRANSLATION\nVARIABLE x\n\\* END TRANSLATION";
        assert_eq!(warning(unchecked), None);
    }
}
