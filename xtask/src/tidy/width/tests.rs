//! Comments that are too wide, and comments that must stay as they are.

use super::*;
use crate::rust;

/// Words of three letters, as many as that, behind a mark.
fn wide(mark: &str, words: usize) -> String {
    format!("{mark}{}\n", " abc".repeat(words))
}

fn caught(text: &str) -> Vec<usize> {
    let file = SourceFile::new("a.rs", text);
    check(&file, &rust::lines(text)).iter().map(|finding| finding.line).collect()
}

fn mended(text: &str) -> Option<String> {
    fixed(text, &rust::lines(text))
}

#[test]
fn a_wide_line_is_caught_and_broken() {
    for mark in ["//", "///", "//!", "        //"] {
        let fits = (COMMENT_COLUMNS - mark.len()) / 4;
        assert_eq!(caught(&wide(mark, fits)), [0; 0], "{mark}");
        assert_eq!(caught(&wide(mark, fits + 1)), [1], "{mark}");
        let broken = mended(&wide(mark, fits + 1)).unwrap();
        assert_eq!(broken, wide(mark, fits) + &wide(mark, 1));
        assert_eq!(mended(&broken), None);
    }
}

#[test]
fn a_paragraph_is_broken_as_one_and_its_neighbours_stay() {
    let before = "/// Short.\n///\n";
    let after = "///\n/// ragged\n/// too\nfn f() {}\n";
    let is = format!("{before}{}{}{after}", wide("///", 25), wide("///", 2));
    let wanted = format!("{before}{}{}{after}", wide("///", 19), wide("///", 8));
    assert_eq!(mended(&is), Some(wanted));
}

#[test]
fn lists_tables_headings_and_code_stay() {
    let long = wide("", 25);
    let long = long.trim_end();
    for text in [
        format!("/// -{long}\n"),
        format!("/// 1.{long}\n///   {long}\n"),
        format!("/// * short\n///{long}\n"),
        format!("/// #{long}\n"),
        format!("/// >{long}\n"),
        format!("/// a  column{long}\n"),
        format!("///{long}  \n"),
        format!("///     {long}\n"),
        format!("let a = 1; //{long}\n"),
        format!("const A: &str = \"\n//{long}\n\";\n"),
    ] {
        assert_eq!(mended(&text), None, "{text}");
    }
    for text in [
        format!("/// |{long} |\n"),
        format!("/// ```\n///{long}\n/// ```\n"),
        format!("// https://example.org/{}\n", "a".repeat(COMMENT_COLUMNS)),
        format!("// see https://example.org/{}\n", "a".repeat(COMMENT_COLUMNS)),
        format!("// {}\n", "a".repeat(COMMENT_COLUMNS)),
        format!("// `{}`\n", "one two ".repeat(COMMENT_COLUMNS / 8)),
    ] {
        assert_eq!(mended(&text), None, "{text}");
        assert_eq!(caught(&text), [0; 0], "{text}");
    }
    assert_eq!(caught(&format!("/// -{long}\n")), [1]);
}

#[test]
fn a_break_that_the_author_made_stays() {
    let is = format!("// One thing.\n{}// SAFETY: it is.\n", wide("//", 25));
    let wanted = format!("// One thing.\n{}{}// SAFETY: it is.\n", wide("//", 19), wide("//", 6));
    assert_eq!(mended(&is), Some(wanted));
}

#[test]
fn no_break_makes_a_list_a_heading_or_cuts_code() {
    // 74 columns: one more word fits, and what follows would begin a line.
    let line = wide("//", 18);
    let line = line.trim_end();
    for (end, wanted) in [
        ("abcd - def", "abcd - def"),
        ("abcd # def", "abcd # def"),
        ("abcd 12. def", "abcd 12. def"),
        ("`one two` def", "`one two` def"),
    ] {
        let broken = mended(&format!("{line} {end}\n")).unwrap();
        assert_eq!(broken, format!("{line}\n// {wanted}\n"));
        assert_eq!(mended(&broken), None);
    }
}
