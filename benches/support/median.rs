//! The middle of several measurements.

use crate::process::Usage;

/// The measurement of median wall time.
pub(crate) fn median(mut of: Vec<Usage>) -> Usage {
    of.sort_by(|a, b| a.wall_seconds.total_cmp(&b.wall_seconds));
    of[of.len() / 2]
}
