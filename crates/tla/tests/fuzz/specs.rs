//! What is broken: the corpus, and a few specifications that use much of the language.

use std::path::Path;

use tla::resolve::InMemory;

/// A specification and its configuration.
pub(crate) struct Spec {
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) config: String,
}

/// All that are broken, in the order of their folders and names.
pub(crate) struct Specs {
    pub(crate) all: Vec<Spec>,
    /// Modules that others instantiate or extend.
    pub(crate) others: InMemory,
}

impl Specs {
    pub(crate) fn read() -> Specs {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let mut specs = Specs {
            all: Vec::new(),
            others: InMemory::new(),
        };
        // The few that use most come up as often as whole folders of the rest.
        for _ in 0..60 {
            specs.add(&tests.join("fuzz/specs"), usize::MAX);
        }
        specs.add(&tests.join("corpus/machines"), 50);
        specs.add(&tests.join("corpus/liveness"), 25);
        specs.add(&tests.join("corpus/stress"), usize::MAX);
        specs.add(&tests.join("corpus/invalid"), usize::MAX);
        specs.add(&tests.join("corpus/expressions"), 1);
        specs
    }

    fn add(&mut self, folder: &Path, most: usize) {
        let mut paths: Vec<_> = folder
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "tla"))
            .collect();
        paths.sort();
        for path in paths.into_iter().take(most) {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let module = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            let config = std::fs::read_to_string(path.with_extension("cfg"))
                .unwrap_or_else(|_| "INIT Init NEXT Next".to_owned());
            self.others = std::mem::take(&mut self.others).with(&name, &module);
            self.all.push(Spec {
                name,
                module,
                config,
            });
        }
    }
}
