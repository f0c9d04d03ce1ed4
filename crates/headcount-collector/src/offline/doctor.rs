//! Looks whether everything in a data folder is right, also while a collector
//! runs. Changes nothing.

use std::path::Path;

use headcount_catalog::Day;
use headcount_store::{BooksReport, Cells, Pseudonym, StoreError, StoredEvents};

use super::error::OfflineError;
use crate::erasure_proof::ErasureProof;
use crate::pseudonym::Pseudonyms;
use crate::registry::KeptCatalogs;
use crate::{notes, secret};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoctorReport {
    /// What is wrong, one sentence each, without a full stop.
    pub findings: Vec<String>,
    /// What was examined, one sentence each.
    pub examined: Vec<String>,
}

/// Examines the secret, the kept catalogs, the notes, the store's books, and
/// the proof of an erasure if there is one.
///
/// # Errors
///
/// Returns an error if there is no such folder.
pub fn doctor(data: &Path, proof: Option<&str>) -> Result<DoctorReport, OfflineError> {
    OfflineError::check_folder(data)?;
    let mut report = DoctorReport::default();
    let secret = secret::examine(data);
    match &secret {
        Ok(_) => report.examined.push("the secret can be used".to_owned()),
        Err(error) => report.findings.push(error.to_string()),
    }
    catalogs(data, &mut report);
    if let Err(error) = notes::read(data) {
        report.findings.push(error.to_string());
    }
    books(data, &mut report);
    match (proof, &secret) {
        (None, _) => {}
        (Some(text), Ok(secret)) => {
            check_proof(data, text, &Pseudonyms::under(secret), &mut report);
        }
        (Some(_), Err(_)) => {
            report.findings.push("the proof cannot be checked without the secret".to_owned());
        }
    }
    Ok(report)
}

fn catalogs(data: &Path, report: &mut DoctorReport) {
    let found = KeptCatalogs::of(data).findings();
    if found.is_empty() {
        report.examined.push("every kept catalog can be read".to_owned());
    }
    report.findings.extend(found);
}

/// Examines every event of the store.
fn books(data: &Path, report: &mut DoctorReport) {
    match headcount_store::examine(data) {
        Ok(BooksReport { events, blocks, chunks, findings }) => {
            if findings.is_empty() {
                let parts = blocks + chunks;
                let sentence = format!("the books are right: {events} events in {parts} parts");
                report.examined.push(sentence);
            }
            report.findings.extend(findings);
        }
        Err(error) => report.findings.push(error.to_string()),
    }
}

fn check_proof(data: &Path, text: &str, pseudonyms: &Pseudonyms, report: &mut DoctorReport) {
    let proof = match ErasureProof::check(text, pseudonyms) {
        Ok(proof) => proof,
        Err(error) => return report.findings.push(format!("the proof is {error}")),
    };
    let ErasureProof { product, day, erased, person } = &proof;
    report.examined.push(format!(
        "the proof is this collector's: on {day} it answered that it had erased {erased} events of \
         one person from `{product}`"
    ));
    match events_of(data, product, *person) {
        Ok(0) => report.examined.push("the store has no event of that person now".to_owned()),
        Ok(number) => report.examined.push(format!(
            "the store has {number} events of that person now, which arrived after the erasure"
        )),
        Err(error) => report.findings.push(error.to_string()),
    }
}

/// Reads every event of a product, which may take minutes.
fn events_of(data: &Path, product: &str, person: Pseudonym) -> Result<usize, StoreError> {
    let (mut number, all) = (0, (Day::from_number(i32::MIN), Day::from_number(i32::MAX)));
    StoredEvents::open(data)?.each_rows(product, all.0, all.1, |rows| {
        let devices = rows.heads().iter().filter(|head| head.device.pseudonym() == Some(person));
        let accounts = rows.columns().iter().map(|column| match column.cells() {
            Cells::Pseudonyms(all) => all.iter().filter(|own| **own == person).count(),
            _ => 0,
        });
        number += devices.count() + accounts.sum::<usize>();
    })?;
    Ok(number)
}
