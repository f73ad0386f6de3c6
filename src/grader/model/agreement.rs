//! What TLC says, against what the engine found.

use super::evidence::Evidence;
use super::judged::Judged;
use super::phase::Phase;
use super::properties::{self, Checked};
use super::tlc::{Facts, Said};
use super::wording;

/// Whether a part of a phase lost something.
fn lost(phase: &Phase, name: &str) -> bool {
    let mut parts = phase.parts.iter();
    parts.any(|part| part.name == name && part.score < 1.0)
}

impl Judged<'_> {
    /// Whether there is anything that TLC can be asked: it knows no contract and no limit of states.
    pub(super) fn can_be_asked_of_tlc(&self) -> bool {
        let can_be_read = lost(&self.syntax, "syntax/text") || self.syntax.is_whole();
        !self.runtime.undecided && (self.seen.is_some() || can_be_read)
    }

    /// Where TLC says something else than the engine, in words.
    pub(super) fn differences(&self, facts: &Facts) -> Vec<String> {
        let mut all = Vec::new();
        let view = lost(&self.runtime, "runtime/view");
        let end = lost(&self.runtime, "runtime/goes-on");
        let agrees = match facts.explored {
            Said::Holds => !view && !end && self.seen.is_some(),
            Said::DeadEnd => end,
            Said::Fails => view,
            Said::Error => view || lost(&self.runtime, "runtime/explored"),
            Said::Unreadable => lost(&self.syntax, "syntax/text"),
        };
        if !agrees {
            all.push(format!("of all states TLC says {:?}", facts.explored));
        }
        for ((property, own), said) in self.checked.iter().zip(&facts.properties) {
            let agrees = match own {
                Checked::Holds | Checked::Vacuous(_) => *said == Said::Holds,
                Checked::Fails(_) => *said == Said::Fails,
                Checked::Error(_) => matches!(said, Said::Error | Said::Unreadable),
                // TLC has more time.
                Checked::Undecided(_) => true,
            };
            if !agrees {
                all.push(format!("of {} TLC says {said:?}", property.name));
            }
        }
        let Some(seen) = &self.seen else {
            return all;
        };
        for (what, own, said) in [
            ("window", &seen.allowed, &facts.windows),
            ("run", &seen.runs, &facts.runs),
        ] {
            let pairs = own.iter().zip(said);
            let count = pairs.filter(|(own, said)| own != said).count();
            if count > 0 {
                let counted = wording::counted(count, what);
                all.push(format!("of {counted} TLC says the opposite"));
            }
        }
        all
    }

    /// Takes TLC's word where it differs.
    pub(super) fn follow(&mut self, facts: &Facts, evidence: &Evidence) {
        for ((_, own), said) in self.checked.iter_mut().zip(&facts.properties) {
            match (said, &own) {
                (Said::Holds, Checked::Holds | Checked::Vacuous(_))
                | (Said::Fails, Checked::Fails(_)) => {}
                (Said::Holds, _) => *own = Checked::Holds,
                (said, _) => *own = Checked::Fails(format!("TLC says: {said:?}")),
            }
        }
        if !self.checked.is_empty() {
            self.properties = properties::phase(&self.checked);
        }
        if let Some(seen) = &mut self.seen
            && !facts.windows.is_empty()
        {
            seen.follow(evidence, &facts.windows);
            self.conformance = seen.phase();
        }
    }
}
