//! Where events go, and how long anything is kept.

use super::blocks::Blocks;
use super::call::call;
use super::inline::{code, prose, sentence};
use super::of_the_sdk::OfTheSdk;
use crate::{Catalog, Destination, Dialect, Key, Mode, Setting};

pub(super) fn destinations(out: &mut Blocks, catalog: &Catalog) {
    out.heading(2, "Where it goes");
    let lines: Vec<String> =
        catalog.destinations.iter().map(|destination| one(catalog, destination)).collect();
    out.list(&lines);
    let when = match catalog.shipping.mode {
        Mode::Detached => {
            "When a command ends, it starts the program once more, in the background, which sends what waits. Nothing ever waits for that."
        }
        Mode::Daemon => {
            "A program that stays sends in the background. Nothing ever waits for that."
        }
        Mode::Thread => {
            "Events are sent at once, in the background, and tried once. Nothing ever waits for that, and what cannot be sent is lost."
        }
    };
    let title = prose(catalog.product.title);
    out.paragraph(&format!(
        "{when} Requests go over HTTPS, and through a proxy if your environment names one. Each says which version of Headcount made it, and {title} sends nothing else about your machine. \
         Whoever answers sees the address of your network, as every server does; a Headcount collector does not keep it."
    ));
    out.paragraph(&format!(
        "In the environment, only {} can name another address, and only one on this machine, for tests. {} shows the addresses that count.",
        code(&catalog.variable("ENDPOINT")),
        call(catalog, "status")
    ));
}

/// Who receives events there, in words.
pub(super) fn receiver(destination: &Destination) -> String {
    let what = match destination.dialect {
        Dialect::Headcount => "a Headcount collector",
        Dialect::Otlp => "an OpenTelemetry collector",
        Dialect::PostHog => "PostHog",
        Dialect::Datadog => "Datadog",
        Dialect::Clacky => "the product's own server",
        Dialect::Http => "a server",
    };
    let place = host(destination.endpoint.value().unwrap_or(destination.endpoint.written));
    format!("{what} at {}", code(place))
}

fn one(catalog: &Catalog, destination: &Destination) -> String {
    let mut text = format!("**{}**.", sentence(&receiver(destination)));
    let built = |what: &str, setting: Setting| match setting.build {
        Some(name) => format!(" A release may be built with another {what} ({}).", code(name)),
        None => String::new(),
    };
    text.push_str(&built("address", destination.endpoint));
    match destination.key {
        Key::None => {}
        Key::Optional(_) => text.push_str(
            " A key goes with it where a release has one; it is public and can only write.",
        ),
        Key::Public(key) => {
            text.push_str(" The key that goes with it is public and can only write.");
            if let (true, Some(build)) = (key.written.is_empty(), key.build) {
                text.push_str(&format!(
                    " A build without one ({}) cannot send anything.",
                    code(build)
                ));
            }
        }
    }
    text.push_str(added(destination.dialect));
    if catalog.events.iter().any(|event| event.path.is_some()) {
        text.push_str(" Some kinds of events have a path of their own there.");
    }
    text
}

/// What a dialect puts beside the events. Everything is seen with `inspect`.
fn added(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Headcount => {
            " Events go as they are on your machine, a line each. Each request says which version of the catalog they are by, which share of events is sent, and whether your home folder looks temporary: such a machine is not counted as a device."
        }
        Dialect::Otlp => {
            " Events go as log records of OpenTelemetry (OTLP), with the name of the product."
        }
        Dialect::PostHog => {
            " Events go in PostHog's form, with `$process_person_profile` = `false`, `$geoip_disable` = `true` and an empty `$ip`, so that PostHog makes no profile and keeps no place and no address, and with the name and version of the sending library (`$lib`, `$lib_version`)."
        }
        Dialect::Datadog => {
            " Events go in the form of Datadog's logs, with the name and version of the product (`service`, `ddtags`)."
        }
        Dialect::Clacky => {
            " Events go as the product's own server takes them: without the id, name and time of the record."
        }
        Dialect::Http => " Events go as JSON, `{\"events\":[…]}`, as they are on your machine.",
    }
}

fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

pub(super) fn how_long(out: &mut Blocks, catalog: &Catalog, sdk: &OfTheSdk) {
    out.heading(2, "How long it is kept");
    let on_machine = days(catalog.retention.on_machine.0);
    let mut rows = Vec::new();
    if catalog.shipping.mode == Mode::Thread {
        rows.push([
            "Events on your machine".to_owned(),
            "never: they are sent at once, or lost".to_owned(),
        ]);
    } else {
        rows.push([
            "Events that wait on your machine".to_owned(),
            format!("until they are sent, {on_machine} at most"),
        ]);
        rows.push([
            format!(
                "Events that were sent, kept on your machine for you ({})",
                call(catalog, "sent")
            ),
            match sdk.sent_bytes {
                Some(bytes) => format!("{on_machine} at most, and at most {} of them", kib(bytes)),
                None => format!("{on_machine} at most"),
            },
        ]);
    }
    rows.push([
        format!("The list of requests, on your machine ({})", call(catalog, "receipts")),
        match sdk.receipts_bytes {
            Some(bytes) => format!("the newest, at most {}; it has no event in it", kib(bytes)),
            None => "the newest; it has no event in it".to_owned(),
        },
    ]);
    rows.push([
        "Events where they were sent".to_owned(),
        format!("{} at most", days(catalog.retention.raw.0)),
    ]);
    rows.push([
        "Numbers that were made of them, such as a count a day".to_owned(),
        "without end; they have no id".to_owned(),
    ]);
    out.table(["what", "how long"], &rows);
}

fn days(days: u16) -> String {
    if days == 1 { "a day".to_owned() } else { format!("{days} days") }
}

fn kib(bytes: usize) -> String {
    format!("{} KiB", bytes / 1024)
}
