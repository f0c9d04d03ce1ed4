//! `forget`: asks the destinations for erasure, as far as they support it and
//! ownership can be proven, and clears this machine. The proof is kept until
//! each destination has answered.

use std::time::{Duration, Instant};

use headcount_catalog::{Destination, Rotation, Scheme};
use serde_json::Value as Json;

use super::arguments::Reader;
use super::clear::{counted, id_and, records};
use super::reply::{Reply, call};
use super::switch::{is_ours, paths_of_person};
use crate::as_json::json;
use crate::disk::erasures::{self, PendingErasure};
use crate::disk::error::DiskError;
use crate::identity::{self, Secrets};
use crate::ship::{self, Erasing};
use crate::standing::Standing;
use crate::{Paths, consent, limits};

pub(super) fn forget(standing: &Standing, reader: Reader) -> Reply {
    let ours = paths_of_person(standing).and_then(|paths| is_ours(paths).map(|()| paths));
    let paths = match ours {
        Ok(paths) => paths,
        Err(error) => return Reply::failed(&format!("Nothing was cleared: {error}.")),
    };
    let known = erasures::read_whole(paths).and_then(|pending| {
        let proof = Proof::of(standing, paths)?;
        Ok((!pending.is_empty(), proof))
    });
    let (was_pending, proof) = match known {
        Ok(known) => known,
        Err(error) => {
            let sentence = format!(
                "Nothing was cleared, since what proves which events are yours cannot be read: {error}."
            );
            return Reply::failed(&sentence);
        }
    };
    // First of all: without the proof nobody could ask again.
    if let Err(error) = proof.keep(standing, paths) {
        let sentence = format!("Nothing was cleared, since the proof cannot be kept: {error}.");
        return Reply::failed(&sentence);
    }
    let events = match records(standing) {
        Ok(events) => events,
        Err(error) => return Reply::failed(&format!("Not everything could be cleared: {error}.")),
    };
    let asked = match ask_all(standing, paths) {
        Ok(asked) => asked,
        Err(error) => {
            let sentence = format!("The answer of a destination could not be saved: {error}.");
            return Reply::failed(&sentence);
        }
    };
    let pending = erasures::read(paths).len();
    match reader {
        Reader::Program => {
            let destinations: Vec<Json> = asked.iter().map(Asked::json).collect();
            Reply::json(&json!({
                "cleared": true, "events": events, "proof": proof.word(),
                "destinations": destinations, "pending": pending,
            }))
        }
        Reader::Person => Reply::said(format!(
            "{} {}\n{}This machine is cleared: {}{} are deleted. Your decision is kept: see {} status.\n",
            match proof {
                Proof { kind: ProofKind::NoId, .. } if was_pending =>
                    "What you asked to be erased before is asked for again.",
                _ => proof.sentence(standing.catalog().identity.rotation),
            },
            answers(&asked, &by_letter(standing, proof.id.as_deref())),
            kept(standing, pending),
            id_and(standing, " and "),
            counted(events),
            call(standing)
        )),
    }
}

/// A destination, and what came of asking it.
struct Asked {
    destination: &'static Destination,
    /// The answer to the last request; `None` if there was nothing to ask it
    /// for.
    answer: Option<Erasing>,
    /// The events that it says it has erased, for all ids; `None` if it does
    /// not say.
    erased: Option<u64>,
    /// What it gave to prove that, one an id.
    proofs: Vec<String>,
}

impl Asked {
    fn json(&self) -> Json {
        let answer = self.answer.as_ref();
        let is_done = self.is_done();
        let reason = match answer {
            Some(Erasing::Done(_)) => None,
            Some(answer) => Some(answer.to_string()),
            None if ship::can_be_asked(self.destination) => Some("nothing to prove".to_owned()),
            None => Some(Erasing::NoWay.to_string()),
        };
        json!({
            "name": self.destination.name,
            "asked": answer.is_some_and(Erasing::was_asked),
            // The number, where the destination says it.
            "erased": match self.erased {
                Some(erased) if is_done => json!(erased),
                _ => json!(is_done),
            },
            "confirmed": is_done,
            "proofs": self.proofs,
            "reason": reason,
        })
    }

    fn is_done(&self) -> bool {
        self.answer.as_ref().is_some_and(Erasing::is_done)
    }

    fn take(&mut self, answer: Erasing) {
        if let Erasing::Done(said) = &answer {
            self.erased = match (self.erased, said.erased) {
                (Some(one), Some(other)) => Some(one.saturating_add(other)),
                (one, other) => one.or(other),
            };
            self.proofs.extend(said.proof.clone());
        }
        self.answer = Some(answer);
    }
}

/// Asks each destination for everything that it still has to erase, and saves
/// the answers.
fn ask_all(standing: &Standing, paths: &Paths) -> Result<Vec<Asked>, DiskError> {
    let start = Instant::now();
    let transport = ship::built_in();
    let is_forbidden =
        consent::administrator(standing.catalog(), standing.surroundings()).is_some();
    let mut asked = Vec::new();
    for destination in standing.catalog().destinations {
        let mut asking = Asked { destination, answer: None, erased: None, proofs: Vec::new() };
        for erasure in erasures::read_whole(paths)? {
            if !erasure.owed_by.iter().any(|name| name == destination.name) {
                continue;
            }
            let time = limits::LIFETIME.saturating_sub(start.elapsed()).min(limits::REQUEST);
            asking.take(match &transport {
                _ if !ship::can_be_asked(destination) => Erasing::NoWay,
                _ if is_forbidden => unasked("an administrator has turned telemetry off"),
                _ if time == Duration::ZERO => unasked("there was no time left"),
                Some(transport) => {
                    ship::erase(standing, transport.as_ref(), destination, &erasure, time)
                }
                None => unasked("this build cannot send anything"),
            });
            if !asking.is_done() {
                break;
            }
            erasures::answered(paths, &erasure, destination.name)?;
        }
        asked.push(asking);
    }
    Ok(asked)
}

fn unasked(why: &str) -> Erasing {
    Erasing::Unasked(why.to_owned())
}

/// How to have erased what was sent to a destination that no program can ask.
fn by_letter(standing: &Standing, id: Option<&str>) -> String {
    let product = standing.catalog().product;
    match (product.contact.or(product.policy), id) {
        (Some(place), Some(id)) => {
            format!(" To have erased what was sent there, write to {place} and name your id: {id}.")
        }
        _ => String::new(),
    }
}

/// What the destinations answered, in one or more sentences. `by_letter` is
/// what to do where none can be asked.
fn answers(asked: &[Asked], by_letter: &str) -> String {
    let names = |wanted: &dyn Fn(&Asked) -> bool| -> Vec<&str> {
        asked.iter().filter(|asked| wanted(asked)).map(|asked| asked.destination.name).collect()
    };
    let done = names(&Asked::is_done);
    let unable = names(&|asked| !ship::can_be_asked(asked.destination));
    let unknown = names(&|asked| asked.answer == Some(Erasing::NotYet));
    let mut sentences = Vec::new();
    if !done.is_empty() {
        sentences.push(format!("{} confirmed that your events are erased.", listed(&done)));
    }
    for Asked { destination, erased, .. } in asked.iter().filter(|asked| asked.is_done()) {
        if let Some(erased) = erased {
            sentences.push(format!("{}: {}.", destination.name, events(*erased)));
        }
    }
    if !unable.is_empty() {
        let names = listed(&unable);
        sentences.push(format!("{names} cannot be asked by a program.{by_letter}"));
    }
    if !unknown.is_empty() {
        sentences.push(format!("{} cannot erase yet.", listed(&unknown)));
    }
    for Asked { destination, answer, .. } in asked {
        let name = listed(&[destination.name]);
        sentences.extend(match answer {
            Some(Erasing::Failed(why)) => Some(format!("{name} has not erased anything: {why}.")),
            Some(Erasing::Unasked(why)) => Some(format!("{name} was not asked: {why}.")),
            None if ship::can_be_asked(destination) => Some(format!("{name} was not asked.")),
            _ => None,
        });
    }
    sentences.join(" ")
}

fn events(number: u64) -> String {
    format!("{number} event{}", if number == 1 { "" } else { "s" })
}

/// `The destination (a)`, `The destinations (a, b)`.
fn listed(names: &[&str]) -> String {
    let noun = if names.len() == 1 { "destination" } else { "destinations" };
    format!("The {noun} ({})", names.join(", "))
}

/// What is kept, and how to go on.
fn kept(standing: &Standing, pending: usize) -> String {
    if pending == 0 {
        return String::new();
    }
    format!(
        "An erasure is pending: what proves that the events are yours, the id and its secret, is kept on this machine for that alone. To ask again later: {0} forget. To delete the proof: {0} clear --all.\n",
        call(standing)
    )
}

/// What proves the right to erase.
struct Proof {
    kind: ProofKind,
    /// The id to name where no program can ask.
    id: Option<String>,
    secrets: Vec<String>,
}

/// Whether the right to erase can be proven.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ProofKind {
    Secret,
    /// The id is gone from its place, or another one is there.
    SecretOfAnother,
    NoSecret,
    Linkable,
    NoId,
}

impl Proof {
    /// # Errors
    ///
    /// Returns an error if the id, or a secret that may be there, cannot be
    /// read now.
    fn of(standing: &Standing, paths: &Paths) -> Result<Self, DiskError> {
        let (catalog, surroundings) = (standing.catalog(), standing.surroundings());
        let without = |kind, id| Ok(Self { kind, id, secrets: Vec::new() });
        match catalog.identity.scheme {
            Scheme::MachineHash => {
                let id = identity::shown(catalog, paths, surroundings).ok().flatten();
                return without(ProofKind::Linkable, id);
            }
            Scheme::None => return without(ProofKind::NoId, None),
            Scheme::Random => {}
        }
        let id = identity::shown(catalog, paths, surroundings)?;
        let Secrets { of_shown, of_others } =
            identity::secrets(catalog, paths, surroundings, id.as_deref())?;
        let kind = match (&of_shown, &of_others[..], &id) {
            (Some(_), ..) => ProofKind::Secret,
            (None, [_, ..], _) => ProofKind::SecretOfAnother,
            (None, [], Some(_)) => ProofKind::NoSecret,
            (None, [], None) => ProofKind::NoId,
        };
        Ok(Self { kind, id, secrets: of_shown.into_iter().chain(of_others).collect() })
    }

    /// Keeps it for as long as a destination has to answer.
    fn keep(&self, standing: &Standing, paths: &Paths) -> Result<(), DiskError> {
        let today = standing.surroundings().now().day();
        let destinations = standing.catalog().destinations.iter();
        let owed_by: Vec<String> =
            destinations.map(|destination| destination.name.to_owned()).collect();
        let erasures = self.secrets.iter();
        erasures
            .filter_map(|secret| PendingErasure::new(secret, today, owed_by.clone()))
            .filter(|erasure| !erasure.owed_by.is_empty())
            .try_for_each(|erasure| erasures::add(paths, erasure))
    }

    fn word(&self) -> &'static str {
        match self.kind {
            ProofKind::Secret | ProofKind::SecretOfAnother => "secret",
            ProofKind::NoSecret => "no-secret",
            ProofKind::Linkable => "linkable",
            ProofKind::NoId => "no-id",
        }
    }

    fn sentence(&self, rotation: Rotation) -> &'static str {
        match (self.kind, rotation) {
            (ProofKind::Secret, Rotation::Never) => {
                "The secret behind your id proves that the events sent under it are yours."
            }
            (ProofKind::Secret, Rotation::Monthly) => {
                "The secret behind your id proves that the events sent this month are yours. Nothing links earlier months to you or to each other."
            }
            (ProofKind::SecretOfAnother, _) => {
                "The id that was made on this machine is not in its place any more, but its secret is still here: it proves that the events sent under that id are yours."
            }
            (ProofKind::NoSecret, _) => {
                "Your id was not made from a secret on this machine, so you cannot prove which events are yours."
            }
            (ProofKind::Linkable, _) => {
                "Your id is a hash of host name, user and platform. Others can compute it too, so it does not prove which events are yours."
            }
            (ProofKind::NoId, _) => {
                "This machine has no id, so you cannot prove which events are yours."
            }
        }
    }
}
