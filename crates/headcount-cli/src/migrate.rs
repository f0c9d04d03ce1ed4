//! `headcount migrate`: the raw events of a data folder move to ClickHouse,
//! also while the collector runs.

use headcount_collector::{ClickHouseAddress, MovedDay, move_events};
use serde_json::json;

use crate::migrate_args::Migrate;
use crate::print;
use crate::progress::Progress;
use crate::store_password::with_password;

/// Moves the events. 2 where the password cannot be read, 1 where something
/// stands in the way: then it is run again, and goes on where it was.
pub(crate) fn run(migrate: &Migrate) -> u8 {
    let to = migrate.to.read().map_err(|sentence| format!("--to: {sentence}"));
    let file = migrate.store_password_file.as_deref();
    let to = match to.and_then(|to| with_password(to, file)) {
        Ok(to) => to,
        Err(sentence) => return failed(2, &sentence),
    };
    let mut progress = Progress::new();
    let mut sum = Moved::default();
    let moved = move_events(&migrate.from, &to, &mut |day| {
        sum.add(day);
        progress.tell(|| {
            let MovedDay { product, day, .. } = day;
            format!("{} events moved; {product} up to {day}", sum.events)
        });
    });
    progress.end();
    match moved {
        Ok(()) => {
            sum.tell(&to, migrate.json);
            0
        }
        Err(error) => failed(1, &error.to_string()),
    }
}

fn failed(code: u8, sentence: &str) -> u8 {
    print::err(format_args!("headcount migrate: {sentence}\n"));
    code
}

/// What was done.
#[derive(Debug, Default)]
struct Moved {
    days: u64,
    events: u64,
    /// Days that had been moved before, and their events.
    known_days: u64,
    known_events: u64,
}

impl Moved {
    fn add(&mut self, day: &MovedDay) {
        let (days, events) = match day.is_new {
            true => (&mut self.days, &mut self.events),
            false => (&mut self.known_days, &mut self.known_events),
        };
        *days += 1;
        *events += day.events;
    }

    fn tell(&self, to: &ClickHouseAddress, is_json: bool) {
        let Self { days, events, known_days, known_events } = self;
        if is_json {
            let to = to.to_string();
            let line = json!({
                "to": to, "days": days, "events": events,
                "days_before": known_days, "events_before": known_events,
            });
            return print::out(format_args!("{line}\n"));
        }
        print::out(format_args!(
            "{to} has everything: {events} events of {days} days came now, {known_events} of \
             {known_days} days were there before. Each day was counted there and compared.\n"
        ));
    }
}
