//! Which columns of a schema a question needs.

use std::sync::Arc;

use super::super::rollups::{Coding, FailureRule, failure_rules};
use crate::sealed::WantedPart;
use crate::{
    ColumnKind, ColumnRole, FollowedEvent, RawCount, RawQuestion, RowSchema, Step, StepFollower,
    VersionScope, limits,
};

/// What is read of rows of one schema.
#[derive(Debug)]
pub(super) struct SchemaPlan {
    pub(super) schema: Arc<RowSchema>,
    /// The event that is counted; `None` for every event.
    pub(super) event: Option<u16>,
    /// One for each filter.
    pub(super) filters: Vec<ValueColumns>,
    /// What the version of a row is read from, or what rows are split by.
    pub(super) scope: Option<ValueColumns>,
    /// The columns whose values are counted.
    pub(super) keys: Vec<ValueColumns>,
    /// The columns whose numbers are.
    pub(super) numbers: Vec<usize>,
    /// What says that the event failed.
    pub(super) failure: Option<FailureRule>,
    /// The steps that rows of this schema can be.
    pub(super) steps: Vec<PlannedStep>,
    /// The events of this schema that are looked at for what comes next.
    pub(super) followed: Vec<PlannedStep>,
    /// The columns of the time of an event.
    pub(super) times: Vec<usize>,
    /// The columns of the sessions that are followed; `None` for devices.
    pub(super) sessions: Option<Vec<usize>>,
    pub(super) wanted: WantedPart,
}

/// A step that a row can be, or an event that is looked at.
#[derive(Debug)]
pub(super) struct PlannedStep {
    /// Its place in the question.
    pub(super) place: usize,
    pub(super) event: u16,
    /// The columns of the value that the event must have, or that is told of
    /// it.
    pub(super) value: Option<ValueColumns>,
}

/// The columns of one name.
#[derive(Debug, Clone, Default)]
pub(super) struct ValueColumns {
    pub(super) places: Vec<usize>,
    /// The name of their vocabulary.
    pub(super) name: String,
    /// Whether they have the version, which is of an open vocabulary in any
    /// case.
    pub(super) is_version: bool,
}

impl ValueColumns {
    fn named(schema: &RowSchema, name: &str) -> Self {
        let is_it = |place: &usize| {
            let shape = &schema.columns()[*place];
            shape.name == name && Coding::of(shape).is_some_and(|coding| !coding.is_histogram())
        };
        let places = (0..schema.columns().len()).filter(is_it).collect();
        Self { places, name: name.to_owned(), is_version: false }
    }

    fn version(schema: &RowSchema) -> Self {
        let shapes = || schema.columns().iter().enumerate();
        let all = || shapes().filter(|(_, shape)| shape.role == ColumnRole::Version);
        let name = all().next().map_or(String::new(), |(_, shape)| shape.name.clone());
        let has_texts = |kind| matches!(kind, ColumnKind::Text | ColumnKind::Word);
        let places = all().filter(|(_, shape)| has_texts(shape.kind)).map(|(place, _)| place);
        Self { places: places.collect(), name, is_version: true }
    }
}

impl SchemaPlan {
    /// What a question about any count needs.
    fn of_filters(schema: &Arc<RowSchema>, question: &RawQuestion) -> Self {
        let named = |name: &String| ValueColumns::named(schema, name);
        let mut plan = Self {
            schema: Arc::clone(schema),
            event: None,
            filters: question.filters.iter().map(|filter| named(&filter.column)).collect(),
            scope: match (&question.split, &question.versions) {
                (Some(column), _) => Some(named(column)),
                (None, VersionScope::Each) => Some(ValueColumns::version(schema)),
                (None, _) => None,
            },
            keys: Vec::new(),
            numbers: Vec::new(),
            failure: None,
            steps: Vec::new(),
            followed: Vec::new(),
            times: Vec::new(),
            sessions: None,
            wanted: WantedPart::default(),
        };
        if matches!(question.versions, VersionScope::Only(_)) {
            plan.filters.push(ValueColumns::version(schema));
        }
        plan
    }

    /// `None` if no row of the schema can count.
    pub(super) fn new(schema: &Arc<RowSchema>, question: &RawQuestion) -> Option<Self> {
        let named = |name: &String| ValueColumns::named(schema, name);
        let mut plan = Self::of_filters(schema, question);
        let event = match &question.count {
            RawCount::Events => None,
            RawCount::Active { .. } => {
                plan.wanted.has_devices = true;
                None
            }
            RawCount::ByProperty { event, property } => {
                plan.keys.push(named(property));
                Some(event)
            }
            RawCount::Across { event, one, other } => {
                plan.keys.extend([named(one), named(other)]);
                Some(event)
            }
            RawCount::Failures { event, by } => {
                plan.keys.extend(by.iter().map(named));
                Some(event)
            }
            RawCount::Quantiles { event, property, .. } => {
                let shapes = schema.columns().iter().enumerate();
                let is_it = |shape: &crate::ColumnShape| {
                    shape.name == *property && Coding::of(shape).is_some_and(Coding::is_histogram)
                };
                plan.numbers =
                    shapes.filter(|(_, shape)| is_it(shape)).map(|(place, _)| place).collect();
                Some(event)
            }
            RawCount::Steps(count) => {
                plan.plan_steps(&count.steps);
                plan.plan_followers(&count.times, &count.followed);
                if plan.steps.is_empty() {
                    return None;
                }
                None
            }
            RawCount::Next(count) => {
                plan.plan_steps(&count.after);
                plan.plan_followed(&count.events);
                plan.plan_followers(&count.times, &count.followed);
                if plan.followed.is_empty() {
                    return None;
                }
                None
            }
        };
        if let Some(name) = event {
            plan.event = Some(u16::try_from(schema.event(name)?).ok()?);
        }
        if let (RawCount::Failures { .. }, Some(event)) = (&question.count, plan.event) {
            plan.failure = failure_rules(schema).into_iter().find(|rule| rule.is_of(event));
        }
        plan.want_columns();
        Some(plan)
    }

    fn plan_followers(&mut self, times: &[String], followed: &StepFollower) {
        let schema = &self.schema;
        let places = |names: &[String], kind: ColumnKind| -> Vec<usize> {
            let is_it =
                |shape: &crate::ColumnShape| shape.kind == kind && names.contains(&shape.name);
            let shapes = schema.columns().iter().enumerate();
            shapes.filter(|(_, shape)| is_it(shape)).map(|(place, _)| place).collect()
        };
        let sessions = match followed {
            StepFollower::Devices => None,
            StepFollower::Sessions(names) => Some(places(names, ColumnKind::Pseudonym)),
        };
        self.times = places(times, ColumnKind::Seconds);
        self.wanted.has_devices = sessions.is_none();
        self.sessions = sessions;
    }

    fn plan_steps(&mut self, steps: &[Step]) {
        let named = |(place, step): (usize, &Step)| {
            let value = step.value.as_ref().map(|value| value.column.as_str());
            planned(&self.schema, place, (&step.event, value))
        };
        self.steps = steps.iter().take(limits::STEPS).enumerate().filter_map(named).collect();
    }

    fn plan_followed(&mut self, events: &[FollowedEvent]) {
        let named = |(place, own): (usize, &FollowedEvent)| {
            planned(&self.schema, place, (&own.event, own.value.as_deref()))
        };
        self.followed = events.iter().enumerate().filter_map(named).collect();
    }

    fn want_columns(&mut self) {
        let steps = self.steps.iter().chain(&self.followed);
        let of_steps = steps.filter_map(|step| step.value.as_ref());
        let of_values = self.filters.iter().chain(&self.scope).chain(&self.keys).chain(of_steps);
        let mut columns: Vec<usize> = of_values.flat_map(|named| named.places.clone()).collect();
        columns.extend(&self.numbers);
        columns.extend(self.times.iter().chain(self.sessions.iter().flatten()));
        columns.extend(self.failure.iter().map(|rule| rule.column));
        columns.sort_unstable();
        columns.dedup();
        self.wanted.columns = columns;
    }
}

/// `None` if the schema does not have the event.
fn planned(
    schema: &RowSchema,
    place: usize,
    (event, value): (&str, Option<&str>),
) -> Option<PlannedStep> {
    let event = u16::try_from(schema.event(event)?).ok()?;
    let value = value.map(|column| ValueColumns::named(schema, column));
    Some(PlannedStep { place, event, value })
}
