//! Why something could not be done with a data folder.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use headcount_store::StoreError;

use crate::error::StartError;
use crate::unusable_folder::UnusableFolder;

/// Why something could not be done with a data folder: one line without a full
/// stop.
#[derive(Debug)]
pub struct OfflineError {
    /// Boxed, so that a `Result` stays small.
    cause: Box<Cause>,
}

#[derive(Debug)]
enum Cause {
    Store(StoreError),
    /// The secret cannot be used.
    Secret(StartError),
    /// The folder is not one of a collector's data.
    UnusableFolder(UnusableFolder),
    /// The folder has nothing of this product. Holds those that it has.
    UnknownProduct {
        product: String,
        known: Vec<String>,
    },
    /// A question has wrong parameters; the sentence says which.
    Question(String),
    /// What was published cannot be read; the sentence says why.
    Published(String),
    /// The folder has no catalog of this product. Holds those that it has.
    NoCatalog {
        product: String,
        known: String,
    },
    /// What was read cannot be written.
    Output(io::Error),
    /// A backup cannot go there.
    BackupPlace {
        path: PathBuf,
        why: &'static str,
    },
    /// What was copied is not right. Holds what is wrong, a sentence each.
    BadBackup(Vec<String>),
    /// The system refused something about a file or folder.
    File {
        doing: &'static str,
        path: PathBuf,
        error: io::Error,
    },
}

impl OfflineError {
    pub(super) fn unknown_product(product: &str, known: Vec<String>) -> Self {
        Cause::UnknownProduct { product: product.to_owned(), known }.into()
    }

    pub(super) fn question(sentence: &str) -> Self {
        Cause::Question(sentence.to_owned()).into()
    }

    pub(super) fn published(sentence: &str) -> Self {
        Cause::Published(sentence.to_owned()).into()
    }

    pub(super) fn no_catalog(product: &str, known: String) -> Self {
        Cause::NoCatalog { product: product.to_owned(), known }.into()
    }

    pub(super) fn output(error: io::Error) -> Self {
        Cause::Output(error).into()
    }

    pub(super) fn backup_place(path: &Path, why: &'static str) -> Self {
        Cause::BackupPlace { path: path.to_path_buf(), why }.into()
    }

    pub(super) fn bad_backup(findings: Vec<String>) -> Self {
        Cause::BadBackup(findings).into()
    }

    pub(super) fn file(doing: &'static str, path: &Path, error: io::Error) -> Self {
        Cause::File { doing, path: path.to_path_buf(), error }.into()
    }

    /// Refuses a folder that is not one: nothing is created by looking.
    pub(super) fn check_folder(data: &Path) -> Result<(), Self> {
        UnusableFolder::check(data).map_err(|unusable| Cause::UnusableFolder(unusable).into())
    }

    /// Whether another process holds the data folder.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(&*self.cause, Cause::Store(error) if error.is_busy())
    }

    /// Whether the folder has nothing of a product: perhaps nothing yet.
    #[must_use]
    pub fn is_unknown_product(&self) -> bool {
        matches!(&*self.cause, Cause::UnknownProduct { .. })
    }

    /// Whether a question cannot be asked like this.
    #[must_use]
    pub fn is_bad_question(&self) -> bool {
        matches!(&*self.cause, Cause::Question(_))
    }

    /// Whether whoever reads the output has gone.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&*self.cause, Cause::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<Cause> for OfflineError {
    fn from(cause: Cause) -> Self {
        Self { cause: Box::new(cause) }
    }
}

impl From<StoreError> for OfflineError {
    fn from(error: StoreError) -> Self {
        Cause::Store(error).into()
    }
}

impl From<StartError> for OfflineError {
    fn from(error: StartError) -> Self {
        Cause::Secret(error).into()
    }
}

impl fmt::Display for OfflineError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.cause {
            Cause::Store(error) => error.fmt(out),
            Cause::Secret(error) => error.fmt(out),
            Cause::UnusableFolder(unusable) => unusable.fmt(out),
            Cause::UnknownProduct { product, known } if known.is_empty() => {
                write!(out, "the data folder has no events, and so none of `{product}`")
            }
            Cause::UnknownProduct { product, known } => write!(
                out,
                "the data folder has no events of `{product}`: use {}",
                known.join(", ")
            ),
            Cause::Question(sentence) | Cause::Published(sentence) => out.write_str(sentence),
            Cause::NoCatalog { product, known } if known.is_empty() => {
                write!(out, "the data folder has no catalogs, and so none of `{product}`")
            }
            Cause::NoCatalog { product, known } => {
                write!(out, "the data folder has no catalog of `{product}`: use {known}")
            }
            Cause::Output(error) => write!(out, "cannot write the events: {error}"),
            Cause::BackupPlace { path, why } => write!(out, "{} {why}", path.display()),
            Cause::BadBackup(findings) => write!(
                out,
                "what was copied is not right, so there is no backup: {} See `headcount doctor` for \
                 the folder itself",
                findings.join(" ")
            ),
            Cause::File { doing, path, error } => {
                let advice = match error.kind() {
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space",
                    _ => "check the path and its permissions",
                };
                write!(out, "cannot {doing} {}: {error}; {advice}", path.display())
            }
        }
    }
}

impl std::error::Error for OfflineError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.cause {
            Cause::Store(error) => std::error::Error::source(error),
            Cause::Secret(error) => std::error::Error::source(error),
            Cause::Output(error) | Cause::File { error, .. } => Some(error),
            Cause::UnusableFolder(_)
            | Cause::UnknownProduct { .. }
            | Cause::Question(_)
            | Cause::Published(_)
            | Cause::NoCatalog { .. }
            | Cause::BackupPlace { .. }
            | Cause::BadBackup(_) => None,
        }
    }
}
