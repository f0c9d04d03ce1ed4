//! `--explain CODE`: what a code means.

use headcount_catalog::{MistakeCode, nearest};

use super::{apart, lint, of_file};
use crate::print;

/// Every code, with its name and what is said of it.
pub(super) fn all() -> Vec<(&'static str, &'static str, &'static str)> {
    let (unreadable, shared) = (of_file::UNREADABLE, apart::SHARED);
    let mut all = vec![(
        unreadable.0,
        unreadable.1,
        "The file is not there, may not be read, or is not text in UTF-8. Nothing was checked.",
    )];
    all.extend(MistakeCode::ALL.map(|code| (code.code(), code.name(), code.explanation())));
    all.push((
        shared.0,
        shared.1,
        "Two products on one machine would write into the same file or folder: one would read the other's answer as its \
         own, so somebody who refused the one would have refused, or agreed to, both. Give each a folder of its own.",
    ));
    all.extend(lint::ALL.iter().map(|lint| (lint.code, lint.name, lint.explanation)));
    all
}

/// Prints what a code means, by itself or by its name. Returns 2 if there is no
/// such code.
pub(super) fn run(asked: &str) -> u8 {
    let all = all();
    let wanted = asked.trim().to_ascii_uppercase();
    let found = all.iter().find(|(code, name, _)| *code == wanted || *name == asked.trim());
    if let Some((code, name, explanation)) = found {
        print::out(format_args!("{code}: {name}\n\n{}\n", wrapped(explanation)));
        return 0;
    }
    let codes = all.iter().flat_map(|(code, name, _)| [*code, *name]);
    let near = nearest(&wanted, codes.clone()).or_else(|| nearest(asked, codes));
    let advice = near.map_or_else(
        || format!("the codes are {} to {}", all[0].0, all[all.len() - 1].0),
        |near| format!("did you mean {near}?"),
    );
    print::err(format_args!("There is no code {}; {advice}\n", headcount::person::visible(asked)));
    2
}

/// Lines of at most 80 columns.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 80;
    let (mut lines, mut width) = (String::new(), 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += length;
    }
    lines
}
