//! Values, with TLC's equality, order and errors.

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A Boolean.
    Bool(bool),
}
