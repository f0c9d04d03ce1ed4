//! OpenClacky as a person and a client of its server meet it: the real program
//! in a home of its own, and the real collector.

#[cfg(test)]
mod agent;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod collected;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod first_runs;
// A terminal as Unix has it.
#[cfg(test)]
#[cfg(unix)]
mod notice;
// Signals are sent with kill(1).
#[cfg(test)]
#[cfg(unix)]
mod server;
#[cfg(test)]
mod stage;
