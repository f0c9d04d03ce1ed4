//! What the attributes of a resource say about the host.

use headcount_catalog::{Arch, Given, Platform, Words};

/// Takes over what an attribute of the resource says about the host.
pub(crate) fn describe<'a>(
    service: &mut Option<&'a str>,
    given: &mut Given<'a>,
    key: &str,
    text: &'a str,
) {
    match key {
        "service.name" => *service = Some(text),
        "service.version" => given.version = Some(text),
        "os.type" => given.platform = Platform::read(Words::OpenTelemetry, text),
        "host.arch" => given.arch = Arch::read(Words::OpenTelemetry, text),
        _ => {}
    }
}
