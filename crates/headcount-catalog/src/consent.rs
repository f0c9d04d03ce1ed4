//! How the answer comes about: the default, the rules and their order.

/// The consent policy of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Consent {
    /// What holds where no rule has an opinion.
    pub default: ConsentDefault,
    /// Highest first; an administrator's policy is always above.
    pub order: &'static [Rule],
    /// The product's own variables. `DO_NOT_TRACK` is everybody's.
    pub variables: &'static [Variable],
    /// What `off` does to the id.
    pub off: OnOff,
    /// The event sent when a person turns telemetry off, if the author insists.
    pub farewell: Option<&'static str>,
    /// The words of question and notice.
    pub texts: Texts,
}

/// What holds where nobody said anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentDefault {
    /// Off until asked and answered with yes.
    Ask,
    /// Off until turned on.
    Off,
    /// On until turned off.
    On,
}

/// A source of opinions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The program runs in continuous integration.
    Ci,
    /// The product's own variables.
    Environment,
    /// The variable `DO_NOT_TRACK`.
    DoNotTrack,
    /// `--no-telemetry` on this invocation.
    Flag,
    /// What the person decided, in the settings file.
    Settings,
}

impl Rule {
    /// Every rule, in the order of the documentation.
    pub const ALL: [Self; 5] =
        [Self::Ci, Self::Environment, Self::DoNotTrack, Self::Flag, Self::Settings];

    /// As the grammar writes it.
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

/// One variable of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variable {
    /// Its full name: `ATOMIC_TELEMETRY`.
    pub name: &'static str,
    /// Which side of it refuses.
    pub refuses: RefusingValues,
}

/// Which values of a variable refuse; none ever grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusingValues {
    /// `0 false off no` refuse: `ATOMIC_TELEMETRY=0`.
    Zero,
    /// `1 true on yes` refuse: `AAI_TELEMETRY_DISABLED=1`.
    One,
}

/// What `off` does to the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnOff {
    /// It stays, unused; `on` takes it up again.
    KeepId,
    /// It goes, with its secret; `on` mints another.
    DeleteId,
}

/// The words of question and notice; what is not given is made from the
/// catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Texts {
    /// The question asked: "Help improve Atomic by …?".
    pub question: Option<&'static str>,
    /// The sentence above it.
    pub introduction: Option<&'static str>,
    /// What is collected, a line each.
    pub collected: &'static [&'static str],
    /// What is never collected, a line each.
    pub never: &'static [&'static str],
    /// The notice printed once.
    pub notice: Option<&'static str>,
}
