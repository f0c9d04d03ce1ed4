//! Whether a collector is ready to be sent events: every part, with what is
//! wrong with it.
//!
//! Health ([`crate::health`]) asks whether it is alive: a supervisor that
//! starts it again would help. Readiness asks more: somebody has to do
//! something, or send elsewhere.

use std::sync::Arc;

use headcount_store::StoreProblem;
use serde_json::json;

use crate::app::App;
use crate::disk_space::DiskSpace;
use crate::kept_clock;
use crate::limits;
use crate::part_state::PartState;

/// Looks at every part.
pub(crate) async fn look(app: &Arc<App>) -> Vec<PartState> {
    let of = Arc::clone(app);
    app.look(move || parts(&of)).await.unwrap_or_else(overdue)
}

/// Looks at every part. It may wait for the disk.
pub(crate) fn parts(app: &App) -> Vec<PartState> {
    let mut parts = app.health.parts();
    parts.push(store(app));
    let bearable = |problem: StoreProblem| PartState::bearable(problem.part, problem.problem);
    parts.extend(app.store.problems().into_iter().map(bearable));
    parts.push(PartState::of("the server", app.health.is_stopping().then_some(STOPPING)));
    let now = app.now();
    parts.push(PartState::of("the clock", clock(app)));
    if let Some(space) = DiskSpace::of(&app.data) {
        parts.push(PartState::of("the disk", is_low(space).then_some(DISK)));
    }
    if let Some(expiry) = (app.certificate_expiry)() {
        parts.push(PartState::of("the certificate", (expiry <= now).then_some(CERTIFICATE)));
    }
    parts
}

fn store(app: &App) -> PartState {
    PartState::of("the store", app.store.health().is_err().then_some(STORE))
}

/// What is wrong with the clock. An operator who says that it is right need not
/// wait for the next hour.
fn clock(app: &App) -> Option<&'static str> {
    if app.clock_watch.is_in_doubt(app.now()) {
        kept_clock::hear_operator(app);
    }
    app.clock_watch.doubt(app.now()).map(kept_clock::problem)
}

fn is_low(space: DiskSpace) -> bool {
    space.free < limits::LOW_DISK_BYTES
}

/// The answer: 200 or 503, and JSON with every part.
pub(crate) fn answer(parts: &[PartState]) -> (bool, String) {
    let is_ready = !parts.iter().any(PartState::is_in_the_way);
    let list: Vec<_> = parts
        .iter()
        .map(|PartState { part, problem, .. }| match problem {
            None => json!({ "part": part, "ok": true }),
            Some(problem) => json!({ "part": part, "ok": false, "problem": problem }),
        })
        .collect();
    (is_ready, json!({ "ready": is_ready, "parts": list }).to_string())
}

/// What is answered if the look does not end.
fn overdue() -> Vec<PartState> {
    vec![PartState::of("the store", Some("it has not answered in time; look at the disk"))]
}

const STORE: &str = "it cannot commit; the operator's log says why";
const STOPPING: &str = "it is stopping";
const DISK: &str = "less than 64 MiB are free: free some space";
const CERTIFICATE: &str = "it has expired: renew it";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::tests::TestApp;

    #[test]
    fn every_part_is_listed_and_one_that_is_wrong_is_enough() {
        let mut test = TestApp::start();
        let listed = parts(&test.app);
        let (is_ready, text) = answer(&listed);
        assert!(is_ready, "{text}");
        let names: Vec<_> = listed.iter().map(|part| part.part).collect();
        assert!(names.starts_with(&["the store", "the server", "the clock"]), "{names:?}");
        test.app.health.stopping();
        let (is_ready, text) = answer(&parts(&test.app));
        assert!(!is_ready && text.contains(STOPPING), "{text}");
        test.stop();
    }

    #[test]
    fn a_disk_is_low_below_its_limit() {
        assert_eq!(limits::LOW_DISK_BYTES, 64 * 1024 * 1024, "the sentence says so");
        let space = |free| DiskSpace { free, size: u64::MAX };
        assert!(is_low(space(limits::LOW_DISK_BYTES - 1)));
        assert!(!is_low(space(limits::LOW_DISK_BYTES)));
    }
}
