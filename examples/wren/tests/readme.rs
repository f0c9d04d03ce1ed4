//! What this example's README.md prints works as it says, and the process that
//! ships never reaches the program's own work.

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use headcount_testkit::{
        CannedAnswer, CaptureServer, CapturedRequest, Home, ServerReply, TestProgram,
    };
    use serde_json::Value;

    const PRINTED: &str = env!("CARGO_BIN_EXE_wren");
    const WITH_A_LOG: &str = env!("CARGO_BIN_EXE_wren-with-a-log");

    /// What the catalog calls its queue.
    const QUEUE: &str = if cfg!(windows) {
        "AppData/Local/wren/events.jsonl"
    } else {
        ".local/share/wren/events.jsonl"
    };

    /// Runs of a program that ships after each.
    const RUNS: usize = 100;

    /// A busy machine may be slow; what hangs never comes.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn server() -> CaptureServer {
        let server = CaptureServer::start();
        // As a collector answers that takes everything.
        server.reply_otherwise(ServerReply::Made(|request| {
            let body = format!("{{\"accepted\":{},\"events\":[]}}", events(request).len());
            CannedAnswer::status(200).header("content-type", "application/json").body(body)
        }));
        server
    }

    fn program(binary: &str, home: &Home, server: &CaptureServer, words: &[&str]) -> TestProgram {
        let endpoint = format!("{}/api/v1/events", server.url());
        let program = TestProgram::new(Path::new(binary), home).args(words);
        program.env("WREN_TELEMETRY_ENDPOINT", &endpoint)
    }

    fn agreed(binary: &str, server: &CaptureServer) -> Home {
        let home = Home::new();
        let on = program(binary, &home, server, &["telemetry", "on"]).run();
        assert_eq!(on.code(), Some(0), "{}", on.stderr_text());
        home
    }

    /// The ids of all events that have come.
    fn arrived(server: &CaptureServer) -> BTreeSet<String> {
        let requests = server.requests();
        let events = requests.iter().flat_map(events);
        events.map(|event| event["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The events of a request, one a line.
    fn events(request: &CapturedRequest) -> Vec<Value> {
        let text = request.text();
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    fn until(mut condition: impl FnMut() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !condition() {
            assert!(Instant::now() < end, "it never came");
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    fn lines(home: &Home) -> usize {
        let log = std::fs::read_to_string(home.path().join("log"));
        log.map_or(0, |log| log.lines().count())
    }

    #[test]
    fn as_printed_it_records_and_ships_and_its_person_decides() {
        let (server, home) = (server(), Home::new());
        let off = program(PRINTED, &home, &server, &[]).run();
        assert_eq!((off.code(), off.stderr_text()), (Some(0), String::new()));
        assert_eq!(home.tree(), [], "off until somebody turns it on");

        let home = agreed(PRINTED, &server);
        for run in 1..=3 {
            let output = program(PRINTED, &home, &server, &["build"]).run();
            let shown = (output.code(), output.stdout_text(), output.stderr_text());
            assert_eq!(shown, (Some(0), String::new(), String::new()));
            until(|| arrived(&server).len() == run);
        }
        let events: Vec<Value> = server.requests().iter().flat_map(events).collect();
        let new = |event: &&Value| event["first"][2] == "month" && event["age"] == "0";
        assert!(events.first().filter(new).is_some(), "a new machine: {events:?}");
        assert!(events.iter().all(|event| event.get("device").is_none()));
        let status = program(PRINTED, &home, &server, &["telemetry", "status"]).run();
        assert!(status.stdout_text().starts_with("Telemetry: ENABLED\n"));
        let off = program(PRINTED, &home, &server, &["telemetry", "off"]).run();
        assert_eq!(off.code(), Some(0), "{}", off.stderr_text());
        assert_eq!(program(PRINTED, &home, &server, &["build"]).run().code(), Some(0));
        assert_eq!(arrived(&server).len(), 3);
    }

    #[test]
    fn a_hundred_runs_do_their_work_a_hundred_times() {
        let server = server();
        let home = agreed(WITH_A_LOG, &server);
        for run in 1..=RUNS {
            let output = program(WITH_A_LOG, &home, &server, &[]).run();
            assert_eq!((output.code(), output.stderr_text()), (Some(0), String::new()));
            // Each run starts a shipper of its own.
            until(|| arrived(&server).len() == run);
            assert_eq!(lines(&home), run);
        }
        let starts = home.path().join(QUEUE).with_file_name("telemetry-state").join("starts");
        until(|| !starts.exists());
        assert_eq!((lines(&home), arrived(&server).len()), (RUNS, RUNS));
    }

    /// The same without waiting for each other.
    #[test]
    fn runs_side_by_side_do_their_work_once_each() {
        let server = server();
        let home = agreed(WITH_A_LOG, &server);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..RUNS / 4 {
                        let output = program(WITH_A_LOG, &home, &server, &[]).run();
                        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
                    }
                });
            }
        });
        // The last one may have found a shipper that was about to end.
        until(|| {
            let all = arrived(&server).len() >= RUNS;
            all || program(PRINTED, &home, &server, &[]).run().code() != Some(0)
        });
        assert_eq!(lines(&home), RUNS);
    }

    /// A person may set the marker, and a shipper's children inherit it: such a
    /// process does its work, and starts no shipper.
    #[test]
    fn with_the_marker_alone_the_program_does_its_work() {
        let server = server();
        let home = agreed(WITH_A_LOG, &server);
        for (run, words) in
            [&[][..], &["build"], &["telemetry-flush"], &["x", "telemetry", "flush"]]
                .into_iter()
                .enumerate()
        {
            let marked = program(WITH_A_LOG, &home, &server, words);
            let output = marked.env("WREN_TELEMETRY_FLUSH", "1").run();
            assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
            assert_eq!((lines(&home), home.read(QUEUE).lines().count()), (run + 1, run + 1));
        }
        assert_eq!(server.requests().len(), 0);
    }

    /// By the time it starts, the answer may be no, or everything is gone.
    #[test]
    fn a_shipper_ends_without_work_whatever_has_become_of_telemetry() {
        let server = server();
        let refused = ("WREN_TELEMETRY", "0");
        let nowhere = ("HOME", "/nonexistent");
        let elsewhere = ("WREN_TELEMETRY_ENDPOINT", "not an address");
        for variable in [refused, nowhere, elsewhere, ("HOME", "relative")] {
            let home = agreed(WITH_A_LOG, &server);
            let marked = program(WITH_A_LOG, &home, &server, &["telemetry", "flush"]);
            let output = marked.env("WREN_TELEMETRY_FLUSH", "1").env(variable.0, variable.1).run();
            let shown = (output.code(), output.stdout_text(), output.stderr_text());
            assert_eq!(shown, (Some(0), String::new(), String::new()), "{variable:?}");
            assert_eq!(lines(&home), 0, "{variable:?}");
        }
        assert_eq!(server.requests().len(), 0);
    }
}
