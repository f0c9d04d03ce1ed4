//! Names in a sentence: `day, week and month`, `on, off or local`.

/// The names with `and` before the last one.
pub(super) fn all_of(names: &[impl AsRef<str>]) -> String {
    joined(names, "and")
}

/// The names with `or` before the last one.
pub(super) fn one_of(names: &[impl AsRef<str>]) -> String {
    joined(names, "or")
}

fn joined(names: &[impl AsRef<str>], word: &str) -> String {
    let mut text = String::new();
    for (place, name) in names.iter().enumerate() {
        if place > 0 && place + 1 == names.len() {
            text.push_str(&format!(" {word} "));
        } else if place > 0 {
            text.push_str(", ");
        }
        text.push_str(name.as_ref());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_name_has_the_word() {
        for (names, all, one) in [
            (&[""; 0][..], "", ""),
            (&["day"][..], "day", "day"),
            (&["day", "week"][..], "day and week", "day or week"),
            (&["day", "week", "month"][..], "day, week and month", "day, week or month"),
        ] {
            assert_eq!((all_of(names).as_str(), one_of(names).as_str()), (all, one));
        }
    }
}
