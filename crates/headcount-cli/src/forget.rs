//! `headcount forget`: erases a person's events, for whoever runs the
//! collector.

use headcount_catalog::Day;
use headcount_collector::OperatorLog;
use headcount_collector::offline::{self, Person};
use serde_json::json;

use crate::args::{Forget, PersonId};
use crate::print;

/// Erases. 1 where it cannot.
pub(crate) fn run(forget: &Forget, today: Day) -> u8 {
    let person = match &forget.person {
        PersonId { device: Some(id), .. } => Person::Device(id.clone()),
        PersonId { account, .. } => Person::Account(account.clone().unwrap_or_default()),
    };
    let log = OperatorLog::new(|record| {
        print::err(format_args!("headcount forget: {}\n", record.sentence));
    });
    let (data, product) = (&forget.folder.data, &forget.product);
    match offline::forget(data, product, &person, today, &log) {
        Ok(answer) => {
            let erased = answer.erased.unwrap_or_default();
            let proof = answer.proof.unwrap_or_default();
            if forget.json {
                print::out(format_args!("{}\n", json!({"erased": erased, "proof": proof})));
            } else {
                let plural = if erased == 1 { " is" } else { "s are" };
                print::out(format_args!("{erased} event{plural} erased. The proof: {proof}\n"));
            }
            0
        }
        Err(error) => {
            print::err(format_args!("headcount forget: {error}\n"));
            1
        }
    }
}
