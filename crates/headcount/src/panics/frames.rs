//! The host's own functions in a backtrace, parsed from its text: std has no
//! stable interface to frames.

use headcount_catalog::Kind;

/// Frames kept: AtomCode's five, the longest list of the five products.
const MOST: usize = 5;

/// The names of the functions of the `own` crates, innermost first, without
/// hashes and without the hook itself.
pub(super) fn own(backtrace: &str, own: &[&str]) -> Vec<String> {
    let mut frames = Vec::new();
    for line in backtrace.lines() {
        // `  12: crate::module::function::h0123456789abcdef`
        let Some((number, name)) = line.trim().split_once(": ") else { continue };
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let Some(name) = plain(name, |name| is_own(name, own)) else { continue };
        let fits = Kind::Frames { most: 1 }.frames([name.as_str()]).is_ok();
        if fits && frames.last() != Some(&name) {
            frames.push(name);
        }
        if frames.len() == MOST {
            break;
        }
    }
    frames
}

/// Whether a name is below one of these crates.
fn is_own(name: &str, own: &[&str]) -> bool {
    own.iter().any(|package| {
        name.strip_prefix(&package.replace('-', "_")).is_some_and(|rest| rest.starts_with("::"))
    })
}

/// A function's name without its hash and without generic arguments, whose
/// types may be foreign; `None` if the function is not one of the host's own. A
/// trait method is named by the type if that is the host's own, else by the
/// trait.
fn plain(name: &str, is_own: impl Fn(&str) -> bool) -> Option<String> {
    let name = match name.rsplit_once("::") {
        Some((head, hash)) if hash.len() == 17 && hash.starts_with('h') => head,
        _ => name,
    };
    let (heads, rest) = match name.strip_prefix('<') {
        None => (vec![name], ""),
        Some(bracketed) => {
            let end = end_of_bracket(bracketed)?;
            let inside = &bracketed[..end];
            (split_at_trait(inside), &bracketed[end + 1..])
        }
    };
    let head = heads.into_iter().map(without_brackets).find(|head| is_own(head))?;
    let name = format!("{head}{}", without_brackets(rest));
    Some(name.replace(['{', '}', ' '], ""))
}

/// `T` and `Trait` of `T as Trait`, or `T` alone.
fn split_at_trait(inside: &str) -> Vec<&str> {
    let mut words = inside.match_indices(" as ").map(|(at, word)| (at, at + word.len()));
    match words.find(|(at, _)| depth(&inside[..*at]) == 0) {
        Some((end, begin)) => vec![&inside[..end], &inside[begin..]],
        None => vec![inside],
    }
}

/// Where the bracket ends that was opened before this text.
fn end_of_bracket(text: &str) -> Option<usize> {
    let mut ends = text.match_indices('>').map(|(at, _)| at);
    ends.find(|at| depth(&text[..=*at]) == -1)
}

/// How many brackets are open at the end of a text. An arrow (`->`) closes
/// none.
fn depth(text: &str) -> i32 {
    let count = |part: &str| i32::try_from(text.matches(part).count()).unwrap_or(i32::MAX);
    count("<") - (count(">") - count("->"))
}

/// A name without its brackets, their content, and the `::` before them.
fn without_brackets(name: &str) -> String {
    let (mut plain, mut open, mut before) = (String::new(), 0_i32, ' ');
    for character in name.chars() {
        match character {
            '<' => open += 1,
            '>' if before == '-' => {}
            '>' => open -= 1,
            _ if open == 0 => plain.push(character),
            _ => {}
        }
        before = character;
    }
    // The `::` before a bracket, in the middle and at the end.
    let plain = plain.replace("::::", "::");
    plain.strip_suffix("::").map_or(plain.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_frames_are_left_out_and_hashes_cut() {
        let text = "   0: std::backtrace::Backtrace::force_capture\n   1: atom_code::tools::run::h0123456789abcdef\n             at /home/me/atom/src/tools.rs:3:4\n   2: core::ops::function::FnOnce::call_once\n   3: atom_code::main\n   4: <alloc::vec::Vec<T> as core::fmt::Debug>::fmt\n";
        assert_eq!(own(text, &["atom-code"]), ["atom_code::tools::run", "atom_code::main"]);
        assert_eq!(own(text, &["atom"]), Vec::<String>::new());
    }

    #[test]
    fn methods_of_traits_are_told_by_what_is_ones_own() {
        for (name, expected) in [
            (
                "<atom::tools::Shell as atom::Tool>::run::h0123456789abcdef",
                "atom::tools::Shell::run",
            ),
            ("<atom::Shell as core::fmt::Display>::fmt", "atom::Shell::fmt"),
            ("<alloc::vec::Vec<acme::Plan> as atom::Tool>::run", "atom::Tool::run"),
            ("<&atom::Shell as atom::Tool>::run", "atom::Tool::run"),
            ("<fn(u8) -> acme::Plan as atom::Tool<X>>::run", "atom::Tool::run"),
            ("<atom::Of<<acme::A as acme::B>::C> as atom::Tool>::run", "atom::Of::run"),
            ("<<acme::A as acme::B>::C as atom::Tool>::run", "atom::Tool::run"),
            ("<atom::Of<acme::Plan>>::new", "atom::Of::new"),
            ("<atom::Shell as atom::Tool>::run::{{closure}}", "atom::Shell::run::closure"),
            ("atom::run::<acme::Plan>", "atom::run"),
            ("atom::run::<fn() -> acme::Plan>::inner", "atom::run::inner"),
            ("atom::Of<T>::new", "atom::Of::new"),
            ("atom::run::{{closure}}::h0123456789abcdef", "atom::run::closure"),
        ] {
            assert_eq!(own(&format!("  12: {name}\n"), &["atom"]), [expected], "{name}");
        }
        for foreign in [
            "<acme::Of<atom::Shell> as acme::Tool>::run",
            "<acme::A as acme::Of<atom::Shell>>::run",
            "acme::run::<atom::Shell>",
            "<atom::Shell as",
            "<",
            "<>",
            "",
        ] {
            assert_eq!(own(&format!("  12: {foreign}\n"), &["atom"]), [""; 0], "{foreign}");
        }
    }

    trait Told {
        fn told(&self) -> String;
    }

    struct Here;

    impl Told for Here {
        #[inline(never)]
        fn told(&self) -> String {
            std::backtrace::Backtrace::force_capture().to_string()
        }
    }

    /// As the compiler of the day names them.
    #[test]
    fn a_real_backtrace_tells_of_an_own_traits_method() {
        let told: &dyn Told = &Here;
        let frames = own(&told.told(), &["headcount"]);
        assert_eq!(frames[0], "headcount::panics::frames::tests::Here::told", "{frames:?}");
    }
}
