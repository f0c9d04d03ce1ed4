//! Metrics of what comes in: requests, bodies, connections, queues, commits.

use std::sync::atomic::Ordering;

use super::exposition::{Exposition, MetricKind};
use crate::app::App;
use crate::limits;

pub(super) fn show(page: &mut Exposition, app: &App) {
    requests(page, app);
    connections(page, app);
    queues(page, app);
    commits(page, app);
}

fn requests(page: &mut Exposition, app: &App) {
    page.one(
        MetricKind::Counter,
        "headcount_unclaimed_events_total",
        "Events rejected since the collector started, because they name a product without a catalog.",
        app.unclaimed_events.load(Ordering::Relaxed),
    );
    let help = "Requests answered since the collector started, by status.";
    let mut family = page.family(MetricKind::Counter, "headcount_requests_total", help);
    for (status, count) in app.answered_requests.all() {
        family.sample(&[("status", &status.to_string())], count);
    }
    let help = "Time from the end of a request's head until its answer is complete or given up.";
    let name = "headcount_request_duration_seconds";
    let mut family = page.family(MetricKind::Histogram, name, help);
    for (route, times) in app.measurements.requests() {
        let state = times.state();
        // What nobody has asked for is left out.
        if state.count() > 0 {
            let labels = [("route", route.name()), ("dialect", route.dialect())];
            family.histogram(&labels, &state);
        }
    }
    let help = "Bytes of bodies of events, as they were sent.";
    let mut family = page.family(MetricKind::Histogram, "headcount_request_body_bytes", help);
    family.histogram(&[], &app.measurements.bodies.state());
}

fn connections(page: &mut Exposition, app: &App) {
    let connections = &app.measurements.connections;
    page.one(
        MetricKind::Gauge,
        "headcount_connections_open",
        "Open connections.",
        connections.open(),
    );
    page.one(
        MetricKind::Counter,
        "headcount_connections_accepted_total",
        "Connections accepted since the collector started.",
        connections.accepted.load(Ordering::Relaxed),
    );
    page.one(
        MetricKind::Counter,
        "headcount_connections_shed_total",
        "Connections ended since the collector started, to make room for others.",
        connections.shed.load(Ordering::Relaxed),
    );
}

fn queues(page: &mut Exposition, app: &App) {
    let (requests, events) = app.inbox.waiting();
    page.one(
        MetricKind::Gauge,
        "headcount_queued_requests",
        "Requests that wait for a commit.",
        requests,
    );
    page.one(
        MetricKind::Gauge,
        "headcount_queued_events",
        "Events that wait for a commit.",
        events,
    );
    page.one(
        MetricKind::Gauge,
        "headcount_queued_bodies",
        "Bodies that wait for a judge.",
        app.judge_queue.waiting(),
    );
    let left = app.body_memory.available_permits() * limits::MEMORY_UNIT_BYTES;
    page.one(
        MetricKind::Gauge,
        "headcount_body_memory_bytes",
        "Memory that bodies take now.",
        limits::BODY_MEMORY_BYTES.saturating_sub(left),
    );
}

fn commits(page: &mut Exposition, app: &App) {
    let commits = &app.measurements.commits;
    for (name, help, histogram) in [
        (
            "headcount_commit_duration_seconds",
            "Time that a commit takes until it is on disk.",
            &commits.times,
        ),
        ("headcount_commit_requests", "Requests of a commit.", &commits.requests),
        ("headcount_commit_events", "Events of a commit that a catalog allows.", &commits.events),
    ] {
        page.family(MetricKind::Histogram, name, help).histogram(&[], &histogram.state());
    }
}
