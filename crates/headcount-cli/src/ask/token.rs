//! A reader's token: from a file or the environment, never from the command
//! line, which every user of the machine can read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::limits;
use super::no_answer::NoAnswer;

/// The variable that has the token.
const VARIABLE: &str = "HEADCOUNT_TOKEN";

/// Reads the token, if there is one.
pub(super) fn read(
    file: Option<&Path>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, NoAnswer> {
    let (text, place) = match file {
        Some(file) => (Some(of_file(file)?), file.display().to_string()),
        None => (variable(VARIABLE).filter(|text| !text.is_empty()), VARIABLE.to_owned()),
    };
    let Some(text) = text else { return Ok(None) };
    let token = text.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NoAnswer::failed(format!("{place} does not hold a token: one line of text")));
    }
    Ok(Some(token.to_owned()))
}

fn of_file(path: &Path) -> Result<String, NoAnswer> {
    let read = || {
        let mut text = String::new();
        File::open(path)?.take(limits::TOKEN_BYTES).read_to_string(&mut text)?;
        Ok(text)
    };
    read().map_err(|error: std::io::Error| {
        NoAnswer::failed(format!("cannot read the token in {}: {error}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn a_token_is_one_line_of_a_file_or_a_variable() {
        let home = Home::new();
        let file = home.write("token", "hcr_0123\n");
        let variable = |_: &str| Some("other".to_owned());
        assert_eq!(read(Some(&file), variable).unwrap().as_deref(), Some("hcr_0123"));
        assert_eq!(read(None, variable).unwrap().as_deref(), Some("other"));
        for none in [None, Some(String::new())] {
            assert_eq!(read(None, |_| none.clone()).unwrap(), None);
        }
        for wrong in ["", "\n", "two words", "two\nlines", "ü"] {
            let file = home.write("wrong", wrong);
            let told = read(Some(&file), variable).unwrap_err();
            assert!(told.sentence.contains("does not hold a token"), "{wrong:?}: {told:?}");
            assert!(wrong.len() < 3 || !told.sentence.contains(wrong), "{told:?}");
        }
        let gone = read(Some(&home.path().join("nowhere")), variable).unwrap_err();
        assert!(gone.sentence.starts_with("cannot read the token in "), "{gone:?}");
    }
}
