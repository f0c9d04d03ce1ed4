//! A word that the closed set does not have.

mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() {
    let _ = telemetry::AgentType::Gemini;
}
