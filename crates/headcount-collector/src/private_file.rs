//! Files that an operator, an editor or somebody else may have put there:
//! opened without waiting, regular ones only; and the collector's own, which
//! are written whole or not at all, readable for their owner alone.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Whether a link to a regular file is as good as the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Followed,
    Refused,
}

/// Opens a regular file for reading. A FIFO or a device does not block.
///
/// # Errors
///
/// - [`is_irregular`] tells apart what is not a regular file.
/// - Any other error is the system's.
pub(crate) fn open(path: &Path, links: Links) -> io::Result<File> {
    if links == Links::Refused && path.is_symlink() {
        return Err(irregular());
    }
    // Not even opened: that has an effect on some devices.
    if !fs::metadata(path)?.is_file() {
        return Err(irregular());
    }
    let mut options = OpenOptions::new();
    options.read(true);
    without_waiting(&mut options, links);
    let file = options.open(path)?;
    // Somebody may have put something else there meanwhile.
    if file.metadata()?.is_file() { Ok(file) } else { Err(irregular()) }
}

/// Reads a whole regular file.
///
/// # Errors
///
/// Returns the errors of [`open`].
pub(crate) fn read(path: &Path, links: Links) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    open(path, links)?.read_to_end(&mut content)?;
    Ok(content)
}

/// What is in a file of the collector's own that is written as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OwnFile<T> {
    /// There is none yet.
    None,
    Whole(T),
    /// It was read, and is not what the collector writes.
    Damaged,
}

/// Reads a file of the collector's own of at most so many bytes.
///
/// # Errors
///
/// Returns the error of the system if the file cannot be read just now. It may
/// be whole, so nobody may write over it.
pub(crate) fn read_own<T>(
    path: &Path,
    most: u64,
    decode: impl FnOnce(&[u8]) -> Option<T>,
) -> io::Result<OwnFile<T>> {
    let file = match open(path, Links::Refused) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(OwnFile::None),
        Err(error) if is_irregular(&error) => return Ok(OwnFile::Damaged),
        file => file?,
    };
    let mut content = Vec::new();
    file.take(most + 1).read_to_end(&mut content)?;
    let is_short = content.len() as u64 <= most;
    let decoded = is_short.then(|| decode(&content)).flatten();
    Ok(decoded.map_or(OwnFile::Damaged, OwnFile::Whole))
}

/// Renames a damaged file to `NAME.damaged`, so that another one can be written
/// and a person can look at this one. Returns its new path.
///
/// # Errors
///
/// Returns the error of the system.
pub(crate) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".damaged");
    let aside = PathBuf::from(aside);
    fs::rename(path, &aside)?;
    path.parent().map_or(Ok(()), sync_folder)?;
    Ok(aside)
}

/// Whether [`open`] found something that is not a regular file, or a link where
/// links are refused.
pub(crate) fn is_irregular(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Irregular>)
}

fn irregular() -> io::Error {
    io::Error::other(Irregular)
}

#[derive(Debug)]
struct Irregular;

impl std::fmt::Display for Irregular {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("not a regular file")
    }
}

impl std::error::Error for Irregular {}

/// Writes a whole file: a new one beside it under a hidden name, synced, then
/// renamed over it. A crash leaves the old file, and at most the hidden one,
/// which the next write removes.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::other("its path has no folder"));
    };
    let mut unfinished = std::ffi::OsString::from(".");
    unfinished.push(name);
    unfinished.push(".unfinished");
    let unfinished = folder.join(unfinished);
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    let mut file = options.open(&unfinished)?;
    let written = file
        .write_all(content)
        .and_then(|()| give_to_owner_of(folder, &file))
        .and_then(|()| file.sync_all());
    drop(file);
    let done = written.and_then(|()| fs::rename(&unfinished, path));
    if done.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    done.and_then(|()| sync_folder(folder))
}

/// Creates a folder that only its owner may enter, and makes it last. An
/// existing folder is left as it is.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "Windows has no modes"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// Makes new and renamed files in a folder survive a loss of power.
fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows journals changes of a folder, and cannot open a folder as a file.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions, links: Links) {
    use std::os::unix::fs::OpenOptionsExt as _;

    let follow = if links == Links::Refused { libc::O_NOFOLLOW } else { 0 };
    options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC | follow);
}

#[cfg(not(unix))]
fn without_waiting(_options: &mut OpenOptions, _links: Links) {}

fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// When the inode of a file changed, in seconds and nanoseconds; 0 where the
/// system does not say.
pub(crate) fn changed(metadata: &Metadata) -> (i64, i64) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;

        (metadata.ctime(), metadata.ctime_nsec())
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        (0, 0)
    }
}

/// The inode of a file; 0 where the system has none.
pub(crate) fn inode(metadata: &Metadata) -> u64 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::ino(metadata);
    #[cfg(not(unix))]
    {
        let _ = metadata;
        0
    }
}

/// Who else than this user may use a file. Windows has no modes: there the
/// folder's access list decides.
#[cfg_attr(not(unix), expect(dead_code, reason = "Windows has no modes"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// Nobody.
    Nobody,
    /// Others may read it.
    Readers,
    /// Others may write it.
    Writers,
    /// It belongs to another user.
    Owner,
}

/// Asks about an open file. Root's files are as good as this user's own: root
/// may read and write everything.
pub(crate) fn others(metadata: &Metadata) -> Others {
    beyond(metadata, 0o077, None)
}

/// The same in a data folder. To root, the files of its owner are as good as
/// root's own: root works there on that owner's behalf.
pub(crate) fn others_in(folder: Option<&Path>, metadata: &Metadata) -> Others {
    beyond(metadata, 0o077, folder)
}

/// The same, where the group may read: a file that one group of users shares,
/// such as Debian's `ssl-cert`, is not readable by others.
pub(crate) fn others_beside_the_group(metadata: &Metadata) -> Others {
    beyond(metadata, 0o037, None)
}

/// Who else may do what is in these bits of a mode.
fn beyond(metadata: &Metadata, bits: u32, folder: Option<&Path>) -> Others {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;

        let (owner, mode, user) = (metadata.uid(), metadata.mode(), effective_user());
        let folder = folder.filter(|_| user == 0).and_then(|folder| fs::metadata(folder).ok());
        let is_of_folder = folder.is_some_and(|folder| folder.uid() == owner);
        if owner != 0 && owner != user && !is_of_folder {
            return Others::Owner;
        }
        match mode & bits {
            0 => Others::Nobody,
            bits if bits & 0o022 != 0 => Others::Writers,
            _ => Others::Readers,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (metadata, bits, folder);
        Others::Nobody
    }
}

/// Takes an open file away from everybody but its owner.
pub(crate) fn make_private(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    return file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    #[cfg(not(unix))]
    {
        let _ = file;
        Ok(())
    }
}

/// Gives a file that the superuser has made to the owner of the folder, whose
/// programs have to read it. Does nothing for anybody else, and with a file
/// that has another name somewhere: it may be a trap of that owner's.
pub(crate) fn give_to_owner_of(folder: &Path, file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};

        let (owner, own) = (fs::metadata(folder)?, file.metadata()?);
        if effective_user() == 0 && owner.uid() != own.uid() && own.nlink() == 1 {
            fchown(file, Some(owner.uid()), Some(owner.gid()))?;
        }
    }
    #[cfg(not(unix))]
    let _ = (folder, file);
    Ok(())
}

/// Gives a folder that the superuser has made, and everything in it, to the
/// owner of another one. Does nothing for anybody else. Until then nobody else
/// may enter it.
pub(crate) fn give_all_to_owner_of(folder: &Path, made: &Path) -> io::Result<()> {
    for entry in fs::read_dir(made)? {
        let path = entry?.path();
        if path.is_dir() && !path.is_symlink() {
            give_all_to_owner_of(folder, &path)?;
        } else {
            give(folder, &open(&path, Links::Refused)?)?;
        }
    }
    // Windows cannot open a folder as a file, and gives nothing away.
    if cfg!(unix) { give(folder, &File::open(made)?) } else { Ok(()) }
}

fn give(folder: &Path, made: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};

        let (owner, own) = (fs::metadata(folder)?, made.metadata()?);
        if effective_user() == 0 && (owner.uid(), owner.gid()) != (own.uid(), own.gid()) {
            fchown(made, Some(owner.uid()), Some(owner.gid()))?;
            made.sync_all()?;
        }
    }
    #[cfg(not(unix))]
    let _ = (folder, made);
    Ok(())
}

#[cfg(unix)]
fn effective_user() -> u32 {
    // SAFETY: geteuid(2) has no precondition, touches no memory of ours and
    // cannot fail.
    #[expect(unsafe_code, reason = "std has no way to ask for the effective user")]
    let user = unsafe { libc::geteuid() };
    user
}
