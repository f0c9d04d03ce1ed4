//! Recognises the process that was started to ship, by what it was started
//! with.

use crate::Telemetry;

/// Whether this process is a shipper, or one of its children, or a person has
/// set the marker: it does not start a shipper.
pub(crate) fn is_marked(telemetry: &Telemetry) -> bool {
    let marker = telemetry.surroundings().variable(telemetry.catalog().shipping.marker);
    marker.is_some_and(|value| !value.is_empty())
}

/// Whether this process was started to ship, and for nothing else: it has the
/// marker, and its arguments are the flush command.
///
/// The marker alone does not tell. A person may set it for an ordinary command,
/// and what a shipper starts inherits it; both do their work. With the flush
/// command there is no other work to do, whoever typed it.
pub(crate) fn is_child(telemetry: &Telemetry) -> bool {
    let command = telemetry.catalog().shipping.command;
    is_marked(telemetry) && telemetry.surroundings().command_line.is(command)
}
