//! The headline figure: how long the work is that each model completes half the time, or with
//! another chance of success.

use super::axis::Scale;
use super::calendar::Day;
use super::error::FigureError;
use super::extent::{Estimate, Extent};
use super::scene::Scene;
use super::table::{Table, number, optional};
use super::{roster, timeline};

/// The horizon of models at a chance of success, against their release dates where these are known.
///
/// With fewer than two dated models there is no date axis to speak of; the models are then listed
/// from the longest horizon to the shortest.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
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
    /// The models.
    pub points: Vec<HeadlinePoint>,
    /// The trend through the frontier models, if one was fitted.
    pub trend: Option<TrendLine>,
    /// Further lines on the time line, such as scenarios or the trend at another chance of success.
    pub lines: Vec<NamedLine>,
    /// How the horizons were fitted.
    pub settings: FitSettings,
}

/// One model.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadlinePoint {
    /// The model's name.
    pub label: String,
    /// When it was released, if known.
    pub released: Option<Day>,
    /// The horizon and its interval.
    pub horizon: Estimate,
    /// Whether it was at the frontier: no earlier model reached as far.
    pub frontier: bool,
    /// What its colour and shape stand for, such as the laboratory; at most seven are told apart.
    pub group: Option<String>,
    /// Why there is no horizon, such as `never succeeds`.
    pub remark: Option<String>,
}

/// A line with a name in the legend, straight in logarithms from point to point.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedLine {
    /// What it is, such as `if the doubling time halves`.
    pub label: String,
    /// Days, and human minutes on them, in order of days.
    pub points: Vec<(Day, f64)>,
}

/// A log-linear trend: ln(minutes) = intercept + slope × days since 1970-01-01.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendLine {
    /// Growth of ln(minutes) in a day.
    pub slope_ln_per_day: f64,
    /// ln(minutes) on 1970-01-01.
    pub intercept_ln_minutes: f64,
    /// Share of the variance of ln(minutes) that the trend explains.
    pub r_squared: Option<f64>,
    /// Days in which the horizon doubles, if it grows.
    pub doubling_days: Option<f64>,
    /// The lower end of the doubling time's interval.
    pub doubling_low_days: Option<f64>,
    /// The upper end of the doubling time's interval.
    pub doubling_high_days: Option<f64>,
    /// The first model in the fit; before it the line is dashed.
    pub first: Day,
    /// The last model in the fit; after it the line is dashed.
    pub last: Day,
    /// The pointwise bootstrap interval of the trend, in order of days; empty if there is none.
    pub band: Vec<BandPoint>,
}

/// The trend's interval on one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandPoint {
    /// The day.
    pub day: Day,
    /// The lower end, in human minutes.
    pub low_minutes: f64,
    /// The upper end, in human minutes.
    pub high_minutes: f64,
}

/// What a reader must know of the fits to compare them with others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FitSettings {
    /// The ridge penalty λ on the logistic fits.
    pub lambda: Option<f64>,
    /// How tasks are weighted, in a few words, such as `equal per task` or `1/√family`.
    pub weighting: Option<String>,
    /// Models in the trend, or in the figure if there is no trend.
    pub models: usize,
    /// Tasks in the fits.
    pub tasks: usize,
    /// How many of these tasks have an estimated human time, not a measured one.
    pub estimated_tasks: usize,
    /// Of how many nobody says where it comes from.
    pub unknown_tasks: usize,
    /// The least and the most, over the models, of the share of the weight near p50 that rests on
    /// estimated human times.
    pub estimated_share: Option<(f64, f64)>,
    /// The shortest and longest task, in human minutes: beyond them, a horizon is extrapolated.
    pub task_range_minutes: Option<(f64, f64)>,
    /// Coverage of all intervals, such as 0.95.
    pub level: f64,
}

impl FitSettings {
    /// `95 %`.
    pub(crate) fn level_text(&self) -> String {
        percent(self.level)
    }
}

impl Headline {
    /// The title of the time axis.
    pub(crate) fn axis_title(&self) -> String {
        axis_title(self.probability)
    }
}

/// What a time axis of horizons shows.
pub(crate) fn axis_title(probability: f64) -> String {
    let probability = percent(probability);
    format!("Length of tasks, in human time, completed with {probability} success")
}

/// `p50`, `p80`: the short name of a horizon.
pub(crate) fn short_name(probability: f64) -> String {
    let text = format!("{:.1}", probability * 100.0);
    format!("p{}", text.strip_suffix(".0").unwrap_or(&text))
}

/// A share as a percentage without needless digits.
pub(crate) fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

/// Lays the figure out: on a time line, or as a list where there are no dates.
pub(crate) fn layout(figure: &Headline) -> Result<Scene, FigureError> {
    let dated = figure
        .points
        .iter()
        .filter(|point| timeline::is_drawn(point))
        .count();
    if dated >= 2 {
        timeline::layout(figure)
    } else {
        roster::layout(figure)
    }
}

/// The groups in order of first appearance.
pub(crate) fn groups(points: &[HeadlinePoint]) -> Vec<&str> {
    let mut groups: Vec<&str> = Vec::new();
    for group in points.iter().filter_map(|point| point.group.as_deref()) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// The place of a point's group in [`groups`]; the first for a point without one.
pub(crate) fn group_index(groups: &[&str], point: &HeadlinePoint) -> usize {
    groups
        .iter()
        .position(|group| point.group.as_deref() == Some(group))
        .unwrap_or(0)
}

/// Notes about the models the picture has no place for: those the caller's test leaves out.
pub(crate) fn left_out(
    points: &[HeadlinePoint],
    is_drawn: impl Fn(&HeadlinePoint) -> bool,
) -> Vec<String> {
    let names = |wanted: &dyn Fn(&HeadlinePoint) -> bool| {
        let of = |point: &HeadlinePoint| {
            let horizon = match point.horizon.value.normalised() {
                Extent::Undefined => None,
                _ => Some(point.horizon.to_string()),
            };
            let reasons: Vec<String> = horizon.into_iter().chain(point.remark.clone()).collect();
            if reasons.is_empty() {
                point.label.clone()
            } else {
                format!("{} ({})", point.label, reasons.join("; "))
            }
        };
        points
            .iter()
            .filter(|point| !is_drawn(point) && wanted(point))
            .map(of)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let undefined = |point: &HeadlinePoint| point.horizon.value.normalised() == Extent::Undefined;
    let no_horizon = names(&undefined);
    let no_date = names(&|point| !undefined(point));
    [
        ("No horizon", no_horizon),
        ("Not drawn, for want of a release date", no_date),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(what, names)| format!("{what}: {names}."))
    .collect()
}

/// The numbers behind the picture.
pub(crate) fn tables(figure: &Headline) -> Vec<Table> {
    let mut tables = vec![models_table(figure)];
    if let Some(trend) = &figure.trend {
        tables.push(trend_table(trend));
        if !trend.band.is_empty() {
            tables.push(band_table(trend));
        }
    }
    if !figure.lines.is_empty() {
        tables.push(lines_table(figure));
    }
    tables
}

fn models_table(figure: &Headline) -> Table {
    let row = |point: &HeadlinePoint| {
        let mut row = vec![
            point.label.clone(),
            point.group.clone().unwrap_or_default(),
            point.released.map(Day::iso).unwrap_or_default(),
            point.frontier.to_string(),
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
            "model",
            "group",
            "released",
            "frontier",
            &minutes,
            &status,
            "low_minutes",
            "low_status",
            "high_minutes",
            "high_status",
            "remark",
        ],
        figure.points.iter().map(row).collect(),
    )
}

pub(crate) fn trend_table(trend: &TrendLine) -> Table {
    Table::new(Some("trend"), TREND_COLUMNS, vec![trend_cells(trend)])
}

pub(crate) const TREND_COLUMNS: [&str; 8] = [
    "slope_ln_per_day",
    "intercept_ln_minutes",
    "r_squared",
    "doubling_days",
    "doubling_low_days",
    "doubling_high_days",
    "first",
    "last",
];

pub(crate) fn trend_cells(trend: &TrendLine) -> Vec<String> {
    vec![
        number(trend.slope_ln_per_day),
        number(trend.intercept_ln_minutes),
        optional(trend.r_squared),
        optional(trend.doubling_days),
        optional(trend.doubling_low_days),
        optional(trend.doubling_high_days),
        trend.first.iso(),
        trend.last.iso(),
    ]
}

fn band_table(trend: &TrendLine) -> Table {
    let row = |point: &BandPoint| {
        vec![
            point.day.iso(),
            number(point.low_minutes),
            number(point.high_minutes),
        ]
    };
    Table::new(
        Some("band"),
        ["day", "low_minutes", "high_minutes"],
        trend.band.iter().map(row).collect(),
    )
}

fn lines_table(figure: &Headline) -> Table {
    let rows = figure.lines.iter().flat_map(|line| {
        line.points
            .iter()
            .map(|(day, minutes)| vec![line.label.clone(), day.iso(), number(*minutes)])
    });
    Table::new(Some("lines"), ["line", "day", "minutes"], rows.collect())
}
