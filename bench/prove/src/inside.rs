//! What the process that looks at itself said.

use std::collections::BTreeMap;

use crate::Fault;
use crate::process::Call;
use crate::sample::Sample;

/// Nanoseconds by variant, over all its turns in all processes.
#[derive(Debug, Default)]
pub(crate) struct Said {
    values: BTreeMap<String, Vec<f64>>,
}

impl Said {
    /// Runs a call and takes in its lines of `NAME NUMBER`.
    ///
    /// # Errors
    ///
    /// It failed, or said something else.
    pub(crate) fn hear(&mut self, call: &Call) -> Result<(), Fault> {
        for line in call.output()?.lines() {
            let (name, value) = line.split_once(' ').ok_or("a line without a number")?;
            self.values.entry(name.to_owned()).or_default().push(value.parse()?);
        }
        Ok(())
    }

    /// The sample of a variant.
    pub(crate) fn of(&self, name: &str) -> Sample {
        Sample::of(self.values.get(name).into_iter().flatten().copied())
    }
}
