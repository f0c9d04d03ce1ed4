//! The rules for a command that was ended half-way, as the task manager does
//! it. `.ci/killed` has them for Linux.

use super::{Broken, Tried, broken};
use crate::home;
use crate::outcome::Outcome;
use crate::scene::{Act, State};
use crate::stage::Shipper;

/// Where a proof waits until a destination has answered.
const PROOFS: &str = "erasures.json";

impl Tried<'_> {
    /// The answer can be read, the program works and says nothing, and the same
    /// command gets through: then `off` leaves no id, no queue and nothing that
    /// is half written.
    pub(super) fn killed(&self) -> Result<Outcome, Broken> {
        let (scene, ground) = (&self.cell.scene, self.ground);
        self.has_left_alone_what_is_the_persons_own()?;
        let word = self.word()?;
        if !["on", "off", "local"].contains(&word.as_str()) {
            return broken(format!("the answer cannot be read: {word}"));
        }
        // `clear --all` forgets a no as well, but only behind everything else.
        let is_forgotten = scene.act == Act::ClearAll && self.is_bare();
        if scene.act != Act::On && ground.word != "on" && word == "on" && !is_forgotten {
            return broken(format!("it was {}, and is on", ground.word));
        }
        if scene.act.is_of_a_host() || scene.act == Act::Flush {
            self.works_again()?;
        }
        let words = scene.product.words(scene.product.ordinary);
        let later = self.stage.run(scene.product, &words, Shipper::IsNotStarted)?;
        // A notice may have been printed before, or not; and that it was is
        // forgotten with all the rest.
        let is_new = scene.state == State::Never || scene.act == Act::ClearAll;
        let is_usual = later.err == ground.usual_err || is_new;
        if later.code != Some(scene.product.code) || !is_usual {
            return broken(format!("a later run ends with {:?}: {}", later.code, later.err));
        }
        let again = self.stage.run(scene.product, &scene.words(), Shipper::IsNotStarted)?;
        if again.code != ground.ended.code {
            return broken(format!("given again, it ends with {:?}: {}", again.code, again.err));
        }
        if scene.act == Act::On && self.word()? != "on" {
            return broken("given again, it is not on");
        }
        if matches!(scene.act, Act::Off | Act::Clear | Act::ClearAll | Act::Forget) {
            self.has_left_nothing(scene.act)?;
        }
        let off = scene.product.words(&["telemetry", "off"]);
        let off = self.stage.run(scene.product, &off, Shipper::IsNotStarted)?;
        if off.code != Some(0) {
            return broken(format!("`off` ends with {:?}: {}", off.code, off.err));
        }
        self.has_left_nothing(Act::Off)?;
        Ok(Outcome::Done)
    }

    /// Whether neither the id nor an event is left.
    fn is_bare(&self) -> bool {
        let product = self.cell.scene.product;
        let is_in = |id: &String| !home::holding(self.left, id).is_empty();
        home::id(self.left, product).is_none()
            && !self.ground.id.as_ref().is_some_and(is_in)
            && home::lines(self.left, product).is_empty()
            && home::sent(self.left, product).is_none()
    }

    /// No queue, nothing half written, and no id where the command deletes it.
    fn has_left_nothing(&self, act: Act) -> Result<(), Broken> {
        let product = self.cell.scene.product;
        let tree = self.stage.tree()?;
        if let Some(path) = home::half_written(&tree) {
            return broken(format!("{path} is half written"));
        }
        if let Some(line) = home::lines(&tree, product).first() {
            return broken(format!("the queue is left: {line}"));
        }
        if let Some(path) = home::sent(&tree, product) {
            return broken(format!("what was sent is left in {path}"));
        }
        let Some(id) = &self.ground.id else { return Ok(()) };
        let holding = home::holding(&tree, id);
        let held = holding.iter().find(|path| !path.ends_with(PROOFS));
        let deletes_id = act != Act::Off || product.off_deletes_id;
        match held.filter(|_| deletes_id) {
            Some(path) => broken(format!("the id is left in {path}")),
            None => Ok(()),
        }
    }
}
