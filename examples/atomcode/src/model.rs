//! The model that a turn is said to use, and its provider.

use crate::telemetry::{Model, Provider};

/// A model and its provider, as the person names them.
#[derive(Debug, Clone)]
pub(crate) struct ChosenModel {
    /// The name of the model.
    pub(crate) name: String,
    /// The name of the provider.
    pub(crate) provider: String,
}

impl Default for ChosenModel {
    fn default() -> Self {
        Self { name: "qwen3-coder".into(), provider: "atomgit".into() }
    }
}

impl ChosenModel {
    /// The catalog's word for the model: `other` for one that it does not name.
    pub(crate) fn word(&self) -> Model {
        Model::of(&self.name)
    }

    /// The catalog's word for the provider, likewise.
    pub(crate) fn provider_word(&self) -> Provider {
        Provider::of(&self.provider)
    }
}
