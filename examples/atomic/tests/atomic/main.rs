//! Atomic as a person meets it: the real program in a home of its own.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod corrupt;
#[cfg(test)]
mod homes;
#[cfg(test)]
mod installer;
#[cfg(test)]
mod person;
#[cfg(test)]
mod places;
#[cfg(test)]
#[cfg(unix)]
mod question;
#[cfg(test)]
mod races;
#[cfg(test)]
#[cfg(unix)]
mod seat;
#[cfg(test)]
#[cfg(unix)]
mod signals;
#[cfg(test)]
mod telemetry;
#[cfg(test)]
#[cfg(unix)]
mod trouble;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod first_runs;
#[cfg(test)]
#[cfg(windows)]
mod windows;
#[cfg(test)]
#[cfg(unix)]
mod runs;
#[cfg(test)]
#[cfg(unix)]
mod uploads;
#[cfg(test)]
#[cfg(unix)]
mod uninstalls;
#[cfg(test)]
#[cfg(unix)]
mod help;
#[cfg(test)]
#[cfg(unix)]
mod stage;
#[cfg(test)]
#[cfg(unix)]
mod collector;
#[cfg(test)]
#[cfg(unix)]
mod sessions;
#[cfg(test)]
#[cfg(unix)]
mod hook_files;
#[cfg(test)]
#[cfg(unix)]
mod choices;
#[cfg(test)]
#[cfg(unix)]
mod canaries;
#[cfg(test)]
#[cfg(unix)]
mod collected;
#[cfg(test)]
#[cfg(unix)]
mod install_script;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod in_trouble;
#[cfg(test)]
#[cfg(unix)]
mod readme;
#[cfg(test)]
mod hidden;
