//! The person's home: copied for each cell, and looked at afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::products::Product;

/// Everything below a home: the relative path, the mode, and what is in it;
/// `None` for a folder.
pub(crate) type Tree = BTreeMap<String, (u32, Option<Vec<u8>>)>;

/// The permissions of a group and of others.
const NOT_THE_OWNER: u32 = 0o077;
/// Those of the owner.
const PRIVATE: u32 = 0o700;
/// The end of a line that was cut off, as the queue marks it.
const TORN: u8 = 0x18;
/// The digits that end the name of a file that is being written.
const RANDOM_DIGITS: usize = 32;
/// The length of a UUID as text.
const ID_BYTES: usize = 36;

/// Puts a copy of a folder where another one was.
pub(crate) fn replace(from: &Path, to: &Path) -> io::Result<()> {
    match fs::remove_dir_all(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => copy(from, to),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    keep_mode(from, to)
}

#[cfg(unix)]
fn keep_mode(from: &Path, to: &Path) -> io::Result<()> {
    fs::set_permissions(to, fs::metadata(from)?.permissions())
}

/// Who may use a folder is inherited on Windows.
#[cfg(windows)]
fn keep_mode(_from: &Path, _to: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;

    metadata.permissions().mode() & 0o7777
}

/// What is in a person's profile is that person's alone on Windows, and a new
/// file inherits that: there is nothing to judge.
#[cfg(windows)]
fn mode(_metadata: &fs::Metadata) -> u32 {
    PRIVATE
}

/// Makes a folder, and those above it, for the owner alone.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, PRIVATE);
    builder.recursive(true).create(folder)
}

/// Writes a file for the owner alone.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// Reads everything below a folder.
pub(crate) fn tree(home: &Path) -> io::Result<Tree> {
    let mut tree = Tree::new();
    walk(home, "", &mut tree)?;
    Ok(tree)
}

fn walk(folder: &Path, above: &str, tree: &mut Tree) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        let metadata = entry.metadata()?;
        let mode = mode(&metadata);
        if metadata.is_dir() {
            walk(&entry.path(), &format!("{name}/"), tree)?;
            tree.insert(name, (mode, None));
        } else {
            tree.insert(name, (mode, Some(fs::read(entry.path())?)));
        }
    }
    Ok(())
}

/// The first file or folder that others may use.
pub(crate) fn open_to_others(tree: &Tree) -> Option<&str> {
    let open = tree.iter().find(|(_, (mode, _))| mode & NOT_THE_OWNER != 0);
    open.map(|(path, _)| path.as_str())
}

/// The files of the queue that is shipped.
fn queue<'a>(tree: &'a Tree, product: &Product) -> impl Iterator<Item = &'a [u8]> {
    let (folder, start, end) = product.queue;
    let below = format!("{folder}/");
    tree.iter().filter_map(move |(path, (_, content))| {
        let name = path.strip_prefix(&below)?;
        let is_ours = name.starts_with(start) && name.ends_with(end) && !name.contains('/');
        content.as_deref().filter(|_| is_ours)
    })
}

/// The lines that wait to be shipped, sorted, without what was cut off.
pub(crate) fn lines(tree: &Tree, product: &Product) -> Vec<String> {
    events(queue(tree, product))
}

/// The lines that are kept for the person only.
pub(crate) fn local_lines(tree: &Tree, product: &Product) -> Vec<String> {
    let start = format!("{}/local", product.state);
    let files = tree.iter().filter(|(path, _)| path.starts_with(&start));
    events(files.filter_map(|(_, (_, content))| content.as_deref()))
}

/// The log of what was sent, if it is there.
pub(crate) fn sent(tree: &Tree, product: &Product) -> Option<String> {
    let path = format!("{}/sent.jsonl", product.state);
    tree.contains_key(&path).then_some(path)
}

fn events<'a>(files: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    let mut lines: Vec<String> = files
        .flat_map(|content| content.split(|byte| *byte == b'\n'))
        .filter(|line| is_event(line))
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    lines.sort();
    lines
}

/// The files that were being written: `.NAME.RANDOM`.
pub(crate) fn half_written(tree: &Tree) -> Option<&str> {
    let is_half = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let random = name.strip_prefix('.').and_then(|name| name.rsplit_once('.'));
        random.is_some_and(|(_, random)| {
            random.len() == RANDOM_DIGITS && random.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    tree.keys().map(String::as_str).find(is_half)
}

fn is_event(line: &[u8]) -> bool {
    line.starts_with(b"{") && serde_json::from_slice::<serde_json::Value>(line).is_ok()
}

/// The first whole line of the queue that is neither an event nor marked as cut
/// off. What a claim ends with, without a newline, nobody reads.
pub(crate) fn spoiled(tree: &Tree, product: &Product) -> Option<String> {
    let whole = |content: &[u8]| {
        let end = content.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
        content[..end].to_vec()
    };
    let files: Vec<Vec<u8>> = queue(tree, product).map(whole).collect();
    let mut lines = files.iter().flat_map(|content| content.split(|byte| *byte == b'\n'));
    let spoiled =
        lines.find(|line| !line.is_empty() && !line.ends_with(&[TORN]) && !is_event(line))?;
    Some(String::from_utf8_lossy(spoiled).into_owned())
}

/// The device's id, where the product keeps it.
pub(crate) fn id(tree: &Tree, product: &Product) -> Option<String> {
    let text = String::from_utf8_lossy(tree.get(product.id)?.1.as_deref()?).into_owned();
    let start = (0..text.len().saturating_sub(ID_BYTES - 1)).find(|&at| {
        text.get(at..at + ID_BYTES).is_some_and(|word| {
            word.char_indices().all(|(at, letter)| match at {
                8 | 13 | 18 | 23 => letter == '-',
                _ => letter.is_ascii_hexdigit(),
            })
        })
    })?;
    Some(text[start..start + ID_BYTES].to_owned())
}

/// The files that hold a text.
pub(crate) fn holding<'a>(tree: &'a Tree, text: &str) -> Vec<&'a str> {
    let holds = |content: &[u8]| content.windows(text.len()).any(|part| part == text.as_bytes());
    let files = tree.iter().filter(|(_, (_, content))| content.as_deref().is_some_and(holds));
    files.map(|(path, _)| path.as_str()).collect()
}

/// The secret that proves whose the id is, from our own state.
pub(crate) fn secret(tree: &Tree, product: &Product) -> Option<String> {
    let text = tree.get(&format!("{}.json", product.state))?.1.as_deref()?;
    let json: serde_json::Value = serde_json::from_slice(text).ok()?;
    Some(json.get("secret")?.as_str()?.to_owned())
}
