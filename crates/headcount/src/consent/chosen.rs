//! The person's decision, from everything that is written anywhere: a pure
//! function. A no counts wherever it was said. A yes counts in the usual place,
//! or where the person's own command has noted it: a folder may be moved by a
//! variable, a variable may be set by a project, and a settings file on its own
//! may have been planted.

use std::path::PathBuf;

use super::written::{Answers, Written, unusable};
use super::{Opinion, Says, Why};
use crate::disk::state::{self, Layout, Refused};

/// The opinion of the settings, and a yes that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The opinion, if there is one.
    pub(crate) opinion: Option<Opinion>,
    /// A settings file with a yes that the person's own command did not write.
    pub(crate) unheeded: Option<PathBuf>,
}

/// Decides from what is written.
pub(super) fn chosen(answers: &Answers) -> Chosen {
    let places = || [Some(&answers.usual), answers.named.as_ref()].into_iter().flatten();
    let mut refusals = places().filter_map(refusal).chain(
        // What the settings say explains more than our own note of it.
        places().filter_map(note),
    );
    // *Local* is a no in the product's settings, and a note of ours that says
    // more. Losing our state cannot turn it into sending.
    let local = places().find(|written| written.state.refused == Some(Refused::Local));
    let is_plain = |opinion: &Opinion| matches!(&opinion.why, Why::Setting { value, meant: None, .. } if value == "false");
    let refused = match local {
        Some(_) => refusals.find(|opinion| opinion.says == Says::Refuse && !is_plain(opinion)),
        None => refusals.next(),
    };
    if let Some(refused) = refused {
        return Chosen { opinion: Some(refused), unheeded: None };
    }
    if let Some(written) = local {
        return Chosen { opinion: note(written), unheeded: None };
    }
    let granted = |written: &Written| answers.usual.state.granted.contains(&written.name);
    match (&answers.usual.says, &answers.named) {
        (Some(yes), _) => Chosen { opinion: Some(yes.clone()), unheeded: None },
        (None, Some(named)) if granted(named) => {
            Chosen { opinion: named.says.clone(), unheeded: None }
        }
        (None, Some(named)) => {
            let unheeded = named.says.is_some().then(|| named.settings.clone());
            Chosen { opinion: None, unheeded }
        }
        (None, None) => Chosen { opinion: None, unheeded: None },
    }
}

/// A no in a settings file.
fn refusal(written: &Written) -> Option<Opinion> {
    written.says.clone().filter(|opinion| opinion.says == Says::Refuse)
}

/// A no in our own state, or a state that may have held one.
fn note(written: &Written) -> Option<Opinion> {
    let noted = |says, key: &str, value: &str| Opinion {
        says,
        why: Why::Setting {
            key: key.to_owned(),
            value: value.to_owned(),
            file: written.note.clone(),
            meant: None,
        },
    };
    match (&written.state.layout, written.state.refused) {
        (Layout::OfOther(name), _) => Some(unusable(&written.note, state::of_other(name))),
        (Layout::Unusable(problem) | Layout::Unread(problem), _) => {
            Some(unusable(&written.note, problem.clone()))
        }
        (_, Some(Refused::Off)) => Some(noted(Says::Refuse, "answer", "off")),
        (Layout::Newer, _) => {
            Some(unusable(&written.note, "a newer release of this program wrote it".to_owned()))
        }
        (_, Some(Refused::Local)) => Some(noted(Says::Local, "local", "true")),
        _ => None,
    }
}
