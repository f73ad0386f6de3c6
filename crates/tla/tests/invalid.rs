//! Specifications with a mistake are rejected, as SANY rejects them.

use std::path::Path;

use tla::diagnostic::Severity;
use tla::resolve::Folders;

#[test]
fn verdicts_are_those_of_sany() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/invalid");
    let expected = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
    let wrong: Vec<String> = tla::stack::with_deep_stack(|| {
        expected
            .lines()
            .skip(1)
            .filter_map(|line| {
                let (module, verdict) = line.split_once(',').unwrap();
                let loaded = tla::load(&Folders::new([&folder]), module);
                let rejects = loaded
                    .diagnostics
                    .iter()
                    .any(|found| found.severity == Severity::Error);
                assert_eq!(rejects, loaded.spec.is_none(), "{module}");
                let wanted = verdict.trim() == "rejects";
                (rejects != wanted).then(|| format!("{line}: {:?}", loaded.diagnostics))
            })
            .collect()
    })
    .unwrap();
    assert!(expected.lines().count() > 25);
    assert_eq!(wrong, Vec::<String>::new());
}
