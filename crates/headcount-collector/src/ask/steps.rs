//! The question about steps: `step=EVENT&step=EVENT:NAME:VALUE`, in their
//! order, and who is followed from one to the next.

use headcount_catalog::{Event, Kind, Reference, Rotation, Scheme, Source};
use headcount_store::{Step, StepCount, StepFollower, ValueFilter};

use super::filters::FilterNames;
use super::http_question::HttpQuestion;
use super::parameters::{BadQuestion, Parameters};
use super::question_parameter::QuestionParameter;
use crate::limits;
use crate::registry::LoadedProduct;

/// Who can be followed.
pub(super) const DEVICE: &str = "device";
pub(super) const SESSION: &str = "session";

/// Reads the steps and who is followed.
pub(super) fn count(
    product: &LoadedProduct,
    parameters: &Parameters,
) -> Result<StepCount, BadQuestion> {
    let steps = steps(product, parameters)?;
    let days = parameters.number(QuestionParameter::Within, limits::MOST_STEP_DAYS)?;
    let followed = followed(product, parameters, &steps)?;
    let within_seconds = days.unwrap_or(limits::STEP_DAYS).unsigned_abs() * 86_400;
    Ok(StepCount { steps, times: times(product), followed, within_seconds })
}

/// What a filter of all steps can name.
pub(super) fn filter_names<'a>(
    product: &'a LoadedProduct,
    parameters: &Parameters,
) -> Result<FilterNames<'a>, BadQuestion> {
    let steps = steps(product, parameters)?;
    let events: Vec<&str> = steps.iter().map(|step| step.event.as_str()).collect();
    Ok(FilterNames::of_all(product, &events))
}

fn steps(product: &LoadedProduct, parameters: &Parameters) -> Result<Vec<Step>, BadQuestion> {
    parameters.required(QuestionParameter::Step)?;
    let given = parameters.all(QuestionParameter::Step);
    let number = limits::FEWEST_STEPS..=limits::MOST_STEPS;
    if !number.contains(&given.len()) {
        return Err(BadQuestion::new(format!(
            "a question about steps has {} to {} of them: write them as step=EVENT&step=EVENT",
            number.start(),
            number.end()
        )));
    }
    given.iter().map(|text| step(product, QuestionParameter::Step, text)).collect()
}

/// Reads a step that a parameter has.
pub(super) fn step(
    product: &LoadedProduct,
    parameter: QuestionParameter,
    text: &str,
) -> Result<Step, BadQuestion> {
    let after = |event: &'static Event| match text.strip_prefix(event.name)? {
        "" => Some((event, None)),
        rest => rest.strip_prefix(':').map(|rest| (event, Some(rest))),
    };
    // Of names that begin alike, the longest is meant.
    let named = product.events().filter_map(after).max_by_key(|(event, _)| event.name.len());
    let Some((event, rest)) = named else {
        let known: Vec<&str> = product.events().map(|event| event.name).collect();
        return Err(BadQuestion::new(format!(
            "`{}` has no event of the name in `{}`: use {}, with :NAME:VALUE for one value",
            product.name(),
            parameter.name(),
            known.join(", ")
        )));
    };
    let value = match rest {
        None => None,
        Some(rest) => {
            let names = FilterNames::new(HttpQuestion::Steps, product, Some(event.name));
            let (column, value) = names.named_value(parameter.name(), rest)?;
            Some(ValueFilter { column: column.to_owned(), values: vec![value.to_owned()] })
        }
    };
    Ok(Step { event: event.name.to_owned(), value })
}

/// The entries that have the time of an event, in any version.
pub(super) fn times(product: &LoadedProduct) -> Vec<String> {
    entries(product, |source| matches!(source, Source::Time(_)))
}

fn entries(product: &LoadedProduct, is_it: impl Fn(&Source) -> bool) -> Vec<String> {
    let mut names = Vec::new();
    for entry in product.versions().iter().flat_map(|catalog| catalog.envelope) {
        if is_it(&entry.source) && !names.iter().any(|name| name == entry.key) {
            names.push(entry.key.to_owned());
        }
    }
    names
}

fn followed(
    product: &LoadedProduct,
    parameters: &Parameters,
    steps: &[Step],
) -> Result<StepFollower, BadQuestion> {
    let events: Vec<&str> = steps.iter().map(|step| step.event.as_str()).collect();
    let sessions = session_names(product, &events);
    match parameters.get(QuestionParameter::Per) {
        None | Some(DEVICE) if has_ids(product) => Ok(StepFollower::Devices),
        None | Some(DEVICE) => Err(without_ids(product, !sessions.is_empty())),
        Some(SESSION) if !sessions.is_empty() => Ok(StepFollower::Sessions(sessions)),
        Some(SESSION) => Err(BadQuestion::new(format!(
            "events named {} do not tell the same session: {}add an entry `session` to the \
             envelope in the catalog",
            events.join(", "),
            if has_ids(product) { "follow devices with per=device, or " } else { "" }
        ))),
        Some(_) => Err(BadQuestion::new("unknown `per`: use device or session".to_owned())),
    }
}

/// Whether devices can be followed, as the newest version has it.
pub(crate) fn has_ids(product: &LoadedProduct) -> bool {
    product.newest().identity.scheme != Scheme::None
}

/// Whether an id is used for one month alone.
pub(crate) fn is_monthly(product: &LoadedProduct) -> bool {
    has_ids(product) && product.newest().identity.rotation == Rotation::Monthly
}

pub(super) fn without_ids(product: &LoadedProduct, has_sessions: bool) -> BadQuestion {
    let product = product.name();
    let way = match has_sessions {
        true => "follow sessions with per=session",
        false => {
            "add an id under `[identity]`, or an entry `session` to the envelope, in its catalog"
        }
    };
    BadQuestion::new(format!(
        "`{product}` has no id, so that no device can be followed from one event to the next: {way}"
    ))
}

/// The names under which all of these events tell the session that they are
/// of. What serves as the id of an event is another one each time.
pub(crate) fn session_names(product: &LoadedProduct, events: &[&str]) -> Vec<String> {
    let mut names = entries(product, |source| *source == Source::Session);
    let known = product.events().filter(|event| events.contains(&event.name));
    for property in known.flat_map(|event| event.properties) {
        if !names.iter().any(|name| name == property.name) {
            names.push(property.name.to_owned());
        }
    }
    let entries = entries(product, |source| *source == Source::Session);
    names.retain(|name| {
        let mut all = events.iter().map(|event| {
            let own = product.events().find(|own| own.name == *event)?;
            match own.property(name) {
                None => entries.contains(name).then_some(()),
                Some((_, property)) => {
                    let is_session = property.kind == Kind::Reference(Reference::Session);
                    (is_session && own.id != Some(property.name)).then_some(())
                }
            }
        });
        all.all(|told| told.is_some())
    });
    names
}

/// A step as a parameter has it.
pub(super) fn text(step: &Step) -> String {
    match &step.value {
        None => step.event.clone(),
        Some(filter) => {
            let value = filter.values.first().map_or("", String::as_str);
            format!("{}:{}:{value}", step.event, filter.column)
        }
    }
}

/// ``Devices of Atomic that did one after the other within 7 days: `init`, then
/// `run` ``
pub(super) fn sentence(
    title: &str,
    count: &StepCount,
    filter: fn(&ValueFilter) -> String,
) -> String {
    let days = count.within_seconds / 86_400;
    let days = format!("{days} {}", if days == 1 { "day" } else { "days" });
    let who = match count.followed {
        StepFollower::Devices => "Devices",
        StepFollower::Sessions(_) => "Sessions",
    };
    format!(
        "{who} of {title} that did one after the other within {days}: {}",
        in_words(&count.steps, filter)
    )
}

/// `` `init` where agent is claude, then `run` ``
pub(super) fn in_words(steps: &[Step], filter: fn(&ValueFilter) -> String) -> String {
    let step = |step: &Step| {
        let value = step.value.as_ref().map(|value| format!(" where {}", filter(value)));
        format!("`{}`{}", step.event, value.unwrap_or_default())
    };
    steps.iter().map(step).collect::<Vec<_>>().join(", then ")
}
