//! `forget`: asks the destinations for erasure, as far as they support it and
//! ownership can be proven, then clears this machine.

use headcount_catalog::{Rotation, Scheme};
use serde_json::json;

use super::clear::{counted, records};
use super::reply::{Reader, Reply, call};
use crate::identity;
use crate::standing::Standing;

pub(super) fn forget(standing: &Standing, reader: Reader) -> Reply {
    let proof = proof(standing);
    let events = match records(standing) {
        Ok(events) => events,
        Err(error) => return Reply::failed(&format!("Not everything could be cleared: {error}.")),
    };
    let destinations = standing.catalog().destinations.iter();
    let names: Vec<&str> = destinations.map(|destination| destination.name).collect();
    match reader {
        Reader::Program => {
            let asked: Vec<_> = names
                .iter()
                .map(|name| json!({"name": name, "asked": false, "reason": "cannot erase yet"}))
                .collect();
            Reply::json(&json!({
                "cleared": true, "events": events, "proof": proof.word(), "destinations": asked,
            }))
        }
        Reader::Person => Reply::said(format!(
            "{} {}\nThis machine is cleared: the id and {} are deleted. Your decision is kept: see {} status.\n",
            proof.sentence(standing.catalog().identity.rotation),
            match names.len() {
                1 =>
                    format!("The destination ({}) cannot erase yet, so it was not asked.", names[0]),
                _ => format!(
                    "The destinations ({}) cannot erase yet, so they were not asked.",
                    names.join(", ")
                ),
            },
            counted(events),
            call(standing)
        )),
    }
}

/// Whether the right to erase can be proven.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    Secret,
    NoSecret,
    Linkable,
    NoId,
}

impl Proof {
    fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::NoSecret => "no-secret",
            Self::Linkable => "linkable",
            Self::NoId => "no-id",
        }
    }

    fn sentence(self, rotation: Rotation) -> &'static str {
        match (self, rotation) {
            (Self::Secret, Rotation::Never) => {
                "The secret behind your id proves that the events sent under it are yours."
            }
            (Self::Secret, Rotation::Monthly) => {
                "The secret behind your id proves that the events sent this month are yours. Nothing links earlier months to you or to each other."
            }
            (Self::NoSecret, _) => {
                "Your id was not made from a secret on this machine, so you cannot prove which events are yours."
            }
            (Self::Linkable, _) => {
                "Your id is a hash of host name, user and platform. Others can compute it too, so it does not prove which events are yours."
            }
            (Self::NoId, _) => {
                "This machine has no id, so you cannot prove which events are yours."
            }
        }
    }
}

fn proof(standing: &Standing) -> Proof {
    let (catalog, surroundings, paths) =
        (standing.catalog(), standing.surroundings(), standing.paths());
    let Some(paths) = paths else { return Proof::NoId };
    match catalog.identity.scheme {
        Scheme::MachineHash => Proof::Linkable,
        Scheme::None => Proof::NoId,
        Scheme::Random => match identity::shown(catalog, paths, surroundings) {
            Ok(Some(_)) if identity::is_provable(catalog, paths) => Proof::Secret,
            Ok(Some(_)) => Proof::NoSecret,
            Ok(None) | Err(_) => Proof::NoId,
        },
    }
}
