//! Time-horizon statistics.
