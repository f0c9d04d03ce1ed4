//! The plot in a few sentences, made of the stories' own numbers, so that
//! whoever looks at the pages knows what to find.

use headcount_catalog::Day;

use super::limits;
use super::people::{Product, part_of};
use super::story::{Crowd, Fault, Release};

/// What happens in a play of so many days that begins on `first`.
pub(super) fn sentences(products: &[Product], first: Day, days: u16) -> Vec<String> {
    let after = |percent: u32| first.plus(part_of(i32::from(days), percent));
    let broken = products.iter().flat_map(|product| faults(product, &after));
    let outages = products.iter().filter_map(|product| {
        let day = after(product.story.outage_after_percent?);
        Some(format!(
            "From noon on {day} hardly anybody uses {} for {} hours, and the little that is \
             recorded then arrives late.",
            title(product),
            limits::OUTAGE_HOURS
        ))
    });
    broken.chain(outages).chain(newcomer(products, &after)).chain([crowds(products)]).collect()
}

fn title(product: &Product) -> &'static str {
    product.catalog.product.title
}

fn faults(product: &Product, after: &dyn Fn(u32) -> Day) -> Vec<String> {
    let releases = product.story.releases;
    let pairs = releases.iter().enumerate();
    let broken = pairs.filter_map(|(place, release)| {
        let before = releases.get(place.checked_sub(1)?)?;
        Some(fault(product, before, release, release.fault?, releases.get(place + 1)?, after))
    });
    broken.collect()
}

fn fault(
    product: &Product,
    before: &Release,
    broken: &Release,
    fault: Fault,
    next: &Release,
    after: &dyn Fn(u32) -> Day,
) -> String {
    format!(
        "On {} release {} of {} comes out: `{}` fails {:.0} times as often and takes {:.0} times \
         as long, until {} mends it on {}.",
        after(broken.after_percent),
        broken.version,
        title(product),
        fault.word,
        fault.trouble / before.trouble,
        fault.slower,
        next.version,
        after(next.after_percent)
    )
}

fn newcomer(products: &[Product], after: &dyn Fn(u32) -> Day) -> Option<String> {
    let having = |product: &&Product| product.story.newcomer.is_some();
    let names: Vec<&str> = products.iter().filter(having).map(title).collect();
    let newcomer = products.iter().find_map(|product| product.story.newcomer)?;
    Some(format!(
        "The agent `{}` appears on {} in {} and grows to lead.",
        newcomer.word,
        after(newcomer.after_percent),
        names.join(" and ")
    ))
}

fn crowds(products: &[Product]) -> String {
    let with = |crowd: Crowd| {
        let named = products.iter().filter(|product| product.story.crowd == crowd).map(title);
        named.collect::<Vec<_>>().join(" and ")
    };
    let smallest = products.iter().min_by_key(|product| product.story.people);
    let few = smallest.map_or(String::new(), |product| {
        format!(", and {} has only {} people", title(product), product.story.people)
    });
    format!(
        "{} grows week by week, {} stays as it is{few}.",
        with(Crowd::Grows),
        with(Crowd::Steady)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::catalogs;
    use crate::demo::limits::Scale;

    #[test]
    fn the_plot_is_told_with_its_days() {
        let products = catalogs::products(Scale::WHOLE).unwrap();
        let first = Day::parse("2026-10-01").unwrap();
        assert_eq!(
            sentences(&products, first, 60),
            [
                "On 2026-10-28 release 1.5.0 of AssemblyAI CLI comes out: `assembly transcribe` \
                 fails 4 times as often and takes 2 times as long, until 1.5.1 mends it on \
                 2026-11-09.",
                "From noon on 2026-11-03 hardly anybody uses AtomCode for 36 hours, and the \
                 little that is recorded then arrives late.",
                "The agent `opencode` appears on 2026-10-25 in AssemblyAI CLI and Atomic CLI and \
                 grows to lead.",
                "AssemblyAI CLI grows week by week, OpenClacky stays as it is, and Archon has \
                 only 15 people.",
            ]
        );
    }
}
