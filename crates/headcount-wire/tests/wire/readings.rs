//! A body read without a tree and by the decoders that make one. The fuzz
//! targets use this file as well.

use headcount_catalog::{Catalog, Reason, Unchecked};
use headcount_wire::flat::{BodyEvent, BodyForm, Budget, DialectNames, Scratch, each};
use headcount_wire::{Malformed, clacky, datadog, http, native, otlp, posthog, unchecked};

/// What is read of one event: the event, service, key and `uuid`.
type Seen = (Result<String, Reason>, [Option<String>; 3]);

fn seen(unchecked: Result<Unchecked<'_>, Reason>, of: [Option<&str>; 3]) -> Seen {
    // As text, because no number is equal to itself if it is not a number.
    (unchecked.map(told), of.map(|text| text.map(str::to_owned)))
}

/// The event with its nameless fields last: all are dropped alike.
fn told(mut unchecked: Unchecked<'_>) -> String {
    let all = unchecked.fields.len();
    unchecked.fields.retain(|(name, _)| !name.is_empty());
    let nameless = all - unchecked.fields.len();
    format!("{unchecked:?} and {nameless}")
}

/// Reads a body with the decoder without a tree.
fn fast(form: BodyForm, catalog: &Catalog, body: &[u8]) -> Result<Vec<Seen>, Malformed> {
    let (scratch, mut all) = (Scratch::new(), Vec::new());
    // The decoders with a tree do not know what somebody else's attributes are
    // called by us; the collector's own model compares that.
    let catalog = Catalog { observed: None, ..*catalog };
    let names = DialectNames::new(form, &catalog);
    each(form, body, &scratch, &mut Budget::of_body(), &mut |arrived| {
        let (read, event) = match arrived {
            BodyEvent::Event(event) => (Ok(names.unchecked(event)), event),
            BodyEvent::Rejected(reason, event) => (Err(reason), event),
        };
        all.push(seen(read, [event.service, event.key, event.uuid]));
    })?;
    Ok(all)
}

/// Reads a body with the decoder that makes a tree.
fn slow(form: BodyForm, catalog: &Catalog, body: &[u8]) -> Result<Vec<Seen>, Malformed> {
    let nothing = [None; 3];
    Ok(match form {
        BodyForm::Native => {
            let arrivals = native::decode(body)?;
            let read = |arrival: &Result<_, Reason>| match arrival {
                Ok(json) => seen(unchecked(json), nothing),
                Err(reason) => seen(Err(*reason), nothing),
            };
            arrivals.iter().map(read).collect()
        }
        BodyForm::Http => {
            let events = http::decode(body)?;
            events.events().map(|event| seen(event.and_then(unchecked), nothing)).collect()
        }
        BodyForm::PostHog => {
            let captures = posthog::decode(body)?;
            let captures = captures.captures()?;
            let read = |capture: &posthog::Capture<'_>| {
                seen(capture.unchecked(catalog), [None, capture.key(), capture.uuid()])
            };
            captures.iter().map(read).collect()
        }
        BodyForm::Datadog => {
            let logs = datadog::decode(body)?;
            let read = |log: Result<datadog::Log<'_>, Reason>| {
                let service = log.ok().and_then(|log| log.service());
                seen(log.and_then(|log| log.unchecked(catalog)), [service, None, None])
            };
            logs.logs().map(read).collect()
        }
        BodyForm::Otlp | BodyForm::OtlpProtobuf => {
            let export = match form {
                BodyForm::Otlp => otlp::decode(body)?,
                _ => otlp::decode_protobuf(body)?,
            };
            let records = export.records()?.into_iter();
            records.map(|record| seen(Ok(record.unchecked), [record.service, None, None])).collect()
        }
        BodyForm::OtlpTraces => items(&otlp::decode_signal(body, otlp::Signal::Traces)?.spans()?),
        BodyForm::OtlpTracesProtobuf => items(&otlp::decode_protobuf(body)?.spans()?),
        BodyForm::OtlpMetrics => {
            items(&otlp::decode_signal(body, otlp::Signal::Metrics)?.data_points()?)
        }
        BodyForm::OtlpMetricsProtobuf => items(&otlp::decode_protobuf(body)?.data_points()?),
        BodyForm::Clacky => {
            let event = clacky::decode(body)?;
            // The name is in the path.
            let read = event.unchecked(catalog, "").map(|mut unchecked| {
                unchecked.given.event = None;
                unchecked
            });
            vec![seen(read, nothing)]
        }
    })
}

/// What is seen of spans and data points.
fn items(items: &[otlp::SpanItem<'_>]) -> Vec<Seen> {
    let read = |item: &otlp::SpanItem<'_>| match item {
        otlp::SpanItem::Event(record) => {
            seen(Ok(record.unchecked.clone()), [record.service, None, None])
        }
        otlp::SpanItem::NotKept(service) => seen(Err(Reason::NotKept), [*service, None, None]),
    };
    items.iter().map(read).collect()
}

/// Compares both readings of a body. Returns how many events there are; `None`
/// if both refuse the body.
pub(crate) fn compared(form: BodyForm, catalog: &Catalog, body: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(&body[..body.len().min(2_000)]);
    match (fast(form, catalog, body), slow(form, catalog, body)) {
        (Ok(fast), Ok(slow)) => {
            assert_eq!(fast, slow, "{form:?}: {text}");
            Some(fast.len())
        }
        (Err(fast), Err(slow)) => {
            // Each finds the first thing that is wrong in its own order.
            if fast.is_too_much() == slow.is_too_much() {
                assert_eq!(fast.to_string(), slow.to_string(), "{form:?}: {text}");
            }
            None
        }
        (fast, slow) => panic!("{form:?}: fast {fast:?}, slow {slow:?}: {text}"),
    }
}
