//! Reads the body of a request in any dialect, without a tree.
//!
//! A collector reads every body once, from front to back, and looks at one
//! event at a time: flat fields under the dialect's own names, which borrow
//! from the body. The vectors of an event are filled again for the next one, so
//! that an event costs no allocation. One [`Budget`] holds for all of a body,
//! whatever its dialect.
//!
//! ```
//! use headcount_wire::flat::{BodyEvent, BodyForm, Budget, Scratch, each};
//!
//! let body = b"{\"event\":\"run\",\"took\":3}\nnot json\n";
//! let (scratch, mut names) = (Scratch::new(), Vec::new());
//! each(BodyForm::Native, body, &scratch, &mut Budget::of_body(), &mut |arrived| match arrived {
//!     BodyEvent::Event(event) => names.extend(event.fields.iter().map(|field| field.outer)),
//!     BodyEvent::Rejected(reason, _) => names.push(reason.name()),
//! })?;
//! assert_eq!(names, ["event", "took", "malformed"]);
//! # Ok::<(), headcount_wire::Malformed>(())
//! ```
//!
//! The names are the dialect's own. [`DialectNames`] says which key of the line
//! each stands for.

mod budget;
mod datadog;
mod event;
mod lexer;
mod lines;
mod name;
mod names;
mod number;
mod object;
mod otlp_json;
mod otlp_json_record;
mod otlp_json_spans;
mod otlp_protobuf;
mod otlp_protobuf_record;
mod otlp_protobuf_spans;
mod otlp_record;
mod posthog;
mod scratch;
mod seen_names;
mod shape;
mod sink;

use crate::Malformed;
use crate::otlp::Signal;
use lines::{Accepted, Objects};
use sink::Sink;

pub use crate::sent_time::SentTime;
pub use budget::Budget;
pub use event::{BodyEvent, FlatEvent, FlatField, FlatValue};
#[cfg(feature = "model")]
pub(crate) use lines::{WANTED_OBJECTS, WANTED_PLAIN};
pub use name::NameNumber;
pub use names::DialectNames;
#[cfg(feature = "model")]
pub(crate) use object::WANTED_SINGLE;
pub use scratch::Scratch;
#[cfg(feature = "model")]
pub(crate) use shape::{Shape, is_of_longer_value, shape};

/// The dialect and encoding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyForm {
    /// The native dialect: lines, an array, or the plain form.
    Native,
    /// The plain form only: `{"events":[…]}`.
    Http,
    /// PostHog's batch, single event or array, taken out of a form.
    PostHog,
    /// Datadog's logs: an array, a single log or one log per line.
    Datadog,
    /// An OTLP export request in JSON.
    Otlp,
    /// An OTLP export request in protocol buffers.
    OtlpProtobuf,
    /// OpenClacky's single event. Its name is in the path.
    Clacky,
    /// OTLP's spans in JSON, of which the events are read.
    OtlpTraces,
    /// The same in protocol buffers.
    OtlpTracesProtobuf,
    /// OTLP's metrics in JSON, which are counted.
    OtlpMetrics,
    /// The same in protocol buffers.
    OtlpMetricsProtobuf,
}

impl BodyForm {
    /// Every form.
    pub const ALL: [Self; 11] = [
        Self::Native,
        Self::Http,
        Self::PostHog,
        Self::Datadog,
        Self::Otlp,
        Self::OtlpProtobuf,
        Self::Clacky,
        Self::OtlpTraces,
        Self::OtlpTracesProtobuf,
        Self::OtlpMetrics,
        Self::OtlpMetricsProtobuf,
    ];

    /// The signal of OTLP, if it is OTLP.
    #[must_use]
    pub fn signal(self) -> Option<Signal> {
        match self {
            Self::Otlp | Self::OtlpProtobuf => Some(Signal::Logs),
            Self::OtlpTraces | Self::OtlpTracesProtobuf => Some(Signal::Traces),
            Self::OtlpMetrics | Self::OtlpMetricsProtobuf => Some(Signal::Metrics),
            _ => None,
        }
    }
}

/// Calls `each` with every event of a body, in their order.
///
/// Events are given out while the body is read. If this returns an error, the
/// body counts as a whole: **throw away what was given out before**. So no body
/// is read twice only to find out whether its end is whole.
///
/// # Errors
///
/// Returns [`Malformed`] if the body as a whole cannot be read, or if it is
/// more than `budget` allows.
pub fn each<'b>(
    form: BodyForm,
    body: &'b [u8],
    scratch: &'b Scratch,
    budget: &mut Budget,
    each: &mut dyn FnMut(BodyEvent<'_, 'b>),
) -> Result<(), Malformed> {
    let sink = &mut Sink::new(each);
    let objects = |event| Objects { body, scratch, event };
    match form {
        BodyForm::Native => objects(object::event).read(Accepted::All, budget, sink),
        BodyForm::Http => objects(object::event).read(Accepted::Plain, budget, sink),
        BodyForm::Datadog => objects(datadog::event).read(Accepted::AllButPlain, budget, sink),
        BodyForm::PostHog => posthog::read(body, scratch, budget, sink),
        BodyForm::Otlp => otlp_json::read(Signal::Logs, body, scratch, budget, sink),
        BodyForm::OtlpTraces => otlp_json::read(Signal::Traces, body, scratch, budget, sink),
        BodyForm::OtlpMetrics => otlp_json::read(Signal::Metrics, body, scratch, budget, sink),
        BodyForm::OtlpProtobuf => otlp_protobuf::read(Signal::Logs, body, budget, sink),
        BodyForm::OtlpTracesProtobuf => otlp_protobuf::read(Signal::Traces, body, budget, sink),
        BodyForm::OtlpMetricsProtobuf => otlp_protobuf::read(Signal::Metrics, body, budget, sink),
        BodyForm::Clacky => object::single(body, scratch, budget, sink),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_without_a_tree() {
        let body = b"{\"event\":\"run\",\"p\":{\"a\":[1,\"\\u00e9\"],\"b\":{}},\"c\":1e3}\r\n\nnull\n{\"a\":";
        let (scratch, mut seen) = (Scratch::new(), Vec::new());
        let read = each(BodyForm::Native, body, &scratch, &mut Budget::of_body(), &mut |arrived| {
            seen.push(match arrived {
                BodyEvent::Event(event) => format!("{:?} {:?}", event.fields, event.items),
                BodyEvent::Rejected(reason, _) => reason.name().to_owned(),
            });
        });
        assert_eq!(read, Ok(()));
        assert_eq!(seen[1..], ["malformed", "malformed"]);
        assert!(seen[0].contains("inner: Some(\"b\"), value: Other"), "{}", seen[0]);
        assert!(seen[0].ends_with("[Integer(1), Text(\"é\")]"), "{}", seen[0]);
    }
}
