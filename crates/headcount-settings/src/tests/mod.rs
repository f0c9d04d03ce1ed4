//! The tests of settings: tables of texts before and after, byte for byte;
//! broken texts; and thousands of texts that a seeded generator breaks or
//! makes.

mod broken;
mod chance;
mod json;
mod mutation;
mod random;
mod reference;
#[cfg(feature = "toml")]
mod toml;
#[cfg(feature = "yaml")]
mod yaml;

use crate::{Format, Found, Scalar, get, remove, set};

pub(super) const ON: Scalar = Scalar::Flag(true);
pub(super) const OFF: Scalar = Scalar::Flag(false);

pub(super) fn text(word: &str) -> Scalar {
    Scalar::Text(word.to_owned())
}

/// Texts, the path, and what is found there.
pub(super) fn check_get(format: Format, cases: &[(&str, &str, Found)]) {
    for (before, path, found) in cases {
        let got = get(format, before, path);
        assert_eq!(got.as_ref(), Ok(found), "{path} in {before:?}");
    }
}

/// The same texts as editors of Windows write them: with `\r\n` where lines
/// end, and with a byte-order mark. A text of one line does not say how its
/// lines would end.
fn as_on_windows(before: &str, after: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    if before.contains('\n') && !before.contains('\r') {
        pairs.push((before.replace('\n', "\r\n"), after.replace('\n', "\r\n")));
    }
    if !before.starts_with('\u{feff}') {
        pairs.push((format!("\u{feff}{before}"), format!("\u{feff}{after}")));
    }
    pairs
}

/// Texts, the path, the value, and the text after it was set.
pub(super) fn check_set(format: Format, cases: &[(&str, &str, Scalar, &str)]) {
    for (before, path, value, after) in cases {
        match set(format, before, path, value) {
            Ok(got) => assert_eq!(got, *after, "{path} = {value:?} in {before:?}"),
            Err(error) => panic!("{path} = {value:?} in {before:?}: {error}"),
        }
        for (before, after) in as_on_windows(before, after) {
            let got = set(format, &before, path, value);
            assert_eq!(got, Ok(after), "{path} = {value:?} in {before:?}");
        }
    }
}

/// Texts, the path, and the text after it was removed.
pub(super) fn check_remove(format: Format, cases: &[(&str, &str, &str)]) {
    for (before, path, after) in cases {
        match remove(format, before, path) {
            Ok(got) => assert_eq!(got, *after, "{path} out of {before:?}"),
            Err(error) => panic!("{path} out of {before:?}: {error}"),
        }
        for (before, after) in as_on_windows(before, after) {
            let got = remove(format, &before, path);
            assert_eq!(got, Ok(after), "{path} out of {before:?}");
        }
    }
}

/// Texts, the path, and a part of the sentence that refuses to set it. A get
/// must not see a flag.
pub(super) fn check_refused(format: Format, cases: &[(&str, &str, &str)]) {
    for (before, path, words) in cases {
        let error = set(format, before, path, &ON).expect_err(before).to_string();
        assert!(error.contains(words), "{path} in {before:?}: {error}");
        let got = get(format, before, path);
        assert!(matches!(got, Err(_) | Ok(Found::Other | Found::Absent)), "{before:?}: {got:?}");
    }
}

/// On, off, on again: the first and the last text are the same, and the one
/// between them differs in nothing but the word.
pub(super) fn check_round(format: Format, path: &str, documents: &[&str]) {
    for document in documents {
        let on = set(format, document, path, &ON).expect(document);
        let off = set(format, &on, path, &OFF).expect(document);
        let again = set(format, &off, path, &ON).expect(document);
        assert_eq!(again, on, "{document:?}");
        let lines = on.split('\n').zip(off.split('\n'));
        let changed: Vec<_> = lines.filter(|(on, off)| on != off).collect();
        assert_eq!(on.matches('\n').count(), off.matches('\n').count(), "{document:?}");
        let [(on, off)] = changed[..] else { panic!("{changed:?} in {document:?}") };
        let lower = |line: &str| line.to_ascii_lowercase();
        assert_eq!(lower(on).replacen("true", "false", 1), lower(off), "{document:?}");
    }
}

#[test]
fn a_path_with_an_empty_name_is_refused() {
    for path in ["", ".", "a.", ".a", "a..b"] {
        let error = get(Format::Json, "{}", path).expect_err(path).to_string();
        assert!(error.contains("empty part"), "{error}");
        set(Format::Json, "{}", path, &ON).expect_err(path);
        remove(Format::Json, "{}", path).expect_err(path);
    }
}

#[cfg(not(feature = "yaml"))]
#[test]
fn a_format_that_is_not_built_says_which_feature_is_missing() {
    let error = get(Format::Yaml, "a: true\n", "a").expect_err("not built").to_string();
    assert_eq!(error, "this build cannot read YAML: build with the feature `settings-yaml`");
    set(Format::Yaml, "", "a", &ON).expect_err("not built");
}

#[cfg(not(feature = "toml"))]
#[test]
fn a_format_that_is_not_built_is_not_written_either() {
    let error = set(Format::Toml, "", "a", &ON).expect_err("not built").to_string();
    assert_eq!(error, "this build cannot read TOML: build with the feature `settings-toml`");
}
