//! Two measurements of the same models, such as two versions of the tasks or of the method.

use super::axis::Scale;
use super::calendar::Day;
use super::error::FigureError;
use super::extent::{Estimate, Extent};
use super::headline::{
    FitSettings, HeadlinePoint, TREND_COLUMNS, TrendLine, short_name, trend_cells,
};
use super::palette::{self, Ink};
use super::scene::Scene;
use super::table::{Table, number, optional};
use super::{comparison_roster, comparison_timeline};

/// Horizons and trends by two measurements. Models are the same where their names are.
///
/// With fewer than two dated models there is no date axis to speak of; the models are then listed
/// from the longest horizon to the shortest.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What the figure shows, in one line.
    pub title: String,
    /// Of what and how, in one line.
    pub subtitle: String,
    /// Source and remarks, one paragraph each, at the foot of the page.
    pub notes: Vec<String>,
    /// The chance of success at the horizons: 0.5 for p50.
    pub probability: f64,
    /// How the time axis runs; the list of undated models is always logarithmic.
    pub scale: Scale,
    /// What is compared with.
    pub first: ComparedVersion,
    /// What is compared.
    pub second: ComparedVersion,
}

/// One of the two measurements.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedVersion {
    /// Its name, such as `TH1.1`.
    pub name: String,
    /// The models; their groups and whether they are at the frontier are not shown.
    pub points: Vec<HeadlinePoint>,
    /// The trend through its frontier, if one was fitted.
    pub trend: Option<TrendLine>,
    /// How its horizons were fitted.
    pub settings: FitSettings,
}

/// A model with what each measurement says of it.
pub(crate) struct Pair<'a> {
    pub(crate) label: &'a str,
    pub(crate) sides: [Option<&'a HeadlinePoint>; 2],
}

/// How the marks of the two measurements look: a shape of [`super::symbol::point`], and a colour.
pub(crate) const LOOKS: [(usize, Ink); 2] = [(0, palette::GROUPS[0]), (2, palette::GROUPS[1])];

impl Comparison {
    pub(crate) fn versions(&self) -> [&ComparedVersion; 2] {
        [&self.first, &self.second]
    }

    /// The models in order of first appearance.
    pub(crate) fn pairs(&self) -> Vec<Pair<'_>> {
        let [first, second] = self.versions().map(|version| &version.points);
        let find = |points: &'_ [HeadlinePoint], label: &str| {
            points.iter().position(|point| point.label == label)
        };
        let shared = first.iter().map(|point| Pair {
            label: &point.label,
            sides: [
                Some(point),
                find(second, &point.label).and_then(|index| second.get(index)),
            ],
        });
        let added = second
            .iter()
            .filter(|point| find(first, &point.label).is_none())
            .map(|point| Pair {
                label: &point.label,
                sides: [None, Some(point)],
            });
        shared.chain(added).collect()
    }

    /// From the shortest to the longest task of both, in human minutes.
    pub(crate) fn task_range_minutes(&self) -> Option<(f64, f64)> {
        self.versions()
            .iter()
            .filter_map(|version| version.settings.task_range_minutes)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

impl Pair<'_> {
    /// The release date, by either measurement.
    pub(crate) fn released(&self) -> Option<Day> {
        self.sides.iter().flatten().find_map(|point| point.released)
    }

    /// The estimates that have a place in a picture.
    pub(crate) fn estimates(&self) -> [Option<Estimate>; 2] {
        self.sides.map(|side| {
            side.map(|point| point.horizon)
                .filter(|horizon| horizon.value.normalised() != Extent::Undefined)
        })
    }

    /// How much longer the second horizon is than the first, as a factor.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let [first, second] = self.estimates();
        Some(second?.value.minutes()? / first?.value.minutes()?)
    }
}

/// Lays the figure out: on a time line, or as a list where there are no dates.
pub(crate) fn layout(figure: &Comparison) -> Result<Scene, FigureError> {
    let dated = figure
        .pairs()
        .iter()
        .filter(|pair| comparison_timeline::is_drawn(pair))
        .count();
    if dated >= 2 {
        comparison_timeline::layout(figure)
    } else {
        comparison_roster::layout(figure)
    }
}

/// Notes about models that one measurement has no horizon for, and about those that `is_drawn`
/// leaves out.
pub(crate) fn left_out(figure: &Comparison, is_drawn: impl Fn(&Pair<'_>) -> bool) -> Vec<String> {
    let pairs = figure.pairs();
    let mut notes = Vec::new();
    for (side, version) in figure.versions().iter().enumerate() {
        let without: Vec<String> = pairs
            .iter()
            .filter(|pair| pair.sides[side].is_some() && pair.estimates()[side].is_none())
            .map(|pair| {
                let remark = pair.sides[side].and_then(|point| point.remark.as_ref());
                remark.map_or(pair.label.to_owned(), |why| {
                    format!("{} ({why})", pair.label)
                })
            })
            .collect();
        if !without.is_empty() {
            notes.push(format!(
                "No horizon by {}: {}.",
                version.name,
                without.join(", ")
            ));
        }
    }
    let undated: Vec<&str> = pairs
        .iter()
        .filter(|pair| !is_drawn(pair) && pair.estimates().iter().any(Option::is_some))
        .map(|pair| pair.label)
        .collect();
    if !undated.is_empty() {
        let names = undated.join(", ");
        notes.push(format!("Not drawn, for want of a release date: {names}."));
    }
    notes
}

/// The numbers behind the picture.
pub(crate) fn tables(figure: &Comparison) -> Vec<Table> {
    let mut tables = vec![models_table(figure), pairs_table(figure)];
    let trends = || {
        let versions = figure.versions().into_iter();
        versions.filter_map(|version| Some((&version.name, version.trend.as_ref()?)))
    };
    if trends().next().is_some() {
        let rows = trends().map(|(name, trend)| {
            let mut row = vec![name.clone()];
            row.extend(trend_cells(trend));
            row
        });
        let columns = ["version"].into_iter().chain(TREND_COLUMNS);
        tables.push(Table::new(Some("trend"), columns, rows.collect()));
    }
    let band: Vec<Vec<String>> = trends()
        .flat_map(|(name, trend)| {
            trend.band.iter().map(|point| {
                vec![
                    name.clone(),
                    point.day.iso(),
                    number(point.low_minutes),
                    number(point.high_minutes),
                ]
            })
        })
        .collect();
    if !band.is_empty() {
        let columns = ["version", "day", "low_minutes", "high_minutes"];
        tables.push(Table::new(Some("band"), columns, band));
    }
    tables
}

fn models_table(figure: &Comparison) -> Table {
    let row = |version: &ComparedVersion, point: &HeadlinePoint| {
        let mut row = vec![
            version.name.clone(),
            point.label.clone(),
            point.released.map(Day::iso).unwrap_or_default(),
        ];
        row.extend(point.horizon.cells());
        row.push(point.remark.clone().unwrap_or_default());
        row
    };
    let name = short_name(figure.probability);
    let [minutes, status] = ["minutes", "status"].map(|what| format!("{name}_{what}"));
    Table::new(
        None,
        [
            "version",
            "model",
            "released",
            &minutes,
            &status,
            "low_minutes",
            "low_status",
            "high_minutes",
            "high_status",
            "remark",
        ],
        figure
            .versions()
            .iter()
            .flat_map(|version| version.points.iter().map(|point| row(version, point)))
            .collect(),
    )
}

fn pairs_table(figure: &Comparison) -> Table {
    let rows = figure.pairs().into_iter().map(|pair| {
        let [first, second] = pair
            .sides
            .map(|side| optional(side.and_then(|point| point.horizon.value.minutes())));
        vec![pair.label.to_owned(), first, second, optional(pair.ratio())]
    });
    let columns = [
        "model",
        "first_minutes",
        "second_minutes",
        "second_to_first",
    ];
    Table::new(Some("pairs"), columns, rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::samples;

    #[test]
    fn no_text_touches_another_or_leaves_the_page() {
        for count in [0, 2, 5, 12, 35] {
            for figure in [
                samples::comparison(count),
                samples::undated_comparison(count),
            ] {
                let scene = layout(&figure).unwrap();
                scene.assert_texts_apart();
                scene.assert_finite();
            }
        }
    }

    #[test]
    fn every_model_is_named_once_or_noted() {
        for figure in [samples::comparison(12), samples::undated_comparison(12)] {
            let scene = layout(&figure).unwrap();
            for pair in figure.pairs() {
                let named = scene.texts().any(|text| text.contains(pair.label));
                assert!(named, "{}", pair.label);
            }
        }
    }

    #[test]
    fn models_are_paired_by_name() {
        let figure = samples::comparison(12);
        let shared = |pair: &Pair<'_>| pair.sides.iter().all(Option::is_some);
        let pairs = figure.pairs();
        assert_eq!(pairs.len(), 12);
        assert_eq!(pairs.iter().filter(|pair| shared(pair)).count(), 9);
        let [models, ratios, trend, band] = &tables(&figure)[..] else {
            panic!("four tables")
        };
        assert_eq!((models.rows.len(), ratios.rows.len()), (21, 12));
        assert_eq!(trend.rows.len(), 2);
        assert!(band.rows.len() > 40);
        let ratio: f64 = ratios.rows[1][3].parse().unwrap();
        let minutes = |column: usize| ratios.rows[1][column].parse::<f64>().unwrap();
        assert!((ratio - minutes(2) / minutes(1)).abs() < 1e-12);
    }
}
