//! The host's own functions in a backtrace, read from its text: std has no
//! stable interface to frames.

use headcount_catalog::Kind;

/// Frames kept: as many as the longest list of the seeds (AtomCode's five).
const MOST: usize = 5;

/// The names of the functions of `own` crates, the innermost first, without
/// hashes and without the hook itself.
pub(super) fn own(backtrace: &str, own: &[&str]) -> Vec<String> {
    let mut frames = Vec::new();
    for line in backtrace.lines() {
        // `  12: crate::module::function::h0123456789abcdef`
        let Some((number, name)) = line.trim().split_once(": ") else { continue };
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let name = plain(name);
        let is_own = own.iter().any(|it| {
            name.strip_prefix(&it.replace('-', "_")).is_some_and(|rest| rest.starts_with("::"))
        });
        let fits = Kind::Frames { most: 1 }.frames([name.as_str()]).is_ok();
        if is_own && fits && frames.last() != Some(&name) {
            frames.push(name);
        }
        if frames.len() == MOST {
            break;
        }
    }
    frames
}

/// A function's name without its hash, and without the brackets of `<T as
/// Trait>`, whose types could be anybody's.
fn plain(name: &str) -> String {
    let name = match name.rsplit_once("::") {
        Some((head, hash)) if hash.len() == 17 && hash.starts_with('h') => head,
        _ => name,
    };
    name.replace(['{', '}'], "").replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_frames_are_left_out_and_hashes_cut() {
        let text = "   0: std::backtrace::Backtrace::force_capture\n   1: atom_code::tools::run::h0123456789abcdef\n             at /home/me/atom/src/tools.rs:3:4\n   2: core::ops::function::FnOnce::call_once\n   3: atom_code::main\n   4: <alloc::vec::Vec<T> as atom_code::X>::y\n";
        assert_eq!(own(text, &["atom-code"]), ["atom_code::tools::run", "atom_code::main"]);
        assert_eq!(own(text, &["atom"]), Vec::<String>::new());
    }
}
