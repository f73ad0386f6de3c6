//! The built program as its users meet it: exit codes, both streams, and what is left on the disk.
//!
//! One test program for all of it, so that it is linked once. Every module is marked as test code,
//! which may unwrap.

#[cfg(test)]
mod api_failures;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod horizon_questions;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod import_and_measure;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod modeling;
#[cfg(test)]
mod run_lifecycle;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod task_commands;
#[cfg(test)]
mod tla_commands;
