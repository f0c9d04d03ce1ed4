//! AtomCode as a person and an editor meet it: the real program in a home of
//! its own.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod collected;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod crash;
// Signals are sent with kill(1).
#[cfg(test)]
#[cfg(unix)]
mod daemon;
#[cfg(test)]
mod headless;
#[cfg(test)]
mod login;
// A terminal as Unix has it.
#[cfg(test)]
#[cfg(unix)]
mod notice;
#[cfg(test)]
mod purposes;
#[cfg(test)]
mod stage;
#[cfg(test)]
#[cfg(unix)]
mod tui;
#[cfg(test)]
mod turns;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod first_runs;
