//! Whether a text is JSON but for comments and trailing commas: the reader that
//! says where values stand is more lenient than agents are, with line breaks in
//! strings for one.

use super::error::Problem;

/// Refuses a text that an agent would refuse.
pub(crate) fn check(text: &str) -> Result<(), Problem> {
    match serde_json::from_str::<serde_json::Value>(&plain(text)) {
        Ok(_) => Ok(()),
        Err(error) => {
            let whole = error.to_string();
            // The place is said apart.
            let problem = whole.rsplit_once(" at line ").map_or(&*whole, |(problem, _)| problem);
            let (line, column) = (error.line(), error.column());
            Err(Problem::Syntax { line, column, problem: problem.to_owned() })
        }
    }
}

/// The text with spaces for comments and trailing commas, so that every line
/// and every column of what remains is the same.
fn plain(text: &str) -> String {
    let mut plain = text.as_bytes().to_vec();
    let mut comma = None;
    let mut before = b'{';
    let mut at = 0;
    while at < plain.len() {
        let rest = &text.as_bytes()[at..];
        let length = match rest[0] {
            b'"' => string(rest),
            b'/' if rest.starts_with(b"//") => {
                rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
            }
            b'/' if rest.starts_with(b"/*") => rest
                .windows(2)
                .skip(2)
                .position(|pair| pair == b"*/")
                .map_or(rest.len(), |end| end + 4),
            _ => 1,
        };
        let is_comment = length > 1 && rest[0] == b'/';
        let is_space = matches!(rest[0], b' ' | b'\t' | b'\r' | b'\n');
        if is_comment {
            let bytes = plain[at..at + length].iter_mut();
            bytes.filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        } else if !is_space {
            if let (b']' | b'}', Some(comma)) = (rest[0], comma) {
                plain[comma] = b' ';
            }
            // A comma behind nothing is not one that trails.
            comma = (rest[0] == b',' && !b"{[,:".contains(&before)).then_some(at);
            before = rest[0];
        }
        at += length;
    }
    String::from_utf8(plain).unwrap_or_default()
}

/// The bytes of the string at the start.
fn string(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_become_spaces() {
        let text = "{ // a, \"b\n \"c/*\": [1, /* ] */ 2 , ], \"d\\\"//\": {},\n}/*";
        assert_eq!(plain(text), "{         \n \"c/*\": [1,         2   ], \"d\\\"//\": {} \n}  ");
        assert!(check(text).is_ok());
    }

    #[test]
    fn what_json_does_not_have_is_refused() {
        for text in [
            "{\"a\": \"x\ny\"}",
            "{\"a\": 01}",
            "{,}",
            "[,]",
            "{\"a\": 1,,}",
            "{\"a\": [1 2]}",
            "{\"a\"}",
            "{\"a\": \"\\x\"}",
            "{\"a\": \"\t\"}",
            "{} {}",
            "{\"a\": +1}",
            "{/}",
            "{\"a",
            "{\"a\\",
            "/*/ {}",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
