//! Shares of events that failed, as rows of a table: each with its interval, on
//! a scale that all rows have in common.

use maud::{Markup, html};

use super::address::{FailureOrder, PageAddress};
use super::text;
use crate::limits;
use crate::share::Share;

/// The end of the scale of intervals, as a share: the next round one.
pub(super) fn scale(shares: impl Iterator<Item = Share>) -> f64 {
    let most = shares.map(|share| share.interval().1).fold(0.0, f64::max);
    let ends = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75];
    ends.into_iter().find(|end| most <= *end).unwrap_or(1.0)
}

/// The head of the table. If it can be ordered, by links to a page of this
/// address, at this place.
pub(super) fn head(by: &Markup, scale: f64, ordered: Option<(&PageAddress, &str)>) -> Markup {
    let ends = html! {
        span.ends { span { "0%" } span { (text::percentage(scale * 100.0)) } }
    };
    html! {
        thead { tr {
            th scope="col" { (by) }
            th.number scope="col" { "Share" }
            (heading("Between", &ends, FailureOrder::Share, ordered))
            (heading("Failed", &html! {}, FailureOrder::Number, ordered))
            th.number scope="col" { "Events" }
            th scope="col" { "Change" }
        } }
    }
}

/// A heading by which rows can be ordered, with what is below its name.
fn heading(
    name: &str,
    below: &Markup,
    order: FailureOrder,
    ordered: Option<(&PageAddress, &str)>,
) -> Markup {
    let class = (order == FailureOrder::Number).then_some("number");
    // The end that is certain: one event that failed is not the worst.
    let by = match order {
        FailureOrder::Share => "by the lower number of the two",
        FailureOrder::Number => "by how many failed",
    };
    html! {
        @match ordered {
            None => th class=[class] scope="col" { (name) (below) },
            Some((address, _)) if address.order == order => {
                th class=[class] scope="col" aria-sort="descending"
                    title={ "In this order: " (by) ", the highest first" } {
                    (name) " " span aria-hidden="true" { "▾" } (below)
                }
            }
            Some((address, place)) => th class=[class] scope="col" title={ "Order " (by) } {
                a href={ (address.ordered(order).url()) "#" (place) } { (name) } (below)
            },
        }
    }
}

pub(super) fn row(name: &Markup, share: Share, change: Option<&Markup>, scale: f64) -> Markup {
    let (low, high) = share.interval();
    let [low, high] = [low, high].map(|share| text::percentage(share * 100.0));
    html! {
        tr {
            th scope="row" { (name) }
            td.number data-label="Share" { strong { (text::percentage(share.value() * 100.0)) } }
            td data-label="Between" { (interval(share, scale)) span.aside { (low) " – " (high) } }
            td.number data-label="Failed" { (text::number(share.failed)) }
            td.number data-label="Events" { (text::number(share.all)) }
            td data-label="Change" { @if let Some(change) = change { (change) } }
        }
    }
}

/// The interval as a bar, from 0 to the end of the scale.
fn interval(share: Share, scale: f64) -> Markup {
    let (low, high) = share.interval();
    let percent = |share: f64| format!("{:.2}%", share * 100.0 / scale);
    html! {
        svg.interval aria-hidden="true" {
            rect.track width="100%" height="100%" {}
            rect.span x=(percent(low)) width=(percent((high - low).max(0.004 * scale))) height="100%" {}
            rect.point x=(percent((share.value() - 0.004 * scale).max(0.0))) width="2" height="100%" {}
        }
    }
}

/// What the numbers mean, and how many rows are not shown.
pub(super) fn note(all: usize, one: &str) -> Markup {
    html! {
        p.quiet.note {
            @if all > limits::PAGE_ROWS {
                "The first " (limits::PAGE_ROWS) " of " (text::counted(all as u64, one)) ". "
            }
            "The two numbers are a 95% confidence interval (Wilson): with few events it is wide, and the true share \
             is probably between them."
        }
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Day;

    use super::*;

    fn share(failed: u64, all: u64) -> Share {
        Share { failed, all }
    }

    #[test]
    fn a_scale_fits_the_rows_and_says_its_end() {
        let rows = [share(20, 1_000), share(35, 1_000)];
        let end = scale(rows.into_iter());
        assert_eq!(end, 0.05);
        let head = head(&html! { "Version" }, end, None).into_string();
        assert!(head.contains("<span>0%</span><span>5%</span>"), "{head}");
        let row = row(&html! { "1.0.0" }, rows[1], None, end).into_string();
        // Wilson's interval of 35 in 1,000 is 2.53 % to 4.83 %.
        assert!(row.contains("x=\"50.5") && row.contains("2.5% – 4.8%"), "{row}");
        assert_eq!(scale([share(3, 3)].into_iter()), 1.0);
        assert_eq!(scale([].into_iter()), 0.01);
    }

    #[test]
    fn the_order_is_a_link() {
        let today = Day::parse("2026-11-20").unwrap();
        let address = PageAddress::new("atomic", today);
        let told = |address: &PageAddress| {
            head(&html! { "command" }, 1.0, Some((address, "failures-x"))).into_string()
        };
        let by_share = told(&address);
        let link = "<a href=\"/product/atomic?days=28&amp;order=number#failures-x\">Failed</a>";
        assert!(by_share.contains(link), "{by_share}");
        assert!(
            by_share.contains(
                "title=\"In this order: by the lower number of the two, the highest first\">Between"
            ),
            "{by_share}"
        );
        let by_number = told(&address.ordered(FailureOrder::Number));
        assert!(
            by_number.contains("number\" scope=\"col\" aria-sort=\"descending\""),
            "{by_number}"
        );
        assert_eq!(by_share.matches("aria-sort").count(), 1);
        assert!(by_number.contains("?days=28#failures-x\">Between</a>"), "{by_number}");
    }
}
