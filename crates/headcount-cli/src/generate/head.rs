//! What every wrapper says of itself at its top.

use super::plan::Plan;

/// The lines, without the marks of a comment.
pub(super) fn lines(plan: &Plan<'_>, language: &str) -> Vec<String> {
    let product = plan.catalog.product;
    vec![
        format!("What {} may report, for programs in {language}.", product.title),
        String::new(),
        format!(
            "Made by `headcount generate` from version {} of the catalog of `{}`.",
            plan.catalog.version, product.name
        ),
        "Do not change it: `headcount generate --check FILE CATALOG` returns 1 where it".to_owned(),
        "is not what the catalog says.".to_owned(),
        String::new(),
        "Each event starts `headcount record` and does not wait for it. Whatever goes".to_owned(),
        "wrong, nothing is recorded and the program goes on, also where there is no".to_owned(),
        "`headcount`. Whether anything is recorded is for the person to say.".to_owned(),
    ]
}

/// What the notice, the question and the person's commands are for.
pub(super) const NOTICE: &str =
    "Prints the notice of what is reported, once, and waits two seconds at most.";
pub(super) const ASK: &str =
    "Asks whether anything may be reported, where it is due, and waits for the answer.";
pub(super) const PERSON: &str =
    "Runs `status`, `on`, `off` and the others, with the words after `telemetry`.";

/// How long the notice may take.
pub(super) const NOTICE_SECONDS: u32 = 2;
