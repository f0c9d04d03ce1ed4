//! What is around the events: the product, its files, how it ships, and where.

use super::found::{Differences, Judgement, quoted};
use crate::{Catalog, Destination, Files, Identity, Product, Scheme};

pub(super) fn compare(old: &Catalog, new: &Catalog, found: &mut Differences) {
    // The others are compared elsewhere; the version is not a difference.
    let Catalog {
        version: _,
        product,
        consent: _,
        files,
        identity,
        envelope: _,
        destinations,
        shipping,
        retention: _,
        purposes: _,
        events: _,
        observed,
    } = *new;
    of_product(&old.product, &product, found);
    of_files(&old.files, &files, found);
    of_identity(&old.identity, &identity, found);
    of_destinations(old.destinations, destinations, found);
    if old.shipping != shipping {
        found.same("Events are sent by another process, thread or command.".to_owned());
    }
    if old.observed != observed {
        found.same("What is read of somebody else's program is named otherwise.".to_owned());
    }
}

fn of_product(before: &Product, after: &Product, found: &mut Differences) {
    let Product { name, prefix, title, policy, contact, is_public } = *after;
    if before.name != name {
        let sentence = format!("This is another product: `{name}`, not `{}`.", before.name);
        found.judged(Judgement::Widens, sentence);
    }
    if before.prefix != prefix {
        found.same(format!(
            "The product's variables begin with `{prefix}_`, not `{}_`.",
            before.prefix
        ));
    }
    if before.title != title {
        found.same(format!(
            "The product is called {}, not {}.",
            quoted(title),
            quoted(before.title)
        ));
    }
    for (what, old, new) in
        [("The policy is", before.policy, policy), ("The contact is", before.contact, contact)]
    {
        match (old, new) {
            (old, new) if old == new => {}
            (_, Some(new)) => found.same(format!("{what} at {new}.")),
            (_, None) => found.same(format!("{what} no longer named.")),
        }
    }
    match (before.is_public, is_public) {
        (false, true) => {
            found.same("The product has a public page of numbers of many devices.".to_owned());
        }
        (true, false) => found.same("The product no longer has a public page.".to_owned()),
        _ => {}
    }
}

fn of_files(before: &Files, after: &Files, found: &mut Differences) {
    let Files { folder, settings, queue, marker, state } = *after;
    if before.folder != folder {
        found.same(format!("Files are in another folder: on Linux `{}`.", folder.linux));
    }
    if before.settings != settings {
        found.same(format!(
            "The person's answer is kept in `{}`, or under another key.",
            settings.file
        ));
    }
    if (before.queue, before.marker, before.state) != (queue, marker, state) {
        found.same("Files of telemetry have other names.".to_owned());
    }
}

fn of_identity(before: &Identity, after: &Identity, found: &mut Differences) {
    let is_random = |identity: &Identity| identity.scheme == Scheme::Random;
    if is_random(before) && is_random(after) && before.place != after.place {
        found.same("The id is kept in another place.".to_owned());
    }
}

/// Hosts are compared by scope: only they decide who receives events.
fn of_destinations(before: &[Destination], after: &[Destination], found: &mut Differences) {
    for destination in after {
        let Destination { name, dialect, endpoint, key, encoding } = *destination;
        let Some(old) = before.iter().find(|old| old.name == name) else {
            found.same(format!("The destination `{name}` is new ({}).", dialect.name()));
            continue;
        };
        if old.dialect != dialect {
            let before = old.dialect.name();
            found.same(format!("`{name}` is sent to as `{}`, not as `{before}`.", dialect.name()));
        }
        if old.endpoint != endpoint {
            found.same(format!("`{name}` has another address."));
        }
        if (old.key, old.encoding) != (key, encoding) {
            found.same(format!("`{name}` has another key or encoding."));
        }
    }
    for old in before {
        if !after.iter().any(|destination| destination.name == old.name) {
            found.same(format!("The destination `{}` is gone.", old.name));
        }
    }
}
