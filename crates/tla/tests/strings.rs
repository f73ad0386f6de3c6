//! The order of strings: which strings, fields of records and model values come first. What is
//! printed is what TLC 2.20 (2026) prints, with one worker.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it cannot read")]

use tla::check::{ConfigText, Exploration, Prepared, prepare, run};
use tla::control::Control;
use tla::eval::model::Options;
use tla::explore::{EngineError, Options as SearchOptions};
use tla::resolve::InMemory;

/// Cases as `%% name`, the module between header and end, the same after `%module Name` for other
/// modules, `%cfg` with the configuration, and `%prints` with what is printed, one value a line.
const CASES: &str = include_str!("strings.txt");

struct Case<'a> {
    name: &'a str,
    modules: Vec<(&'a str, &'a str)>,
    config: &'a str,
    prints: Vec<&'a str>,
}

impl<'a> Case<'a> {
    fn read(text: &'a str) -> Case<'a> {
        let (name, rest) = text.split_once('\n').unwrap();
        let (rest, prints) = rest.split_once("%prints\n").unwrap();
        let (modules, config) = rest.split_once("%cfg\n").unwrap_or((rest, ""));
        let mut modules = modules.split("%module ");
        let root = ("M", modules.next().unwrap());
        let others = modules.map(|module| module.split_once('\n').unwrap());
        Case {
            name,
            modules: std::iter::once(root).chain(others).collect(),
            config,
            prints: prints.lines().collect(),
        }
    }

    fn printed(&self, threads: usize) -> Result<Vec<String>, EngineError> {
        let mut source = InMemory::new();
        for (name, body) in &self.modules {
            source = source.with(*name, format!("---- MODULE {name} ----\n{body}====\n"));
        }
        let config = ConfigText {
            name: "M.cfg",
            text: self.config,
        };
        let prepared = prepare(&source, "M", config, Options::default())?;
        let Prepared::Ready { model, .. } = prepared else {
            return Ok(vec![format!("{prepared:?}")]);
        };
        let options = SearchOptions {
            threads: Some(threads),
            ..SearchOptions::default()
        };
        let exploration = Exploration::Search(options);
        Ok(run(&model, &Control::new(), exploration, 0)?.printed)
    }
}

#[test]
fn strings_have_the_order_of_tlc() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for case in CASES.split("%% ").skip(1).map(Case::read) {
        for threads in [1, 3] {
            let printed = case.printed(threads).unwrap();
            if printed != case.prints {
                wrong.push(format!("{}:\n{}", case.name, printed.join("\n")));
            }
        }
        cases += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases > 15, "{cases}");
}
