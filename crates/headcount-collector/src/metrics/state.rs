//! Metrics of how a collector is: its build, its parts, its store and disk,
//! its catalogs, its certificate.

use std::fs;
use std::sync::atomic::Ordering;

use headcount_catalog::Day;
use headcount_store::ProductRow;

use super::exposition::{Exposition, MetricKind};
use crate::app::App;
use crate::disk_space::DiskSpace;
use crate::part_state::PartState;
use crate::readiness;

pub(super) fn show(page: &mut Exposition, app: &App, products: &[ProductRow]) {
    let help = "The version that runs.";
    let build = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("os", std::env::consts::OS),
        ("arch", std::env::consts::ARCH),
    ];
    page.family(MetricKind::Gauge, "headcount_build_info", help).sample(&build, 1);
    // The whole of `/proc`, which has it too, is not seen in a sandbox.
    page.one(
        MetricKind::Gauge,
        "process_start_time_seconds",
        "Start time of the process since unix epoch in seconds.",
        app.clock_watch.started().seconds(),
    );
    parts(page, app);
    store(page, app, products);
    housekeeping(page, app);
    catalogs(page, app);
    alerts(page, app);
}

fn parts(page: &mut Exposition, app: &App) {
    let parts = readiness::parts(app);
    let help = "Whether each part works, as /readyz says.";
    let mut family = page.family(MetricKind::Gauge, "headcount_part_ready", help);
    for state in &parts {
        let name = state.part.trim_start_matches("the ").trim_start_matches("a ");
        family.sample(&[("part", name)], u8::from(state.problem.is_none()));
    }
    let is_ready = !parts.iter().any(PartState::is_in_the_way);
    let help = "Whether it takes events.";
    page.one(MetricKind::Gauge, "headcount_ready", help, u8::from(is_ready));
    page.one(
        MetricKind::Gauge,
        "headcount_clock_in_doubt",
        "Whether the clock seems to be behind or ahead.",
        u8::from(app.clock_watch.is_in_doubt(app.now())),
    );
    if let Some(expiry) = (app.certificate_expiry)() {
        page.one(
            MetricKind::Gauge,
            "headcount_certificate_expiry_timestamp_seconds",
            "Until when the certificate holds, in seconds since 1970.",
            expiry.seconds(),
        );
    }
}

fn store(page: &mut Exposition, app: &App, products: &[ProductRow]) {
    let help = "Bytes of the store's files.";
    let mut family = page.family(MetricKind::Gauge, "headcount_store_file_bytes", help);
    for (file, name) in [("database", "headcount.db"), ("log", "headcount.db-wal")] {
        if let Ok(metadata) = fs::metadata(app.data.join(name)) {
            family.sample(&[("file", file)], metadata.len());
        }
    }
    if let Some(fill) = app.store.waiting() {
        let help = "Batches of acknowledged events that wait to be shipped to ClickHouse.";
        page.one(MetricKind::Gauge, "headcount_spool_batches", help, fill.batches);
        let help = "Bytes of the batches that wait to be shipped to ClickHouse.";
        page.one(MetricKind::Gauge, "headcount_spool_bytes", help, fill.bytes);
    }
    if let Some(space) = DiskSpace::of(&app.data) {
        let help = "Bytes that are free on the disk of the data folder.";
        page.one(MetricKind::Gauge, "headcount_disk_free_bytes", help, space.free);
        let help = "Bytes of the disk of the data folder.";
        page.one(MetricKind::Gauge, "headcount_disk_size_bytes", help, space.size);
    }
    for (name, help, day) in DAYS {
        let mut family = page.family(MetricKind::Gauge, name, help);
        for row in products {
            family.sample(&[("product", &row.product)], day(row).start().seconds());
        }
    }
}

/// A metric of a day of each product.
type DayOfProduct = (&'static str, &'static str, fn(&ProductRow) -> Day);

const DAYS: [DayOfProduct; 2] = [
    (
        "headcount_first_day_timestamp_seconds",
        "The first day with an event of each product, in seconds since 1970.",
        |row| row.first,
    ),
    (
        "headcount_last_day_timestamp_seconds",
        "The last day with an event of each product, in seconds since 1970.",
        |row| row.last,
    ),
];

fn housekeeping(page: &mut Exposition, app: &App) {
    let housekeeping = &app.measurements.housekeeping;
    let help = "Times that the store was kept in order since the collector started, by result.";
    let mut family = page.family(MetricKind::Counter, "headcount_housekeeping_runs_total", help);
    for (result, count) in [("ok", &housekeeping.done), ("failed", &housekeeping.failed)] {
        family.sample(&[("result", result)], count.load(Ordering::Relaxed));
    }
    if let Some(seconds) = housekeeping.last_success() {
        page.one(
            MetricKind::Gauge,
            "headcount_housekeeping_last_success_timestamp_seconds",
            "When the store was last kept in order, in seconds since 1970.",
            seconds,
        );
    }
}

fn alerts(page: &mut Exposition, app: &App) {
    let alerts = &app.measurements.alerts;
    let help = "Alerts of the configuration that ring now.";
    let ringing = alerts.ringing.load(Ordering::Relaxed);
    page.one(MetricKind::Gauge, "headcount_alerts_ringing", help, ringing);
    let help = "Deliveries of messages about alerts since the collector started, by result.";
    let mut family = page.family(MetricKind::Counter, "headcount_alert_deliveries_total", help);
    for (result, count) in
        [("sent", &alerts.sent), ("failed", &alerts.failed), ("given-up", &alerts.given_up)]
    {
        family.sample(&[("result", result)], count.load(Ordering::Relaxed));
    }
}

fn catalogs(page: &mut Exposition, app: &App) {
    let registry = app.registry();
    let help = "The newest version of each product's catalog.";
    let mut family = page.family(MetricKind::Gauge, "headcount_catalog_version", help);
    for product in registry.products() {
        family.sample(&[("product", product.name())], product.newest().version);
    }
    page.one(
        MetricKind::Counter,
        "headcount_catalog_reload_failures_total",
        "Looks at the folder of catalogs since the collector started that found a mistake.",
        app.catalogs.failed_reloads(),
    );
}
