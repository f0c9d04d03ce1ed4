//! The rules for what a host does: it is never disturbed, and a later run works
//! again.

use super::{Broken, Tried, broken};
use crate::home;
use crate::outcome::Outcome;
use crate::scene::State;
use crate::stage::Shipper;

impl Tried<'_> {
    /// Exit code and output are those without the failure; nothing that waited
    /// is lost; what is refused stays refused; the next run records.
    pub(super) fn host(&self) -> Result<Outcome, Broken> {
        self.is_undisturbed()?;
        self.works_again()
    }

    /// Nothing that waited is lost, and a later run records, if it is on.
    pub(super) fn works_again(&self) -> Result<Outcome, Broken> {
        self.has_lost_nothing(self.left)?;
        let product = self.cell.scene.product;
        let first = home::lines(self.left, product).len();
        if self.ground.word != "on" {
            if first != self.ground.lines.len() {
                return broken("it queued an event, although it is not on");
            }
            self.is_quiet()?;
            return Ok(Outcome::Done);
        }
        let words = product.words(product.ordinary);
        let later = self.stage.run(product, &words, Shipper::IsNotStarted)?;
        if later.code != Some(product.code) {
            return broken(format!("a later run ends with {:?}: {}", later.code, later.err));
        }
        let tree = self.stage.tree()?;
        self.has_lost_nothing(&tree)?;
        if let Some(line) = home::spoiled(&tree, product) {
            return broken(format!("a line is spoiled: {line}"));
        }
        if home::lines(&tree, product).len() <= first {
            return broken("a later run records nothing");
        }
        if let Some(path) = home::open_to_others(&tree) {
            return broken(format!("{path} is open to others"));
        }
        if home::id(&tree, product).is_none() {
            return broken("a later run has no id");
        }
        if home::secret(&tree, product).is_none() {
            return broken("a later run has an id, and no secret of it");
        }
        if self.cell.scene.state == State::Old {
            self.has_replaced_the_id(&tree)?;
        } else {
            self.has_kept_the_id(&tree)?;
        }
        let usual = home::lines(&self.ground.left, product).len();
        Ok(if first < usual { Outcome::NotRecorded } else { Outcome::Done })
    }

    /// The old id is nowhere but in events that wait.
    fn has_replaced_the_id(&self, tree: &home::Tree) -> Result<(), Broken> {
        let Some(id) = &self.ground.id else { return Ok(()) };
        let product = self.cell.scene.product;
        let queue = format!("{}/{}", product.queue.0, product.queue.1);
        match home::holding(tree, id).into_iter().find(|path| !path.starts_with(&queue)) {
            Some(path) => broken(format!("the id of another month is still in {path}")),
            None => Ok(()),
        }
    }

    fn is_undisturbed(&self) -> Result<(), Broken> {
        let (ended, usual) = (self.ended, &self.ground.ended);
        if (ended.code, &ended.out) != (usual.code, &usual.out) {
            return broken(format!(
                "the host ends with {:?} and prints {:?}{:?}",
                ended.code, ended.out, ended.err
            ));
        }
        // A notice is printed once, if it can be remembered, before what the
        // host itself says.
        let is_less = usual.err.ends_with(&ended.err) || ended.err.ends_with(&usual.err);
        let may_differ = self.cell.scene.state == State::Never && is_less;
        if ended.err != usual.err && !may_differ {
            return broken(format!("the host prints to standard error: {:?}", ended.err));
        }
        Ok(())
    }

    /// Nothing is said, and nothing that waited is lost: nobody has it.
    pub(super) fn flush(&self) -> Result<Outcome, Broken> {
        if self.ended != &self.ground.ended {
            let (out, err) = (&self.ended.out, &self.ended.err);
            return broken(format!("it ends with {:?} and prints {out:?}{err:?}", self.ended.code));
        }
        if self.ground.word != "on" && self.stage.was_reached() {
            return broken("it sends, although it is not on");
        }
        self.has_lost_nothing(self.left)?;
        self.has_kept_the_id(self.left)?;
        if self.ground.word == "on" {
            let product = self.cell.scene.product;
            let words = product.words(product.flush);
            self.stage.run(product, &words, Shipper::IsNotStarted)?;
            let tree = self.stage.tree()?;
            self.has_lost_nothing(&tree)?;
            if let Some(line) = home::spoiled(&tree, product) {
                return broken(format!("a line is spoiled: {line}"));
            }
        } else {
            self.is_quiet()?;
        }
        Ok(Outcome::Done)
    }
}
