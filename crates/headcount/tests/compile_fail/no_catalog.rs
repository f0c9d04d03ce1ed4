//! A catalog that is not there, one that is not named, and a path of one platform.

headcount::catalog!("nowhere.toml");
headcount::catalog!(telemetry);
headcount::catalog!("folder\\telemetry.toml");

fn main() {}
