//! What came of it, as tables and budgets.

use super::super::growth_page::quantiles_told;
use super::super::limits::{ASKED, CONNECTIONS, DEVICES, GROWTH_DAYS, MILLION};
use super::super::questions::Asked;
use super::super::stage::Stage;
use super::earlier::Earlier;
use super::intake::{Intake, Sink};
use super::measured::{Generated, Measured, Size};
use crate::page::{Met, Section, Table, Verdict};
use crate::sample::Sample;

/// Tables with a row of their own.
const TABLES: [&str; 3] = ["events", "device_days", "cells"];

/// The section.
pub(crate) fn section(stage: &Stage, measured: &Measured) -> Section {
    let earlier = Earlier::read(&stage.parts.section("growth").unwrap_or_default());
    let earlier = earlier.filter(|earlier| earlier.millions * MILLION > measured.embedded.events);
    Section {
        title: "The store on ClickHouse",
        text: text(stage, measured, earlier.as_ref()),
        tables: vec![
            intakes(&measured.intakes),
            ways(measured),
            sizes(measured),
            questions(measured, earlier.as_ref()),
        ],
        verdicts: verdicts(measured),
    }
}

fn text(stage: &Stage, measured: &Measured, earlier: Option<&Earlier>) -> String {
    let Generated { copies, .. } = measured.generated;
    let earlier = earlier.map_or_else(String::new, |earlier| {
        format!(
            " The embedded store at {} million is the one that grew above ({}): it has {DEVICES} \
             devices at every size.",
            earlier.millions, earlier.made
        )
    });
    let unasked = match &measured.compared.unasked[..] {
        [] => String::new(),
        names => format!(" Not a question for this product: {}.", names.join(", ")),
    };
    let (time, least) = stage.effort.asked_within();
    let often = format!(
        "Each question is asked {ASKED} times, a connection each, over all {GROWTH_DAYS} days, once \
         the engine has nothing else to do; each time it is asked for an earlier first day, on which \
         there is nothing, so that no answer about devices is given again. Pages are asked as \
         people open them: the first answer is what a page takes when nobody had it open, and the \
         others have slow answers from before. What takes long is asked for {} s, and at least \
         {least} times: then the number of answers is in brackets, and of fewer than a hundred the \
         slowest stands for the 99th percentile.",
        time.as_secs()
    );
    // Half of them are the same in all copies.
    let devices = DEVICES as u64 / 2 * (copies + 2);
    format!(
        "ClickHouse's engine {}, in a process behind a small HTTP server in Python \
         (`peers/clickhouse`), which is part of every figure here: a real server is rather faster. \
         `SELECT 1` through it is the least that any statement takes, and a question is {:.1} \
         statements, one after the other.\n\n\
         **The way in.** A collector on the first core, {CONNECTIONS} connections, native lines. \
         The load has the second core, which the engine shares with it: so the rate while events \
         are shipped says as much about the load, and the collector's own time on a processor \
         says what the work is. What waits when the load is over is then shipped by a collector \
         that does nothing else, but for a recount each minute.\n\n\
         **The move.** The embedded store grows as above. `headcount migrate` runs on the \
         collector's core while the collector serves the folder, and the engine on both cores, \
         here and in all that follows. Then a collector is started on the same folder with \
         `--store clickhouse://…`, and all rows of all its answers are compared with those from \
         before. Neither may estimate here, since all raw events live.{unasked}\n\n\
         **The copies.** The engine makes {copies} copies of each event, a week after the other, \
         by `INSERT … SELECT`. A copy keeps its day and what it says, and has an id of its own. \
         Half of the devices are the same in all copies, the others are made anew in each, so that \
         {DEVICES} devices become {devices}. Rows in `batches` tell the store of the copies, and \
         the collector counts what is new of their days. What it must \
         answer is known: each count of events is {} times that of before. No sum of outcomes has \
         them.\n\n\
         **The questions.** {often}{earlier}",
        measured.version,
        measured.statements,
        copies + 1,
    )
}

fn intakes(intakes: &[Intake]) -> Table {
    let mut table = Table::new(&[
        "the way in",
        "events a request",
        "k/s acknowledged",
        "k/s of the collector's processor time",
        "bytes an event in the folder",
        "shipped meanwhile",
        "waiting then",
        "all shipped after, s",
        "k/s shipped",
        "k/s shipped, of the engine's processor time",
    ]);
    for intake in intakes {
        let sink = match intake.sink {
            Sink::Embedded => "embedded store",
            Sink::Spool => "spool, ClickHouse away",
            Sink::ClickHouse => "spool, shipped meanwhile",
        };
        let bytes = match intake.event_bytes.is_nan() {
            true => "–".to_owned(),
            false => format!("{:.1}", intake.event_bytes),
        };
        let shipped = match intake.shipping {
            None => vec!["–".to_owned(); 5],
            Some(shipping) => vec![
                shipping.meanwhile.to_string(),
                shipping.waited.to_string(),
                format!("{:.1}", shipping.took.as_secs_f64()),
                format!("{:.1}", shipping.rate() / 1e3),
                format!("{:.1}", shipping.waited as f64 / shipping.engine_busy_s / 1e3),
            ],
        };
        let busy = Sample::of(intake.by_busy_second.iter().copied());
        let rates = Sample::of(intake.rates.iter().copied());
        let head = [sink.to_owned(), intake.batch.to_string()];
        let told = [rates.told(1e-3, 1), busy.told(1e-3, 1), bytes];
        table.row(head.into_iter().chain(told).chain(shipped));
    }
    table
}

fn ways(measured: &Measured) -> Table {
    let mut table = Table::new(&["", "events", "s", "k/s", "k/s of the engine's processor time"]);
    let mut row = |what: &str, events: u64, seconds: f64, busy: Option<f64>| {
        let rate = |seconds: f64| format!("{:.1}", events as f64 / seconds / 1e3);
        table.row([
            what.to_owned(),
            events.to_string(),
            format!("{seconds:.1}"),
            rate(seconds),
            busy.map_or("–".to_owned(), rate),
        ]);
    };
    let (moved, generated) = (&measured.moved, &measured.generated);
    row("moved, each day compared", moved.events, moved.moving_s, None);
    row("then counted by the move", moved.events, moved.counting_s, None);
    let both = moved.moving_s + moved.counting_s;
    row("both", moved.events, both, Some(moved.engine_busy_s));
    row("copies made", generated.events, generated.took.as_secs_f64(), Some(generated.busy_s));
    let counted = generated.events + moved.events;
    let counting = generated.counting.as_secs_f64();
    let busy = Some(generated.counting_busy_s);
    row("then counted by a collector", counted, counting, busy);
    table
}

fn sizes(measured: &Measured) -> Table {
    let (small, large) = (&measured.small, &measured.large);
    let millions = |size: &Size| format!("ClickHouse, {} million", size.events / MILLION);
    let embedded = format!("embedded, {} million", measured.embedded.events / MILLION);
    let mut table = Table::new(&["", &embedded, &millions(small), &millions(large)]);
    let mut row = |what: String, embedded: String, of: &dyn Fn(&Size) -> String| {
        table.row([what, embedded, of(small), of(large)]);
    };
    let none = || "–".to_owned();
    let look = &measured.embedded;
    row("events in the answers".into(), look.events.to_string(), &|size| size.counted.to_string());
    let a_event = |size: &Size, bytes: u64| format!("{:.1}", bytes as f64 / size.events as f64);
    row("bytes an event on disk".into(), format!("{:.1}", look.sealed), &|size| {
        a_event(size, size.tables.iter().map(|table| table.bytes).sum())
    });
    for name in TABLES {
        let of = |size: &Size| size.tables.iter().find(|table| table.table == name).cloned();
        row(format!("of these, `{name}`"), none(), &|size| {
            of(size).map_or_else(none, |table| a_event(size, table.bytes))
        });
        row(format!("rows of `{name}`"), none(), &|size| {
            of(size).map_or_else(none, |table| table.rows.to_string())
        });
        row(format!("bytes a row of `{name}`"), none(), &|size| {
            of(size).map_or_else(none, |table| {
                format!("{:.1}", table.bytes as f64 / table.rows.max(1) as f64)
            })
        });
    }
    let mib = |(now, most): (f64, f64)| format!("{now:.0} / {most:.0}");
    row(
        "the collector's memory, then / at most, MiB".into(),
        mib((look.rested_mib, look.peak_mib)),
        &|size| mib(size.collector_mib),
    );
    row("the engine's, with Python, MiB".into(), none(), &|size| mib(size.engine_mib));
    table
}

fn questions(measured: &Measured, earlier: Option<&Earlier>) -> Table {
    let millions = |events: u64| events / MILLION;
    let (small, large) = (&measured.small, &measured.large);
    let grown = earlier.map_or("embedded, larger".to_owned(), |earlier| {
        format!("embedded, {} million", earlier.millions)
    });
    let mut table = Table::new(&[
        "first; then p50 / p99, ms",
        &format!("embedded, {} million", millions(measured.embedded.events)),
        &format!("ClickHouse, {} million", millions(small.events)),
        &grown,
        &format!("ClickHouse, {} million", millions(large.events)),
    ]);
    let (p50, p99) = measured.floor_ms;
    let none = || "–".to_owned();
    let floor = format!("{p50:.2} / {p99:.2}");
    let heading = "`SELECT 1` through the same server".to_owned();
    table.row([heading, none(), floor, none(), none()]);
    for (place, embedded) in measured.embedded.asked.iter().enumerate() {
        let before = earlier.and_then(|earlier| earlier.cell(embedded.name));
        table.row([
            embedded.name.to_owned(),
            quantiles_told(Some(embedded)),
            told(small.asked.get(place)),
            before.map_or_else(none, str::to_owned),
            told(large.asked.get(place)),
        ]);
    }
    table
}

/// With the number of answers where it is not the usual one, and what failed.
fn told(asked: Option<&Asked>) -> String {
    let quantiles = quantiles_told(asked);
    let Some(asked) = asked else { return quantiles };
    let few = asked.taken_ms.is_some() && asked.answers < ASKED;
    let first = match asked.taken_ms {
        Some(_) => format!("{:.0}; ", asked.first_ms),
        None => String::new(),
    };
    let few = if few { format!(" ({})", asked.answers) } else { String::new() };
    let failure = asked.failure.as_ref().map_or_else(String::new, |why| {
        format!(" {}", why.replace('|', "/").lines().next().unwrap_or_default())
    });
    format!("{first}{quantiles}{few}{failure}")
}

fn verdicts(measured: &Measured) -> Vec<Verdict> {
    let met = |is_so| if is_so { Met::Yes } else { Met::No };
    let (moved, compared) = (&measured.moved, &measured.compared);
    let stored = measured.embedded.events;
    let is_whole = [moved.events, moved.compared.1, moved.there, measured.small.counted]
        .iter()
        .all(|events| *events == stored)
        && moved.days == moved.compared.0;
    let rows: usize = compared.same.iter().map(|(_, rows)| rows).sum();
    let differ: Vec<String> = compared
        .other
        .iter()
        .map(|(name, rows)| format!("{name}: {}", rows.replace('|', "/")))
        .collect();
    let differ = if differ.is_empty() { "none".to_owned() } else { differ.join("; ") };
    let (large, generated) = (&measured.large, &measured.generated);
    let times = generated.copies + 1;
    let is_complete = large.counted == large.events && generated.is_multiple;
    let multiple = if generated.is_multiple { "each is" } else { "not each is" };
    vec![
        Verdict::new(
            "moved to ClickHouse",
            "each day as in the folder, by number and by a sum over ids and contents",
            format!(
                "{stored} in the folder, {} days with {} events compared, {} there, {} in the \
                 answers",
                moved.compared.0, moved.compared.1, moved.there, measured.small.counted
            ),
            met(is_whole),
        ),
        Verdict::new(
            "answers of both stores about what was moved",
            "all rows are the same",
            format!("{} questions, {rows} rows the same; others: {differ}", compared.same.len()),
            met(compared.other.is_empty() && rows > 0),
        ),
        Verdict::new(
            format!("{} million events in ClickHouse", large.events / MILLION),
            format!("all are counted, and each count of events is {times} times that of before"),
            format!(
                "{} moved and {} made are {}, {} in the answers; {multiple} {times} times as large",
                moved.there, generated.events, large.events, large.counted
            ),
            met(is_complete),
        ),
    ]
}
