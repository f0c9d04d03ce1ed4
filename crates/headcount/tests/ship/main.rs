//! Shipping: every event to every destination once, whoever is dead, stopped,
//! hostile or gone meanwhile.
#![cfg(feature = "ureq")]

#[cfg(test)]
mod chaos;
#[cfg(test)]
#[cfg(windows)]
mod console;
#[cfg(test)]
#[cfg(unix)]
mod counting;
#[cfg(test)]
mod daemon;
#[cfg(test)]
mod destinations;
#[cfg(test)]
#[cfg(unix)]
mod disks;
#[cfg(test)]
mod due;
#[cfg(test)]
mod expired;
#[cfg(test)]
#[cfg(unix)]
mod forked;
#[cfg(test)]
#[cfg(unix)]
mod hardship;
#[cfg(test)]
mod hostile;
#[cfg(test)]
#[cfg(windows)]
mod inherited;
#[cfg(test)]
mod killed;
#[cfg(test)]
#[cfg(unix)]
mod lookup;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod not_now;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod panics;
#[cfg(test)]
mod process;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod report;
#[cfg(test)]
mod report_once;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod rogue;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod secure;
#[cfg(test)]
mod sent;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod started;
#[cfg(test)]
mod told;
#[cfg(test)]
mod unkept;
#[cfg(test)]
mod versions;
