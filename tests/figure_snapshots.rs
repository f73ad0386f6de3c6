//! The pictures, as they were last looked at and found good.
//!
//! `SEXTANT_UPDATE_SNAPSHOTS=1 cargo test --test figure_snapshots` accepts what is drawn now.
//! `SEXTANT_FIGURE_DIR=<folder> cargo test --test figure_snapshots -- --ignored` writes every sample
//! as files to look at, and a published table too if `SEXTANT_FIGURE_CSV` names one.

use std::path::{Path, PathBuf};

use sextant::figure::{
    BandPoint, BudgetCurve, BudgetLine, BudgetStep, BudgetUnit, ComparedVersion, Comparison,
    CurveBin, CurvePanel, Curves, Day, Estimate, Extent, Figure, FitSettings, Headline,
    HeadlinePoint, LengthPart, LogisticCurve, Multiverse, NamedLine, Quantity, ResidualBin,
    ResidualPanel, Residuals, Scale, Spread, TaskDot, TaskLengths, TrendLine, png, svg, write_all,
};

#[path = "../src/figure/samples.rs"]
mod samples;

#[cfg(test)]
mod pictures {
    use super::*;

    /// The document without its font, which would be nearly all of it.
    fn without_font(document: &str) -> String {
        let (head, rest) = document
            .split_once("<style>")
            .expect("the font is embedded");
        let (_, tail) = rest.split_once("</style>\n").expect("the style ends");
        format!("{head}{tail}")
    }

    fn check(name: &str, figure: &impl Figure) {
        let path: PathBuf = [
            env!("CARGO_MANIFEST_DIR"),
            "tests",
            "figure_snapshots",
            name,
        ]
        .iter()
        .collect();
        let drawn = without_font(&svg(figure).unwrap());
        if std::env::var_os("SEXTANT_UPDATE_SNAPSHOTS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &drawn).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some((line, (now, then))) = drawn
            .lines()
            .zip(kept.lines())
            .enumerate()
            .find(|(_, (now, then))| now != then)
        {
            panic!("{name}, line {}:\n  kept  {then}\n  drawn {now}", line + 1);
        }
        assert_eq!(drawn.len(), kept.len(), "{name} has a different length");
    }

    #[test]
    fn dated_models() {
        check("dated.svg", &samples::dated(12));
    }

    #[test]
    fn odd_models() {
        check("odd.svg", &samples::odd());
    }

    #[test]
    fn undated_models() {
        check("undated.svg", &samples::undated(7));
    }

    #[test]
    fn curves_of_models() {
        check("curves.svg", &samples::curves(5));
    }

    #[test]
    fn dated_models_on_a_linear_axis() {
        check("linear.svg", &samples::linear(12));
    }

    #[test]
    fn dated_models_at_eighty_percent() {
        check("p80.svg", &samples::p80(5));
    }

    #[test]
    fn residuals_of_models() {
        check("residuals.svg", &samples::residuals(3));
    }

    #[test]
    fn lengths_of_tasks() {
        check("task-lengths.svg", &samples::task_lengths(5));
    }

    #[test]
    fn two_versions() {
        check("comparison.svg", &samples::comparison(12));
    }

    #[test]
    fn two_versions_without_dates() {
        check("undated-comparison.svg", &samples::undated_comparison(5));
    }

    #[test]
    fn sources_of_uncertainty() {
        check("multiverse.svg", &samples::multiverse(5));
        check("doubling-multiverse.svg", &samples::doubling_multiverse(2));
    }

    #[test]
    fn horizons_by_budget() {
        check("budget.svg", &samples::budget(5));
    }

    #[test]
    fn the_same_figure_gives_the_same_bytes() {
        let figure = samples::curves(2);
        let first = png(&figure).unwrap();
        assert!(first.starts_with(b"\x89PNG"));
        assert!(first == png(&figure).unwrap(), "two renderings differ");
        assert_eq!(svg(&figure).unwrap(), svg(&figure).unwrap());
    }

    #[test]
    fn numbers_lie_beside_the_picture() {
        let folder = tempfile::tempdir().unwrap();
        let paths = write_all(&samples::odd(), &folder.path().join("horizon-v1.0")).unwrap();
        let names: Vec<_> = paths
            .iter()
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            names,
            [
                "horizon-v1.0.svg",
                "horizon-v1.0.png",
                "horizon-v1.0.csv",
                "horizon-v1.0-trend.csv",
                "horizon-v1.0-band.csv"
            ]
        );
        let models = std::fs::read_to_string(&paths[2]).unwrap();
        let lines: Vec<_> = models.lines().collect();
        assert_eq!(
            lines[0],
            "model,group,released,frontier,p50_minutes,p50_status,low_minutes,low_status,high_minutes,\
         high_status,remark"
        );
        assert_eq!(lines.len(), 10);
        assert!(
            lines[5].ends_with(",,undefined,,undefined,,undefined,never succeeds"),
            "{}",
            lines[5]
        );
        assert!(lines[2].contains(",,below,"), "{}", lines[2]);
        assert!(
            lines[9].contains("Gamma Long Name 8,Lab Three,,true,"),
            "{}",
            lines[9]
        );
    }

    #[test]
    #[ignore = "writes pictures for a person to look at"]
    fn gallery() {
        let folder = std::env::var_os("SEXTANT_FIGURE_DIR").expect("SEXTANT_FIGURE_DIR is set");
        let folder = Path::new(&folder);
        for count in [2, 5, 12, 35] {
            let stem = |name: &str| folder.join(format!("{name}-{count}"));
            write_all(&samples::dated(count), &stem("dated")).unwrap();
            write_all(&samples::linear(count), &stem("linear")).unwrap();
            write_all(&samples::p80(count), &stem("p80")).unwrap();
            write_all(&samples::comparison(count), &stem("comparison")).unwrap();
            write_all(
                &samples::undated_comparison(count),
                &stem("undated-comparison"),
            )
            .unwrap();
            write_all(&samples::budget(count), &stem("budget")).unwrap();
            write_all(&samples::multiverse(count), &stem("multiverse")).unwrap();
            write_all(&samples::residuals(count), &stem("residuals")).unwrap();
        }
        for parts in [1, 4, 7] {
            let stem = folder.join(format!("task-lengths-{parts}"));
            write_all(&samples::task_lengths(parts), &stem).unwrap();
        }
        write_all(&samples::odd(), &folder.join("odd")).unwrap();
        for count in [0, 1, 7] {
            write_all(
                &samples::undated(count),
                &folder.join(format!("undated-{count}")),
            )
            .unwrap();
        }
        for count in [0, 1, 2, 5, 11] {
            write_all(
                &samples::curves(count),
                &folder.join(format!("curves-{count}")),
            )
            .unwrap();
        }
        if let Some(table) = std::env::var_os("SEXTANT_FIGURE_CSV") {
            write_all(&published(Path::new(&table)), &folder.join("published")).unwrap();
        }
    }

    /// A headline from a published table with the columns `model`, `release_date`, `p50`, `p50_ci_low`,
    /// `p50_ci_high` and `is_sota`; the trend is an ordinary least-squares line through its frontier,
    /// and its band is only for show.
    fn published(table: &Path) -> Headline {
        let mut reader = csv::Reader::from_path(table).unwrap();
        let headers = reader.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let points: Vec<HeadlinePoint> = reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                let minutes = |name| Extent::Minutes(record[column(name)].parse().unwrap());
                let mut date = record[column("release_date")].split('-');
                let mut part = || date.next().unwrap().parse::<i16>().unwrap();
                let (year, month, day) = (part(), part(), part());
                let label = record[column("model")]
                    .trim_end_matches("_inspect")
                    .replace('_', " ");
                HeadlinePoint {
                    group: Some(lab(&label).to_owned()),
                    label,
                    released: Day::from_ymd(
                        year,
                        i8::try_from(month).unwrap(),
                        i8::try_from(day).unwrap(),
                    ),
                    horizon: Estimate {
                        value: minutes("p50"),
                        low: minutes("p50_ci_low"),
                        high: minutes("p50_ci_high"),
                    },
                    frontier: &record[column("is_sota")] == "True",
                    remark: None,
                }
            })
            .collect();
        let frontier: Vec<(Day, f64)> = points
            .iter()
            .filter(|point| point.frontier)
            .filter_map(|point| Some((point.released?, point.horizon.value.minutes()?.ln())))
            .collect();
        let mean = |value: &dyn Fn(&(Day, f64)) -> f64| {
            frontier.iter().map(value).sum::<f64>() / frontier.len() as f64
        };
        let mean_day = mean(&|p| f64::from(p.0.0));
        let mean_ln = mean(&|p| p.1);
        let slope = mean(&|p| (f64::from(p.0.0) - mean_day) * (p.1 - mean_ln))
            / mean(&|p| (f64::from(p.0.0) - mean_day).powi(2));
        let intercept = mean_ln - slope * mean_day;
        let mut figure = samples::dated(2);
        figure.settings.models = frontier.len();
        let trend = figure.trend.as_mut().unwrap();
        trend.slope_ln_per_day = slope;
        trend.intercept_ln_minutes = intercept;
        trend.doubling_days = Some(2f64.ln() / slope);
        trend.first = frontier.iter().map(|p| p.0).min().unwrap();
        trend.last = frontier.iter().map(|p| p.0).max().unwrap();
        for band in &mut trend.band {
            let middle = (intercept + slope * f64::from(band.day.0)).exp();
            (band.low_minutes, band.high_minutes) = (middle / 1.6, middle * 1.6);
        }
        figure.points = points;
        figure
    }

    fn lab(model: &str) -> &'static str {
        match model {
            _ if model.starts_with("claude") => "Anthropic",
            _ if model.starts_with("gemini") => "Google",
            _ if model.starts_with("qwen") => "Alibaba",
            _ if model.starts_with("deepseek") => "DeepSeek",
            _ if model.starts_with("grok") => "xAI",
            _ if model.starts_with("kimi") => "Moonshot",
            _ => "OpenAI",
        }
    }
}
