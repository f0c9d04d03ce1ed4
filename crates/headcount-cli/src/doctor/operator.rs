//! For operators: whether everything in a data folder is right.

use std::path::Path;

use headcount_collector::offline::{self, DoctorReport};
use serde_json::json;

use crate::print;

/// Examines a data folder. 0 where everything is right, 1 where something is
/// not, 2 where there is no such folder.
pub(super) fn run(data: &Path, proof: Option<&str>, as_json: bool) -> u8 {
    match offline::doctor(data, proof) {
        Ok(report) => {
            let DoctorReport { findings, examined } = &report;
            if as_json {
                let report = json!({"findings": findings, "examined": examined});
                print::out(format_args!("{report}\n"));
            } else {
                print::out(said(&report));
            }
            u8::from(!findings.is_empty())
        }
        Err(error) => {
            print::err(format_args!("headcount doctor: {error}\n"));
            2
        }
    }
}

/// The report for a person, one sentence a line.
fn said(report: &DoctorReport) -> String {
    let DoctorReport { findings, examined } = report;
    let end = match findings.len() {
        0 => "Everything that was examined is right.".to_owned(),
        1 => "One thing is wrong.".to_owned(),
        number => format!("{number} things are wrong."),
    };
    let right = examined.iter().map(|text| format!("right: {text}\n"));
    let wrong = findings.iter().map(|text| format!("WRONG: {text}\n"));
    format!("{}{}{end}\n", right.collect::<String>(), wrong.collect::<String>())
}
