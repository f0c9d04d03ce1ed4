//! What every target of settings does with a text: sets a value, reads it back,
//! removes it, and looks whether everything else is still there.

use headcount_settings::{Format, Found, Scalar, get, remove, set};

/// Where the targets look and write. None is above another one, so that a
/// change at one of them must leave the others as they were.
const PATHS: [&str; 4] = ["telemetry.enabled", "telemetry.id", "enabled", "a.b.c"];

/// Sets and removes a value in `text`; which one, and where, follows from the
/// text's length, so that a settings file can be a seed as it is.
pub(crate) fn edit(format: Format, text: &str) {
    let values = [
        Scalar::Flag(true),
        Scalar::Flag(false),
        Scalar::Text("7f3b2a8c-0000-4000-8000-000000000000".to_owned()),
        Scalar::Text("\"quoted\": 'x' # \\ \u{e9}\n\t- y".to_owned()),
    ];
    let path = PATHS[text.len() % PATHS.len()];
    let value = &values[text.len() / PATHS.len() % values.len()];

    if let Ok(without) = remove(format, text, path) {
        assert_eq!(get(format, &without, path), Ok(Found::Absent), "{without:?}");
        others_stay(format, text, &without, path);
    }
    let Ok(with) = set(format, text, path, value) else { return };
    assert_eq!(get(format, &with, path), Ok(Found::Scalar(value.clone())), "{with:?}");
    others_stay(format, text, &with, path);
    assert_eq!(set(format, &with, path, value).as_deref(), Ok(&*with), "set again, it changes");
    let without = remove(format, &with, path).expect("what was set can be removed");
    assert_eq!(get(format, &without, path), Ok(Found::Absent), "{without:?}");
    others_stay(format, text, &without, path);
}

/// Whether no value at another path comes, goes or changes. A text that cannot
/// be read at one of them, such as one with a key twice, is compared as far as
/// it can be read; a table that is made where there was an empty one is no
/// change.
fn others_stay(format: Format, before: &str, after: &str, changed: &str) {
    let value = |text: &str, path: &str| {
        get(format, text, path).map(|found| match found {
            Found::Scalar(value) => Some(value),
            Found::Absent | Found::Other => None,
        })
    };
    for other in PATHS.into_iter().filter(|path| *path != changed) {
        let was = value(before, other);
        if was.is_ok() {
            let is = value(after, other);
            assert_eq!(was, is, "`{other}` changed with `{changed}`: {before:?} {after:?}");
        }
    }
}
