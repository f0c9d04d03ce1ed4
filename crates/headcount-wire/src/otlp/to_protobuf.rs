//! Writes an export request as protocol buffers. The field numbers are from
//! opentelemetry-proto's `logs.proto`, `common.proto` and `resource.proto`.

use super::export::{Any, Attribute, Group, INFO, Log, SCOPE_NAME, SCOPE_VERSION};
use super::protobuf::{bytes, double, fixed64, message, varint};

pub(super) fn write(groups: &[Group<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for group in groups {
        // ExportLogsServiceRequest.resource_logs = 1
        message(&mut out, 1, |out| resource_logs(out, group));
    }
    out
}

fn resource_logs(out: &mut Vec<u8>, group: &Group<'_>) {
    // ResourceLogs.resource = 1, .scope_logs = 2; Resource.attributes = 1
    message(out, 1, |out| attributes(out, 1, &group.resource));
    message(out, 2, |out| {
        // ScopeLogs.scope = 1, .log_records = 2; InstrumentationScope.name = 1,
        // .version = 2
        message(out, 1, |out| {
            bytes(out, 1, SCOPE_NAME.as_bytes());
            bytes(out, 2, SCOPE_VERSION.as_bytes());
        });
        for log in &group.logs {
            message(out, 2, |out| log_record(out, log));
        }
    });
}

fn log_record(out: &mut Vec<u8>, log: &Log<'_>) {
    if let Some(time) = log.time {
        fixed64(out, 1, time);
    }
    varint(out, 2, u64::from(INFO));
    attributes(out, 6, &log.attributes);
    bytes(out, 12, log.name.as_bytes());
}

fn attributes(out: &mut Vec<u8>, field: u32, attributes: &[Attribute<'_>]) {
    for attribute in attributes {
        // KeyValue.key = 1, .value = 2
        message(out, field, |out| {
            bytes(out, 1, attribute.key.as_bytes());
            message(out, 2, |out| any(out, &attribute.value));
        });
    }
}

fn any(out: &mut Vec<u8>, value: &Any<'_>) {
    match value {
        Any::Text(text) => bytes(out, 1, text.as_bytes()),
        Any::Flag(flag) => varint(out, 2, u64::from(*flag)),
        // An int64 is its 64 bits, two's complement.
        Any::Whole(number) => varint(out, 3, number.cast_unsigned()),
        Any::Decimal(number) => double(out, 4, *number),
        // ArrayValue.values = 1
        Any::List(words) => message(out, 5, |out| {
            for word in words {
                message(out, 1, |out| bytes(out, 1, word.as_bytes()));
            }
        }),
    }
}
