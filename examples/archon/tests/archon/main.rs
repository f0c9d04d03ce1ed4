//! Archon as a person meets it: the real program in a home of its own.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod events;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod first_runs;
