//! PostHog's batch, single event and array of events.

use headcount_catalog::EventId;

use super::Budget;
use super::event::{FlatField, FlatValue};
use super::lexer::{Lexer, Place, Wrong};
use super::name::{Name, NameNumber};
use super::object::{First, each_of, each_of_first, not_an_object};
use super::scratch::Scratch;
use super::sink::Sink;
use crate::posthog::{FRAME, WANTED, is_ours};
use crate::{Malformed, SentTime, limits};

/// Reads a body in JSON.
pub(super) fn read<'b>(
    body: &'b [u8],
    scratch: &'b Scratch,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Malformed> {
    let text = Malformed::utf8(body, WANTED)?;
    let mut lexer = Lexer::new(text, scratch, budget);
    match whole(&mut lexer, sink) {
        Ok(Body::Read) => Ok(()),
        Ok(Body::WithoutEvents) => {
            Err(Malformed::because(format!("the body contains no event: send {WANTED}")))
        }
        Ok(Body::OtherBatch) => {
            Err(Malformed::because(format!("`batch` is not an array: send {WANTED}")))
        }
        Err(Wrong) => Err(Malformed::json(body, lexer.fault(), WANTED)),
    }
}

enum Body {
    Read,
    /// It is neither an object nor an array.
    WithoutEvents,
    /// Its `batch` is not an array.
    OtherBatch,
}

fn whole<'b>(lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<Body, Wrong> {
    let read = match lexer.next_byte() {
        Some(b'[') => {
            events(lexer, sink, None)?;
            Body::Read
        }
        Some(b'{') => return object(lexer, sink),
        _ => {
            lexer.skip()?;
            Body::WithoutEvents
        }
    };
    lexer.end()?;
    Ok(read)
}

/// The `batch` of a body.
enum Batch {
    /// It has been read: the key was known before.
    Read,
    /// It is read at the end, once the key is known.
    Deferred(Place),
    Other,
}

/// Reads an object: a batch or a single event. Which it is, and the key of a
/// batch, may come last.
fn object<'b>(lexer: &mut Lexer<'b, '_>, sink: &mut Sink<'b, '_>) -> Result<Body, Wrong> {
    let start = lexer.place();
    let Some(mut inside) = lexer.enter_object()? else { return Ok(Body::WithoutEvents) };
    let [mut api_key, mut token] = [First::default(); 2];
    let mut batch = None;
    while lexer.goes_on(&mut inside)? {
        let name = lexer.name()?.text;
        match name {
            "api_key" => api_key.read(lexer)?,
            "token" => token.read(lexer)?,
            "batch" if batch.is_none() => {
                batch = Some(if lexer.next_byte() != Some(b'[') {
                    lexer.skip()?;
                    Batch::Other
                } else if let Some(key) = api_key.key() {
                    events(lexer, sink, Some(key))?;
                    Batch::Read
                } else {
                    let place = lexer.place();
                    lexer.skip()?;
                    Batch::Deferred(place)
                });
            }
            _ => {
                if name == "batch" {
                    lexer.has_repeated("batch");
                }
                lexer.skip()?;
            }
        }
    }
    lexer.end()?;
    match batch {
        Some(Batch::Read) => {}
        Some(Batch::Deferred(place)) => {
            let key = api_key.key().or(token.key());
            lexer.again(place, |lexer| events(lexer, sink, key))?;
        }
        Some(Batch::Other) => return Ok(Body::OtherBatch),
        None => lexer.again(start, |lexer| event(lexer, sink, None))?,
    }
    Ok(Body::Read)
}

fn events<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    key: Option<&'b str>,
) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_list()? else { return lexer.skip() };
    while lexer.goes_on(&mut inside)? {
        event(lexer, sink, key)?;
    }
    Ok(())
}

/// What an event has in fields of its own. Each counts where it is first.
#[derive(Default)]
struct Own<'b> {
    api_key: First<'b>,
    token: First<'b>,
    property_token: First<'b>,
    uuid: First<'b>,
    event: First<'b>,
    timestamp: First<'b>,
    distinct_id: First<'b>,
    property_id: First<'b>,
    has_properties: bool,
    /// Fields beside `properties` that nobody knows.
    foreign: usize,
}

/// Reads an event and gives it out. `key` is that of the body, if it has one.
fn event<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    key: Option<&'b str>,
) -> Result<(), Wrong> {
    sink.begin();
    let mut own = Own::default();
    match lexer.enter_object()? {
        None => not_an_object(lexer, sink)?,
        Some(mut inside) => {
            while lexer.goes_on(&mut inside)? {
                let name = lexer.name()?;
                field(lexer, sink, &mut own, name)?;
            }
        }
    }
    let foreign = own.foreign.min(limits::FIELDS);
    let event = &mut sink.event;
    event.fields.extend(std::iter::repeat_n(FlatField::NAMELESS, foreign));
    event.key = key.or(own.api_key.key()).or(own.token.key()).or(own.property_token.key());
    event.uuid = own.uuid.text();
    event.given.event = own.event.text();
    event.given.id = event.uuid.and_then(EventId::parse);
    event.given.device = own.distinct_id.text().or(own.property_id.text());
    let time = own.timestamp.value().map(FlatValue::single);
    event.set_time(SentTime::of_posthog(time.as_ref()));
    lexer.give_out(sink)
}

fn field<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    own: &mut Own<'b>,
    name: Name<'b>,
) -> Result<(), Wrong> {
    let first = match name.text {
        "event" => &mut own.event,
        "uuid" => &mut own.uuid,
        "timestamp" => &mut own.timestamp,
        "distinct_id" => &mut own.distinct_id,
        "api_key" => &mut own.api_key,
        "token" => &mut own.token,
        "properties" if !std::mem::replace(&mut own.has_properties, true) => {
            return properties(lexer, sink, own, name.number);
        }
        name => {
            own.foreign += usize::from(!FRAME.contains(&name));
            return lexer.skip();
        }
    };
    first.read(lexer)
}

fn properties<'b>(
    lexer: &mut Lexer<'b, '_>,
    sink: &mut Sink<'b, '_>,
    own: &mut Own<'b>,
    properties: NameNumber,
) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return lexer.skip() };
    while lexer.goes_on(&mut inside)? {
        // The same name may occur inside the properties and beside them,
        // followed by a different one in each place.
        let outer = lexer.name_within(properties)?;
        match outer.text {
            "token" => each_of_first(lexer, sink, (outer, &mut own.property_token), review)?,
            "distinct_id" => each_of_first(lexer, sink, (outer, &mut own.property_id), review)?,
            _ => each_of(lexer, sink, outer, review)?,
        }
    }
    Ok(())
}

/// Keeps the last field, unless it is one of our own shipper's.
#[inline(always)]
fn review(sink: &mut Sink<'_, '_>) {
    if !sink.is_last_plain() {
        review_name(sink);
    }
}

#[inline(never)]
fn review_name(sink: &mut Sink<'_, '_>) {
    let Some(field) = sink.event.fields.last() else { return };
    if field.inner.is_none() && is_ours(field.outer, &field.value.single()) {
        sink.event.fields.pop();
    } else if field.inner.is_some() || field.outer != "$ip" {
        // What becomes of `$ip` depends on its value.
        sink.plain_names.add(field.number);
    }
}
