//! The rules for what a person says.

use super::{Broken, Tried, broken};
use crate::home;
use crate::outcome::Outcome;

impl Tried<'_> {
    /// A yes that is reported is one; one that failed changes nothing.
    pub(super) fn on(&self) -> Result<Outcome, Broken> {
        self.has_kept_the_id(self.left)?;
        if self.ended.code == Some(0) {
            if home::id(self.left, self.cell.scene.product).is_none() {
                return broken("it said that it is on, and there is no id");
            }
            return match self.word()?.as_str() {
                "on" => Ok(Outcome::Done),
                word => broken(format!("it said that it is on, and it is {word}")),
            };
        }
        self.has_said_why()?;
        self.is_decided_as_before()?;
        self.has_lost_nothing(self.left)?;
        if self.ground.word != "on" {
            self.is_quiet()?;
        }
        Ok(Outcome::Said)
    }

    pub(super) fn off(&self) -> Result<Outcome, Broken> {
        if self.ended.code == Some(0) {
            self.has_dropped_the_queue()?;
            if !home::local_lines(self.left, self.cell.scene.product).is_empty() {
                return broken("it said that it is off, and the person's own records are there");
            }
            // Or it says that it could not.
            let is_there = self.ended.out.contains("The id could not be deleted");
            if self.cell.scene.product.off_deletes_id && !is_there {
                self.has_deleted_the_id()?;
            }
        }
        self.no("off")
    }

    pub(super) fn local(&self) -> Result<Outcome, Broken> {
        if self.ended.code == Some(0) {
            self.has_dropped_the_queue()?;
        }
        self.no("local")
    }

    /// A no that is reported is kept; one that failed says so, and is kept all
    /// the same, unless nothing can be written at all.
    fn no(&self, wanted: &str) -> Result<Outcome, Broken> {
        let word = self.word()?;
        if !self.cell.scene.product.off_deletes_id {
            self.has_kept_the_id(self.left)?;
        }
        if self.ended.code == Some(0) {
            // It says so where what is recorded for the person is off, too.
            let is_off = word == "off" && !self.ended.out.contains("Telemetry is local");
            if word != wanted && !is_off {
                return broken(format!("it said that it is {wanted}, and it is {word}"));
            }
            self.is_quiet()?;
            return Ok(Outcome::Done);
        }
        self.has_said_why()?;
        if word != "on" {
            self.is_quiet()?;
            return Ok(Outcome::Said);
        }
        if !self.cell.leaves_nothing_to_write() {
            return broken(format!("the no is not kept: {}", self.ended.err.trim()));
        }
        if !self.ended.err.contains(self.cell.scene.product.variable) {
            return broken(format!(
                "the no is not kept, and no variable is named: {}",
                self.ended.err.trim()
            ));
        }
        Ok(Outcome::SaidOpen)
    }

    pub(super) fn clear(&self) -> Result<Outcome, Broken> {
        if self.ended.code == Some(0) {
            self.has_dropped_the_queue()?;
            self.has_deleted_the_id()?;
            if !home::local_lines(self.left, self.cell.scene.product).is_empty() {
                return broken(
                    "it said that all is deleted, and the person's own records are there",
                );
            }
        } else {
            self.has_said_why()?;
        }
        self.stays_refused()
    }

    pub(super) fn clear_all(&self) -> Result<Outcome, Broken> {
        if self.ended.code == Some(0) {
            // A lock has no data of anybody's, and may be in use. The person's
            // own settings stay.
            let product = self.cell.scene.product;
            let is_data = |path: &str, content: &[u8]| {
                let text = String::from_utf8_lossy(content);
                let is_own = path == product.settings
                    && text.starts_with(product.own_settings)
                    && !text.contains("enabled")
                    && home::id(self.left, product).is_none();
                !path.ends_with(".lock") && !is_own
            };
            let file = self.left.iter().find(|(path, (_, content))| {
                content.as_deref().is_some_and(|content| is_data(path, content))
            });
            return match file {
                Some((path, _)) => broken(format!("it said that all is deleted: {path} is there")),
                None => Ok(Outcome::Done),
            };
        }
        self.has_said_why()?;
        if self.ground.word != "on" {
            let word = self.word()?;
            if word == "on" {
                return broken("it failed, and turned telemetry on");
            }
            self.is_quiet()?;
        }
        Ok(Outcome::Said)
    }

    pub(super) fn forget(&self) -> Result<Outcome, Broken> {
        if self.ended.code == Some(0) {
            self.has_dropped_the_queue()?;
            if home::id(self.left, self.cell.scene.product).is_some() {
                return broken("it said that the id is deleted, and it is there");
            }
        } else {
            self.has_said_why()?;
        }
        self.stays_refused()
    }

    /// The decision stays; where it is not on, nothing is sent.
    fn stays_refused(&self) -> Result<Outcome, Broken> {
        self.is_decided_as_before()?;
        if self.ground.word != "on" {
            self.is_quiet()?;
        }
        Ok(if self.ended.code == Some(0) { Outcome::Done } else { Outcome::Said })
    }

    /// It only reads, and never says that it is on where it is not.
    pub(super) fn status(&self) -> Result<Outcome, Broken> {
        self.has_lost_nothing(self.left)?;
        let may_record = self.cell.scene.product.records_status && self.ground.word == "on";
        if self.left != &self.ground.tree && !may_record {
            return broken("it changed something");
        }
        if self.ended.code != Some(0) {
            self.has_said_why()?;
            return Ok(Outcome::Said);
        }
        if self.ground.word != "on" && self.ended.out.contains("\"on\":true") {
            return broken("it says that it is on");
        }
        Ok(Outcome::Done)
    }

    fn has_dropped_the_queue(&self) -> Result<(), Broken> {
        if let Some(path) = home::sent(self.left, self.cell.scene.product) {
            return broken(format!("it said that the events are deleted: {path} is there"));
        }
        match home::lines(self.left, self.cell.scene.product).first() {
            Some(line) => broken(format!("it said that the queue is deleted: {line}")),
            None => Ok(()),
        }
    }

    fn has_deleted_the_id(&self) -> Result<(), Broken> {
        let Some(id) = &self.ground.id else { return Ok(()) };
        match home::holding(self.left, id).first() {
            Some(path) => broken(format!("it said that the id is deleted: it is in {path}")),
            None => Ok(()),
        }
    }
}
