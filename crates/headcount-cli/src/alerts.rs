//! `headcount alerts`: what each alert of a configuration sees now, and whether
//! its messages arrive.

use headcount::person::visible;
use headcount_catalog::{Grain, Time};
use headcount_collector::offline::{self, SeenAlert};
use headcount_collector::{AlertMessage, AlertRule, AlertState};
use serde_json::json;

use crate::alerts_args::Alerts;
use crate::print;
use crate::serve::AlertConfig;

/// Says what each sees, and sends tests if they are wanted. 1 where something
/// cannot be asked or delivered, 2 where the configuration has a mistake.
pub(crate) fn run(alerts: &Alerts, now: Time) -> u8 {
    let config = match AlertConfig::read(&alerts.config, alerts.data.clone()) {
        Ok(config) => config,
        Err(mistakes) => {
            for line in mistakes.split('\n') {
                print::err(format_args!("headcount alerts: {}\n", visible(line)));
            }
            return 2;
        }
    };
    let AlertConfig { mut rules, data, url } = config;
    rules.retain(|rule| alerts.only.as_ref().is_none_or(|only| rule.name == *only));
    if rules.is_empty() {
        let sentence = match &alerts.only {
            Some(name) => format!("no alert has the name `{}`", visible(name)),
            None => format!("there is no `[[alert]]` in {}", alerts.config.display()),
        };
        print::err(format_args!("headcount alerts: {sentence}\n"));
        return 1;
    }
    let seen = match offline::alerts(&data, &rules, now) {
        Ok(seen) => seen,
        Err(error) => {
            print::err(format_args!("headcount alerts: {error}\n"));
            return 1;
        }
    };
    let mut code = 0;
    for (rule, seen) in rules.iter().zip(&seen) {
        show(rule, seen, alerts.json);
        code = code.max(u8::from(seen.mistake.is_some()));
        if alerts.test {
            code = code.max(test(rule, seen, now, &url));
        }
    }
    code
}

fn show(rule: &AlertRule, seen: &SeenAlert, in_json: bool) {
    let SeenAlert { sight, ringing, mistake } = seen;
    let state = match sight.state {
        AlertState::Ringing => "rings",
        AlertState::Quiet => "quiet",
        AlertState::Unknown => "waits",
    };
    let since = ringing.map(|since| since.format(Grain::Second));
    if in_json {
        let line = json!({"alert": rule.name, "sees": state, "sentence": sight.sentence,
                          "told_since": since, "mistake": mistake});
        print::out(format_args!("{line}\n"));
        return;
    }
    let told = since.map_or(String::new(), |since| format!(" (told on {since})"));
    print::out(format_args!("{state}  {}{told}: {}\n", rule.name, visible(&sight.sentence)));
    if let Some(mistake) = mistake {
        print::err(format_args!("headcount alerts: {}: {}\n", rule.name, visible(mistake)));
    }
}

/// Sends a message through every channel of a rule. 1 if one is not delivered.
fn test(rule: &AlertRule, seen: &SeenAlert, now: Time, url: &str) -> u8 {
    let message = AlertMessage::new(rule, &seen.sight, "test", now, url);
    let mut code = 0;
    for channel in &rule.channels {
        let (name, kind) = (&rule.name, channel.kind);
        match (channel.deliver)(&message) {
            Ok(()) => print::err(format_args!("A test of {name} was delivered by {kind}.\n")),
            Err(why) => {
                let why = visible(&why);
                print::err(format_args!("headcount alerts: {name}, {kind}: {why}\n"));
                code = 1;
            }
        }
    }
    code
}
