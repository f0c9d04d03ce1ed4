//! The books: what the SDK says it recorded against what the collector says
//! became of it.

use std::fmt::Write as _;

use super::people::Product;
use super::player::{Lived, Player};
use super::questions::{self, Outcomes, Questions};

/// Every product's page, and what belongs to none.
#[derive(Debug, Default)]
pub(super) struct Books {
    pub(super) pages: Vec<Page>,
    /// Answers that got lost on their way.
    pub(super) lost: u64,
    /// Shipments that found no collector.
    pub(super) unanswered: u64,
    /// Shipments for which there was no network.
    pub(super) without_network: u64,
    /// Times the collector was stopped and started again.
    pub(super) restarts: u64,
}

/// One product's page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) product: &'static str,
    pub(super) people: u64,
    /// Of them, those who said no, or never said yes.
    pub(super) refusing: u64,
    /// Of them, those who said yes, and no later.
    pub(super) changed_mind: u64,
    /// By the SDK.
    pub(super) recorded: u64,
    /// By the SDK: what it lost on the way, and reported.
    pub(super) lost: u64,
    /// By the collector's counter.
    pub(super) outcomes: Outcomes,
    /// By the collector's panels.
    pub(super) asked: u64,
    /// Reports of the SDK's own among what was recorded.
    pub(super) reports: u64,
    /// Never settled by any answer.
    pub(super) waiting: u64,
    /// Events of people who said no.
    pub(super) leaked: u64,
    /// Files in homes of people who never said anything.
    pub(super) traces: u64,
    /// What should have been done and was not, and the first sentence on it.
    pub(super) failures: u64,
    pub(super) first_failure: Option<String>,
}

impl Books {
    /// Empty ones.
    pub(super) fn of(products: &[Product]) -> Self {
        let page =
            |product: &Product| Page { product: product.catalog.product.name, ..Page::default() };
        Self { pages: products.iter().map(page).collect(), ..Self::default() }
    }

    /// A day of a person is over.
    pub(super) fn take(&mut self, lived: &Lived) {
        self.lost += lived.lost;
        self.unanswered += lived.unanswered;
        self.without_network += lived.without_network;
        let Some(page) = self.pages.get_mut(lived.place) else { return };
        page.recorded += lived.recorded;
        page.reports += lived.reports;
        page.leaked += lived.leaked;
        for failure in &lived.failures {
            page.fail(failure);
        }
    }

    /// The play is over for a person.
    pub(super) fn leave(&mut self, player: &Player) {
        let Some(page) = self.pages.get_mut(player.person.place) else { return };
        page.people += 1;
        page.refusing += u64::from(player.never_agreed());
        page.changed_mind += u64::from(player.changed_mind());
        page.waiting += player.waiting();
        page.lost += player.lost();
        match player.traces() {
            Ok(traces) => page.traces += traces as u64,
            Err(error) => page.fail(&format!("a home cannot be looked into: {error}")),
        }
    }

    pub(super) fn restarted(&mut self) {
        self.restarts += 1;
    }

    /// Asks the collector for its side, over days written as they are.
    ///
    /// # Errors
    ///
    /// Why it has no answer.
    pub(super) fn ask(
        &mut self,
        questions: &Questions,
        from: &str,
        to: &str,
    ) -> Result<(), String> {
        let counter = questions.counter()?;
        for page in &mut self.pages {
            page.outcomes = questions::outcomes(&counter, page.product);
            page.asked = questions.events(page.product, from, to)?;
        }
        Ok(())
    }

    /// By the SDK, all products.
    pub(super) fn recorded(&self) -> u64 {
        self.pages.iter().map(|page| page.recorded).sum()
    }

    /// What was lost on the way, all products.
    pub(super) fn lost_on_the_way(&self) -> u64 {
        self.pages.iter().map(|page| page.lost).sum()
    }

    /// By the collector's counter, all products.
    pub(super) fn outcomes(&self) -> Outcomes {
        let sum = |of: fn(&Outcomes) -> u64| self.pages.iter().map(|page| of(&page.outcomes)).sum();
        Outcomes {
            stored: sum(|it| it.stored),
            duplicate: sum(|it| it.duplicate),
            rejected: sum(|it| it.rejected),
            refused: sum(|it| it.refused),
        }
    }

    /// What is off, a line each; empty where nothing is.
    pub(super) fn problems(&self) -> String {
        let mut text = String::new();
        for page in &self.pages {
            for problem in page.problems() {
                // Writing into a `String` cannot fail.
                let _ = writeln!(text, "{:<10} {problem}", page.product);
            }
        }
        text
    }
}

impl Page {
    fn fail(&mut self, sentence: &str) {
        self.failures += 1;
        self.first_failure.get_or_insert_with(|| sentence.to_owned());
    }

    fn problems(&self) -> Vec<String> {
        let Self { recorded, lost, outcomes: Outcomes { stored, rejected, .. }, asked, .. } = self;
        let mut problems = Vec::new();
        let found = stored + rejected + lost;
        if *recorded != found {
            problems.push(format!(
                "recorded {recorded}, but stored {stored}, rejected {rejected} and lost on the way \
                 {lost} make {found}: {} {}",
                recorded.abs_diff(found),
                if *recorded > found { "are missing" } else { "are too many" }
            ));
        }
        if asked != stored {
            problems.push(format!("the counter says {stored} stored, the panels say {asked}"));
        }
        for (number, what) in
            [(self.waiting, "were never answered for"), (self.leaked, "are of people who said no")]
        {
            if number > 0 {
                problems.push(format!("{number} events {what}"));
            }
        }
        if self.traces > 0 {
            problems.push(format!("people who never said anything have {} files", self.traces));
        }
        if let Some(first) = &self.first_failure {
            problems.push(format!("{} things failed, the first one: {first}", self.failures));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        Page {
            product: "atomic",
            recorded: 10,
            outcomes: Outcomes { stored: 8, duplicate: 5, rejected: 2, refused: 1 },
            asked: 8,
            ..Page::default()
        }
    }

    #[test]
    fn duplicates_come_on_top_and_everything_else_must_agree() {
        assert_eq!(page().problems(), Vec::<String>::new());
        for (off, said) in [
            (Page { recorded: 11, ..page() }, "1 are missing"),
            (Page { lost: 1, ..page() }, "1 are too many"),
            (Page { recorded: 9, ..page() }, "1 are too many"),
            (Page { asked: 9, ..page() }, "the panels say 9"),
            (Page { waiting: 1, ..page() }, "never answered for"),
            (Page { leaked: 1, ..page() }, "who said no"),
            (Page { traces: 1, ..page() }, "have 1 files"),
        ] {
            let problems = off.problems();
            assert!(problems.len() == 1 && problems[0].contains(said), "{problems:?}");
        }
        let mut failed = page();
        failed.fail("the disk is full");
        failed.fail("another");
        assert_eq!(failed.problems(), ["2 things failed, the first one: the disk is full"]);
    }

    #[test]
    fn problems_name_their_product() {
        let pages = vec![page(), Page { product: "clacky", recorded: 1, ..Page::default() }];
        let books = Books { pages, ..Books::default() };
        assert_eq!(books.recorded(), 11);
        assert_eq!(books.outcomes(), page().outcomes);
        assert!(books.problems().starts_with("clacky     recorded 1, but"), "{}", books.problems());
    }
}
