//! `status` for a program: one JSON object.

use headcount_catalog::{Age, Grain, Period, Time};
use serde_json::Value as Json;

use super::facts::{DestinationFacts, Facts, Sends, is_unknown_value, masked_id};
use crate::as_json::{json, object_of};
use crate::consent::{ConsentState, Opinion};
use crate::disk::receipts::Receipt;
use crate::marked_periods::MarkedPeriods;
use crate::person::purpose_facts::PurposeFacts;
use crate::standing::Standing;

pub(super) fn json(standing: &Standing, facts: &Facts) -> Json {
    let Facts { decision, rules, .. } = facts;
    let rules: Vec<Json> =
        rules.iter().map(|(rule, opinion)| one(rule.name(), opinion.as_ref())).collect();
    let amount = |of: &Result<(u64, u64), String>| match of {
        Ok((events, bytes)) => json!({"events": events, "bytes": bytes}),
        Err(problem) => json!({"problem": problem}),
    };
    json!({
        "product": standing.catalog().product.name,
        "state": match decision.state() {
            ConsentState::On => "on",
            ConsentState::Local => "local",
            ConsentState::Off => "off",
        },
        "on": decision.is_on(),
        "sends": facts.sends == Sends::Yes,
        "reason": decision.winner().why.to_string(),
        "problem": decision.winner().why.detail(),
        "understood": !is_unknown_value(&decision.winner().why),
        "admin": facts.admin.as_ref().map(|opinion| one("admin", Some(opinion))),
        "rules": rules,
        "id": facts.id.as_deref().map(masked_id),
        "created": facts.minted.map(|day| day.to_string()),
        "marks": marks(standing, facts),
        "destinations": facts
            .destinations
            .iter()
            .map(|facts| destination(facts, standing.surroundings().now()))
            .collect::<Vec<Json>>(),
        "shipperProblem": facts.shipper,
        "last": facts.last.as_ref().map(|record| json!({
            "event": record.event.name,
            "time": record.time.map(|time| time.format(Grain::Second)),
        })),
        "waiting": amount(&facts.waiting),
        "sent": amount(&facts.sent),
        "quarantineBytes": facts.quarantine_bytes,
        "erasures": facts.erasures.iter().map(|erasure| json!({
            "asked": erasure.asked.to_string(), "destinations": erasure.owed_by,
        })).collect::<Vec<Json>>(),
        "requests": json!({
            "tried": facts.tally.counts.tried, "failed": facts.tally.counts.failed,
        }),
        "lost": object_of(
            &mut facts.tally.counts.losses().map(|(reason, events)| (reason, json!(events))),
        ),
        "reportWaits": facts.tally.telling.is_some(),
        "countedSince": facts.tally.since_s.map(|since| Time::from_seconds(since).day().to_string()),
        "purposes": facts.purposes.iter().map(PurposeFacts::json).collect::<Vec<Json>>(),
        "withheld": facts.withheld,
        "unheeded": facts.unheeded.as_ref().map(|file| file.display().to_string()),
        "settings": standing.paths().map(|paths| paths.settings.display().to_string()),
        "policy": standing.catalog().product.policy,
        "contact": standing.catalog().product.contact,
    })
}

/// How the device is counted without an id; null where it is not.
fn marks(standing: &Standing, facts: &Facts) -> Json {
    let count = standing.catalog().identity.count;
    if count.is_empty() {
        return Json::Null;
    }
    let since = facts.marked.as_ref().and_then(MarkedPeriods::since);
    let age = since.map(|since| Age::between(since, standing.surroundings().now().day()).name());
    let newest = |period: &Period| {
        let newest = facts.marked.as_ref()?.newest(*period).last()?;
        Some((period.name(), Json::from(newest.to_string())))
    };
    json!({
        "periods": count.iter().map(|period| period.name()).collect::<Vec<_>>(),
        "newest": object_of(&mut count.iter().filter_map(newest)),
        "since": since.map(|day| day.to_string()),
        "age": age,
    })
}

fn one(rule: &str, opinion: Option<&Opinion>) -> Json {
    json!({
        "rule": rule,
        "says": opinion.map(|opinion| super::text::says(opinion.says)),
        "reason": opinion.map(|opinion| opinion.why.to_string()),
    })
}

fn destination(facts: &DestinationFacts, now: Time) -> Json {
    json!({
        "name": facts.destination.name,
        "kind": facts.destination.dialect.name(),
        "url": facts.address,
        "key": facts.key.as_ref().map(|(key, _)| key),
        "problem": facts.problem,
        "proxy": facts.via.proxy,
        "proxyFrom": facts.via.proxy_from,
        "authorities": facts.via.authorities.as_deref().unwrap_or("system"),
        "asks": facts.pace.map(|pace| pace.wish.to_string()),
        "asksForSeconds": facts.pace.and_then(|pace| pace.remaining(now)).map(|pause| pause.as_secs()),
        "lastRequest": facts.last.as_ref().map(Receipt::json),
        "againInSeconds": facts.pause.map(|pause| pause.as_secs()),
    })
}
