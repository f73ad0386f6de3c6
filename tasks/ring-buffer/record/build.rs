//! Breaks the systems: each broken one is the real source with one passage replaced.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Variant, name of the broken system, the passage, and what stands in its place.
const BROKEN: [(&str, &str, &str, &str); 10] = [
    (
        "lamport",
        "publish_first",
        "        ring.slots[self.tail].store(value.get(), Ordering::Relaxed);
        // Release: whoever sees the new tail sees the value.
        ring.tail.store(next, Ordering::Release);
",
        "        ring.tail.store(next, Ordering::Release);
        ring.slots[self.tail].store(value.get(), Ordering::Relaxed);
",
    ),
    (
        "lamport",
        "release_first",
        "        let value = ring.slots[self.head].swap(NOTHING, Ordering::Relaxed);
        let next = ring.next(self.head);
        // Release: whoever sees the new head sees the slot empty.
        ring.head.store(next, Ordering::Release);
",
        "        let next = ring.next(self.head);
        ring.head.store(next, Ordering::Release);
        let value = ring.slots[self.head].swap(NOTHING, Ordering::Relaxed);
",
    ),
    (
        "lamport",
        "full_too_early",
        "if next == ring.head.load(Ordering::Acquire) {",
        "if ring.next(next) == ring.head.load(Ordering::Acquire) {",
    ),
    (
        "lamport",
        "never_full",
        "if next == ring.head.load(Ordering::Acquire) {",
        "if ring.slots.len() == ring.head.load(Ordering::Acquire) {",
    ),
    (
        "lamport",
        "empty_too_early",
        "if self.head == ring.tail.load(Ordering::Acquire) {",
        "if ring.next(self.head) == ring.tail.load(Ordering::Acquire) {",
    ),
    (
        "batched",
        "publishes_too_late",
        "const BATCH: usize = 2;",
        "const BATCH: usize = 3;",
    ),
    (
        "batched",
        "keeps_back_when_full",
        "if self.unpublished == BATCH || self.is_full() {",
        "if self.unpublished == BATCH {",
    ),
    (
        "batched",
        "head_never_read_again",
        "            self.head = self.ring.head.load(Ordering::Acquire);
",
        "",
    ),
    (
        "batched",
        "tail_taken_on_trust",
        "            if self.head == self.tail {
                return None;
            }
",
        "",
    ),
    (
        "batched",
        "releases_at_once",
        "        self.head = self.ring.next(self.head);
        if self.head == self.tail {
",
        "        self.head = self.ring.next(self.head);
        {
",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed=build.rs");
    for (variant, name, passage, instead) in BROKEN {
        let path = Path::new("..").join(variant).join("environment/ring.rs");
        println!("cargo:rerun-if-changed={}", path.display());
        let source = fs::read_to_string(&path)?;
        if source.matches(passage).count() != 1 {
            return Err(format!(
                "the passage of {name} must occur once in {}",
                path.display()
            )
            .into());
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
