//! The places that both command lines name.

use std::path::PathBuf;

/// Where everything is.
#[derive(Debug)]
pub(crate) struct Places {
    /// The repository.
    pub(crate) repository: PathBuf,
    /// Where anything may be built and written.
    pub(crate) target: PathBuf,
    /// The binary that has `serve`.
    pub(crate) collector: PathBuf,
    /// The page to write.
    pub(crate) page: PathBuf,
}

/// Places as far as they have been read.
#[derive(Debug, Default)]
pub(crate) struct NamedPlaces {
    repository: Option<PathBuf>,
    target: Option<PathBuf>,
    collector: Option<PathBuf>,
    page: Option<PathBuf>,
}

impl NamedPlaces {
    /// Takes the value of an option, if it names a place; otherwise returns it.
    pub(crate) fn take(&mut self, option: &str, value: String) -> Option<String> {
        let place = match option {
            "--repository" => &mut self.repository,
            "--target" => &mut self.target,
            "--collector" => &mut self.collector,
            "--page" => &mut self.page,
            _ => return Some(value),
        };
        *place = Some(value.into());
        None
    }

    /// Returns the places, if each has been named.
    pub(crate) fn all(self) -> Option<Places> {
        let Self { repository, target, collector, page } = self;
        Some(Places {
            repository: repository?,
            target: target?,
            collector: collector?,
            page: page?,
        })
    }
}
