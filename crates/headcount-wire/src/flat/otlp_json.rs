//! OTLP's three signals in JSON: how they are nested.

use super::Budget;
use super::lexer::{Lexer, Place, Wrong};
use super::otlp_json_record::{each_item, only, read_resource, record};
use super::otlp_json_spans::{metric, span};
use super::otlp_record::Resource;
use super::scratch::Scratch;
use super::sink::Sink;
use crate::Malformed;
use crate::otlp::Signal;

/// Reads a body in JSON.
pub(super) fn read<'b>(
    signal: Signal,
    body: &'b [u8],
    scratch: &'b Scratch,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Malformed> {
    let wanted = signal.wanted();
    let text = Malformed::utf8(body, wanted)?;
    let mut lexer = Lexer::new(text, scratch, budget);
    let is_object = lexer.next_byte() == Some(b'{');
    let [outer, ..] = signal.lists();
    let read =
        only(&mut lexer, outer, |lexer| each_item(lexer, |lexer| of_resource(lexer, signal, sink)));
    if read.and_then(|()| lexer.end()).is_err() {
        return Err(Malformed::json(body, lexer.fault(), wanted));
    }
    if is_object { Ok(()) } else { Err(Malformed::not_an_object(wanted)) }
}

/// The list of scopes of a resource.
enum Scopes {
    Unseen,
    Read,
    /// They came before the resource, and are read at the end.
    Deferred(Place),
}

fn of_resource<'b>(
    lexer: &mut Lexer<'b, '_>,
    signal: Signal,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Wrong> {
    let Some(mut inside) = lexer.enter_object()? else { return lexer.skip() };
    let [_, list, _] = signal.lists();
    let (mut resource, mut scopes) = (None, Scopes::Unseen);
    while lexer.goes_on(&mut inside)? {
        let name = lexer.name()?.text;
        if name != list {
            match (name, &resource) {
                ("resource", None) => resource = Some(read_resource(lexer)?),
                _ => lexer.skip()?,
            }
            continue;
        }
        match (&scopes, &resource) {
            (Scopes::Unseen, Some(resource)) => {
                of_scopes(lexer, signal, sink, resource)?;
                scopes = Scopes::Read;
            }
            (Scopes::Unseen, None) => {
                scopes = Scopes::Deferred(lexer.place());
                lexer.skip()?;
            }
            _ => {
                lexer.has_repeated(list);
                lexer.skip()?;
            }
        }
    }
    match scopes {
        Scopes::Deferred(place) => {
            let resource = resource.unwrap_or_default();
            lexer.again(place, |lexer| of_scopes(lexer, signal, sink, &resource))
        }
        _ => Ok(()),
    }
}

fn of_scopes<'b>(
    lexer: &mut Lexer<'b, '_>,
    signal: Signal,
    sink: &mut Sink<'b, '_>,
    resource: &Resource<'b>,
) -> Result<(), Wrong> {
    let [.., list] = signal.lists();
    each_item(lexer, |lexer| {
        only(lexer, list, |lexer| {
            each_item(lexer, |lexer| match signal {
                Signal::Logs => record(lexer, sink, resource),
                Signal::Traces => span(lexer, sink, resource),
                Signal::Metrics => metric(lexer, sink, resource),
            })
        })
    })
}
