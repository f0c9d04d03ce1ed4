//! How consent is decided: the default, the rules and their order.

/// The consent policy of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Consent {
    /// What applies if no rule decides.
    pub default: ConsentDefault,
    /// The rules in their order. The first that decides wins. An
    /// administrator's policy is always asked before them.
    pub order: &'static [Rule],
    /// The product's own variables. Every product honours `DO_NOT_TRACK`
    /// besides.
    pub variables: &'static [Variable],
    /// What `telemetry off` does to the id.
    pub off: OnOff,
    /// The event that is sent when a person turns telemetry off, if the catalog
    /// has one.
    pub farewell: Option<&'static str>,
    /// The texts of the question and the notice.
    pub texts: Texts,
}

/// What applies if nobody has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentDefault {
    /// Off until the person is asked and says yes.
    Ask,
    /// Off until the person turns it on.
    Off,
    /// On until the person turns it off.
    On,
}

/// A rule that can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The program runs in continuous integration.
    Ci,
    /// The product's own variables.
    Environment,
    /// The variable `DO_NOT_TRACK`.
    DoNotTrack,
    /// The argument `--no-telemetry` of this invocation.
    Flag,
    /// What the person decided, in the settings file.
    Settings,
}

impl Rule {
    /// Every rule, in the order of the documentation.
    pub const ALL: [Self; 5] =
        [Self::Ci, Self::Environment, Self::DoNotTrack, Self::Flag, Self::Settings];

    /// Returns the name in the grammar.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ci => "ci",
            Self::Environment => "environment",
            Self::DoNotTrack => "do-not-track",
            Self::Flag => "flag",
            Self::Settings => "settings",
        }
    }
}

/// An environment variable of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variable {
    /// The full name: `ATOMIC_TELEMETRY`.
    pub name: &'static str,
    /// Which values refuse.
    pub refuses: RefusingValues,
}

/// Which values of a variable refuse. No value ever grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusingValues {
    /// `0 false off no` refuse: `ATOMIC_TELEMETRY=0`.
    Zero,
    /// `1 true on yes` refuse: `AAI_TELEMETRY_DISABLED=1`.
    One,
}

/// What `telemetry off` does to the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnOff {
    /// The id is kept but not used. `telemetry on` uses it again.
    KeepId,
    /// The id and its secret are deleted. `telemetry on` makes another id.
    DeleteId,
}

/// The texts of the question and the notice. Those that are not given are made
/// from the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Texts {
    /// The question: "Help improve Atomic by …?".
    pub question: Option<&'static str>,
    /// The text above the question.
    pub introduction: Option<&'static str>,
    /// What is collected, one line each.
    pub collected: &'static [&'static str],
    /// What is never collected, one line each.
    pub never: &'static [&'static str],
    /// The notice, which is printed once.
    pub notice: Option<&'static str>,
}

impl Texts {
    /// Returns what is never collected, one line each: the author's own lines,
    /// or what is true of every catalog.
    #[must_use]
    pub fn never_collected(&self) -> &'static [&'static str] {
        const OF_EVERY_CATALOG: &[&str] = &[
            "Anything that is not listed above",
            "What you type, and what is in your files",
            "Paths, names and addresses",
        ];
        if self.never.is_empty() { OF_EVERY_CATALOG } else { self.never }
    }
}
