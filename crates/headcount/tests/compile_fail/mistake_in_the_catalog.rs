//! A catalog with mistakes: each is told with its place in the file.

mod telemetry {
    headcount::catalog!("mistakes.toml");
}

fn main() {}
