//! OTLP's spans and metrics in protocol buffers: the events of spans, and how
//! many spans and data points there are.

use headcount_catalog::Reason;

use super::Budget;
use super::otlp_protobuf_record::{Failure, attribute_of, take};
use super::otlp_record::{RecordFields, Resource};
use super::seen_names::SeenNames;
use super::sink::Sink;
use crate::otlp::protobuf::{FIXED64, Fields, LENGTH, Reader, Wire, messages, tag_of};
use crate::sent_time::{Nanoseconds, SentTime};

/// `Span.span_id`.
const SPAN_ID: u64 = 2;

/// `Span.events`.
const EVENTS: u64 = 11;

/// Reads a span: each of its events, and then itself, of which nothing is kept.
pub(super) fn span<'b>(
    span: &'b [u8],
    resource: &Resource<'b>,
    names: &mut SeenNames<'b>,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    let id = messages(span, SPAN_ID).last().transpose()?;
    let id = id.and_then(|id| id.try_into().ok()).map_or(0, u64::from_be_bytes);
    for message in messages(span, EVENTS) {
        take(budget)?;
        event((message?, id), resource, names, budget, sink)?;
    }
    not_kept(resource, budget, sink)
}

/// Reads a metric: how many data points it has. Gauge, sum, histogram,
/// exponential histogram and summary have them under the same number.
pub(super) fn metric<'b>(
    metric: &'b [u8],
    resource: &Resource<'b>,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    for field in Fields::of(metric) {
        let (5 | 7 | 9 | 10 | 11, Wire::Bytes(data)) = field? else { continue };
        for point in messages(data, 1) {
            point?;
            take(budget)?;
            not_kept(resource, budget, sink)?;
        }
    }
    Ok(())
}

/// Gives out a span or a data point.
fn not_kept<'b>(
    resource: &Resource<'b>,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    RecordFields::begin(sink, resource);
    sink.refuse(Reason::NotKept);
    Ok(sink.end(budget)?)
}

const TIME: u64 = tag_of(1, FIXED64);
const NAME: u64 = tag_of(2, LENGTH);
const ATTRIBUTE: u64 = tag_of(3, LENGTH);

fn event<'b>(
    (message, span): (&'b [u8], u64),
    resource: &Resource<'b>,
    names: &mut SeenNames<'b>,
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    let mut fields = RecordFields::begin(sink, resource);
    sink.event.span = span;
    let mut time = Nanoseconds::Unset;
    let mut reader = Reader::of(message);
    while let Some(tag) = reader.tag()? {
        match tag {
            TIME => time = Nanoseconds::of(reader.fixed64()?),
            NAME => fields.name = std::str::from_utf8(reader.bytes()?).ok(),
            ATTRIBUTE => attribute_of(&mut reader, names, &mut fields, budget, sink)?,
            _ => reader.skip(tag)?,
        }
    }
    fields.end(sink, SentTime::of_otlp([time, Nanoseconds::Unset]));
    Ok(sink.end(budget)?)
}
