//! Breaks the locks: each broken one is the real source with one passage replaced.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Variant, name of the broken lock, the passage, and what stands in its place.
const BROKEN: [(&str, &str, &str, &str); 7] = [
    (
        "plain",
        "test_then_set",
        "let was_locked = self.locked.swap(true, Ordering::Acquire);",
        "let was_locked = self.locked.load(Ordering::Acquire);
        if !was_locked {
            self.locked.store(true, Ordering::Relaxed);
        }",
    ),
    // The guard is made in any case, and dropped if there should be none.
    (
        "plain",
        "eager_guard",
        "(!was_locked).then(|| Guard::new(self))",
        "(!was_locked).then_some(Guard::new(self))",
    ),
    (
        "reserve",
        "test_then_set",
        "        self.word
            .compare_exchange(word, LOCKED, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
            .then(|| Guard::new(self))
",
        "        self.word.store(LOCKED, Ordering::Relaxed);
        Some(Guard::new(self))
",
    ),
    (
        "reserve",
        "release_forgets_claim",
        "self.lock.word.fetch_and(!LOCKED, Ordering::Release);",
        "self.lock.word.store(0, Ordering::Release);",
    ),
    (
        "reserve",
        "claim_outlives_its_use",
        ".compare_exchange(word, LOCKED, Ordering::Acquire, Ordering::Relaxed)",
        ".compare_exchange(word, word | LOCKED, Ordering::Acquire, Ordering::Relaxed)",
    ),
    (
        "reserve",
        "try_ignores_claim",
        "        if open_to(word, me) {
            self.take(word)
        } else {",
        "        if open_to(word, me) || word & LOCKED == 0 {
            self.take(word)
        } else {",
    ),
    (
        "reserve",
        "claim_overwrites",
        "word == LOCKED {
                // If the word has changed in the meantime, there will be another round.
                let _ = self.word.compare_exchange(
                    LOCKED,",
        "word & LOCKED != 0 {
                let _ = self.word.compare_exchange(
                    word,",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed=build.rs");
    for (variant, name, passage, instead) in BROKEN {
        let path = Path::new("..")
            .join(variant)
            .join("environment/spinlock.rs");
        println!("cargo:rerun-if-changed={}", path.display());
        let source = fs::read_to_string(&path)?;
        if source.matches(passage).count() != 1 {
            let path = path.display();
            return Err(format!("the passage of {name} must occur once in {path}").into());
        }
        // Where the source is included, it cannot begin with inner documentation.
        let source = source
            .replace(passage, instead)
            .replace("//! ", "// ")
            .replace("//!\n", "//\n");
        fs::write(out.join(format!("{variant}_{name}.rs")), source)?;
    }
    Ok(())
}
