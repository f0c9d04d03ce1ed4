//! `[retention]`: how long records live here and there.

use super::fields::{Fields, Text};
use super::notes::{Notes, shown};
use super::source::Pair;
use crate::{Days, Retention, limits};

/// Unsent records where the catalog says nothing: a month.
const ON_MACHINE: Days = Days(30);

/// Raw events where the catalog says nothing: a quarter.
const RAW: Days = Days(90);

pub(super) fn read(pair: Option<&Pair>, notes: &mut Notes<'_>) -> Option<Retention> {
    let Some(pair) = pair else { return Some(Retention { on_machine: ON_MACHINE, raw: RAW }) };
    let mut fields = Fields::new(pair.table(notes)?, "`[retention]`");
    let on_machine = match fields.text("on-machine", notes) {
        Some(text) => days(text, limits::ON_MACHINE_DAYS, notes),
        None => Some(ON_MACHINE),
    };
    let raw = match fields.text("raw", notes) {
        Some(text) => days(text, limits::RAW_DAYS, notes),
        None => Some(RAW),
    };
    fields.finish(notes);
    Some(Retention { on_machine: on_machine?, raw: raw? })
}

/// `30d`.
fn days(text: Text<'_>, most: u16, notes: &mut Notes<'_>) -> Option<Days> {
    let number = text
        .text
        .strip_suffix('d')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let days = number.and_then(|digits| digits.parse::<u16>().ok());
    if let Some(days) = days.filter(|days| (1..=most).contains(days)) {
        return Some(Days(days));
    }
    let message = format!(
        "`{}` must be a number of days from \"1d\" to \"{most}d\", not \"{}\".",
        text.key,
        shown(text.text)
    );
    notes.wrong(text.at, message);
    None
}
