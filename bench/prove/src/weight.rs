//! What each adds to a host: bytes, crates, and the time of a cold build.

use crate::build::{self, Built, Host};
use crate::limits::{CURL_WEIGHT, SMALL_KILOBYTES, WEIGHT, Weight};
use crate::page::{Met, Section, Table, Verdict};

/// Tells it, of hosts that are built.
pub(crate) fn weigh(built: &Built) -> Section {
    let mut table =
        Table::new(&["host", "crates", "cold build, clock s", "processor s", "KB", "KB over bare"]);
    let kilobytes = |host: &Host| {
        std::fs::metadata(&host.program).map_or(f64::NAN, |metadata| metadata.len() as f64 / 1e3)
    };
    let bare = |host: &Host| {
        let recipe = if host.recipe.profile == "small" { build::SMALL_BARE } else { build::BARE };
        built.host(recipe).map_or(f64::NAN, kilobytes)
    };
    for host in &built.hosts {
        if matches!(host.recipe, build::INSIDE | build::FLOOR) {
            continue;
        }
        let (wall, cpu) = host.cold_s.map_or(("".to_owned(), "".to_owned()), |(wall, cpu)| {
            (format!("{wall:.0}"), format!("{cpu:.0}"))
        });
        table.row([
            host.recipe.label.to_owned(),
            host.crates.to_string(),
            wall,
            cpu,
            format!("{:.0}", kilobytes(host)),
            format!("{:+.0}", kilobytes(host) - bare(host)),
        ]);
    }
    let mut verdicts = Vec::new();
    for (recipe, limit) in [(build::HEADCOUNT, WEIGHT), (build::CURL, CURL_WEIGHT)] {
        if let Ok(host) = built.host(recipe) {
            verdicts.extend(held(host, kilobytes(host) - bare(host), limit));
        }
    }
    if let Ok(host) = built.host(build::SMALL) {
        let added = kilobytes(host) - bare(host);
        verdicts.push(Verdict::new(
            "size added, `opt-level = \"z\"`",
            format!("{SMALL_KILOBYTES} KB"),
            format!("{added:.0} KB"),
            Met::within(added, SMALL_KILOBYTES),
        ));
    }
    Section {
        title: "What it adds to a host",
        text: "Release, thin LTO, stripped; *z* is `opt-level = \"z\"`, fat LTO, one codegen \
               unit, `panic = \"abort\"`. Crates are distinct, the host left out, ours counted. \
               Cold builds start from an empty folder with one job, two hosts at a time on two \
               cores, so processor seconds are the figure; a quick run builds nothing anew and \
               leaves them out."
            .to_owned(),
        tables: vec![table],
        verdicts,
    }
}

/// A host's weight against its budget.
fn held(host: &Host, added: f64, limit: Weight) -> Vec<Verdict> {
    let of = |what: &str| format!("{what}, {}", host.recipe.label);
    let mut verdicts = vec![
        Verdict::new(
            of("size added"),
            format!("{} KB", limit.kilobytes),
            format!("{added:.0} KB"),
            Met::within(added, limit.kilobytes),
        ),
        Verdict::new(
            of("crates added"),
            limit.crates.to_string(),
            host.crates.to_string(),
            Met::within(host.crates as f64, limit.crates as f64),
        ),
    ];
    verdicts.extend(host.cold_s.map(|(_, cpu)| {
        Verdict::new(
            of("cold build on one core"),
            format!("{} s", limit.build_s),
            format!("{cpu:.0} s"),
            Met::within(cpu, limit.build_s),
        )
    }));
    verdicts
}
