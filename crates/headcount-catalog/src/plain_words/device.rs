//! The id of a machine: how it is made, how long it lives, what deletes it, and
//! how what was sent under it is erased.

use super::blocks::Blocks;
use super::call::call;
use super::inline::{all_of, code, link, one_of, prose, sentence};
use super::kept::shown_everywhere;
use super::sent::receiver;
use crate::{Catalog, Dialect, IdPlace, OnOff, Rotation, Scheme, Source};

pub(super) fn id(out: &mut Blocks, catalog: &Catalog) {
    out.heading(2, "Your machine's id");
    match catalog.identity.scheme {
        Scheme::Random => random(out, catalog),
        Scheme::MachineHash => out.paragraph(
            "A hash (SHA-256) of your machine's name, your user name and the operating system. It is computed for each event and not saved. \
             The hash does not show what it is made of, but **whoever knows these three can compute it, too**, and it stays the same for as long as they do.",
        ),
        Scheme::None if catalog.identity.count.is_empty() => out.paragraph(
            "There is none: no event says anything by which your machine could be known again.",
        ),
        Scheme::None => out.paragraph(&counted(catalog)),
    }
    if catalog.envelope.iter().any(|entry| entry.source == Source::Account) {
        out.paragraph("While you are logged in, events carry the id of your account, too.");
    }
}

fn random(out: &mut Blocks, catalog: &Catalog) {
    let place = place(catalog);
    let lives = match catalog.identity.rotation {
        Rotation::Never => "It stays the same until it is deleted.",
        Rotation::Monthly => {
            "On the first day of each month (UTC) it is replaced by a new one, and nothing links the two: neither on your machine, but for what still waits to be sent, nor in any request."
        }
    };
    out.paragraph(&format!(
        "A random id: a hash of 128 random bits, in the form of a UUID. It is made on your machine, of nothing of yours, when the first event is recorded or you say yes. Its place: {place}. \
         While telemetry is off, none is made. {lives}"
    ));
    let mut deletes =
        vec![call(catalog, "clear"), call(catalog, "clear --all"), call(catalog, "forget")];
    let kept = match catalog.consent.off {
        OnOff::DeleteId => {
            deletes.push(call(catalog, "off"));
            String::new()
        }
        OnOff::KeepId => format!(" {} keeps it, unused.", call(catalog, "off")),
    };
    out.paragraph(&format!(
        "It is deleted by {}.{kept} The next event, if there is one, has another.",
        one_of(&deletes)
    ));
}

/// Where the id is on the machine.
fn place(catalog: &Catalog) -> String {
    let settings = || shown_everywhere(catalog, catalog.files.settings.file);
    match catalog.identity.place {
        IdPlace::File(file) => format!("in {}", shown_everywhere(catalog, file)),
        IdPlace::Settings { id, .. } => format!("{} in {}", code(id), settings()),
        IdPlace::Nowhere => "nowhere".to_owned(),
    }
}

fn counted(catalog: &Catalog) -> String {
    let periods: Vec<String> =
        catalog.identity.count.iter().map(|period| format!("a {}", period.name())).collect();
    format!(
        "There is none. Instead, your machine marks its first event of {}, and says with it for how many weeks there have been any, roughly. \
         No mark is the same for two events of one machine and different for another machine's. To know what is the first, the last few of these days are kept on your machine; they are never sent.",
        one_of(&periods)
    )
}

/// How to have erased what was sent, honestly.
pub(super) fn erasing(out: &mut Blocks, catalog: &Catalog) {
    out.heading(2, "Have it erased");
    let (forget, clear) = (call(catalog, "forget"), call(catalog, "clear --all"));
    out.paragraph(&format!(
        "{clear} removes everything of telemetry from your machine, your decision too: run it before you uninstall {}.",
        prose(catalog.product.title)
    ));
    let asked: Vec<String> = catalog
        .destinations
        .iter()
        .filter(|destination| destination.dialect == Dialect::Headcount)
        .map(receiver)
        .collect();
    let others: Vec<String> = catalog
        .destinations
        .iter()
        .filter(|destination| destination.dialect != Dialect::Headcount)
        .map(receiver)
        .collect();
    match catalog.identity.scheme {
        Scheme::None => out.paragraph(
            "What was sent has no id, so nobody can tell which events were yours, and nothing can be erased for you alone.",
        ),
        Scheme::MachineHash => out.paragraph(&format!(
            "Your id can be computed by others, so it proves nothing, and {forget} cannot ask for an erasure. It clears this machine. {}",
            by_contact(catalog, "To have sent events erased,")
        )),
        Scheme::Random => {
            if !asked.is_empty() {
                out.paragraph(&format!(
                    "{forget} asks for the erasure of what was sent under your id ({}), proves with the secret of the id that it is yours, and clears this machine. \
                     What could not be asked stays pending: the proof is kept until a later {forget} is answered.",
                    all_of(&asked)
                ));
            }
            if !others.is_empty() {
                out.paragraph(&format!(
                    "{} cannot be asked by a program: {forget} clears this machine, and the erasure stays pending. {}",
                    sentence(&all_of(&others)),
                    by_contact(catalog, &format!("To have sent events erased, note your id first (it is kept in {}), and", place(catalog)))
                ));
            }
            if catalog.identity.rotation == Rotation::Monthly {
                out.paragraph("Only this month's events can be erased: nothing links earlier ones to you.");
            }
        }
    }
    out.paragraph("Numbers that were made of events, such as a count a day, have no id and stay.");
}

fn by_contact(catalog: &Catalog, when: &str) -> String {
    match catalog.product.contact.or(catalog.product.policy) {
        Some(place) => format!("{when} write to: {}", link(place)),
        None => String::new(),
    }
}
