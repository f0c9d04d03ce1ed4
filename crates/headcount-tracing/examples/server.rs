//! A host on `tokio`: tasks record through `tracing`, a thread of the SDK's own
//! ships, and the end waits on a thread that may wait.
//!
//! ```console
//! $ cargo run -p headcount-tracing --example server
//! ```

use std::sync::Arc;
use std::time::Duration;

use headcount::catalog::Value;
use headcount::daemon::ShutdownEnd;
use headcount::ship::Ureq;
use headcount::{Context, Host, Surroundings, Telemetry};
use headcount_tracing::CatalogLayer;
use tracing::Instrument as _;
use tracing_subscriber::prelude::*;

use telemetry::CATALOG;

mod telemetry {
    headcount::catalog!("../../examples/wren/telemetry.toml");
}

/// How long the end may take: a service that is stopped is soon killed.
const LAST_SHIPMENT: Duration = Duration::from_millis(500);

/// This program sets nothing of the envelope itself.
struct Nothing;

impl Context for Nothing {
    fn entries(&self) -> Vec<(usize, Value)> {
        Vec::new()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    // First of all, before any thread is started: see `headcount::Telemetry`.
    let host = Host::new(env!("CARGO_PKG_VERSION"));
    let telemetry = Telemetry::new(&CATALOG, host, Surroundings::of_this_process());
    let daemon = Arc::new(telemetry.daemon(Ureq::new())?);
    let recorder = Arc::downgrade(&daemon);
    let layer = CatalogLayer::new(&CATALOG, move |event| {
        if let Some(daemon) = recorder.upgrade() {
            daemon.record(&Nothing, event);
        }
    });
    tracing_subscriber::registry().with(layer).init();
    eprintln!("{}", daemon.status_line());

    let jobs = [job("build"), job("test")].map(tokio::spawn);
    for job in jobs {
        job.await?;
    }

    // `shutdown` waits for a thread, so it has a thread of its own.
    let ended = tokio::task::spawn_blocking(move || {
        Arc::into_inner(daemon).map(|daemon| daemon.shutdown(LAST_SHIPMENT))
    });
    let in_time = ended.await? == Some(ShutdownEnd::InTime);
    eprintln!("the last shipment ended {}", if in_time { "in time" } else { "late" });
    Ok(())
}

/// The span is the event: it is recorded when the job is over.
async fn job(name: &'static str) {
    let span = tracing::info_span!(target: "headcount", "command", name, worked = true);
    tokio::time::sleep(Duration::from_millis(20)).instrument(span).await;
}
