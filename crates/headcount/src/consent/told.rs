//! The proof that something may leave the machine: the person said yes, or was
//! told before this run that the product is on by default.

use headcount_catalog::ConsentDefault;

use super::{Decision, Why};

/// When this machine's person was told what the product reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Never, or that could not be remembered.
    Never,
    /// In this run, or by another one since this run began: they may not have
    /// read it before this run ends.
    InThisRun,
    /// In an earlier run, or in a log that a person reads later.
    Before,
}

/// Permission to send one thing, at this moment. Every request needs one, and
/// only [`Decision::send_permit`] makes one.
#[derive(Debug)]
pub(crate) struct SendPermit(());

impl SendPermit {
    /// The same permission for one more destination of a farewell, which is
    /// made before the person's no and sent after it.
    pub(crate) fn again(&self) -> Self {
        Self(())
    }
}

impl Decision {
    /// The permission to send that this decision gives to someone who was told
    /// at that time. Without an answer of theirs, what is on by default is sent
    /// only if they were told before.
    ///
    /// `told` is asked only if it matters.
    pub(crate) fn send_permit(&self, told: impl FnOnce() -> Told) -> Option<SendPermit> {
        let is_answered = self.winner().why != Why::Default;
        let is_permitted = self.is_on() && (is_answered || told() == Told::Before);
        is_permitted.then_some(SendPermit(()))
    }

    /// Whether nobody has decided, and the product is on by its default.
    pub(crate) fn is_on_by_default(&self, default: ConsentDefault) -> bool {
        self.is_on() && default == ConsentDefault::On && self.winner().why == Why::Default
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ConsentState, Opinion, Says};
    use super::*;

    #[test]
    fn only_who_said_yes_or_was_told_before_is_sent_for() {
        let yes = || Why::Setting {
            key: "enabled".to_owned(),
            value: "true".to_owned(),
            file: std::path::PathBuf::new(),
            meant: None,
        };
        for (state, why, sent) in [
            (ConsentState::On, Why::Default, [false, false, true]),
            (ConsentState::On, yes(), [true, true, true]),
            (ConsentState::Local, yes(), [false, false, false]),
            (ConsentState::Off, Why::Flag, [false, false, false]),
            (ConsentState::Off, Why::Default, [false, false, false]),
        ] {
            let decision = Decision { state, winner: Opinion { says: Says::Grant, why } };
            let permits = [Told::Never, Told::InThisRun, Told::Before]
                .map(|told| decision.send_permit(|| told).is_some());
            assert_eq!(permits, sent, "{decision:?}");
        }
    }
}
