//! Operators of known modules that are not computed: what they are defined as in TLA+ only says what
//! kind of value they have, so evaluating that instead would be a wrong answer.

use super::{CallError, ContextOperator, Native};
use crate::value::Problem;

const FILES: &str = "Files are not read or written.";
const PROGRAMS: &str = "Programs are not run.";

pub(super) fn lookup(module: &str, operator: &str) -> Option<Native> {
    let reason = match (module, operator) {
        ("CSV", "CSVWrite" | "CSVWriteRecord" | "CSVRead" | "CSVRecords")
        | ("IOUtils", "IOSerialize" | "IODeserialize" | "Serialize" | "Deserialize")
        | ("Json", "JsonSerialize" | "ndJsonSerialize") => FILES,
        ("IOUtils", "IOExec" | "IOEnvExec" | "IOExecTemplate" | "IOEnvExecTemplate") => PROGRAMS,
        ("SVG", "SVGElemToString") => "SVGElemToString is not supported.",
        ("SVG", "NodeOfRingNetwork") => "NodeOfRingNetwork is not supported.",
        ("SVG", "NodesOfDirectedMultiGraph") => "NodesOfDirectedMultiGraph is not supported.",
        ("Statistics", "ChiSquare") => "ChiSquare is not supported.",
        ("TLCExt", "ToTrace") => "ToTrace is not supported.",
        ("GraphViz", "DotDiGraph") => {
            return Some(Native::Higher(|_, _| {
                let reason = "DotDiGraph is not supported.";
                Err(CallError::Value(Problem::Refused(reason).into()))
            }));
        }
        _ => return None,
    };
    Some(Native::Context(ContextOperator::Refused(reason)))
}

#[cfg(test)]
mod tests {
    use crate::native::{ContextOperator, Native, lookup};

    #[test]
    fn what_is_not_computed_is_refused() {
        for (module, operator) in [
            ("CSV", "CSVRead"),
            ("IOUtils", "IOSerialize"),
            ("IOUtils", "IOExec"),
            ("Json", "JsonSerialize"),
            ("SVG", "NodeOfRingNetwork"),
            ("Statistics", "ChiSquare"),
            ("TLCExt", "ToTrace"),
        ] {
            let found = lookup(module, operator);
            let refused = matches!(found, Some(Native::Context(ContextOperator::Refused(_))));
            assert!(refused, "{operator}: {found:?}");
        }
        assert!(lookup("GraphViz", "DotDiGraph").is_some());
    }
}
