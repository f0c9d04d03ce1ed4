//! A host on an async runtime: recording and the end hold up no other task.

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::{Duration, Instant};

    use headcount::catalog::Value;
    use headcount::daemon::{Daemon, ShutdownEnd};
    use headcount::ship::Ureq;
    use headcount::{Context, Host, Surroundings, Telemetry, Time, person};
    use headcount_testkit::{CaptureServer, Home, ServerReply};
    use headcount_tracing::CatalogLayer;
    use tracing_subscriber::prelude::*;

    mod telemetry {
        headcount::catalog!("../../examples/wren/telemetry.toml");
    }
    use telemetry::CATALOG;

    struct Nothing;

    impl Context for Nothing {
        fn entries(&self) -> Vec<(usize, Value)> {
            Vec::new()
        }
    }

    /// A person who has agreed, and a program that ships to this address.
    fn telemetry(home: &Home, url: &str) -> Telemetry {
        let endpoint = format!("{url}/api/v1/events");
        let variables = HashMap::from([("WREN_TELEMETRY_ENDPOINT".to_owned(), endpoint)]);
        let now = Time::parse("2026-11-20T12:00:00Z").expect("a time");
        let surroundings = Surroundings::given(home.path(), variables, now);
        let telemetry = Telemetry::new(&CATALOG, Host::new("1.0.0"), surroundings);
        person::grant(&telemetry.open()).expect("the answer is kept");
        telemetry
    }

    /// Records this many events from several tasks of one thread.
    async fn record(daemon: &Arc<Daemon>, events: u32) {
        let recorder = Arc::downgrade(daemon);
        let layer = CatalogLayer::new(&CATALOG, move |event| {
            if let Some(daemon) = recorder.upgrade() {
                daemon.record(&Nothing, event);
            }
        });
        let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        let tasks: Vec<_> = (0..events)
            .map(|_| {
                tokio::spawn(async {
                    tracing::info!(target: "headcount", event = "command", name = "build", worked = true, took = 1);
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("it does not panic");
        }
    }

    fn runtime() -> tokio::runtime::Runtime {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().build().expect("a runtime")
    }

    #[test]
    fn what_tasks_record_arrives() {
        let (home, server) = (Home::new(), CaptureServer::start());
        server.reply_otherwise(ServerReply::Made(|request| {
            let events = request.text().lines().count();
            headcount_testkit::CannedAnswer::status(200)
                .header("content-type", "application/json")
                .body(format!("{{\"accepted\":{events},\"events\":[]}}"))
        }));
        let telemetry = telemetry(&home, &server.url());
        let ended = runtime().block_on(async {
            let daemon = Arc::new(telemetry.daemon(Ureq::new()).expect("a thread"));
            record(&daemon, 30).await;
            let ended = tokio::task::spawn_blocking(move || {
                Arc::into_inner(daemon).map(|daemon| daemon.shutdown(Duration::from_secs(60)))
            });
            ended.await.expect("it does not panic")
        });
        assert_eq!(ended, Some(ShutdownEnd::InTime));
        let lines: usize =
            server.requests().iter().map(|request| request.text().lines().count()).sum();
        assert_eq!(lines, 30);
    }

    /// The endpoint takes a connection and never answers. The one thread of the
    /// runtime goes on meanwhile.
    #[test]
    fn an_endpoint_that_hangs_holds_up_no_task() {
        let (home, server) = (Home::new(), CaptureServer::start());
        server.reply_otherwise(ServerReply::Never);
        let telemetry = telemetry(&home, &server.url());
        runtime().block_on(async {
            let daemon = Arc::new(telemetry.daemon(Ureq::new()).expect("a thread"));
            record(&daemon, 30).await;
            let turns = Arc::new(AtomicU32::new(0));
            let counted = Arc::clone(&turns);
            let other = tokio::spawn(async move {
                loop {
                    counted.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            });
            let began = Instant::now();
            let ended = tokio::task::spawn_blocking(move || {
                Arc::into_inner(daemon).map(|daemon| daemon.shutdown(Duration::from_millis(500)))
            });
            assert_eq!(ended.await.expect("it does not panic"), Some(ShutdownEnd::OutOfBudget));
            assert!(began.elapsed() >= Duration::from_millis(500));
            other.abort();
            // If the end held up the thread, the other task would have had no
            // turn at all, and it had time for hundreds.
            assert!(turns.load(Ordering::Relaxed) > 10, "{turns:?}");
        });
    }
}
