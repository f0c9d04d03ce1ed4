//! What is advised about a catalog without a mistake: a file for each lint.
//! Pure: the catalog and today are arguments.

mod advice;
mod expiry;
mod far_expiry;
mod owner_address;
mod personal_name;
mod free_text;
mod secret_shape;
mod open_vocabulary;
mod combination;
mod linkable_id;
mod long_retention;
mod on_by_default;
mod counting;

use advice::Lint;

/// Every lint, in the order of the codes. A code is never used again.
pub(super) const ALL: [Lint; 12] = [
    expiry::LINT,
    far_expiry::LINT,
    owner_address::LINT,
    personal_name::LINT,
    free_text::LINT,
    secret_shape::LINT,
    open_vocabulary::LINT,
    combination::LINT,
    linkable_id::LINT,
    long_retention::LINT,
    on_by_default::LINT,
    counting::LINT,
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use headcount_catalog::{Day, parse};

    use super::*;

    const TODAY: &str = "2026-11-28";

    /// The codes and keys of what is found in a text.
    fn found(text: &str) -> Vec<(&'static str, String)> {
        let catalog = parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
        let today = Day::parse(TODAY).expect("a day");
        let of = |lint: &Lint| {
            let code = lint.code;
            let all = (lint.find)(&catalog, today).into_iter();
            all.map(move |advice| (code, advice.keys.join("."))).collect::<Vec<_>>()
        };
        ALL.iter().flat_map(of).collect()
    }

    /// README's catalog, with this in the place of that.
    fn with(from: &str, to: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/wren/telemetry.toml");
        let text = fs::read_to_string(path).expect("it is there");
        assert!(text.contains(from), "{from}: {text}");
        text.replacen(from, to, 1)
    }

    #[test]
    fn codes_rise_and_names_differ() {
        for pair in ALL.windows(2) {
            assert!(pair[0].code < pair[1].code && pair[0].name != pair[1].name);
        }
        for lint in &ALL {
            assert!(lint.explanation.ends_with('.'), "{}", lint.code);
        }
    }

    /// Each lint has something that it finds, and something like it that it
    /// does not.
    #[test]
    fn every_lint_has_an_accept_and_a_reject() {
        let last = "\n[event.crash]\nwhy = \"Does it crash?\"\nowner = \"cli team\"\n";
        let after = |kind: &str| {
            let text = with("", "");
            format!("{text}{last}[event.crash.properties]\n{kind}\n")
        };
        let expiring = |day: &str| {
            let text = with("", "");
            format!("{text}{last}expires = \"{day}\"\n")
        };
        let retained = |days: &str| with("raw = \"90d\"", &format!("raw = \"{days}\""));
        let cases = [
            ("HC101", expiring("2026-12-20"), expiring("2027-06-30")),
            ("HC102", expiring("2029-01-01"), expiring("2028-01-01")),
            (
                "HC103",
                with("owner = \"cli team\"", "owner = \"someone@wren.example\""),
                with("owner = \"cli team\"", "owner = \"cli team @ wren\""),
            ),
            (
                "HC104",
                after("user_name = { token = \"a-z\", most = 8 }"),
                after("user_name = { choice = [\"root\", \"other\"] }"),
            ),
            (
                "HC105",
                after("model = { token = \"a-z0-9.:/-\", most = 120 }"),
                after("model = { token = \"a-z0-9.-\", most = 24 }"),
            ),
            (
                "HC106",
                after("model = { token = \"a-zA-Z0-9_-\", most = 64 }"),
                after("model = { token = \"a-z0-9.-\", most = 24 }"),
            ),
            (
                "HC107",
                after("model = { token = \"a-z0-9.-\", most = 24 }"),
                after("model = { choice = [\"small\", \"large\"] }"),
            ),
            (
                "HC108",
                after(
                    "a = { choices = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\", \"j\"] }\n\
                     b = { choices = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\", \"j\"] }",
                ),
                after("a = { choices = [\"a\", \"b\"] }"),
            ),
            ("HC110", retained("730d"), retained("365d")),
            (
                "HC111",
                with("default = \"off\"", "default = \"on\""),
                with("default = \"off\"", "default = \"ask\""),
            ),
            (
                "HC112",
                with("count = [\"day\", \"week\", \"month\"]\n", ""),
                with("count = [\"day\", \"week\", \"month\"]\n", "count = [\"week\"]\n"),
            ),
        ];
        for (code, reject, accept) in cases {
            let codes =
                |text: &str| found(text).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
            assert!(codes(&reject).contains(&code), "{code}: {:?}", found(&reject));
            assert!(!codes(&accept).contains(&code), "{code}: {:?}", found(&accept));
        }
        // These two have an id, and one of them rotates.
        let product = |name: &str| {
            let path = format!("catalogs/{name}.toml");
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
                .expect("it is there")
        };
        assert!(found(&product("clacky")).contains(&("HC109", "identity.scheme".to_owned())));
        assert!(found(&product("atomic")).iter().all(|(code, _)| *code != "HC109"));
    }
}
