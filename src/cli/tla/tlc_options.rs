//! TLC's options under our names, for those who type them from habit.

/// What TLC calls it, and what to type here.
const TRANSLATIONS: [(&str, &str); 17] = [
    ("-config", "--config FILE"),
    ("-deadlock", "--no-deadlock"),
    ("-workers", "--workers N (without it, all processors)"),
    ("-simulate", "`sextant tla simulate`, with --traces N"),
    ("-depth", "--depth N, of `sextant tla simulate`"),
    ("-seed", "--seed N"),
    (
        "-aril",
        "--seed N: a behaviour depends on the seed and its number alone",
    ),
    ("-dump", "--dump FILE (.dot for Graphviz, else JSON lines)"),
    ("-coverage", "--coverage"),
    ("-tool", "--format tlc or --format json"),
    ("-dumpTrace", "--format json, which holds the trace"),
    (
        "-difftrace",
        "nothing: the text format shows only what changes",
    ),
    ("-terse", "nothing: long values are cut in the text format"),
    ("-dfid", "--max-depth N: the search is breadth first"),
    ("-fpmem", "--max-memory-mib N"),
    ("-metadir", "nothing: no files are written"),
    ("-cleanup", "nothing: no files are written"),
];

/// What to type instead, where the command line holds an option in TLC's spelling.
pub(crate) fn hint(arguments: impl Iterator<Item = String>) -> Option<String> {
    let mut arguments = arguments.skip(1);
    if arguments.next()? != "tla" {
        return None;
    }
    arguments.find_map(|argument| {
        let (tlc, ours) = TRANSLATIONS.iter().find(|(tlc, _)| *tlc == argument)?;
        Some(format!("TLC's {tlc} is here: {ours}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint_for(line: &str) -> Option<String> {
        hint(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn tlcs_spelling_is_answered_with_ours() {
        let hint = hint_for("sextant tla check Spec -workers 4").unwrap();
        assert!(hint.contains("--workers N"), "{hint}");
    }

    #[test]
    fn other_mistakes_are_left_to_the_parser_of_the_command_line() {
        assert_eq!(hint_for("sextant tla check Spec --wrokers 4"), None);
        assert_eq!(hint_for("sextant run -workers 4"), None);
        assert_eq!(hint_for("sextant"), None);
    }
}
