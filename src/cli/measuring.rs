//! Options of the commands that measure, and the measuring.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use horizon::analysis::Settings;
use horizon::bootstrap::Resampling;
use horizon::interval::IntervalMethod;
use horizon::{Lambda, Weighting, Window};
use jiff::civil::Date;

use super::{CliError, say};
use crate::attempt::RunFolder;
use crate::exchange::{ColumnMap, read_table};
use crate::measure::{
    Choices, Exclusion, Label, Measurement, PublishedHorizon, ReleaseDates, Selection, select,
};

/// How to measure.
#[derive(Debug, Clone, Args)]
pub(crate) struct MeasureOptions {
    /// Run directories, such as results/metr-2025-01, and tables of runs: CSV, TSV or JSONL, packed or
    /// not, METR's runs.jsonl among them
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<PathBuf>,
    /// Which column of a table holds what, where its name does not say: for instance
    /// human_hours=duration, model=agent, success=passed
    #[arg(
        long,
        value_name = "FIELD=COLUMN",
        value_delimiter = ',',
        env = "SEXTANT_MAP"
    )]
    map: Vec<String>,
    /// What curves are fitted to
    #[arg(long, value_enum, default_value_t = LabelName::Success, env = "SEXTANT_LABEL")]
    label: LabelName,
    /// Leave out a model, family or task
    #[arg(
        long,
        value_name = "KIND=NAME",
        value_delimiter = ',',
        env = "SEXTANT_EXCLUDE"
    )]
    exclude: Vec<String>,
    /// Measure although not all attempts that were planned are scored
    #[arg(long, env = "SEXTANT_ALLOW_MISSING")]
    allow_missing: bool,
    /// Settings of a publication; single options win over it
    #[arg(long, value_enum, default_value_t = Preset::Metr202603, env = "SEXTANT_PRESET")]
    preset: Preset,
    /// Ridge penalty on the slope, per unit of total weight
    #[arg(long, value_name = "λ", env = "SEXTANT_LAMBDA")]
    lambda: Option<f64>,
    /// How much each attempt counts
    #[arg(long, value_enum, env = "SEXTANT_WEIGHTING")]
    weighting: Option<WeightingName>,
    /// Bootstrap replicates; 0 for no intervals
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1000,
        env = "SEXTANT_REPLICATES"
    )]
    replicates: usize,
    /// Seed of the bootstrap
    #[arg(long, default_value_t = 42, env = "SEXTANT_BOOTSTRAP_SEED")]
    bootstrap_seed: u64,
    /// How intervals of horizons are computed
    #[arg(long, value_enum, default_value_t = IntervalName::Percentile, env = "SEXTANT_INTERVAL")]
    interval: IntervalName,
    /// How replicates are drawn
    #[arg(long, value_enum, default_value_t = ResamplingName::Streams, env = "SEXTANT_RESAMPLING")]
    resampling: ResamplingName,
    /// Trend only through models released on this day or later
    #[arg(long, value_name = "YYYY-MM-DD", env = "SEXTANT_AFTER")]
    after: Option<Date>,
    /// Trend only through models released before this day
    #[arg(long, value_name = "YYYY-MM-DD", env = "SEXTANT_BEFORE")]
    before: Option<Date>,
    /// Release dates: a CSV `alias,released_on`, or METR's YAML
    #[arg(long, value_name = "FILE", env = "SEXTANT_RELEASE_DATES")]
    release_dates: Option<PathBuf>,
    /// Stitch the trend to horizons that others published: a CSV `model,released_on,p50_minutes`
    #[arg(long, value_name = "FILE", env = "SEXTANT_STITCH")]
    stitch: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Preset {
    /// METR's Time Horizon 1.0 and 1.1 as launched: λ = 0.1
    #[value(name = "metr-th1.0")]
    MetrTh10,
    /// METR's correction of March 2026: λ = 0.00001
    #[value(name = "metr-2026-03")]
    Metr202603,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum IntervalName {
    /// Percentiles of the bootstrap, as METR has them
    Percentile,
    /// Percentiles corrected for bias and skewness
    Bca,
    /// Lengths that the curve's likelihood does not rule out
    Profile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ResamplingName {
    /// From a stream for each replicate
    Streams,
    /// As METR's NumPy draws, run by run; with --bootstrap-seed 42 these are METR's own replicates
    NumpyReplay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LabelName {
    /// Success or failure
    Success,
    /// The score, as a fraction of a success
    Score,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WeightingName {
    /// Each task by 1/√(tasks in its family)
    Invsqrt,
    /// Each task the same
    Equal,
}

impl MeasureOptions {
    /// The default way to measure `run`.
    pub(crate) fn defaults(run: PathBuf) -> Self {
        Self {
            runs: vec![run],
            map: Vec::new(),
            label: LabelName::Success,
            exclude: Vec::new(),
            allow_missing: false,
            preset: Preset::Metr202603,
            lambda: None,
            weighting: None,
            replicates: Settings::default().replicates,
            bootstrap_seed: Settings::default().seed,
            interval: IntervalName::Percentile,
            resampling: ResamplingName::Streams,
            after: None,
            before: None,
            release_dates: None,
            stitch: None,
        }
    }

    /// The same, with the trend only through models released on `day` or later.
    pub(crate) fn after(self, day: Date) -> Self {
        Self {
            after: Some(day),
            ..self
        }
    }

    /// The same for other runs.
    pub(crate) fn on(&self, runs: Vec<PathBuf>) -> Self {
        Self {
            runs,
            ..self.clone()
        }
    }

    /// Which releases the trend goes through.
    pub(crate) fn window(&self) -> Window {
        let day = |date: Option<Date>| date.map(|date| f64::from(ReleaseDates::day_number(date)));
        Window {
            from_day: day(self.after),
            before_day: day(self.before),
        }
    }

    /// How many bootstrap replicates are asked for.
    pub(crate) fn replicates(&self) -> usize {
        self.replicates
    }

    /// Measures the runs without intervals, for questions that draw for themselves.
    pub(crate) fn without_replicates(&self) -> Result<Measurement, CliError> {
        let without = Self {
            replicates: 0,
            ..self.clone()
        };
        without.measure()
    }

    /// Measures the runs.
    pub(crate) fn measure(&self) -> Result<Measurement, CliError> {
        let (selection, dates) = self.gather()?;
        let choices = Choices {
            label: match self.label {
                LabelName::Success => Label::Success,
                LabelName::Score => Label::Score,
            },
            settings: self.settings()?,
            resampling: match self.resampling {
                ResamplingName::Streams => Resampling::Streams,
                ResamplingName::NumpyReplay => Resampling::NumpyReplay,
            },
            window: self.window(),
            published: match &self.stitch {
                Some(path) => PublishedHorizon::read(path).map_err(CliError::usage)?,
                None => Vec::new(),
            },
        };
        let measurement = Measurement::of(selection, &dates, &choices).map_err(CliError::usage)?;
        self.demand_coverage(&measurement)?;
        Ok(measurement)
    }

    /// Everything that is to be measured, and the release dates that came with it.
    fn gather(&self) -> Result<(Selection, ReleaseDates), CliError> {
        let map = ColumnMap::parse(self.map.iter().map(String::as_str)).map_err(CliError::usage)?;
        let (mut attempts, mut plans, mut tables) = (Vec::new(), Vec::new(), Vec::new());
        let mut dates = ReleaseDates::default();
        for path in &self.runs {
            // Runs and tables that are missing or damaged are the user's to mend.
            if path.is_file() {
                let table = read_table(path, &map).map_err(CliError::usage)?;
                table.remarks.iter().for_each(say);
                dates = dates.updated_with(ReleaseDates::from_days(table.released_on.clone()));
                tables.push(table);
                continue;
            }
            let folder = RunFolder::new(path);
            attempts.extend(folder.read().map_err(CliError::usage)?);
            plans.extend(folder.read_plan().map_err(CliError::usage)?);
            if folder.release_dates().is_file() {
                let known = ReleaseDates::read(&folder.release_dates()).map_err(CliError::usage)?;
                dates = dates.updated_with(known);
            }
        }
        if let Some(path) = &self.release_dates {
            dates = dates.updated_with(ReleaseDates::read(path).map_err(CliError::usage)?);
        }
        let mut selection = select(attempts, &plans);
        for table in tables {
            selection.add_rows(table.samples, &table.unscored);
        }
        let absent = selection.exclude(self.exclusion()?);
        if !absent.is_empty() {
            let names = absent.join(", ");
            return Err(CliError::usage(anyhow!(
                "--exclude: nothing here is called {names}"
            )));
        }
        Ok((selection, dates))
    }

    fn exclusion(&self) -> Result<Exclusion, CliError> {
        let mut exclusion = Exclusion::default();
        for text in &self.exclude {
            let (kind, name) = text.split_once('=').unwrap_or((text, ""));
            let names = match kind {
                "model" => &mut exclusion.models,
                "family" => &mut exclusion.families,
                "task" => &mut exclusion.tasks,
                _ => {
                    return Err(CliError::usage(anyhow!(
                        "--exclude {text}: write model=NAME, family=NAME or task=NAME"
                    )));
                }
            };
            names.push(name.to_owned());
        }
        Ok(exclusion)
    }

    /// Refuses a horizon from part of what was planned, unless it is asked for.
    fn demand_coverage(&self, measurement: &Measurement) -> Result<(), CliError> {
        let lines: Vec<String> = measurement
            .incomplete()
            .map(|(model, coverage)| format!("  {model}: {} attempts scored", coverage.in_words()))
            .collect();
        if lines.is_empty() || self.allow_missing {
            return Ok(());
        }
        Err(CliError::unscored(anyhow!(
            "not all attempts that were planned are scored:\n{}\nrun `sextant run` again to go on, or \
             give --allow-missing for horizons from what there is",
            lines.join("\n")
        )))
    }

    /// The runs' names, for titles.
    pub(crate) fn source(&self) -> String {
        names(&self.runs)
    }

    /// The first run's directory.
    pub(crate) fn first_run(&self) -> &Path {
        // Clap demands at least one.
        self.runs.first().map_or(Path::new("."), PathBuf::as_path)
    }

    fn settings(&self) -> Result<Settings, CliError> {
        let lambda = match self.lambda {
            Some(value) => Lambda::new(value).map_err(CliError::usage)?,
            None => match self.preset {
                Preset::MetrTh10 => Lambda::METR_TH1_0,
                Preset::Metr202603 => Lambda::METR_2026_03,
            },
        };
        let weighting = match self.weighting {
            Some(WeightingName::Equal) => Weighting::Equal,
            Some(WeightingName::Invsqrt) | None => Weighting::InverseSqrtFamily,
        };
        Ok(Settings {
            lambda,
            weighting,
            replicates: self.replicates,
            seed: self.bootstrap_seed,
            interval: match self.interval {
                IntervalName::Percentile => IntervalMethod::Percentile,
                IntervalName::Bca => IntervalMethod::Bca,
                IntervalName::Profile => IntervalMethod::Profile,
            },
            ..Settings::default()
        })
    }
}

/// The names of runs, for titles.
pub(crate) fn names(runs: &[PathBuf]) -> String {
    let name = |path: &PathBuf| {
        // `results/x/.` and the like still have a name once resolved.
        let resolved = path.canonicalize().unwrap_or_else(|_| path.clone());
        resolved
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    runs.iter().map(name).collect::<Vec<_>>().join(" + ")
}
