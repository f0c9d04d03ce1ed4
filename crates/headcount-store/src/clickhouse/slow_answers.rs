//! Answers about devices that took long. They are given again for a while, so
//! that however often pages are opened, ClickHouse has time for other things.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::locked::locked;
use crate::{AnswerRows, Question, limits};

/// The answers that are kept. Each has a row for a period and version, or for
/// two weeks, and so is small.
#[derive(Debug, Default)]
pub(super) struct SlowAnswers(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// How often everything was forgotten.
    forgotten: u64,
    answers: Vec<SlowAnswer>,
}

#[derive(Debug)]
struct SlowAnswer {
    question: Question,
    answer: AnswerRows,
    until: Instant,
}

impl SlowAnswers {
    /// The answer to a question, if there is one that is good at `now`.
    pub(super) fn of(&self, question: &Question, now: Instant) -> Option<AnswerRows> {
        let kept = locked(&self.0);
        let found = kept.answers.iter().find(|one| one.question == *question && now < one.until);
        found.map(|one| one.answer.clone())
    }

    /// How often everything was forgotten: whoever asks says it with the
    /// answer.
    pub(super) fn forgotten(&self) -> u64 {
        locked(&self.0).forgotten
    }

    /// Keeps an answer that took from `began` to `ended`, if that was long and
    /// nothing was forgotten meanwhile.
    pub(super) fn keep(
        &self,
        (question, answer): (&Question, &AnswerRows),
        (began, ended): (Instant, Instant),
        forgotten: u64,
    ) {
        let time = good_for(ended.duration_since(began));
        let is_of_devices =
            matches!(question, Question::Active { .. } | Question::Retention { .. });
        if time.is_zero() || !is_of_devices {
            return;
        }
        let mut kept = locked(&self.0);
        kept.answers.retain(|one| ended < one.until && one.question != *question);
        if kept.forgotten == forgotten && kept.answers.len() < limits::clickhouse::SLOW_ANSWERS {
            let (question, answer) = (question.clone(), answer.clone());
            kept.answers.push(SlowAnswer { question, answer, until: ended + time });
        }
    }

    /// Every answer is new from now on: somebody was erased.
    pub(super) fn forget(&self) {
        let mut kept = locked(&self.0);
        kept.forgotten += 1;
        kept.answers.clear();
    }
}

/// How long an answer is good that took some time.
fn good_for(took: Duration) -> Duration {
    match took < limits::clickhouse::SLOW_ANSWER {
        true => Duration::ZERO,
        false => (took * limits::clickhouse::TELL_PAUSE).min(limits::clickhouse::ANSWER_KEPT),
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Day;

    use super::*;

    fn retention(product: &str) -> Question {
        let (from, to) = (Day::from_number(1), Day::from_number(2));
        Question::Retention { product: product.into(), from, to }
    }

    #[test]
    fn an_answer_is_given_again_for_as_long_as_it_was_slow() {
        let (answers, began) = (SlowAnswers::default(), Instant::now());
        let answer = AnswerRows::Retention(Vec::new());
        let at = |seconds| began + Duration::from_secs(seconds);
        answers.keep((&retention("a"), &answer), (began, at(2)), 0);
        answers.keep((&retention("b"), &answer), (began, began + Duration::from_millis(100)), 0);
        answers.keep((&Question::Products, &answer), (began, at(2)), 0);
        assert_eq!(answers.of(&retention("a"), at(41)), Some(answer.clone()));
        assert_eq!(answers.of(&retention("a"), at(42)), None);
        assert_eq!(answers.of(&retention("b"), began), None, "it was quick");
        assert_eq!(answers.of(&Question::Products, began), None, "it may be long");
        assert_eq!(good_for(Duration::from_secs(60)), limits::clickhouse::ANSWER_KEPT);
        answers.forget();
        assert_eq!(answers.of(&retention("a"), at(3)), None);
        answers.keep((&retention("a"), &answer), (began, at(2)), 0);
        assert_eq!(answers.of(&retention("a"), at(3)), None, "it was asked before");
    }
}
