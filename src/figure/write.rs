//! Figures to files.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::FigureError;
use super::table::Table;
use super::{
    BudgetCurve, Comparison, Curves, Headline, Multiverse, Residuals, TaskLengths, budget,
    comparison, curves, headline, multiverse, paint, residuals, scene::Scene, task_lengths,
};

/// Something that can be drawn, and whose numbers can be tabulated.
pub trait Figure {
    /// Lays the figure out on a page.
    ///
    /// # Errors
    ///
    /// [`FigureError::Font`] if a text cannot be measured.
    fn layout(&self) -> Result<Scene, FigureError>;

    /// The numbers behind the picture; the first table is the main one.
    fn tables(&self) -> Vec<Table>;
}

/// Hands the layout and the tables of a figure to its module.
macro_rules! figures {
    ($($figure:ident in $module:ident),+ $(,)?) => {
        $(impl Figure for $figure {
            fn layout(&self) -> Result<Scene, FigureError> {
                $module::layout(self)
            }

            fn tables(&self) -> Vec<Table> {
                $module::tables(self)
            }
        })+
    };
}

figures! {
    BudgetCurve in budget,
    Comparison in comparison,
    Curves in curves,
    Headline in headline,
    Multiverse in multiverse,
    Residuals in residuals,
    TaskLengths in task_lengths,
}

/// The figure as an SVG document with its font inside.
///
/// # Errors
///
/// [`FigureError::Font`], [`FigureError::Draw`] or [`FigureError::TooLarge`].
pub fn svg(figure: &impl Figure) -> Result<String, FigureError> {
    paint::svg(&figure.layout()?)
}

/// The figure as a PNG file at twice its page size.
///
/// # Errors
///
/// [`FigureError::Font`], [`FigureError::Draw`] or [`FigureError::TooLarge`].
pub fn png(figure: &impl Figure) -> Result<Vec<u8>, FigureError> {
    paint::png(&figure.layout()?)
}

/// Writes `<stem>.svg`, whole or not at all, and gives its path.
///
/// # Errors
///
/// As [`svg`], and [`FigureError::Write`].
pub fn write_svg(figure: &impl Figure, stem: &Path) -> Result<PathBuf, FigureError> {
    write(with_ending(stem, ".svg"), svg(figure)?.as_bytes())
}

/// Writes `<stem>.png`, whole or not at all, and gives its path.
///
/// # Errors
///
/// As [`png()`], and [`FigureError::Write`].
pub fn write_png(figure: &impl Figure, stem: &Path) -> Result<PathBuf, FigureError> {
    write(with_ending(stem, ".png"), &png(figure)?)
}

/// Writes `<stem>.csv` and `<stem>-<name>.csv` for each further table, and gives their paths.
///
/// # Errors
///
/// [`FigureError::Csv`] or [`FigureError::Write`].
pub fn write_csv(figure: &impl Figure, stem: &Path) -> Result<Vec<PathBuf>, FigureError> {
    figure
        .tables()
        .iter()
        .map(|table| {
            let ending = table
                .name
                .map_or(".csv".to_owned(), |name| format!("-{name}.csv"));
            write(with_ending(stem, &ending), table.to_csv()?.as_bytes())
        })
        .collect()
}

/// Writes the picture both ways and its numbers, and gives all the paths.
///
/// # Errors
///
/// As [`write_svg`], [`write_png`] and [`write_csv`].
pub fn write_all(figure: &impl Figure, stem: &Path) -> Result<Vec<PathBuf>, FigureError> {
    let mut paths = vec![write_svg(figure, stem)?, write_png(figure, stem)?];
    paths.extend(write_csv(figure, stem)?);
    Ok(paths)
}

/// Adds an ending; unlike `with_extension` it leaves a stem such as `run-v1.2` whole.
fn with_ending(stem: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(stem);
    name.push(ending);
    PathBuf::from(name)
}

/// Writes beside the target and renames, so that a reader never sees half a file.
fn write(path: PathBuf, bytes: &[u8]) -> Result<PathBuf, FigureError> {
    let temporary = with_ending(&path, &format!(".{}.tmp", std::process::id()));
    let written = std::fs::File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&temporary, &path));
    match written {
        Ok(()) => Ok(path),
        Err(source) => {
            // The first error is the one to report, whether or not anything is left to remove.
            let _ = std::fs::remove_file(&temporary);
            Err(FigureError::Write { path, source })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_whole_files_and_leaves_nothing_beside_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path().join("run-v1.2.csv"), b"a,b\n").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"a,b\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(
            with_ending(Path::new("x/run-v1.2"), ".svg"),
            Path::new("x/run-v1.2.svg")
        );
    }

    #[test]
    fn an_error_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no/such/folder.svg");
        let error = write(path.clone(), b"").unwrap_err();
        assert!(
            error.to_string().contains(&path.display().to_string()),
            "{error}"
        );
    }
}
