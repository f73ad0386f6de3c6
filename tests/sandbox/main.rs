//! Attacks on the sandbox, run with the built program as its helper.
//!
//! On a machine without user namespaces every test says so and checks that the sandbox refuses;
//! none passes silently.

mod backends;
mod isolation;
mod limits;
mod running;
mod support;
mod untrusted;
