//! A question in words, and its address.

use headcount_store::{
    NextCount, RawCount, RawQuestion, StepCount, StepFollower, ValueFilter, VersionScope,
};

use super::for_store::StoreQuestions;
use super::http_question::HttpQuestion;
use super::next;
use super::question_parameter::QuestionParameter;
use super::steps;
use crate::day_text;
use crate::registry::LoadedProduct;
use crate::url_query::with_query;

/// ``Events named `run` of Atomic by day and by `command`, 1 Nov to 28 Nov
/// 2026, version 0.9.1, where platform is linux.``
pub(super) fn sentence(
    asked: HttpQuestion,
    product: &LoadedProduct,
    span: &StoreQuestions,
    compared: Option<&StoreQuestions>,
) -> String {
    let title = product.newest().product.title;
    let mut text = what(asked, title, span);
    if let Some(question) = &span.counted {
        text.push_str(&split(question));
    }
    text.push_str(&format!(", {}", day_text::span(span.from, span.to)));
    if let Some(question) = &span.counted {
        match &question.versions {
            VersionScope::Only(version) if version.is_empty() => {
                text.push_str(", without a version");
            }
            VersionScope::Only(version) => text.push_str(&format!(", version {version}")),
            VersionScope::All | VersionScope::Each => {}
        }
        let filters: Vec<String> = question.filters.iter().map(filter).collect();
        if !filters.is_empty() {
            text.push_str(&format!(", where {}", filters.join(" and ")));
        }
    }
    text.push('.');
    if let Some(StoreQuestions { from, to, .. }) = compared {
        text.push_str(&format!(" Compared with {}.", day_text::span(*from, *to)));
    }
    let is_of_devices = match span.counted.as_ref().map(|question| &question.count) {
        Some(RawCount::Steps(StepCount { followed, .. }))
        | Some(RawCount::Next(NextCount { followed, .. })) => *followed == StepFollower::Devices,
        _ => matches!(
            asked,
            HttpQuestion::Active | HttpQuestion::NewAndReturning | HttpQuestion::Retention
        ),
    };
    if is_of_devices {
        text.push_str(TEMPORARY);
    }
    if steps::is_monthly(product) {
        text.push_str(match asked {
            HttpQuestion::Steps => " Ids are replaced every month, and every chain ends there.",
            HttpQuestion::Next => " Ids are replaced every month, and every visit ends there.",
            _ => "",
        });
    }
    text
}

/// Whom a question about devices leaves out.
const TEMPORARY: &str = " Machines whose home folder is temporary, as in CI and in containers, \
                         are not counted.";

fn what(asked: HttpQuestion, title: &str, span: &StoreQuestions) -> String {
    let Some(question) = &span.counted else {
        return match asked {
            HttpQuestion::NewAndReturning => {
                format!("New and returning devices of {title} by week")
            }
            HttpQuestion::Retention => format!("Devices of {title} that came back, by week"),
            HttpQuestion::Versions => format!("Versions of {title} with their first and last day"),
            _ => format!("Rejected events and dropped properties of {title}, by where and why"),
        };
    };
    match &question.count {
        RawCount::Active { period } => format!("Devices of {title} by {}", period.name()),
        RawCount::ByProperty { event, property } => {
            format!("Events named `{event}` of {title} by day and by `{property}`")
        }
        RawCount::Across { event, one, other } => {
            format!("Events named `{event}` of {title} by day, by `{one}` and by `{other}`")
        }
        RawCount::Failures { event, by } => {
            let by = by.as_ref().map(|property| format!(" and by `{property}`"));
            format!(
                "Events named `{event}` of {title} that failed and that worked, by day{}",
                by.unwrap_or_default()
            )
        }
        RawCount::Quantiles { event, property, period } => format!(
            "Quantiles of `{property}` in events named `{event}` of {title}, of all days and by {}",
            period.name()
        ),
        RawCount::Steps(count) => steps::sentence(title, count, filter),
        RawCount::Next(count) => next::sentence(title, count, filter),
        _ => format!("Events of {title} by day and name"),
    }
}

fn split(question: &RawQuestion) -> String {
    match (&question.split, &question.versions) {
        (Some(name), _) => format!(", for each value of `{name}`"),
        (None, VersionScope::Each) => ", for each version".to_owned(),
        (None, _) => String::new(),
    }
}

/// `platform is linux or macos`
fn filter(filter: &ValueFilter) -> String {
    let value =
        |value: &String| if value.is_empty() { "missing".to_owned() } else { value.clone() };
    let values: Vec<String> = filter.values.iter().map(value).collect();
    format!("{} is {}", filter.column, values.join(" or "))
}

/// `/api/v1/ask/events?product=atomic&from=2026-11-01&to=2026-11-28`: with the
/// days written out, and without the form of the answer.
pub(super) fn address(
    asked: HttpQuestion,
    pairs: &[(String, String)],
    span: &StoreQuestions,
) -> String {
    use QuestionParameter::{Days, Format, From, To};
    let is_left_out =
        |name: &str| [Days, Format, From, To].iter().any(|parameter| parameter.name() == name);
    let own = pairs.iter().filter(|(name, _)| !is_left_out(name));
    let own = own.map(|(name, value)| (name.as_str(), value.clone()));
    let days = [(From, span.from), (To, span.to)];
    let days = days.map(|(parameter, day)| (parameter.name(), day.to_string()));
    let pairs: Vec<(&str, String)> = own.chain(days).collect();
    with_query(&format!("/api/v1/ask/{}", asked.name()), &pairs)
}
