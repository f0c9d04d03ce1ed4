//! Who decides, by which rules, and what is asked.

use super::found::{Differences, Judgement, sentence};
use crate::{Catalog, Consent, ConsentDefault, OnOff, RefusingValues, Rule, Texts, Variable};

pub(super) fn compare(old: &Catalog, new: &Catalog, found: &mut Differences) {
    let (before, after) = (&old.consent, &new.consent);
    let Consent { default, order, variables, off, farewell, texts } = *after;
    default_of(before.default, default, found);
    rules(before.order, order, found);
    all_variables(before.variables, variables, found);
    match (before.off, off) {
        (OnOff::DeleteId, OnOff::KeepId) => found.judged(
            Judgement::Widens,
            "Turning telemetry off keeps the id on the machine; it deleted it before.".to_owned(),
        ),
        (OnOff::KeepId, OnOff::DeleteId) => found.judged(
            Judgement::Narrows,
            "Turning telemetry off deletes the id; it stayed on the machine before.".to_owned(),
        ),
        _ => {}
    }
    if before.farewell != farewell {
        if let Some(event) = farewell {
            let sentence = format!("Turning telemetry off sends one last event, `{event}`.");
            found.judged(Judgement::Widens, sentence);
        }
        if let Some(event) = before.farewell {
            let sentence = format!("Turning telemetry off no longer sends `{event}`.");
            found.judged(Judgement::Narrows, sentence);
        }
    }
    texts_of(&before.texts, &texts, found);
}

fn default_of(before: ConsentDefault, after: ConsentDefault, found: &mut Differences) {
    let told = |default| match default {
        ConsentDefault::Ask => "off until a person is asked and says yes",
        ConsentDefault::Off => "off until a person turns it on",
        ConsentDefault::On => "on until a person turns it off",
    };
    if before == after {
        return;
    }
    let judgement = match (before, after) {
        (_, ConsentDefault::On) => Judgement::Widens,
        (ConsentDefault::On, _) => Judgement::Narrows,
        _ => Judgement::Same,
    };
    let sentence = format!("Telemetry is {}; it was {} before.", told(after), told(before));
    found.judged(judgement, sentence);
}

fn rules(before: &[Rule], after: &[Rule], found: &mut Differences) {
    let told = |rule: &Rule| match rule {
        Rule::Ci => "continuous integration",
        Rule::Environment => "the product's variables",
        Rule::DoNotTrack => "`DO_NOT_TRACK`",
        Rule::Flag => "`--no-telemetry`",
        Rule::Settings => "the settings",
    };
    for rule in after.iter().filter(|rule| !before.contains(rule)) {
        found.judged(Judgement::Narrows, sentence(&format!("{} can refuse, too", told(rule))));
    }
    for rule in before.iter().filter(|rule| !after.contains(rule)) {
        let fragment = format!("{} no longer turns telemetry off", told(rule));
        found.judged(Judgement::Widens, sentence(&fragment));
    }
    let both = |one: &[Rule], other: &[Rule]| {
        one.iter().filter(|rule| other.contains(rule)).copied().collect::<Vec<_>>()
    };
    if both(before, after) != both(after, before) {
        let order: Vec<&str> = after.iter().map(told).collect();
        let sentence = format!("The rules are asked in another order: {}.", order.join(", "));
        // A yes in the settings is asked earlier, or later, than a refusal.
        let place = |all: &[Rule]| all.iter().position(|rule| *rule == Rule::Settings);
        let judgement = match place(&both(before, after)).cmp(&place(&both(after, before))) {
            std::cmp::Ordering::Greater => Judgement::Widens,
            std::cmp::Ordering::Less => Judgement::Narrows,
            std::cmp::Ordering::Equal => Judgement::Same,
        };
        found.judged(judgement, sentence);
    }
}

fn all_variables(before: &[Variable], after: &[Variable], found: &mut Differences) {
    let told = |variable: &Variable| match variable.refuses {
        RefusingValues::Zero => format!("`{}=0`", variable.name),
        RefusingValues::One => format!("`{}=1`", variable.name),
    };
    for variable in after.iter().filter(|variable| !before.contains(variable)) {
        found.judged(Judgement::Narrows, format!("{} refuses, too.", told(variable)));
    }
    for variable in before.iter().filter(|variable| !after.contains(variable)) {
        found.judged(Judgement::Widens, format!("{} no longer refuses.", told(variable)));
    }
}

fn texts_of(before: &Texts, after: &Texts, found: &mut Differences) {
    let Texts { question, introduction, collected, never, notice } = *after;
    for (what, is_other) in [
        ("The question is", before.question != question),
        ("The text above the question is", before.introduction != introduction),
        ("What is said to be collected is", before.collected != collected),
        ("What is said never to be collected is", before.never != never),
        ("The notice is", before.notice != notice),
    ] {
        if is_other {
            found.same(format!("{what} reworded."));
        }
    }
}
