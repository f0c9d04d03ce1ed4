//! Looks whether everything in a data folder is right, also while a collector
//! runs. Changes nothing.

use std::path::Path;

use super::error::OfflineError;
use crate::erasure_proof::ErasureProof;
use crate::pseudonym::Pseudonyms;
use crate::registry::KeptCatalogs;
use crate::secret;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoctorReport {
    /// What is wrong, one sentence each, without a full stop.
    pub findings: Vec<String>,
    /// What was examined, one sentence each.
    pub examined: Vec<String>,
}

/// Examines the secret, the kept catalogs, the store's books, and the proof of
/// an erasure if there is one.
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
    if let (Some(text), Ok(secret)) = (proof, &secret) {
        check_proof(text, &Pseudonyms::under(secret), &mut report);
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

fn check_proof(text: &str, pseudonyms: &Pseudonyms, report: &mut DoctorReport) {
    match ErasureProof::check(text, pseudonyms) {
        Ok(ErasureProof { product, day, erased, .. }) => report.examined.push(format!(
            "the proof is this collector's: on {day} it answered that it had erased {erased} events \
             of a person from `{product}`"
        )),
        Err(error) => report.findings.push(format!("the proof is {error}")),
    }
}
