//! Consent and identity, on real files and through what a host sees: whose
//! word wins, what a broken file does, who mints the id, what a later release
//! may report.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod corrupt;
#[cfg(test)]
mod damage;
// Who has a file open can keep others from it, as on Windows alone.
#[cfg(windows)]
#[cfg(test)]
mod held;
#[cfg(test)]
mod model;
#[cfg(test)]
mod meanwhile;
// Owners, and paths that are not UTF-8, as on Unix.
#[cfg(unix)]
#[cfg(test)]
mod moved;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod turns;
#[cfg(test)]
mod orders;
// The folder is moved by a variable as on Linux and macOS.
#[cfg(unix)]
#[cfg(test)]
mod places;
// Likewise.
#[cfg(unix)]
#[cfg(test)]
mod purpose_orders;
#[cfg(test)]
mod purposes;
#[cfg(test)]
mod joined;
#[cfg(test)]
mod dropping;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod races;
#[cfg(test)]
mod scene;
#[cfg(windows)]
#[cfg(test)]
mod spelled;
#[cfg(test)]
mod widening;
#[cfg(test)]
mod withheld;
