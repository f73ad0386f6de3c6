//! Trends through METR's published horizons, and stitched ones.

#[cfg(test)]
mod metr;

use horizon::compare::against_trend;
use horizon::trend::{Line, ShortHorizons};
use horizon::{Horizon, Release, Window, trend};
use metr::{Row, day, number, relative, table, text};
use serde_json::Value;

const TOLERANCE: f64 = 1e-6;

#[cfg(test)]
fn gold(name: &str) -> serde_json::Map<String, Value> {
    serde_json::from_str(&text(name)).unwrap()
}

fn window(from: Option<&str>, before: Option<&str>) -> Window {
    Window {
        from_day: from.map(day),
        before_day: before.map(day),
    }
}

/// METR's fits of June 2025 with its own thousand replicates; humans have no release day.
#[cfg(test)]
fn june_2025() -> Vec<Release> {
    let replicates = table("published/th1_0_2025-06_bootstrap_headline.csv.xz");
    table("published/th1_0_2025-06_logistic_fits_headline.csv")
        .into_iter()
        .filter(|row| row["agent"] != "human")
        .map(|row| {
            let column = format!("{}_p50", row["agent"]);
            let minutes = |replicate: &Row| number(replicate, &column);
            Release {
                day: day(&row["release_date"]),
                horizon: Horizon::from_minutes(number(&row, "p50").unwrap()),
                replicates_minutes: replicates.iter().map(minutes).collect(),
                agent: row["agent"].clone(),
            }
        })
        .collect()
}

/// A published table of results, with the agents that METR marks as leading.
#[cfg(test)]
fn published(name: &str) -> Vec<(Release, bool)> {
    table(&format!("published/{name}"))
        .into_iter()
        .map(|row| {
            let release = Release {
                day: day(&row["release_date"]),
                horizon: Horizon::from_minutes(number(&row, "p50").unwrap()),
                replicates_minutes: Vec::new(),
                agent: row["model"].clone(),
            };
            (release, row["is_sota"] == "True")
        })
        .collect()
}

#[test]
fn june_2025_is_metr_s_to_the_interval() {
    let releases = june_2025();
    let gold = gold("trend_published_th1_0_2025-06.json");
    let windows = [
        ("all_2019", window(Some("2019-01-01"), None)),
        ("from_2023", window(Some("2023-01-01"), None)),
        ("from_2024", window(Some("2024-01-01"), None)),
        (
            "paper_cut_2019_to_2025-02-25",
            window(Some("2019-01-01"), Some("2025-02-25")),
        ),
        (
            "paper_cut_2024_to_2025-02-25",
            window(Some("2024-01-01"), Some("2025-02-25")),
        ),
    ];
    for (name, window) in windows {
        let gold = &gold[name];
        let found = trend(&releases, window, ShortHorizons::LeaveOut).unwrap();
        assert_eq!(serde_json::json!(found.frontier), gold["sota"], "{name}");
        let interval = found.doubling_interval.unwrap();
        for (found, expected) in [
            (found.line.slope_per_day, &gold["slope_ln_per_day"]),
            (found.line.intercept, &gold["intercept_ln_at_epoch1970"]),
            (found.line.r_squared.unwrap(), &gold["r2"]),
            (found.doubling_days.unwrap(), &gold["point"]),
            (interval.low_days, &gold["ci"][0]),
            (interval.median_days, &gold["median"]),
            (interval.high_days, &gold["ci"][1]),
        ] {
            let expected = expected.as_f64().unwrap();
            assert!(relative(found, expected) < TOLERANCE, "{name}: {found}");
        }
        assert_eq!(found.refitted - found.not_growing, 1_000);
        assert!(found.fixed.is_empty());
    }
}

#[test]
fn published_tables_give_their_doubling_times() {
    let gold = gold("trend_recomputed_from_published_p50.json");
    let tables = [
        ("th1_0_2026-01.csv", "benchmark_results_1_0.csv"),
        ("th1_1_launch_2026-01.csv", "benchmark_results_1_1.csv"),
        // The April table is that of March with one model that does not lead.
        (
            "th1_1_2026-04.csv",
            "benchmark_results_1_1__peterhurford_2026-03-03.csv",
        ),
    ];
    let windows = [
        ("all", Window::default()),
        ("from_2023", window(Some("2023-01-01"), None)),
        ("from_2024", window(Some("2024-01-01"), None)),
    ];
    for (file, gold_name) in tables {
        let (releases, leads): (Vec<Release>, Vec<bool>) = published(file).into_iter().unzip();
        for (window_name, window) in windows {
            let by_rule = trend(&releases, window, ShortHorizons::LeaveOut).unwrap();
            assert!(by_rule.doubling_interval.is_none() && by_rule.fixed.is_empty());
            let marked: Vec<(f64, f64)> = releases
                .iter()
                .zip(&leads)
                .filter(|(release, leads)| **leads && window.contains(release.day))
                .map(|(release, _)| (release.day, release.horizon.minutes().unwrap().ln()))
                .collect();
            let by_mark = Line::through(&marked).unwrap();
            for (rule, count, line) in [
                ("window-rule", by_rule.frontier.len(), by_rule.line),
                ("flag", marked.len(), by_mark),
            ] {
                let gold = &gold[&format!("{gold_name}|is_sota {window_name}|{rule}")];
                let what = format!("{file}, {window_name}, {rule}");
                assert_eq!(Some(count as u64), gold["n"].as_u64(), "{what}");
                for (found, key) in [
                    (line.doubling_days(), "doubling_days"),
                    (line.r_squared, "r2"),
                ] {
                    let expected = gold[key].as_f64().unwrap();
                    assert!(
                        relative(found.unwrap(), expected) < TOLERANCE,
                        "{what}: {key}"
                    );
                }
            }
        }
    }
}

/// Horizons published for three models of 2019 to 2022, without replicates, beside those of later
/// models with theirs: the point trend is the same, and the interval narrower than with the three
/// models' own noise, but wider than nothing.
#[test]
fn a_stitched_trend_has_an_interval() {
    let whole = june_2025();
    let mut stitched = whole.clone();
    let old = ["GPT-2", "davinci-002 (GPT-3)", "gpt-3.5-turbo-instruct"];
    for release in &mut stitched {
        if old.contains(&release.agent.as_str()) {
            release.replicates_minutes.clear();
        }
    }
    let find =
        |releases: &[Release]| trend(releases, Window::default(), ShortHorizons::LeaveOut).unwrap();
    let (whole, stitched) = (find(&whole), find(&stitched));
    assert_eq!(stitched.line, whole.line);
    assert_eq!(stitched.fixed, old);
    assert_eq!(stitched.refitted, 1_000);
    let width = |trend: &horizon::Trend| {
        let interval = trend.doubling_interval.unwrap();
        assert!(interval.low_days < trend.doubling_days.unwrap());
        assert!(trend.doubling_days.unwrap() < interval.high_days);
        interval.high_days - interval.low_days
    };
    assert!(0.0 < width(&stitched) && width(&stitched) < width(&whole));
}

/// Computed with numpy's polyfit from the same replicates.
#[test]
fn o3_is_held_against_the_trend_before_it() {
    let found = against_trend(&june_2025(), "o3", None, ShortHorizons::LeaveOut).unwrap();
    assert_eq!(found.frontier.len(), 11);
    assert_eq!(
        (found.tally.wins, found.tally.ties, found.tally.losses),
        (999, 0, 1)
    );
    assert_eq!((found.missing, found.infinite, found.too_short), (0, 0, 0));
    for (found, expected) in [
        (found.ratio.estimate, 2.376_658_484_812),
        (found.ratio.low, 1.317_311_149_261),
        (found.ratio.median, 2.348_173_629_686),
        (found.ratio.high, 4.549_302_366_177),
        (found.p_value, 4.0 / 1_001.0),
    ] {
        assert!(relative(found.unwrap(), expected) < 1e-9, "{found:?}");
    }
}
