//! Room: figure.
