//! What a difference is, and how sentences are put together.

/// What one difference means for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Judgement {
    /// The person shares what was shared before.
    Same,
    /// The person shares less, with fewer, for a shorter time, or after more
    /// has been asked.
    Narrows,
    /// The person shares more, with more, for longer, or with less asked.
    Widens,
}

/// One difference between two catalogs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it means.
    pub judgement: Judgement,
    /// A whole sentence. Names are between backticks.
    pub sentence: String,
    /// Whether it is withheld from everybody who agreed to the old catalog,
    /// until they agree to the new one.
    pub is_withheld: bool,
}

impl Judgement {
    /// Returns the word: `widens`, `narrows` or `same`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Widens => "widens",
            Self::Narrows => "narrows",
            Self::Same => "same",
        }
    }

    /// Returns what all differences together mean: one that widens is enough.
    #[must_use]
    pub fn of(all: &[Difference]) -> Self {
        all.iter().map(|one| one.judgement).max().unwrap_or(Self::Same)
    }
}

/// Differences that are being collected.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub(super) all: Vec<Difference>,
}

impl Differences {
    pub(super) fn same(&mut self, sentence: String) {
        self.judged(Judgement::Same, sentence);
    }

    pub(super) fn judged(&mut self, judgement: Judgement, sentence: String) {
        self.all.push(Difference { judgement, sentence, is_withheld: false });
    }
}

/// A fragment as a sentence.
pub(super) fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    ended(&first.chain(letters).collect::<String>())
}

/// A text with a mark at its end.
pub(super) fn ended(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '?', '!', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// A text of an author in a sentence, as it is quoted.
pub(super) fn quoted(text: &str) -> String {
    format!("“{}”", text.trim())
}
