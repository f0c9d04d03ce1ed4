//! Text where the catalog has a closed set, and where it has a shape.

mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() {
    let _ = telemetry::ModelChosen { agent_type: "claude", model: String::from("my-own-secret") };
}
