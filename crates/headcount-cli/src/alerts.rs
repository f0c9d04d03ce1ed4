//! `headcount alerts`: what each alert of a configuration sees now, what each
//! report would say, and whether their messages arrive.

use headcount::person::visible;
use headcount_catalog::{Grain, Time};
use headcount_collector::offline::{self, SeenAlert};
use headcount_collector::{AlertChannel, AlertMessage, AlertRule, AlertState, ReportRule};
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
    match alerts.report {
        true => reports(alerts, config, now),
        false => sights(alerts, config, now),
    }
}

/// Says what each alert sees.
fn sights(alerts: &Alerts, config: AlertConfig, now: Time) -> u8 {
    let AlertConfig { mut rules, data, url, reports } = config;
    rules.retain(|rule| alerts.only.as_ref().is_none_or(|only| rule.name == *only));
    if rules.is_empty() {
        return nothing("alert", alerts, !reports.is_empty());
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
            let message = AlertMessage::new(rule, &seen.sight, "test", now, &url);
            code = code.max(test(&rule.name, &rule.channels, &message));
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

/// Says what each report would tell now.
fn reports(alerts: &Alerts, config: AlertConfig, now: Time) -> u8 {
    let AlertConfig { reports: mut rules, data, url, .. } = config;
    rules.retain(|rule| alerts.only.as_ref().is_none_or(|only| rule.name == *only));
    if rules.is_empty() {
        return nothing("report", alerts, false);
    }
    let messages = match offline::reports(&data, &rules, alerts.test, now, &url) {
        Ok(messages) => messages,
        Err(error) => {
            print::err(format_args!("headcount alerts: {error}\n"));
            return 1;
        }
    };
    let mut code = 0;
    for (rule, message) in rules.iter().zip(&messages) {
        show_report(rule, message, alerts.json);
        if alerts.test {
            code = code.max(test(&rule.name, &rule.channels, message));
        }
    }
    code
}

fn show_report(rule: &ReportRule, message: &AlertMessage, in_json: bool) {
    if in_json {
        print::out(format_args!("{}\n", message.json()));
        return;
    }
    let subject = visible(message.text("subject"));
    print::out(format_args!("{}: {subject}\n\n", rule.name));
    for line in message.text("text").lines() {
        print::out(format_args!("{}\n", visible(line)));
    }
}

/// There is none of the kind, or none of the name. Says where to look.
fn nothing(kind: &str, alerts: &Alerts, has_reports: bool) -> u8 {
    let more = if has_reports { "; --report shows what is reported" } else { "" };
    let sentence = match &alerts.only {
        Some(name) => format!("no {kind} has the name `{}`", visible(name)),
        None => format!("there is no `[[{kind}]]` in {}{more}", alerts.config.display()),
    };
    print::err(format_args!("headcount alerts: {sentence}\n"));
    1
}

/// Sends a message through every channel. 1 if one does not deliver it.
fn test(name: &str, channels: &[AlertChannel], message: &AlertMessage) -> u8 {
    let mut code = 0;
    for channel in channels {
        let kind = channel.kind;
        match (channel.deliver)(message) {
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
