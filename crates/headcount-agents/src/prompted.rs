//! Commands and skills of agents that tell a hook no more than the prompt.

use crate::command_name::CommandName;
use crate::told::{Invocation, What};

/// The command that the first word of a prompt invokes: `$skill`,
/// `$plugin:skill`, `/prompts:name` or `/name`. Without such a mark it is a
/// word of the person's.
pub(crate) fn command(first_word: &str) -> Option<What> {
    let name = first_word
        .strip_prefix('$')
        .or_else(|| first_word.strip_prefix("/prompts:"))
        .or_else(|| first_word.strip_prefix('/'))?;
    if name.starts_with('/') {
        return None;
    }
    Some(What::Command(CommandName::guessed(name)?, Invocation::Typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_a_mark_before_its_name() {
        for word in ["$commit", "/prompts:commit", "/commit"] {
            let Some(What::Command(name, Invocation::Typed)) = command(word) else {
                panic!("{word}");
            };
            assert_eq!(name.as_str(), "commit");
        }
        for word in ["commit", "$", "$/commit", "//commit", "/prompts:", "$com mit", "#commit"] {
            assert_eq!(command(word), None, "{word}");
        }
    }
}
