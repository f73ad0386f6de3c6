//! Options of the commands that measure, and the measuring.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use horizon::analysis::Settings;
use horizon::{Lambda, Weighting, Window};
use jiff::civil::Date;

use super::CliError;
use crate::attempt::RunFolder;
use crate::measure::{Measurement, ReleaseDates};

/// How to measure.
#[derive(Debug, Args)]
pub(crate) struct MeasureOptions {
    /// Run directories, such as results/metr-2025-01
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<PathBuf>,
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
    /// Trend only through models released on this day or later
    #[arg(long, value_name = "YYYY-MM-DD", env = "SEXTANT_AFTER")]
    after: Option<Date>,
    /// Trend only through models released before this day
    #[arg(long, value_name = "YYYY-MM-DD", env = "SEXTANT_BEFORE")]
    before: Option<Date>,
    /// Release dates: a CSV `alias,released_on`, or METR's YAML
    #[arg(long, value_name = "FILE", env = "SEXTANT_RELEASE_DATES")]
    release_dates: Option<PathBuf>,
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
            preset: Preset::Metr202603,
            lambda: None,
            weighting: None,
            replicates: Settings::default().replicates,
            bootstrap_seed: Settings::default().seed,
            after: None,
            before: None,
            release_dates: None,
        }
    }

    /// The same, with the trend only through models released on `day` or later.
    pub(crate) fn after(self, day: Date) -> Self {
        Self {
            after: Some(day),
            ..self
        }
    }

    /// Measures the runs.
    pub(crate) fn measure(&self) -> Result<Measurement, CliError> {
        let settings = self.settings()?;
        let mut attempts = Vec::new();
        let mut dates = ReleaseDates::default();
        for path in &self.runs {
            let folder = RunFolder::new(path);
            // Runs that are missing or damaged are the user's to mend.
            attempts.extend(folder.read().map_err(CliError::usage)?);
            if folder.release_dates().is_file() {
                let known = ReleaseDates::read(&folder.release_dates()).map_err(CliError::usage)?;
                dates = dates.updated_with(known);
            }
        }
        if let Some(path) = &self.release_dates {
            dates = dates.updated_with(ReleaseDates::read(path).map_err(CliError::usage)?);
        }
        let day = |date: Option<Date>| date.map(|date| f64::from(ReleaseDates::day_number(date)));
        let window = Window {
            from_day: day(self.after),
            before_day: day(self.before),
        };
        Measurement::of(attempts, &dates, &settings, window).map_err(CliError::usage)
    }

    /// The runs' names, for titles.
    pub(crate) fn source(&self) -> String {
        let name = |path: &PathBuf| {
            // `results/x/.` and the like still have a name once resolved.
            let resolved = path.canonicalize().unwrap_or_else(|_| path.clone());
            resolved
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        self.runs.iter().map(name).collect::<Vec<_>>().join(" + ")
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
            ..Settings::default()
        })
    }
}
