//! The slash commands of Atomic among an agent's arguments (§5.3.2).

use std::ffi::OsString;

use crate::telemetry::Commands;

/// The commands that are an argument, or the beginning of one up to a space:
/// each once, in the order in which they were given. Nothing else of an
/// argument is looked at.
pub(crate) fn among(arguments: &[OsString]) -> Vec<Commands> {
    let mut commands = Vec::new();
    for argument in arguments {
        let bytes = argument.as_encoded_bytes();
        let is_it = |command: &Commands| {
            let rest = bytes.strip_prefix(command.word().as_bytes());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b" "))
        };
        let command = Commands::ALL.into_iter().find(is_it);
        commands.extend(command.filter(|command| !commands.contains(command)));
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        among(&arguments).into_iter().map(Commands::word).collect()
    }

    #[test]
    fn each_of_the_thirteen_is_found_alone_and_before_a_space() {
        assert_eq!(Commands::ALL.len(), 13);
        for command in Commands::ALL {
            let word = command.word();
            assert_eq!(words(&[word]), [word]);
            assert_eq!(words(&[&format!("{word} src/ --force")]), [word]);
            for other in [format!("{word}x"), format!(" {word}"), word[1..].to_owned()] {
                assert!(words(&[&other]).is_empty(), "{other}");
            }
            for end in ["\t", "\n", "\u{a0}", ":", "\0", "/"] {
                let other = format!("{word}{end}");
                assert!(words(&[&other]).is_empty(), "{other:?}");
            }
        }
    }

    #[test]
    fn a_command_counts_once_and_the_order_is_that_of_the_arguments() {
        let arguments =
            ["/create-spec", "-p", "/commit fix x", "/create-spec y", "look at /commit"];
        assert_eq!(words(&arguments), ["/create-spec", "/commit"]);
        assert_eq!(words(&["/ralph:help", "/ralph-help"]), ["/ralph:help", "/ralph-help"]);
        assert!(words(&[]).is_empty());
        assert!(words(&["/Commit", "/COMMIT", "/com", "/create-specs"]).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf_8_is_taken_as_it_is() {
        use std::os::unix::ffi::OsStringExt as _;

        let argument = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        assert_eq!(among(&[argument(b"/commit \xff\xfe")]), [Commands::Commit]);
        assert!(among(&[argument(b"/commit\xff"), argument(b"\xff/commit")]).is_empty());
    }
}
