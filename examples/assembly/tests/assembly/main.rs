//! The AssemblyAI CLI as a person meets it: the real program in a home of its
//! own.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod consent;
// A terminal as Unix has it.
#[cfg(test)]
#[cfg(unix)]
mod notice;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod received;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod token;
#[cfg(test)]
#[cfg(unix)]
mod trouble;
#[cfg(test)]
#[path = "../../../in_tests/collector.rs"]
mod collector;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod first_runs;
