//! The opinion of a variable. It can refuse, and never grants: the environment
//! may come from a project file, an agent or an image rather than from the
//! person.

use headcount_catalog::RefusingValues;

use super::{Opinion, Says, Why};
use crate::Variables;

/// `0`, `false`, `off` and `no` refuse for a variable that refuses by zero;
/// `1`, `true`, `on` and `yes` for one that refuses by one. The other four,
/// unset and empty are no opinion. Anything else refuses.
pub(super) fn opinion(
    name: &str,
    refuses: RefusingValues,
    variables: &Variables,
) -> Option<Opinion> {
    let value = variables.get(name)?;
    let word = value.trim().to_ascii_lowercase();
    let silent = match refuses {
        RefusingValues::Zero => matches!(word.as_str(), "" | "1" | "true" | "on" | "yes"),
        RefusingValues::One => matches!(word.as_str(), "" | "0" | "false" | "off" | "no"),
    };
    let why = Why::Variable { name: name.to_owned(), value };
    (!silent).then_some(Opinion { says: Says::Refuse, why })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn refuses(side: RefusingValues, value: &str) -> bool {
        let variables = HashMap::from([("X".to_owned(), value.to_owned())]);
        opinion("X", side, &Variables::from(variables)).is_some()
    }

    #[test]
    fn a_variable_refuses_or_is_silent() {
        for (value, zero, one) in [
            ("", false, false),
            ("0", true, false),
            ("FALSE", true, false),
            ("Off", true, false),
            ("no", true, false),
            ("1", false, true),
            ("True", false, true),
            ("on", false, true),
            (" yes ", false, true),
            ("2", true, true),
            ("disabled", true, true),
        ] {
            assert_eq!(refuses(RefusingValues::Zero, value), zero, "{value:?} where zero refuses");
            assert_eq!(refuses(RefusingValues::One, value), one, "{value:?} where one refuses");
        }
    }
}
