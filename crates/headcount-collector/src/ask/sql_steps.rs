//! The SQL of a question about steps: for each event, the beginning of the
//! latest chain that reaches a step with it.

use headcount_store::{AnalysisSource, ColumnKind, RawQuestion, Step, StepCount, StepFollower};

use super::sql::{Parts, Query, quoted, text};
use super::steps;

impl Query<'_> {
    /// The number of those who reached each step. Shares follow from them, and
    /// the median is in the answer alone.
    pub(super) fn steps(&self, question: &RawQuestion, count: &StepCount) -> Option<String> {
        let mut parts = Parts::default();
        let (who, at) = self.add_followers(&mut parts, &count.followed, &count.times)?;
        self.add_conditions(&mut parts, question)?;
        let bits = count.steps.iter().enumerate().map(|(place, step)| self.bit(place, step));
        let bits = bits.collect::<Option<Vec<String>>>()?.join("\n    + ");
        let (id, weight) = (self.ours(&AnalysisSource::Id), self.ours(&AnalysisSource::Weight));
        let mut sql = format!(
            "WITH event AS MATERIALIZED (\n\
             SELECT {who} AS who, unixepoch({at}) AS at, {weight} AS weight, {id} AS id,\n  \
             {bits} AS steps\nFROM {} AS t\nWHERE {}\n),\n\
             step_1 AS MATERIALIZED (\n\
             SELECT who, at, weight, steps, iif(steps & 128, at, NULL) AS start_1,\n  \
             row_number() OVER (PARTITION BY who ORDER BY at, steps DESC, id) AS place\n\
             FROM event WHERE steps <> 0\n)",
            quoted(self.product.name()),
            parts.conditions.join("\n  AND ")
        );
        for place in 1..count.steps.len() {
            sql.push_str(&next(place, count.within_seconds));
        }
        let last = count.steps.len();
        let reached: Vec<String> = (1..=last)
            .map(|step| format!("max(start_{step}) IS NOT NULL AS step_{step}"))
            .collect();
        sql.push_str(&format!(
            ",\nwhose AS MATERIALIZED (\nSELECT who, min(weight) AS weight, {}\n\
             FROM step_{last} GROUP BY who\n)\n",
            reached.join(", ")
        ));
        let row = |(place, step): (usize, &Step)| {
            let number = place + 1;
            format!(
                "SELECT {number} AS step, {} AS what, coalesce(sum(iif(step_{number}, weight, 0)), 0) \
                 AS count FROM whose",
                text(&steps::text(step))
            )
        };
        let rows: Vec<String> = count.steps.iter().enumerate().map(row).collect();
        Some(format!("{sql}{}\nORDER BY 1", rows.join("\nUNION ALL ")))
    }

    /// Who is followed, and when an event was. Others do not count.
    pub(super) fn add_followers(
        &self,
        parts: &mut Parts,
        followed: &StepFollower,
        times: &[String],
    ) -> Option<(String, String)> {
        let at = self.first_of(times, ColumnKind::Seconds)?;
        let who = match followed {
            StepFollower::Devices => {
                parts.conditions.push(format!("NOT {}", self.ours(&AnalysisSource::Ephemeral)));
                self.ours(&AnalysisSource::Device)
            }
            StepFollower::Sessions(names) => self.first_of(names, ColumnKind::Pseudonym)?,
        };
        parts.conditions.extend([format!("{who} IS NOT NULL"), format!("{at} IS NOT NULL")]);
        Some((who, at))
    }

    /// The bit of a step, if the event can be this one.
    pub(super) fn bit(&self, place: usize, step: &Step) -> Option<String> {
        let mut condition =
            format!("{} = {}", self.ours(&AnalysisSource::Event), text(&step.event));
        if let Some(value) = &step.value {
            condition.push_str(&format!(" AND {}", self.condition(value)?));
        }
        Some(format!("iif({condition}, {}, 0)", 128 >> place))
    }

    /// The first of these columns that has a value.
    fn first_of(&self, names: &[String], kind: ColumnKind) -> Option<String> {
        let columns = names.iter().filter_map(|name| self.cells(name));
        let columns: Vec<String> =
            columns.filter(|(_, own)| *own == kind).map(|(column, _)| column).collect();
        match columns.as_slice() {
            [] => None,
            [column] => Some(column.clone()),
            all => Some(format!("coalesce({})", all.join(", "))),
        }
    }
}

/// The step after one: the latest chain that came so far before this event, if
/// it is not too old.
fn next(place: usize, within: u32) -> String {
    let (step, bit) = (place + 1, 128 >> place);
    let starts: Vec<String> = (1..=place).map(|step| format!("start_{step}")).collect();
    format!(
        ",\nstep_{step} AS MATERIALIZED (\n\
         SELECT who, at, weight, steps, place, {},\n  \
         iif(steps & {bit} AND at - max(start_{place}) OVER earlier <= {within},\n    \
         max(start_{place}) OVER earlier, NULL) AS start_{step}\n\
         FROM step_{place}\n\
         WINDOW earlier AS (PARTITION BY who ORDER BY place\n  \
         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)\n)",
        starts.join(", ")
    )
}
