//! The closed lists of the grammar, as the readers of the sections have them.

use super::{consent, destination, envelope, files, identity, kinds, property, shipping};
use crate::{Dialect, Grain, HookEvent, Period, Rule, Words};

/// A closed list of words that a `telemetry.toml` can have in one place.
///
/// ```
/// use headcount_catalog::WordList;
///
/// assert_eq!(WordList::ConsentDefaults.words(), ["ask", "off", "on"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WordList {
    /// `default` of the consent.
    ConsentDefaults,
    /// `order` of the consent.
    Rules,
    /// `off` of the consent.
    Off,
    /// `refuses` of a variable.
    Refuses,
    /// `format` of the settings file.
    SettingsFormats,
    /// `scheme` of the identity.
    Schemes,
    /// `rotate` of the identity.
    Rotations,
    /// `count` of the identity.
    Periods,
    /// What an entry of the envelope can be, without `flag`.
    Sources,
    /// The kinds that an entry of the envelope can have as a key.
    HostKinds,
    /// `grain` of a time.
    Grains,
    /// `words` of a platform or an architecture.
    Vocabularies,
    /// `kind` of a destination.
    Dialects,
    /// `encoding` of a destination.
    Encodings,
    /// `mode` of shipping.
    Modes,
    /// `hook` of an event.
    Hooks,
    /// The kinds that need only their name.
    PlainKinds,
    /// The kinds that are keys of a table.
    ShapedKinds,
    /// What a `reference` refers to.
    References,
    /// `duration`: the units.
    Units,
    /// `optional`.
    Absent,
}

impl WordList {
    /// Returns the words, in the order of the documentation.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::ConsentDefaults => second(&consent::DEFAULTS),
            Self::Rules => Rule::ALL.map(Rule::name).to_vec(),
            Self::Off => second(&consent::OFF),
            Self::Refuses => second(&consent::REFUSES),
            Self::SettingsFormats => second(&files::FORMATS),
            Self::Schemes => second(&identity::SCHEMES),
            Self::Rotations => second(&identity::ROTATIONS),
            Self::Periods => second(&Period::ALL),
            Self::Sources => second(&envelope::SOURCES),
            Self::HostKinds => envelope::HOST.to_vec(),
            Self::Grains => second(&Grain::ALL),
            Self::Vocabularies => second(&Words::ALL),
            Self::Dialects => second(&Dialect::ALL),
            Self::Encodings => second(&destination::ENCODINGS),
            Self::Modes => second(&shipping::MODES),
            Self::Hooks => HookEvent::ALL.map(HookEvent::word).to_vec(),
            Self::PlainKinds => second(&kinds::PLAIN),
            Self::ShapedKinds => kinds::shaped(),
            Self::References => second(&kinds::REFERENCES),
            Self::Units => second(&kinds::UNITS),
            Self::Absent => second(&property::ABSENT),
        }
    }
}

fn second<T>(words: &[(T, &'static str)]) -> Vec<&'static str> {
    words.iter().map(|(_, word)| *word).collect()
}
