//! The catalogs of a running collector: those of the folder, those that were
//! kept, and what is loaded while it runs.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use headcount_catalog::Catalog;

use super::catalog_file::Stamps;
use super::error::{CatalogMistake, RegistryError};
use super::kept::{KeptCatalogs, NotKept};
use super::load::listed;
use super::loaded::{Inserted, Registry, other_contents};
use super::origin::Origin;
use super::texts::{ParsedTexts, ReadCatalog};
use crate::error::{StartError, StartFailure};
use crate::operator_log::{LogPart, OperatorLog, Sentence};

/// The catalogs of a running collector.
pub(crate) struct CurrentCatalogs {
    registry: RwLock<Arc<Registry>>,
    kept: KeptCatalogs,
    log: OperatorLog,
    /// How often the folder was read and had a mistake.
    failed_reloads: AtomicU64,
    /// What the folder was like when it was last looked at. Held while it is
    /// read, so that two who reload do it one after the other.
    seen: Mutex<Seen>,
}

struct Seen {
    texts: ParsedTexts,
    /// `None` if the catalogs are built in.
    origin: Option<Origin>,
    /// At the last look, which is not yet read.
    latest: Option<Stamps>,
    /// What the operator was told last.
    told: CatalogReload,
}

/// Whether the operator hears again what was said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Telling {
    Always,
    OnceOnly,
}

/// What came of reading the folder of catalogs again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogReload {
    /// The catalogs that are new, one sentence each.
    pub added: Vec<Sentence>,
    /// What cannot be used, one sentence each. Everything that was loaded
    /// before still is.
    pub mistakes: Vec<Sentence>,
}

impl CurrentCatalogs {
    /// Adds the kept catalogs to those of a registry, and keeps what is not
    /// kept yet.
    pub(crate) fn open(
        registry: Registry,
        kept: KeptCatalogs,
        log: OperatorLog,
    ) -> Result<Self, StartError> {
        let mut texts = ParsedTexts::default();
        registry.texts.iter().for_each(|read| texts.remember(read));
        let (found, mistakes) = kept.read_all(&mut texts).map_err(StartFailure::Catalogs)?;
        for mistake in mistakes {
            log.warn(LogPart::Catalogs, not_used(&mistake));
        }
        let (found, first_parts) = without_first_parts(&registry, &kept, found);
        check_versions(&registry, &found)?;
        for read in &registry.texts {
            if !found.iter().any(|kept| kept.catalog == read.catalog) {
                kept.keep(read, &mut texts).map_err(|why| not_kept(&kept, why))?;
            }
        }
        let origin = registry.origin.clone();
        let mut registry = registry;
        for read in std::mem::take(&mut registry.texts) {
            let place = kept.place(&read.catalog);
            if first_parts.iter().any(|part| part.file == place) {
                log.info(LogPart::Catalogs, completed(&read.catalog, &read.file));
            }
            registry.moved(&read.catalog, &place);
        }
        let registry = with_kept(registry, found, &log);
        let seen = Mutex::new(Seen { texts, origin, latest: None, told: CatalogReload::default() });
        let registry = RwLock::new(Arc::new(registry));
        Ok(Self { registry, kept, log, failed_reloads: AtomicU64::new(0), seen })
    }

    /// The catalogs now. A request takes them once, and uses them to its end.
    pub(crate) fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.registry.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How often the folder was read and had a mistake.
    pub(crate) fn failed_reloads(&self) -> u64 {
        self.failed_reloads.load(Ordering::Relaxed)
    }

    /// Reads the folder again, and tells the operator what came of it.
    pub(crate) fn reload(&self) -> CatalogReload {
        self.reload_and_tell(Telling::Always)
    }

    fn reload_and_tell(&self, telling: Telling) -> CatalogReload {
        let mut seen = self.seen();
        let Seen { texts, origin, latest, told } = &mut *seen;
        let reload = match origin {
            None => {
                let sentence = "the catalogs are built in, so there is nothing to load again";
                CatalogReload { mistakes: vec![sentence.into()], ..Default::default() }
            }
            Some(origin) => {
                let stamps = Stamps::of(&origin.folder);
                let (reload, is_whole) = self.read_again(&origin.folder, texts);
                // What could not be read or kept is tried again.
                if is_whole {
                    origin.stamps = stamps;
                }
                *latest = None;
                reload
            }
        };
        if !reload.mistakes.is_empty() {
            self.failed_reloads.fetch_add(1, Ordering::Relaxed);
        }
        if telling == Telling::Always || reload != *told {
            for sentence in &reload.added {
                self.log.info(LogPart::Catalogs, sentence.clone());
            }
            for sentence in &reload.mistakes {
                self.log.warn(LogPart::Catalogs, sentence.clone());
            }
        }
        told.clone_from(&reload);
        reload
    }

    /// Reads the folder again if it has changed, and has not changed since the
    /// last look.
    pub(super) fn look(&self) {
        let is_settled = {
            let mut seen = self.seen();
            let Some(origin) = &seen.origin else { return };
            let now = Stamps::of(&origin.folder);
            let is_new = now != origin.stamps;
            let is_settled = is_new && seen.latest.as_ref() == Some(&now);
            seen.latest = is_new.then_some(now);
            is_settled
        };
        if is_settled {
            self.reload_and_tell(Telling::OnceOnly);
        }
    }

    /// How often the folder is looked at.
    pub(super) fn interval(&self) -> Option<std::time::Duration> {
        self.seen().origin.as_ref()?.interval
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is loaded of a catalog, if that is only the first part of its file.
    fn first_part(
        &self,
        registry: &Registry,
        read: &ReadCatalog,
        texts: &mut ParsedTexts,
    ) -> Option<Catalog> {
        let loaded = registry.product(read.catalog.product.name)?.version(read.catalog.version)?;
        if *loaded == read.catalog {
            return None;
        }
        let part = self.kept.first_part(read, texts)?;
        (part.catalog == *loaded).then_some(*loaded)
    }

    /// Reads the folder, and makes what is new the catalogs of now. Says
    /// whether everything could be read, and everything new kept.
    fn read_again(&self, folder: &Path, texts: &mut ParsedTexts) -> (CatalogReload, bool) {
        let (mut reload, mut is_whole) = (CatalogReload::default(), true);
        let (read, mistakes) = match listed(folder) {
            Ok(files) => texts.read_all(files),
            Err(mistake) => (Vec::new(), vec![mistake]),
        };
        is_whole &= !mistakes.iter().any(CatalogMistake::may_pass);
        reload.mistakes.extend(mistakes.iter().map(Sentence::from));
        let mut registry = Registry::clone(&self.registry());
        for read in read {
            // Kept first: what has judged an event must not be lost.
            let mut with = registry.clone();
            let first_part = self.first_part(&registry, &read, texts);
            if let Some(part) = &first_part {
                with.remove(part);
            }
            match with.insert(read.file.display().to_string(), read.catalog) {
                Ok(Inserted::Known) => {}
                Ok(Inserted::New) => match self.kept.keep(&read, texts) {
                    Ok(()) => {
                        with.moved(&read.catalog, &self.kept.place(&read.catalog));
                        reload.added.push(match first_part {
                            Some(_) => completed(&read.catalog, &read.file),
                            None => added(&read),
                        });
                        registry = with;
                    }
                    Err(why) => {
                        reload.mistakes.push(match why {
                            NotKept::System(error) => cannot_keep(&self.kept, &error),
                            NotKept::Taken(mistake) => Sentence::from(&mistake),
                        });
                        is_whole = false;
                    }
                },
                Err(mistake) => reload.mistakes.push(Sentence::from(&mistake)),
            }
        }
        if !reload.added.is_empty() {
            *self.registry.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(registry);
        }
        (reload, is_whole)
    }
}

/// The catalogs that are kept in a data folder, for whoever asks it without a
/// server. What cannot be used is left out, as a collector does.
pub(crate) fn kept_registry(data: &Path) -> Registry {
    let none =
        Registry { products: Vec::new(), places: Vec::new(), texts: Vec::new(), origin: None };
    with_kept(none, KeptCatalogs::of(data).usable(), &OperatorLog::unread())
}

/// Says whether [`CurrentCatalogs::open`] would refuse a registry beside what
/// is kept. Keeps nothing.
pub(crate) fn check_kept(registry: &Registry, kept: &KeptCatalogs) -> Result<(), StartError> {
    let found = kept.read_all(&mut ParsedTexts::default());
    let (found, _) = found.map_err(StartFailure::Catalogs)?;
    let (found, _) = without_first_parts(registry, kept, found);
    check_versions(registry, &found)
}

/// Splits off what was kept of files that are whole now.
fn without_first_parts(
    registry: &Registry,
    kept: &KeptCatalogs,
    found: Vec<ReadCatalog>,
) -> (Vec<ReadCatalog>, Vec<ReadCatalog>) {
    let is_other = |one: &ReadCatalog, other: &ReadCatalog| one.catalog != other.catalog;
    found.into_iter().partition(|part| {
        let mut texts = registry.texts.iter();
        !texts.any(|whole| is_other(part, whole) && kept.is_first_part(part, whole))
    })
}

/// Refuses a version that says another thing than the kept one, whatever else
/// the kept ones say of one another.
fn check_versions(registry: &Registry, kept: &[ReadCatalog]) -> Result<(), StartError> {
    let clash = |read: &ReadCatalog| {
        let (name, version) = (read.catalog.product.name, read.catalog.version);
        let own = registry.product(name)?.version(version)?;
        let known = read.file.display().to_string();
        let mistake = other_contents(registry.place(name, version), (name, version), &known);
        (*own != read.catalog).then_some(mistake)
    };
    let mistakes: Vec<_> = kept.iter().filter_map(clash).collect();
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(StartFailure::Catalogs(RegistryError::of(mistakes)).into())
    }
}

/// Adds what is kept. What goes together with nothing else is left out, and
/// the operator is told.
fn with_kept(mut registry: Registry, kept: Vec<ReadCatalog>, log: &OperatorLog) -> Registry {
    for read in kept {
        if let Err(mistake) = registry.insert(read.file.display().to_string(), read.catalog) {
            log.warn(LogPart::Catalogs, not_used(&mistake));
        }
    }
    // From here on the kept files are the texts.
    Registry { texts: Vec::new(), ..registry }
}

fn added(read: &ReadCatalog) -> Sentence {
    let (product, version) = (read.catalog.product.name, read.catalog.version);
    Sentence::from("loaded version ")
        .and(&version)
        .and(&" of the catalog of `")
        .and(&product)
        .and(&"` from ")
        .and(&*read.file)
}

/// Only the first part of a file had been loaded.
fn completed(catalog: &Catalog, file: &Path) -> Sentence {
    Sentence::from("loaded the whole of version ")
        .and(&catalog.version)
        .and(&" of the catalog of `")
        .and(&catalog.product.name)
        .and(&"` from ")
        .and(file)
        .and(&": the file was still being written when it was read before")
}

fn not_used(mistake: &CatalogMistake) -> Sentence {
    Sentence::from("a kept catalog is not used: ").and(mistake)
}

/// Why a start ends that cannot keep a catalog.
fn not_kept(kept: &KeptCatalogs, why: NotKept) -> StartFailure {
    match why {
        NotKept::System(error) => {
            StartFailure::KeptCatalogs { message: cannot_keep(kept, &error).to_string(), error }
        }
        NotKept::Taken(mistake) => StartFailure::Catalogs(RegistryError::of(vec![mistake])),
    }
}

fn cannot_keep(kept: &KeptCatalogs, error: &std::io::Error) -> Sentence {
    Sentence::from("cannot keep a catalog in ")
        .and(kept.folder())
        .and(&": ")
        .and(error)
        .and(&"; make the folder writable for this user, or free some space")
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    const SMALLEST: &str = include_str!("../../tests/collector/smallest.toml");

    /// The watch has the first part of a file read, whoever stalls over it.
    #[test]
    fn a_look_finds_the_whole_of_a_file_that_was_read_half() {
        let home = Home::new();
        home.write("given/1.toml", SMALLEST);
        let registry = Registry::load(&home.path().join("given")).unwrap();
        let kept = KeptCatalogs::of(home.path());
        let catalogs = CurrentCatalogs::open(registry, kept, OperatorLog::unread()).unwrap();
        let has = |name: &str| {
            let registry = catalogs.registry();
            let product = registry.product("smallest").unwrap();
            (product.versions().len(), product.newest().event(name).is_some())
        };
        let mut whole = SMALLEST.to_owned();
        for name in ["stop", "pause"] {
            whole += &format!("\n[event.{name}]\nwhy = \"How often?\"\nowner = \"everybody\"\n");
            home.write("given/1.toml", &whole);
            catalogs.look();
            assert_eq!(has(name), (1, false), "not settled");
            catalogs.look();
            assert_eq!(has(name), (1, true));
            assert_eq!(home.read("catalogs/smallest.1.toml"), whole);
        }
        assert_eq!(catalogs.failed_reloads(), 0);
    }

    /// Its stamp may be the same when it can be read again.
    #[cfg(unix)]
    #[test]
    fn a_file_that_could_not_be_read_is_read_again_without_a_change() {
        let home = Home::new();
        home.write("given/1.toml", SMALLEST);
        let given = home.path().join("given");
        let registry = Registry::load(&given).unwrap();
        let kept = KeptCatalogs::of(home.path());
        let catalogs = CurrentCatalogs::open(registry, kept, OperatorLog::unread()).unwrap();
        let mut texts = ParsedTexts::default();
        assert!(catalogs.read_again(&given, &mut texts).1);
        home.write("given/2.toml", "half a");
        assert!(catalogs.read_again(&given, &mut texts).1, "it is read, and wrong");
        std::fs::remove_file(given.join("2.toml")).unwrap();
        std::os::unix::fs::symlink("2.toml", given.join("2.toml")).unwrap();
        assert!(!catalogs.read_again(&given, &mut texts).1);
    }
}
