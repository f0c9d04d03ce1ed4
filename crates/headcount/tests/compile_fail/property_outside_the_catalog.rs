//! A property that the catalog does not have.

mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() {
    let _ = telemetry::CommandRun {
        command: telemetry::Command::Init,
        agent_type: None,
        success: true,
        folder: 7,
    };
}
