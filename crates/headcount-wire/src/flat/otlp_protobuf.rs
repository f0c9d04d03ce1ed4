//! OTLP's three signals in protocol buffers: how they are nested. Unknown
//! fields are skipped. Text that is not UTF-8 is rejected on its own.

use super::Budget;
use super::otlp_protobuf_record::{Failure, pair, record, take};
use super::otlp_protobuf_spans as spans;
use super::otlp_record::Resource;
use super::seen_names::SeenNames;
use super::sink::Sink;
use crate::Malformed;
use crate::otlp::Signal;
use crate::otlp::protobuf::{Broken, messages};

/// Reads a body in protocol buffers.
pub(super) fn read<'b>(
    signal: Signal,
    body: &'b [u8],
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Malformed> {
    export(signal, body, budget, sink).map_err(|failure| match failure {
        Failure::Broken => Broken.into(),
        Failure::Beyond(fault) => Malformed::json(body, fault, ""),
    })
}

/// All three signals are nested alike, under the same numbers.
fn export<'b>(
    signal: Signal,
    body: &'b [u8],
    budget: &mut Budget,
    sink: &mut Sink<'b, '_>,
) -> Result<(), Failure> {
    let mut names = SeenNames::default();
    for of_resource in messages(body, 1) {
        let of_resource = of_resource?;
        // The resource may come after the records.
        let (mut resource, mut items) = (Resource::default(), Vec::new());
        for message in messages(of_resource, 1) {
            for attribute in messages(message?, 1) {
                take(budget)?;
                items.clear();
                if let (Some(key), value) = pair(attribute?, &mut items, budget)? {
                    resource.attribute(key, value);
                }
            }
        }
        for of_scope in messages(of_resource, 2) {
            for item in messages(of_scope?, 2) {
                let item = item?;
                match signal {
                    Signal::Logs => record(item, &resource, &mut names, budget, sink)?,
                    Signal::Traces => spans::span(item, &resource, &mut names, budget, sink)?,
                    Signal::Metrics => spans::metric(item, &resource, budget, sink)?,
                }
            }
        }
    }
    Ok(())
}
