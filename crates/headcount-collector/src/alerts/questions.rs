//! What a rule asks the store.

use headcount_catalog::{Day, Period};
use headcount_store::{AnswerRows, Question, VersionScope};

use super::rule::{AlertCondition, AlertRule, CountedThing};

/// The days before, which "now" is compared with: four weeks.
pub(super) const BEFORE_DAYS: i32 = 28;

/// The questions of a rule, in the order in which their answers are judged.
pub(crate) fn questions(rule: &AlertRule, today: Day) -> Vec<Question> {
    let product = rule.product.clone();
    match &rule.condition {
        AlertCondition::Silence { .. } => vec![Question::Outcomes],
        AlertCondition::Drop { of, .. } => {
            let (from, to, versions) =
                (today.plus(-1 - BEFORE_DAYS), today.plus(-1), VersionScope::All);
            let counts = match of {
                CountedThing::Events => Question::Events { product, from, to, versions },
                CountedThing::Devices => {
                    Question::Active { product, period: Period::Day, from, to, versions }
                }
            };
            vec![Question::Products, counts]
        }
        AlertCondition::FailureRate { event, newest_version, days, .. } => {
            let days = i32::try_from(*days).unwrap_or(1);
            vec![Question::Failures {
                product,
                event: event.clone(),
                by: None,
                from: today.plus(1 - days),
                to: today,
                versions: if *newest_version { VersionScope::Each } else { VersionScope::All },
            }]
        }
        AlertCondition::Rejected { .. } => {
            let (first, last) = (today.plus(-1), today);
            let before = first.plus(-1);
            let from = first.plus(-BEFORE_DAYS);
            vec![
                Question::Products,
                Question::Rejected { product: product.clone(), from, to: before },
                Question::Rejected { product, from: first, to: last },
            ]
        }
    }
}

/// How many events of a product have been stored, as `Outcomes` says.
pub(crate) fn stored(rows: &[AnswerRows], product: &str) -> u64 {
    let of = |answer: &AnswerRows| match answer {
        AnswerRows::Outcomes(rows) => rows
            .iter()
            .filter(|row| row.product == product && row.outcome == "stored")
            .map(|row| row.count)
            .sum(),
        _ => 0,
    };
    rows.iter().map(of).sum()
}
