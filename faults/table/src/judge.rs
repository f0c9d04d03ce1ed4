//! The rules: what must hold after a command met a failure. The failure is gone
//! by then; the home is what it left.

mod host;
mod killed;
mod person;

use std::io;
use std::time::{Duration, Instant};

use crate::cell::Cell;
use crate::ground::{self, Ground};
use crate::home::{self, Tree};
use crate::outcome::Outcome;
use crate::scene::{Act, State};
use crate::stage::{Ended, Shipper, Stage};

/// Why a cell breaks a rule, or could not be judged.
#[derive(Debug)]
pub(crate) enum Broken {
    Rule(String),
    Harness(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Harness(error)
    }
}

/// A broken rule.
fn broken<T>(sentence: impl Into<String>) -> Result<T, Broken> {
    Err(Broken::Rule(sentence.into()))
}

/// A cell that was run, for the rules to look at.
#[derive(Debug)]
pub(crate) struct Tried<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) cell: &'a Cell,
    pub(crate) ground: &'a Ground,
    /// How the command ended.
    pub(crate) ended: &'a Ended,
    /// What it left.
    pub(crate) left: &'a Tree,
}

/// What came of a cell.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) ended: Ended,
    /// How long the command took, and all that it started.
    pub(crate) took: Duration,
    /// The outcome, or which rule is broken.
    pub(crate) verdict: Result<Outcome, String>,
}

/// Runs a cell and judges it.
pub(crate) fn run(stage: &Stage, cell: &Cell, ground: &Ground) -> io::Result<Judged> {
    stage.restore(&ground.home)?;
    let started = Instant::now();
    let (ended, met) = stage.run_under(cell)?;
    let took = started.elapsed();
    if met.is_empty() {
        return Ok(Judged { ended, took, verdict: Ok(Outcome::NotMet) });
    }
    let left = stage.tree()?;
    let verdict = Tried { stage, cell, ground, ended: &ended, left: &left }.judge();
    let verdict = match verdict {
        Ok(outcome) => Ok(outcome),
        Err(Broken::Rule(sentence)) => Err(sentence),
        Err(Broken::Harness(error)) => return Err(error),
    };
    Ok(Judged { ended, took, verdict })
}

impl Tried<'_> {
    fn judge(&self) -> Result<Outcome, Broken> {
        let Ended { code, err, .. } = self.ended;
        if self.cell.fault.is_an_end() {
            return self.killed();
        }
        if code.is_none() {
            return broken("it was ended by a signal, or took too long");
        }
        if err.contains("panicked at") {
            return broken(format!("it panicked: {err}"));
        }
        if let Some(path) = home::open_to_others(self.left) {
            return broken(format!("{path} is open to others"));
        }
        self.has_left_alone_what_is_the_persons_own()?;
        let outcome = match self.cell.scene.act {
            Act::On => self.on(),
            Act::Off => self.off(),
            Act::Local => self.local(),
            Act::Clear => self.clear(),
            Act::ClearAll => self.clear_all(),
            Act::Forget => self.forget(),
            Act::Record | Act::Mint | Act::Rotate | Act::Ship => self.host(),
            Act::Status => self.status(),
            Act::Flush => self.flush(),
        }?;
        Ok(if outcome == Outcome::Done && self.is_as_without() {
            Outcome::AsWithout
        } else {
            outcome
        })
    }

    /// Whether the command said, and left, what it does without the failure:
    /// the same files of the same size, since ids and times are new each time.
    fn is_as_without(&self) -> bool {
        let shape = |tree: &Tree| -> Vec<(String, u32, Option<usize>)> {
            let claims = |path: &str| {
                // The name of a claim has a time and a random number.
                path.split('.').map(|part| if part.len() == 33 { "CLAIM" } else { part }).collect()
            };
            let mut shape: Vec<_> = tree
                .iter()
                .map(|(path, (mode, content))| {
                    (claims(path), *mode, content.as_ref().map(Vec::len))
                })
                .collect();
            shape.sort();
            shape
        };
        self.ended == &self.ground.ended && shape(self.left) == shape(&self.ground.left)
    }

    /// Asks the product whether it is on now.
    fn word(&self) -> Result<String, Broken> {
        Ok(ground::word(self.stage, &self.cell.scene)?)
    }

    /// The decision is what it was.
    fn is_decided_as_before(&self) -> Result<(), Broken> {
        let word = self.word()?;
        if word == self.ground.word {
            return Ok(());
        }
        broken(format!("it was {}, and is {word}", self.ground.word))
    }

    /// An ordinary run that may ship sends nothing, and queues nothing.
    fn is_quiet(&self) -> Result<(), Broken> {
        let product = self.cell.scene.product;
        let before = home::lines(&self.stage.tree()?, product);
        let ended =
            self.stage.run(product, &product.words(product.ordinary), Shipper::ReachesUs)?;
        if self.stage.was_reached() {
            return broken("a later run sends, although it is not on");
        }
        let after = home::lines(&self.stage.tree()?, product);
        if after != before {
            return broken("a later run queues an event, although it is not on");
        }
        if ended.code != Some(product.code) {
            return broken(format!("a later run ends with {:?}: {}", ended.code, ended.err));
        }
        Ok(())
    }

    /// A command that failed says why.
    fn has_said_why(&self) -> Result<(), Broken> {
        if self.ended.err.trim().len() > 10 {
            return Ok(());
        }
        broken(format!("it ends with {:?} and does not say why", self.ended.code))
    }

    /// Every event that waited is still there.
    fn has_lost_nothing(&self, tree: &Tree) -> Result<(), Broken> {
        let after = home::lines(tree, self.cell.scene.product);
        match self.ground.lines.iter().find(|line| !after.contains(line)) {
            Some(line) => broken(format!("an event that waited is gone: {line}")),
            None => Ok(()),
        }
    }

    /// What the person has in the settings file besides is still there.
    fn has_left_alone_what_is_the_persons_own(&self) -> Result<(), Broken> {
        let product = self.cell.scene.product;
        if self.cell.scene.state == State::Never {
            return Ok(());
        }
        let text = self.left.get(product.settings).and_then(|(_, text)| text.as_deref());
        let text = String::from_utf8_lossy(text.unwrap_or_default());
        if text.contains(product.own_settings) {
            return Ok(());
        }
        broken(format!("the person's own settings are gone: {text}"))
    }

    /// The id, and what proves whose it is, are what they were.
    fn has_kept_the_id(&self, tree: &Tree) -> Result<(), Broken> {
        let (ground, product) = (self.ground, self.cell.scene.product);
        if self.cell.leaves_nothing_to_read() {
            return Ok(());
        }
        if ground.id.is_some() && home::id(tree, product) != ground.id {
            return broken(format!("the id was {:?}, and is another or gone", ground.id));
        }
        if ground.secret.is_some() && home::secret(tree, product) != ground.secret {
            return broken("the secret of the id is another or gone");
        }
        Ok(())
    }
}
