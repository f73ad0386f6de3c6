//! How far the trend moves with what is behind it, as a table.

use horizon::multiverse::SourceSpread;

use super::{TextTable, words};

/// Spreads of the trend as text: a line a source.
pub fn multiverse_report(spreads: &[SourceSpread], target_minutes: f64) -> String {
    let target = words::minutes(target_minutes);
    let date = format!("{target} on, 10 – 50 – 90 %");
    let mut table = TextTable::new([
        "what varies",
        "draws",
        "doubling days, 10 – 50 – 90 %",
        date.as_str(),
        "never",
        "no trend",
    ]);
    for spread in spreads {
        let doubling = spread.doubling.map_or("–".into(), |days| {
            format!(
                "{:.0} – {:.0} – {:.0}",
                days.low_days, days.median_days, days.high_days
            )
        });
        let arrival = spread.arrival.map_or("–".into(), |when| {
            format!(
                "{} – {} – {}",
                words::arrival(when.low),
                words::arrival(when.median),
                words::arrival(when.high)
            )
        });
        table.row([
            spread.source.replace('_', " "),
            spread.universes.to_string(),
            doubling,
            arrival,
            spread.never.to_string(),
            spread.missing.to_string(),
        ]);
    }
    format!(
        "{table}\nEach line varies one thing and keeps the others; the last varies everything at once.\n"
    )
}
