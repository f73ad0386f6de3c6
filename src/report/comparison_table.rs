//! Models against each other, and against the trend of those before them, as tables.

use horizon::compare::{AgainstTrend, Contrast, PairComparison};

use super::{TextTable, words};
use crate::measure::ReleaseDates;

/// Pairs of models, and models against the trend before them, as text.
pub fn comparison_report(pairs: &[PairComparison], against_trend: &[AgainstTrend]) -> String {
    let mut text = String::new();
    if !pairs.is_empty() {
        let mut table = TextTable::new([
            "model",
            "against",
            "ratio [95 % interval]",
            "longer in",
            "p",
            "p (Holm)",
            "common tasks",
            "p (sign flip)",
        ]);
        for pair in pairs {
            table.row([
                pair.first.clone(),
                pair.second.clone(),
                contrast(&pair.ratio),
                share(pair.win_share),
                p_value(pair.p_value),
                p_value(pair.holm_p_value),
                pair.common_tasks.to_string(),
                p_value(pair.sign_flip.as_ref().map(|test| test.p_value)),
            ]);
        }
        text.push_str(&format!(
            "{table}\nRatios of horizons, replicate by replicate: families and tasks are the same for both models \
             in each. p by the replicates is\ntwo-sided, and corrected for {} pairs at once (Holm). The sign flip tests equal \
             success at the common tasks, families\nkept together.\n",
            pairs.len()
        ));
    }
    if !against_trend.is_empty() {
        let mut table = TextTable::new([
            "model",
            "released",
            "horizon",
            "trend before",
            "ratio [95 % interval]",
            "p",
        ]);
        for one in against_trend {
            table.row([
                one.agent.clone(),
                ReleaseDates::iso(one.day),
                words::horizon(one.horizon),
                words::horizon(one.predicted),
                contrast(&one.ratio),
                p_value(one.p_value),
            ]);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!(
            "{table}\nThe trend before is that of the leading models released earlier, on the day of the release.\n"
        ));
    }
    text
}

fn contrast(contrast: &Contrast) -> String {
    let show = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.2}"));
    format!(
        "{} [{} – {}]",
        show(contrast.estimate),
        show(contrast.low),
        show(contrast.high)
    )
}

fn share(share: Option<f64>) -> String {
    share.map_or("–".into(), |share| format!("{:.1} %", share * 100.0))
}

fn p_value(p: Option<f64>) -> String {
    match p {
        None => "–".into(),
        Some(p) if p < 0.001 => "< 0.001".into(),
        Some(p) => format!("{p:.3}"),
    }
}
