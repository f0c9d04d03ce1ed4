//! The values of OTLP in JSON, as real senders write them.

use headcount_catalog::Raw;

use crate::sent_time::number_in;

/// The fields of a `Metric` with data points.
pub(crate) const METRICS: [&str; 5] =
    ["gauge", "sum", "histogram", "exponentialHistogram", "summary"];

/// The fields of an `AnyValue`. Unknown fields are skipped.
pub(crate) const KINDS: [&str; 7] = [
    "stringValue",
    "boolValue",
    "intValue",
    "doubleValue",
    "arrayValue",
    "kvlistValue",
    "bytesValue",
];

/// Reads an `intValue`: a whole number, or text that contains one.
pub(crate) fn integer_in(value: &Raw<'_>) -> Option<i64> {
    match value {
        Raw::Text(text) => text.parse().ok().or_else(|| number_in(text)?.whole()),
        value => value.whole(),
    }
}

/// Reads a `doubleValue`: a number, text that contains one, or one of the
/// names that proto3 gives to what JSON has no number for.
pub(crate) fn double_in(value: &Raw<'_>) -> Option<f64> {
    match value {
        Raw::Integer(number) => Some(*number as f64),
        Raw::Decimal(number) => Some(*number),
        Raw::Text("NaN") => Some(f64::NAN),
        Raw::Text("Infinity") => Some(f64::INFINITY),
        Raw::Text("-Infinity") => Some(f64::NEG_INFINITY),
        Raw::Text(text) => match number_in(text)? {
            Raw::Integer(number) => Some(number as f64),
            Raw::Decimal(number) => Some(number),
            _ => None,
        },
        _ => None,
    }
}
