//! Near misses: specifications of the corpus with one seeded mutation each (`tools/mutate.py`), and
//! whether SANY accepts them.

use serde::Deserialize;
use tla::check::read;
use tla::resolve::InMemory;

#[derive(Deserialize)]
struct Mutant {
    module: String,
    mutation: String,
    sany: String,
    text: String,
}

/// Mutations whose mistake we do not see: names inside proofs, which are read but not checked, and
/// an instance in `LET` of a module nested in the same file, which SANY counts as defined twice.
const UNSEEN: [&str; 3] = ["theorem_proof", "host_theorem_proof", "host_instance"];

#[test]
fn near_misses_are_accepted_and_rejected_as_by_sany() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/mutants.jsonl");
    let mutants: Vec<Mutant> = std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let rejected = mutants.iter().filter(|mutant| mutant.sany == "rejects");
    assert!(rejected.count() >= 500);
    let different: Vec<&Mutant> = mutants
        .iter()
        .filter(|mutant| {
            let source = InMemory::new().with(&mutant.module, &mutant.text);
            let accepted = read(&source, &mutant.module).unwrap().spec.is_some();
            accepted != (mutant.sany == "accepts")
        })
        .collect();
    for mutant in &different {
        assert!(
            UNSEEN.contains(&mutant.mutation.as_str()),
            "SANY {} this ({}):\n{}",
            mutant.sany,
            mutant.mutation,
            mutant.text
        );
    }
    assert!(different.len() * 50 <= mutants.len(), "{}", different.len());
}
