//! An event without one of its properties.

mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() {
    let _ = telemetry::CommandRun { command: telemetry::Command::Init, agent_type: None };
}
