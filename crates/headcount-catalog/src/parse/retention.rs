//! `[retention]`: how long records are kept.

use super::fields::{Fields, Text};
use super::notes::Notes;
use super::toml_tree::Pair;
use crate::{Days, Retention, limits};

/// The default for unsent records: a month.
const ON_MACHINE: Days = Days(30);

/// The default for raw events: a quarter of a year.
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

/// Reads a number of days such as `30d`.
fn days(text: Text<'_>, most: u16, notes: &mut Notes<'_>) -> Option<Days> {
    let number = text
        .text
        .strip_suffix('d')
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let days = number.and_then(|digits| digits.parse::<u16>().ok());
    if let Some(days) = days.filter(|days| (1..=most).contains(days)) {
        return Some(Days(days));
    }
    text.must_be(&format!("a number of days from `1d` to `{most}d`"), notes)
}
