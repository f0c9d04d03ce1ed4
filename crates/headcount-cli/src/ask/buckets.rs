//! The question that was asked, and the days, weeks or months of its answer.

use headcount_catalog::{Day, Period};
use headcount_collector::{HttpQuestion, QuestionParameter};

/// A question with its days.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) question: HttpQuestion,
    pub(super) pairs: Vec<(String, String)>,
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) today: Day,
}

impl Asked {
    pub(super) fn get(&self, parameter: QuestionParameter) -> Option<&str> {
        let pair = self.pairs.iter().find(|(name, _)| name == parameter.name());
        pair.map(|(_, value)| value.as_str())
    }

    /// What rows are split by: the name of it in a row, and its own.
    pub(super) fn split(&self) -> Option<(&'static str, &str)> {
        match self.get(QuestionParameter::By)? {
            "version" => Some(("version", "version")),
            name => Some(("by", name)),
        }
    }

    /// The values that events must have, as they were given.
    pub(super) fn filters(&self) -> Option<String> {
        let all = self.pairs.iter().filter(|(name, _)| name == QuestionParameter::Where.name());
        let all: Vec<&str> = all.map(|(_, value)| value.as_str()).collect();
        (!all.is_empty()).then(|| format!("where {}", all.join(" ")))
    }

    /// What a row of the answer stands for.
    pub(super) fn period(&self) -> Period {
        match self.question {
            HttpQuestion::NewAndReturning | HttpQuestion::Retention => Period::Week,
            _ => {
                let name = self.get(QuestionParameter::Period).unwrap_or_default();
                let named = Period::ALL.into_iter().find(|(_, own)| *own == name);
                named.map_or(Period::Day, |(period, _)| period)
            }
        }
    }

    /// The first days of all periods that have one of the days, as rows have
    /// them.
    pub(super) fn buckets(&self) -> Vec<String> {
        let (period, mut starts) = (self.period(), Vec::new());
        let mut start = period.start(self.from);
        while start <= self.to {
            let text = start.to_string();
            starts.push(match period {
                Period::Month => text[..text.len() - "-01".len()].to_owned(),
                Period::Day | Period::Week => text,
            });
            // 31 days after its first day, every month is over.
            start = match period {
                Period::Day => start.plus(1),
                Period::Week => start.plus(7),
                Period::Month => period.start(start.plus(31)),
            };
        }
        starts
    }

    pub(super) fn days(&self) -> u64 {
        u64::try_from(self.to.days_since(self.from) + 1).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_period_with_one_of_the_days_is_there() {
        let asked = |period: &str, from: &str, to: &str| Asked {
            question: HttpQuestion::Active,
            pairs: vec![("period".to_owned(), period.to_owned())],
            from: Day::parse(from).unwrap(),
            to: Day::parse(to).unwrap(),
            today: Day::parse("2026-11-20").unwrap(),
        };
        let days = asked("day", "2026-11-19", "2026-11-20");
        assert_eq!(days.buckets(), ["2026-11-19", "2026-11-20"]);
        let weeks = asked("week", "2026-11-15", "2026-11-20");
        assert_eq!(weeks.buckets(), ["2026-11-09", "2026-11-16"]);
        let months = asked("month", "2026-01-31", "2026-03-01");
        assert_eq!(months.buckets(), ["2026-01", "2026-02", "2026-03"]);
        assert_eq!(months.days(), 30);
    }
}
