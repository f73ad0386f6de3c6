//! The numbers behind a picture, as CSV.

use super::error::FigureError;

/// A table of text cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the table holds; the main table of a figure has no name, so that its file is named like
    /// the picture.
    pub name: Option<&'static str>,
    /// Column titles.
    pub columns: Vec<String>,
    /// Rows with as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new<'c>(
        name: Option<&'static str>,
        columns: impl IntoIterator<Item = &'c str>,
        rows: Vec<Vec<String>>,
    ) -> Table {
        Table {
            name,
            columns: columns.into_iter().map(str::to_owned).collect(),
            rows,
        }
    }

    /// The table as CSV with a header line.
    ///
    /// # Errors
    ///
    /// [`FigureError::Csv`] if a row is not as long as the header.
    pub fn to_csv(&self) -> Result<String, FigureError> {
        let failed = |reason: String| FigureError::Csv {
            table: self.name.unwrap_or("main").to_owned(),
            reason,
        };
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer
            .write_record(&self.columns)
            .map_err(|error| failed(error.to_string()))?;
        for row in &self.rows {
            writer
                .write_record(row)
                .map_err(|error| failed(error.to_string()))?;
        }
        let bytes = writer
            .into_inner()
            .map_err(|error| failed(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
    }
}

/// A number with all its digits.
pub(crate) fn number(value: f64) -> String {
    value.to_string()
}

/// A number with all its digits, or an empty cell.
pub(crate) fn optional(value: Option<f64>) -> String {
    value.map(number).unwrap_or_default()
}
