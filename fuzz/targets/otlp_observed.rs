//! Somebody else's program: logs, spans and metrics in both encodings. The two
//! decoders agree, the plan judges as the catalog does, and nothing of what
//! was not asked for is in what is kept. The first byte chooses the form.
#![no_main]

#[path = "../../crates/headcount-wire/tests/wire/readings.rs"]
mod readings;

use std::sync::OnceLock;

use headcount_catalog::{Catalog, Day, parse};
use headcount_collector::model::assert_agreement;
use headcount_wire::flat::BodyForm;
use libfuzzer_sys::fuzz_target;

const FORMS: [BodyForm; 6] = [
    BodyForm::Otlp,
    BodyForm::OtlpProtobuf,
    BodyForm::OtlpTraces,
    BodyForm::OtlpTracesProtobuf,
    BodyForm::OtlpMetrics,
    BodyForm::OtlpMetricsProtobuf,
];

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let text = include_str!("../../crates/headcount-cli/catalogs/agents/copilot.toml");
        parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    })
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, body)) = input.split_first() else { return };
    let form = FORMS[usize::from(*choice) % FORMS.len()];
    readings::compared(form, catalog(), body);
    assert_agreement(&[*catalog()], form, Day::from_number(20_777), body);
});
