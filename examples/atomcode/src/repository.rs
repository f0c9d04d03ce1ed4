//! Where the repository of the current folder comes from: the class of its
//! host, never its address.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::telemetry::RepoOriginHost;

/// Most bytes of a file of Git that are read.
const FILE_BYTES: u64 = 64 * 1024;

/// The hosts with a class of their own; a part of such a host, as in
/// `ssh.github.com`, is the host.
const HOSTS: [(&str, RepoOriginHost); 4] = [
    ("gitcode.com", RepoOriginHost::Gitcode),
    ("atomgit.com", RepoOriginHost::Atomgit),
    ("github.com", RepoOriginHost::Github),
    ("gitlab.com", RepoOriginHost::Gitlab),
];

/// Where a repository comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The class of the host of the remote `origin`.
    pub(crate) host: RepoOriginHost,
    /// Whether there is a repository.
    pub(crate) has_git: bool,
}

/// The origin of the repository that a folder is in.
pub(crate) fn origin(folder: &Path) -> Origin {
    let mark = folder.ancestors().map(|folder| folder.join(".git")).find(|mark| mark.exists());
    let Some(mark) = mark else {
        return Origin { host: RepoOriginHost::None, has_git: false };
    };
    let text = config(&mark).and_then(|path| read(&path));
    let url = text.as_deref().and_then(url_of_origin);
    Origin { host: url.map_or(RepoOriginHost::None, class), has_git: true }
}

/// The file with the remotes. In a worktree or a submodule `.git` is a file
/// that leads to the folder.
fn config(mark: &Path) -> Option<PathBuf> {
    if mark.is_dir() {
        return Some(mark.join("config"));
    }
    let text = read(mark)?;
    let folder = mark.parent()?.join(text.strip_prefix("gitdir:")?.trim());
    // A worktree shares the configuration of the repository that it belongs to.
    let all = read(&folder.join("commondir")).map(|path| folder.join(path.trim()));
    Some(all.unwrap_or(folder).join("config"))
}

fn read(path: &Path) -> Option<String> {
    // Opening a pipe would wait for somebody who writes to it.
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(FILE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The address of the remote `origin` in a configuration of Git.
fn url_of_origin(config: &str) -> Option<&str> {
    let mut is_origin = false;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            is_origin = line == "[remote \"origin\"]";
        } else if let Some((key, value)) = line.split_once('=')
            && is_origin
            && key.trim().eq_ignore_ascii_case("url")
        {
            return Some(value.trim().trim_matches('"'));
        }
    }
    None
}

/// The class of the host of an address.
fn class(url: &str) -> RepoOriginHost {
    let host = host(url).unwrap_or_default().to_ascii_lowercase();
    let is_of = |name: &str| {
        host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    HOSTS
        .into_iter()
        .find(|(name, _)| is_of(name))
        .map_or(RepoOriginHost::Other, |(_, class)| class)
}

/// The host of `https://me@host:1/path`, or of Git's own `me@host:path`; a path
/// has none.
fn host(url: &str) -> Option<&str> {
    let authority = match url.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next()?,
        None => url.split_once(':').map(|(before, _)| before).filter(|it| !it.contains('/'))?,
    };
    let host = authority.rsplit('@').next()?;
    host.split(':').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_only_the_class_of_its_host() {
        for (url, expected) in [
            ("https://github.com/me/secret.git", RepoOriginHost::Github),
            ("https://me:token@GitHub.com:443/me/secret", RepoOriginHost::Github),
            ("git@github.com:me/secret.git", RepoOriginHost::Github),
            ("ssh://git@ssh.github.com:443/me/secret.git", RepoOriginHost::Github),
            ("https://gitlab.com/me/secret", RepoOriginHost::Gitlab),
            ("git@gitcode.com:me/secret.git", RepoOriginHost::Gitcode),
            ("https://atomgit.com/me/secret.git", RepoOriginHost::Atomgit),
            ("https://gitlab.work.example/me/secret", RepoOriginHost::Other),
            ("https://github.com.elsewhere.example/me", RepoOriginHost::Other),
            ("https://notgithub.com/me", RepoOriginHost::Other),
            ("https://github.com@elsewhere.example/me", RepoOriginHost::Other),
            ("git@elsewhere.example:github.com/me", RepoOriginHost::Other),
            ("/srv/github.com/secret.git", RepoOriginHost::Other),
            ("file:///srv/github.com:secret", RepoOriginHost::Other),
            ("../github.com:secret", RepoOriginHost::Other),
            ("", RepoOriginHost::Other),
        ] {
            assert_eq!(class(url), expected, "{url}");
        }
    }

    #[test]
    fn the_remote_is_origin_and_no_other() {
        let config = "[core]\n\turl = no\n[remote \"fork\"]\n\turl = fork\n[remote \"origin\"]\n\
                      \tfetch = all\n\tURL = \"mine\"\n\turl = later\n[branch \"main\"]\n\turl = no\n";
        assert_eq!(url_of_origin(config), Some("mine"));
        assert_eq!(url_of_origin("[remote \"fork\"]\nurl = fork\n"), None);
        assert_eq!(url_of_origin(""), None);
    }
}
