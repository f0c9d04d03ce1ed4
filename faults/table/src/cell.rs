//! One cell: a scene, a call, which one of them, and how it fails.

use std::time::Duration;

use crate::errors::{CALLS, Call, Fault};
use crate::limits;
use crate::scene::{Act, Errors, IN_FULL, Scene, State, scenes};
use crate::stage::Shipper;

/// Which calls of a kind fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// This one, from 1.
    One(u64),
    /// Every one.
    All,
}

/// One cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub(crate) scene: Scene,
    pub(crate) call: &'static Call,
    pub(crate) at: At,
    pub(crate) fault: Fault,
}

impl At {
    pub(crate) fn told(self) -> String {
        match self {
            Self::One(number) => number.to_string(),
            Self::All => "all".to_owned(),
        }
    }
}

impl Cell {
    /// Every cell of a scene in which a call is made so many times.
    pub(crate) fn of(scene: Scene, call: &'static Call, times: u64) -> Vec<Self> {
        let mut cells = Vec::new();
        let mut add = |at, fault| cells.push(Self { scene, call, at, fault });
        // Not always at the same numbers, whatever the state.
        let turns = scene.state as u64..;
        for (turn, &fault) in turns.zip(call.errors) {
            let is_tried = match scene.errors {
                Errors::All => call.is_own() || fault.is_told_apart(),
                Errors::Common => call.is_own() && fault.is_common(),
            };
            if !is_tried {
                continue;
            }
            let every = match fault {
                fault if fault.is_common() => 1,
                fault if fault.is_told_apart() => limits::SPREAD_APART,
                _ => limits::SPREAD,
            };
            let is_its_turn = |number: &u64| (number + turn).is_multiple_of(every);
            let numbers = (1..=times).filter(is_its_turn);
            numbers.for_each(|number| add(At::One(number), fault));
            if times > 0 && fault.lasts() {
                add(At::All, fault);
            }
        }
        cells
    }

    /// Whether it is run at every change. On Linux each is.
    pub(crate) fn is_usual(&self) -> bool {
        if cfg!(unix) {
            return true;
        }
        if !self.scene.is_usual() || !self.fault.is_common() {
            return false;
        }
        // Not the same errors and numbers in every row: what lasts is tried
        // with one of the two programs, in turn from call to call.
        let turn = self.scene.state as usize + self.scene.act as usize;
        let is_second = usize::from(self.scene.product.name == IN_FULL[1]);
        let call = CALLS.iter().position(|call| call.name == self.call.name).unwrap_or(0);
        let common: Vec<_> = self.call.errors.iter().filter(|fault| fault.is_common()).collect();
        let number = common.iter().position(|fault| **fault == self.fault).unwrap_or(0) + turn;
        match self.at {
            At::All => {
                let errors = common.iter().filter(|fault| fault.lasts()).count();
                number.is_multiple_of(errors) && (turn + call + is_second).is_multiple_of(2)
            }
            At::One(at) if self.fault.is_an_end() => {
                (at + number as u64).is_multiple_of(limits::USUAL_STEPS)
            }
            At::One(at) => {
                (at + 7 * number as u64 + is_second as u64).is_multiple_of(limits::USUAL_CALLS)
            }
        }
    }

    /// `PRODUCT/STATE/COMMAND/CALL/NUMBER/ERROR`.
    pub(crate) fn name(&self) -> String {
        let at = self.at.told();
        format!("{}/{}/{at}/{}", self.scene.name(), self.call.name, self.fault.name)
    }

    /// Reads a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let (scene, rest) = scenes().into_iter().find_map(|scene| {
            let rest = name.strip_prefix(&scene.name())?.strip_prefix('/')?;
            Some((scene, rest.to_owned()))
        })?;
        let mut words = rest.split('/');
        let (call, at, error) = (words.next()?, words.next()?, words.next()?);
        let call = CALLS.iter().find(|known| known.name == call)?;
        let at = if at == "all" { At::All } else { At::One(at.parse().ok()?) };
        let fault = *call.errors.iter().find(|fault| fault.name == error)?;
        Some(Self { scene, call, at, fault })
    }

    /// Whether nothing can be written at all, so that no answer can be kept.
    pub(crate) fn leaves_nothing_to_write(&self) -> bool {
        let every_write =
            self.at == At::All && matches!(self.call.name, "open" | "create" | "write");
        let every_folder = self.at == At::All && self.call.name == "mkdir";
        // On Windows no file is replaced without looking at it, which the
        // system does, nor written in place, which we do.
        let every_look = self.at == At::All && self.call.name == "query";
        every_write || every_folder || every_look || self.fault.name == "full"
    }

    /// Whether nothing can be read at all: then a no is written over what may
    /// be sound. On Windows nor is a file believed whose owner cannot be asked
    /// for.
    pub(crate) fn leaves_nothing_to_read(&self) -> bool {
        let looks = matches!(self.call.name, "open" | "read" | "stat" | "query" | "owner");
        self.at == At::All && looks
    }

    /// What the command may start.
    pub(crate) fn shipper(&self) -> Shipper {
        match (self.scene.act, self.scene.state) {
            // Where it is refused, nobody may be reached.
            (Act::Flush, State::Refused) => Shipper::ReachesUs,
            (Act::Flush | Act::Ship, _) => Shipper::IsCutOff,
            _ => Shipper::IsNotStarted,
        }
    }

    /// How long the command may take.
    pub(crate) fn limit(&self) -> Duration {
        if self.scene.act.is_of_a_host() { limits::HOST } else { limits::PERSON }
    }
}
