//! An event that the catalog does not have.

mod telemetry {
    headcount::catalog!("telemetry.toml");
}

fn main() {
    let _ = telemetry::PromptEntered { success: true };
}
