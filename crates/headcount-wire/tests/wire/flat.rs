//! What is read without a tree is what the decoders with a tree read.

use headcount_catalog::{Dialect, Encoding};
use headcount_wire::flat::BodyForm;

use super::mutated::{Mutator, bodies};
use super::products::{DIALECTS, catalogs, records, sent};
use super::readings::compared;

/// The form in which a dialect is sent.
fn form_of(dialect: Dialect, encoding: Encoding) -> BodyForm {
    match (dialect, encoding) {
        (Dialect::Headcount, _) => BodyForm::Native,
        (Dialect::Http, _) => BodyForm::Http,
        (Dialect::PostHog, _) => BodyForm::PostHog,
        (Dialect::Datadog, _) => BodyForm::Datadog,
        (Dialect::Clacky, _) => BodyForm::Clacky,
        (Dialect::Otlp, Encoding::Protobuf) => BodyForm::OtlpProtobuf,
        (Dialect::Otlp, _) => BodyForm::Otlp,
    }
}

#[test]
fn every_request_cut_anywhere_is_read_alike() {
    for catalog in catalogs() {
        let records = records(&catalog);
        for (dialect, encoding, _) in DIALECTS {
            let form = form_of(dialect, encoding);
            let records = &records[..records.len().min(2)];
            let body = sent(&catalog, records, (dialect, encoding)).body;
            assert!(
                compared(form, &catalog, &body).is_some_and(|events| events > 0)
                    || dialect == Dialect::Clacky
            );
            for end in 0..body.len() {
                compared(form, &catalog, &body[..end]);
            }
        }
    }
}

#[test]
fn mutated_requests_are_read_alike() {
    let mut mutator = Mutator::new(0x0dd5_eed5);
    let catalogs = catalogs();
    let mut counts = [0, 0];
    for (place, body) in bodies().iter().enumerate() {
        let catalog = &catalogs[place / DIALECTS.len()];
        for _ in 0..60 {
            let mutated = mutator.mutated(body);
            for form in BodyForm::ALL {
                let read = compared(form, catalog, &mutated);
                counts[usize::from(read.is_some_and(|events| events > 0))] += 1;
            }
        }
    }
    assert!(counts.iter().all(|count| *count > 2_000), "{counts:?}");
}
