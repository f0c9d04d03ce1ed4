//! The plan of a catalog judges as the catalog itself does, in every dialect.
//! The first byte chooses the dialect and the catalog.
#![no_main]

use std::sync::OnceLock;

use headcount_catalog::{Catalog, Day, parse};
use headcount_collector::model::assert_agreement;
use headcount_wire::flat::BodyForm;
use libfuzzer_sys::fuzz_target;

/// Two catalogs of other shapes, each with the version before it.
fn catalogs() -> &'static [[Catalog; 2]; 2] {
    static CATALOGS: OnceLock<[[Catalog; 2]; 2]> = OnceLock::new();
    CATALOGS.get_or_init(|| {
        let texts = [
            include_str!("../../examples/archon/telemetry.toml"),
            include_str!("../../crates/headcount-collector/src/plan/every_kind.toml"),
        ];
        texts.map(|text| {
            let newest = parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
            let mut older = newest;
            older.version = 0;
            older.events = &newest.events[..1];
            [newest, older]
        })
    })
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, body)) = input.split_first() else { return };
    let form = BodyForm::ALL[usize::from(*choice >> 1) % BodyForm::ALL.len()];
    let versions = &catalogs()[usize::from(*choice & 1)];
    assert_agreement(versions, form, Day::from_number(20_777), body);
});
