//! The slow, obvious reading of an event, which the plans must agree with: the
//! catalog's own check, and then column by column. For tests and the fuzzer.

use std::fmt::Debug;

use headcount_catalog::{
    Catalog, Checked, Day, EventId, Kind, Period, Raw, Reason, Reference, Source, Time, Token,
    Value, Word,
};
use headcount_store::{CellRef, ColumnKind, DayRows, RowDevice, RowHead, RowMarks};
use headcount_wire::flat::{
    BodyEvent, BodyForm, Budget, DialectNames, FlatEvent, Scratch, SentTime, each,
};

use super::{AllowedEvent, Draft, DraftCell, Missing, Plan, PlanState, ProductPlans};
use crate::limits;

/// What of an event is stored, by names.
#[derive(Debug, PartialEq)]
struct Row {
    day: Day,
    id: Option<EventId>,
    event: String,
    device: Option<String>,
    marks: RowMarks,
    program: Option<String>,
    /// Names and cells, sorted.
    columns: Vec<(String, String)>,
    /// Names and reasons, sorted.
    dropped: Vec<(String, Reason)>,
}

/// Judges every event of a body both ways.
///
/// # Panics
///
/// If the two do not agree about an event.
#[cfg_attr(
    not(feature = "model"),
    expect(unreachable_pub, reason = "it is public for the fuzzer, with the feature `model`")
)]
pub fn assert_agreement(versions: &[Catalog], form: BodyForm, today: Day, body: &[u8]) {
    let plans = ProductPlans::new(versions.to_vec());
    let plan = plans.plan(form);
    let (scratch, mut state) = (Scratch::new(), PlanState::default());
    let mut draft = Draft::default();
    let missing = match form {
        BodyForm::Native | BodyForm::Http | BodyForm::Clacky => Missing::Reject,
        _ => Missing::Set,
    };
    // Whether the body is malformed is not the plan's to say.
    let _ = each(form, body, &scratch, &mut Budget::of_body(), &mut |arrived| {
        let BodyEvent::Event(event) = arrived else { return };
        let judged = plan.judge(event, missing, today, &mut state, &mut draft);
        let fast = match judged {
            Ok(allowed) => Ok(planned(plan, &draft, allowed)),
            Err(rejected) => Err(rejected.reason),
        };
        let slow = judge(versions, form, event, missing, today);
        assert_eq!(fast, slow, "{form:?}: {event:?}");
    });
}

/// Judges an event by the newest version that allows it.
fn judge(
    versions: &[Catalog],
    form: BodyForm,
    event: &FlatEvent<'_>,
    missing: Missing,
    today: Day,
) -> Result<Row, Reason> {
    let mut why = Reason::UnknownEvent;
    for catalog in versions {
        match catalog.check(&DialectNames::new(form, catalog).unchecked(event)) {
            Ok(checked) => return settle(versions, catalog, checked, form, event, missing, today),
            Err(Reason::Expired) => return Err(Reason::Expired),
            Err(reason) if why == Reason::UnknownEvent => why = reason,
            Err(_) => {}
        }
    }
    let newest = versions.first();
    match why {
        Reason::UnknownEvent => Err(newest.map_or(why, Catalog::reason_of_unknown_events)),
        _ => Err(why),
    }
}

fn settle(
    versions: &[Catalog],
    catalog: &Catalog,
    mut checked: Checked,
    form: BodyForm,
    event: &FlatEvent<'_>,
    missing: Missing,
    today: Day,
) -> Result<Row, Reason> {
    if checked.id.is_none() && missing == Missing::Reject {
        return Err(Reason::MissingId);
    }
    let day = match (checked.time.map(Time::day), checked.id.map(EventId::day)) {
        (Some(day), _) => day,
        (None, _) if missing == Missing::Reject => return Err(Reason::MissingTime),
        (None, _) if is_time_unreadable(catalog, form, event) => return Err(Reason::MissingTime),
        (None, Some(Some(day))) => day,
        (None, Some(None)) => return Err(Reason::MissingTime),
        (None, None) => today,
    };
    let newest = versions.iter().find_map(|catalog| catalog.event(checked.event.name));
    let newest = newest.unwrap_or(checked.event);
    if newest.is_expired(day) || checked.event.is_expired(day) {
        return Err(Reason::Expired);
    }
    let mut dropped: Vec<(String, Reason)> = Vec::new();
    for (property, value) in checked.event.properties.iter().zip(&mut checked.properties) {
        let of_newest = newest.property(property.name);
        let is_over = of_newest.is_some_and(|(_, newest)| newest.is_expired(day));
        if (property.is_expired(day) || is_over) && value.take().is_some() {
            dropped.push((property.name.to_owned(), Reason::Expired));
        }
    }
    if day < today.plus(-i32::from(catalog.retention.raw.0)) {
        return Err(Reason::TooOld);
    }
    if day > today.plus(limits::DAYS_AHEAD) {
        return Err(Reason::InTheFuture);
    }
    let of_check = checked.dropped.iter();
    let of_check = of_check.map(|field| (field.property.unwrap_or("").to_owned(), field.reason));
    dropped.extend(of_check);
    dropped.sort();
    let version = checked.entry(catalog, |source| matches!(source, Source::Version));
    let program = match version {
        Some(Value::Token(version)) => Some(version.as_str().to_owned()),
        _ => None,
    };
    Ok(Row {
        day,
        id: checked.id,
        event: checked.event.name.to_owned(),
        device: checked.device(catalog).map(str::to_owned),
        marks: marks(catalog, &checked),
        program,
        columns: columns(catalog, &checked),
        dropped,
    })
}

fn is_time_unreadable(catalog: &Catalog, form: BodyForm, event: &FlatEvent<'_>) -> bool {
    let unchecked = DialectNames::new(form, catalog).unchecked(event);
    let key = catalog.key_of(|source| matches!(source, Source::Time(_)));
    let sent = key.and_then(|key| unchecked.fields.iter().find(|(name, _)| name == key));
    event.time == SentTime::Unreadable || sent.is_some_and(|(_, value)| *value != Raw::Null)
}

/// The marks of the event, as far as its catalog counts these periods.
fn marks(catalog: &Catalog, checked: &Checked) -> RowMarks {
    let counted = catalog.identity.count;
    if counted.is_empty() {
        return RowMarks::default();
    }
    let periods: Vec<Period> =
        checked.marks(catalog).filter(|period| counted.contains(period)).collect();
    RowMarks::new(periods, checked.age(catalog))
}

fn columns(catalog: &Catalog, checked: &Checked) -> Vec<(String, String)> {
    let event = checked.event;
    let mut columns = Vec::new();
    for (entry, value) in catalog.envelope.iter().zip(&checked.envelope) {
        // A property of the same name is more specific.
        if event.property(entry.key).is_some() {
            continue;
        }
        let reference = match entry.source {
            Source::EventId | Source::Event | Source::Device | Source::Properties => continue,
            Source::Time(_) => {
                let time = checked.time.map(Time::seconds);
                let cell = time.map(|seconds| (entry.key.to_owned(), show(seconds)));
                columns.extend(cell);
                continue;
            }
            Source::Session => Some(Reference::Session),
            Source::Turn => Some(Reference::Turn),
            Source::Account => Some(Reference::Account),
            Source::Host(Kind::Reference(reference)) => Some(reference),
            _ => None,
        };
        columns.extend(value.as_ref().map(|value| (entry.key.to_owned(), cell(reference, value))));
    }
    for (property, value) in event.properties.iter().zip(&checked.properties) {
        let reference = match property.kind {
            Kind::Reference(reference) => Some(reference),
            _ => None,
        };
        let value = value.as_ref();
        columns.extend(value.map(|value| (property.name.to_owned(), cell(reference, value))));
    }
    columns.sort();
    columns
}

fn cell(reference: Option<Reference>, value: &Value) -> String {
    match (reference, value) {
        (Some(reference), Value::Token(token)) => show((reference, token.as_str())),
        (_, Value::Token(token)) => show(token.as_str()),
        (_, Value::Tokens(tokens)) => show(tokens.iter().map(Token::as_str).collect::<Vec<_>>()),
        (_, Value::Flag(flag)) => show(flag),
        (_, Value::Number(number)) => show(number),
        (_, Value::Decimal(decimal)) => show(decimal.get()),
        (_, Value::Word(word)) => show(word.as_str()),
        (_, Value::Words(words)) => {
            show(words.iter().copied().map(Word::as_str).collect::<Vec<_>>())
        }
        (_, Value::Time(time, _)) => show(time.seconds()),
    }
}

fn show(value: impl Debug) -> String {
    format!("{value:?}")
}

/// What the plan would store, by names.
fn planned(plan: &Plan, draft: &Draft<'_>, allowed: AllowedEvent) -> Row {
    let schema = &plan.schema;
    let mut columns: Vec<(String, String)> = Vec::new();
    for (place, cell) in &draft.cells {
        let column = &schema.columns()[*place];
        let word = |code: &u16| column.words[usize::from(*code)].as_str();
        let (kind, shown) = match cell {
            DraftCell::Flag(flag) => (ColumnKind::Flag, show(flag)),
            DraftCell::Number(number) => (ColumnKind::Number, show(number)),
            DraftCell::Decimal(decimal) => (ColumnKind::Decimal, show(decimal)),
            DraftCell::Word(code) => (ColumnKind::Word, show(word(code))),
            DraftCell::Words(first, end) => {
                let words = draft.words[*first..*end].iter().map(word).collect::<Vec<_>>();
                (ColumnKind::Words, show(words))
            }
            DraftCell::Text(text) => (ColumnKind::Text, show(text)),
            DraftCell::Texts(first, end) => (ColumnKind::Texts, show(&draft.texts[*first..*end])),
            DraftCell::Id(kind, text) => (ColumnKind::Pseudonym, format!("({kind:?}, {text:?})")),
            DraftCell::Seconds(seconds) => (ColumnKind::Seconds, show(seconds)),
        };
        assert_eq!(kind, column.kind, "{}", column.name);
        columns.push((column.name.clone(), shown));
    }
    columns.sort();
    assert_takes(plan, draft, allowed);
    let dropped = draft.dropped.iter();
    let dropped =
        dropped.map(|field| (field.property.map_or("", |name| name.0).to_owned(), field.reason));
    let mut dropped: Vec<_> = dropped.collect();
    dropped.sort();
    assert_eq!(schema.events()[usize::from(allowed.place)].name, allowed.event);
    Row {
        day: allowed.day,
        id: draft.id,
        event: allowed.event.to_owned(),
        device: draft.device.map(str::to_owned),
        marks: RowMarks::new(draft.periods.iter().copied(), draft.age),
        program: draft.program.map(str::to_owned),
        columns,
        dropped,
    }
}

/// The store takes the row: it panics if a column would have two cells.
fn assert_takes(plan: &Plan, draft: &Draft<'_>, allowed: AllowedEvent) {
    let mut rows = DayRows::new(std::sync::Arc::clone(&plan.schema), allowed.day);
    let head = RowHead {
        event: allowed.place,
        weight: 1,
        marks: RowMarks::default(),
        device: RowDevice::None,
    };
    let flags = draft.cells.iter().filter_map(|(place, cell)| match cell {
        DraftCell::Flag(flag) => Some((*place, CellRef::Flag(*flag))),
        DraftCell::Word(code) => Some((*place, CellRef::Word(*code))),
        _ => None,
    });
    rows.push(EventId::from_bits(0), head, flags);
    let mut places: Vec<_> = draft.cells.iter().map(|(place, _)| *place).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), draft.cells.len(), "a column has one cell");
}
