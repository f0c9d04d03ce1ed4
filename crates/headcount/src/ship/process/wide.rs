//! What `CreateProcessW` takes, as UTF-16: a command line, a block of
//! variables, and the form of a long path. Pure, so that every system tests it.

use std::collections::BTreeMap;
use std::io;

use crate::limits;

const SPACE: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;
const LINE_FEED: u16 = b'\n' as u16;
const VERTICAL_TAB: u16 = 0x0b;
const QUOTE: u16 = b'"' as u16;
const BACKSLASH: u16 = b'\\' as u16;
const EQUALS: u16 = b'=' as u16;
const COLON: u16 = b':' as u16;

/// A text with the zero that ends it.
///
/// # Errors
///
/// Returns an error if the text has a zero itself: it would be cut there.
pub(super) fn ended(text: &[u16]) -> io::Result<Vec<u16>> {
    without_zero(text)?;
    Ok(text.iter().copied().chain([0]).collect())
}

fn without_zero(text: &[u16]) -> io::Result<()> {
    if text.contains(&0) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a zero in a name or an argument"));
    }
    Ok(())
}

/// The command line from which `CommandLineToArgvW` and the C runtime read this
/// name and these arguments, with the zero at its end.
///
/// # Errors
///
/// Returns an error if it would be longer than the system takes, if a zero is
/// in it, or if a quotation mark is in the name, where nothing can stand for
/// it.
pub(super) fn command_line(name: &[u16], arguments: &[Vec<u16>]) -> io::Result<Vec<u16>> {
    if name.contains(&QUOTE) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a quotation mark in a name"));
    }
    // The name ends at the next quotation mark, whatever is before it.
    let mut line = vec![QUOTE];
    line.extend_from_slice(name);
    line.push(QUOTE);
    for argument in arguments {
        line.push(SPACE);
        push_argument(&mut line, argument);
    }
    let line = ended(&line)?;
    if line.len() > limits::COMMAND_LINE_UNITS {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the arguments are too long"));
    }
    Ok(line)
}

/// Backslashes are themselves, but before a quotation mark: there two stand for
/// one, and one more makes the mark a letter.
fn push_argument(line: &mut Vec<u16>, argument: &[u16]) {
    let ends_a_word = |unit: &u16| [SPACE, TAB, LINE_FEED, VERTICAL_TAB, QUOTE].contains(unit);
    if !argument.is_empty() && !argument.iter().any(ends_a_word) {
        line.extend_from_slice(argument);
        return;
    }
    line.push(QUOTE);
    let mut backslashes = 0;
    for unit in argument {
        match *unit {
            BACKSLASH => backslashes += 1,
            QUOTE => {
                line.extend(std::iter::repeat_n(BACKSLASH, backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        line.push(*unit);
    }
    line.extend(std::iter::repeat_n(BACKSLASH, backslashes));
    line.push(QUOTE);
}

/// The block of an environment: `name=value` with a zero each, sorted by name
/// without regard to case, and a zero more. Of names that differ only in case
/// the last counts, as for the system there is one variable.
///
/// # Errors
///
/// Returns an error if a name is empty or has an equals sign, which only its
/// first character may be, or if a zero is in a name or a value.
pub(super) fn environment_block(variables: &[(Vec<u16>, Vec<u16>)]) -> io::Result<Vec<u16>> {
    let mut sorted = BTreeMap::new();
    for (name, value) in variables {
        without_zero(name)?;
        without_zero(value)?;
        if name.get(1..).is_none_or(|rest| rest.contains(&EQUALS)) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a variable's name"));
        }
        sorted.insert(upper(name), (name, value));
    }
    let mut block = Vec::new();
    for (name, value) in sorted.into_values() {
        block.extend_from_slice(name);
        block.push(EQUALS);
        block.extend_from_slice(value);
        block.push(0);
    }
    // The system reads two zeros even where nothing is before them.
    if block.is_empty() {
        block.push(0);
    }
    block.push(0);
    Ok(block)
}

/// Upper case as the system compares names: unit by unit, so that `ß` stays.
fn upper(name: &[u16]) -> Vec<u16> {
    let upper = |unit: u16| {
        let letter = char::from_u32(u32::from(unit))?;
        let mut upper = letter.to_uppercase();
        let first = upper.next()?;
        if upper.next().is_some() { None } else { u16::try_from(u32::from(first)).ok() }
    };
    name.iter().map(|unit| upper(*unit).unwrap_or(*unit)).collect()
}

/// An absolute path in the form that has no limit of 260 units, if it needs
/// that. A program sees the path by which it was started, so a short one stays
/// as it is.
pub(super) fn unlimited(path: &[u16]) -> Vec<u16> {
    let prefixed = |prefix: &str, rest: &[u16]| -> Vec<u16> {
        prefix.encode_utf16().chain(rest.iter().copied()).collect()
    };
    if path.len() < limits::PATH_UNITS {
        return path.to_vec();
    }
    match path {
        // `\\?\` and `\\.\` already.
        [BACKSLASH, BACKSLASH, mark, BACKSLASH, ..]
            if [u16::from(b'?'), u16::from(b'.')].contains(mark) =>
        {
            path.to_vec()
        }
        [BACKSLASH, BACKSLASH, share @ ..] => prefixed(r"\\?\UNC\", share),
        [_, COLON, BACKSLASH, ..] => prefixed(r"\\?\", path),
        _ => path.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn line(name: &str, arguments: &[&str]) -> String {
        let arguments: Vec<Vec<u16>> = arguments.iter().map(|argument| wide(argument)).collect();
        let mut line = command_line(&wide(name), &arguments).expect("a command line");
        assert_eq!(line.pop(), Some(0));
        String::from_utf16(&line).expect("UTF-16")
    }

    #[test]
    fn arguments_are_quoted_as_the_system_reads_them() {
        for (argument, quoted) in [
            ("", r#""""#),
            ("telemetry", "telemetry"),
            ("two words", r#""two words""#),
            ("tab\there", "\"tab\there\""),
            ("line\nfeed", "\"line\nfeed\""),
            (r"C:\folder\", r"C:\folder\"),
            (r"C:\a folder\", r#""C:\a folder\\""#),
            (r"C:\a folder\\", r#""C:\a folder\\\\""#),
            (r#"""#, r#""\"""#),
            (r#"say "so""#, r#""say \"so\"""#),
            (r#"\"#, r"\"),
            (r#"\""#, r#""\\\"""#),
            (r#"a\\"b c"#, r#""a\\\\\"b c""#),
            (r"a\b\\c d", r#""a\b\\c d""#),
            ("%PATH% & ^", r#""%PATH% & ^""#),
            ("größe 日本 🦀", r#""größe 日本 🦀""#),
        ] {
            assert_eq!(line("tool", &[argument]), format!("\"tool\" {quoted}"), "{argument:?}");
        }
        assert_eq!(line(r"C:\my tools\", &["a", "", "b"]), r#""C:\my tools\" a "" b"#);
        assert_eq!(line("", &[]), r#""""#);
    }

    #[test]
    fn an_unpaired_surrogate_stays() {
        let odd = vec![0xd800, SPACE, 0xdc00];
        let line = command_line(&wide("t"), &[odd]).expect("a command line");
        assert_eq!(line, [QUOTE, 116, QUOTE, SPACE, QUOTE, 0xd800, SPACE, 0xdc00, QUOTE, 0]);
    }

    #[test]
    fn what_no_command_line_can_say_is_refused() {
        assert!(command_line(&wide("a\"b"), &[]).is_err());
        assert!(command_line(&wide("a\0b"), &[]).is_err());
        assert!(command_line(&wide("a"), &[wide("b\0")]).is_err());
        // The name, its marks, a space and the last zero are five units.
        let longest = vec![97; limits::COMMAND_LINE_UNITS - 5];
        assert!(command_line(&wide("a"), std::slice::from_ref(&longest)).is_ok());
        assert!(command_line(&wide("a"), &[longest, wide("b")]).is_err());
    }

    /// The system's own reading of what was quoted here.
    #[cfg(windows)]
    #[test]
    fn the_system_reads_what_was_meant() {
        use windows_sys::Win32::Foundation::LocalFree;
        use windows_sys::Win32::UI::Shell::CommandLineToArgvW;

        let pieces: [&[u16]; 9] = [
            &[BACKSLASH],
            &[BACKSLASH, BACKSLASH],
            &[QUOTE],
            &[QUOTE, QUOTE],
            &[SPACE],
            &[TAB],
            &[97],
            &[0xd83e, 0xdd80],
            &[0xd800],
        ];
        let mut arguments: Vec<Vec<u16>> = vec![Vec::new()];
        for _ in 0..4 {
            let longer = |start: &Vec<u16>| pieces.map(|piece| [start.as_slice(), piece].concat());
            arguments = arguments.iter().flat_map(longer).chain([Vec::new()]).collect();
        }
        for some in arguments.chunks(100) {
            let line = command_line(&wide("a tool\\"), some).expect("a command line");
            let mut count = 0;
            // SAFETY: `line` ends with a zero and outlives the call. The call
            // returns `count` pointers to texts that end with a zero, which
            // live until `LocalFree`; they are copied before.
            #[expect(unsafe_code, reason = "std has no such reader")]
            let read: Vec<Vec<u16>> = unsafe {
                let words = CommandLineToArgvW(line.as_ptr(), &raw mut count);
                assert!(!words.is_null());
                let text = |number: usize| {
                    let start = *words.add(number);
                    let length = (0..).take_while(|place| *start.add(*place) != 0).count();
                    std::slice::from_raw_parts(start, length).to_vec()
                };
                let read = (0..count as usize).map(text).collect();
                LocalFree(words.cast());
                read
            };
            assert_eq!(read.first(), Some(&wide("a tool\\")));
            assert_eq!(read.get(1..), Some(some));
        }
    }

    fn block(variables: &[(&str, &str)]) -> String {
        let variables: Vec<(Vec<u16>, Vec<u16>)> =
            variables.iter().map(|(name, value)| (wide(name), wide(value))).collect();
        String::from_utf16(&environment_block(&variables).expect("a block")).expect("UTF-16")
    }

    #[test]
    fn a_block_is_sorted_and_ends_with_a_zero_more() {
        assert_eq!(block(&[]), "\0\0");
        assert_eq!(block(&[("b", "2"), ("A", "1"), ("C", "")]), "A=1\0b=2\0C=\0\0");
        // `_` is after the capital letters and before the small ones.
        assert_eq!(block(&[("a_b", "2"), ("aab", "1")]), "aab=1\0a_b=2\0\0");
        assert_eq!(block(&[("=C:", "C:\\"), ("A", "a=b")]), "=C:=C:\\\0A=a=b\0\0");
    }

    #[test]
    fn of_names_that_differ_in_case_the_last_counts() {
        assert_eq!(block(&[("HTTP_PROXY", "1"), ("http_proxy", "2")]), "http_proxy=2\0\0");
        assert_eq!(block(&[("Größe", "1"), ("GRÖßE", "2")]), "GRÖßE=2\0\0");
        assert_eq!(block(&[("STRASSE", "1"), ("STRAßE", "2")]), "STRASSE=1\0STRAßE=2\0\0");
    }

    #[test]
    fn what_is_not_a_variable_is_refused() {
        for (name, value) in [("", "1"), ("a=b", "1"), ("a\0", "1"), ("a", "1\0b=2")] {
            assert!(environment_block(&[(wide(name), wide(value))]).is_err(), "{name:?}");
        }
    }

    #[test]
    fn only_a_long_path_gets_another_form() {
        let long = "x".repeat(limits::PATH_UNITS);
        for (path, form) in [
            (r"C:\tool.exe".to_owned(), r"C:\tool.exe".to_owned()),
            (r"\\host\share\tool.exe".to_owned(), r"\\host\share\tool.exe".to_owned()),
            (format!(r"C:\{long}"), format!(r"\\?\C:\{long}")),
            (format!(r"\\host\share\{long}"), format!(r"\\?\UNC\host\share\{long}")),
            (format!(r"\\?\C:\{long}"), format!(r"\\?\C:\{long}")),
            (format!(r"\\.\C:\{long}"), format!(r"\\.\C:\{long}")),
            (format!(r"C:{long}"), format!(r"C:{long}")),
        ] {
            assert_eq!(unlimited(&wide(&path)), wide(&form));
        }
    }
}
