//! Whether telemetry is on, who decides in which order, and how to turn it off.

use super::blocks::Blocks;
use super::call::call;
use super::inline::{all_of, code, one_of, prose};
use super::kept::shown_everywhere;
use crate::{Catalog, ConsentDefault, Mode, OnOff, RefusingValues, Rule, Scheme, Variable};

/// The first section: the default, and the rules in their order.
pub(super) fn is_it_on(out: &mut Blocks, catalog: &Catalog) {
    out.heading(2, "Is it on?");
    out.paragraph(&default(catalog));
    out.paragraph("The first of these that has an opinion decides:");
    let mut rules = vec![format!(
        "An administrator's file (see [Files](#files-on-your-machine)) with `{{\"telemetry\": \"off\"}}`, or `\"local\"`: recorded on the machine, never sent. It can turn nothing on{}.",
        if several_purposes(catalog) { ", and it can refuse single purposes" } else { "" }
    )];
    rules.extend(catalog.consent.order.iter().map(|rule| self::rule(*rule, catalog)));
    rules.push(match catalog.consent.default {
        ConsentDefault::On => "Otherwise it is on.".to_owned(),
        ConsentDefault::Off | ConsentDefault::Ask => "Otherwise it is off.".to_owned(),
    });
    out.numbered(&rules);
    out.paragraph(
        "A variable and a flag can only refuse: none turns telemetry on. A value that is not known refuses, and so does a settings file that cannot be read. \
         If a later release reports more than you agreed to, the new part is withheld until you agree to it.",
    );
}

fn default(catalog: &Catalog) -> String {
    let title = prose(catalog.product.title);
    match catalog.consent.default {
        ConsentDefault::On => {
            let first = if catalog.shipping.mode == Mode::Thread {
                "what it would have reported is lost"
            } else {
                "what it recorded is sent by a later run, or once you say yes"
            };
            format!(
                "**On, until you turn it off.** You are told first: the first run of {title} prints a notice to standard error and sends nothing; {first}. \
                 In continuous integration the notice in the log counts at once."
            )
        }
        ConsentDefault::Off => format!(
            "**Off, until you turn it on** with {}. The first run of {title} prints a notice, once, and asks nothing. While telemetry is off, no id is made, and nothing is recorded or sent.",
            call(catalog, "on")
        ),
        ConsentDefault::Ask => format!(
            "**Off, until you are asked and say yes.** {title} asks once, and only a person at a terminal: never in continuous integration, in the shell of a coding agent, or where a program reads its output. \
             While telemetry is off, no id is made, and nothing is recorded or sent."
        ),
    }
}

fn rule(rule: Rule, catalog: &Catalog) -> String {
    let name = catalog.product.name;
    match rule {
        Rule::Ci => {
            "Continuous integration, which is known by variables such as `CI`: off.".to_owned()
        }
        Rule::Environment => {
            let own: Vec<String> = catalog.consent.variables.iter().map(variable).collect();
            format!("{} in the environment: off.", one_of(&own))
        }
        Rule::DoNotTrack => format!("{} in the environment: off.", variable(&DO_NOT_TRACK)),
        Rule::Flag => format!(
            "{} on the command line: off for this one run.",
            code(&format!("{name} --no-telemetry"))
        ),
        Rule::Settings => {
            let settings = catalog.files.settings;
            format!(
                "What you decided with {}, {} or {}. It is kept as {} in {}.",
                call(catalog, "on"),
                call(catalog, "off"),
                call(catalog, "local"),
                code(settings.enabled),
                shown_everywhere(catalog, settings.file)
            )
        }
    }
}

const DO_NOT_TRACK: Variable = Variable { name: "DO_NOT_TRACK", refuses: RefusingValues::One };

/// As in "`TOOL_TELEMETRY` = `0`, `false`, `off` or `no`".
fn variable(variable: &Variable) -> String {
    let words = match variable.refuses {
        RefusingValues::Zero => ["0", "false", "off", "no"],
        RefusingValues::One => ["1", "true", "yes", "on"],
    };
    format!("{} = {}", code(variable.name), one_of(&words.map(code)))
}

fn setting(variable: &Variable) -> String {
    let value = match variable.refuses {
        RefusingValues::Zero => 0,
        RefusingValues::One => 1,
    };
    code(&format!("{}={value}", variable.name))
}

/// Every way to turn it off, and what each of them leaves.
pub(super) fn turning_off(out: &mut Blocks, catalog: &Catalog) {
    let consent = catalog.consent;
    out.heading(2, "How to turn it off");
    out.paragraph("Any one of these is enough.");
    let name = catalog.product.name;
    let settings = catalog.files.settings;
    let mut rows = vec![[call(catalog, "off"), "until you turn it on again".to_owned()]];
    for variable in consent.variables.iter().chain([&DO_NOT_TRACK]) {
        rows.push([
            format!("{} in the environment", setting(variable)),
            "while it is set".to_owned(),
        ]);
    }
    rows.push([code(&format!("{name} --no-telemetry …")), "for this one run".to_owned()]);
    rows.push([
        format!(
            "{} = `false` in {}",
            code(settings.enabled),
            shown_everywhere(catalog, settings.file)
        ),
        "until you change it".to_owned(),
    ]);
    rows.push([
        "`{\"telemetry\": \"off\"}` in an administrator's file".to_owned(),
        "for everybody on the machine".to_owned(),
    ]);
    out.table(["how", "for how long"], &rows);
    out.paragraph(&off_deletes(catalog));
    purposes(out, catalog);
}

fn off_deletes(catalog: &Catalog) -> String {
    let off = call(catalog, "off");
    let id = match (catalog.identity.scheme, catalog.consent.off) {
        (Scheme::Random, OnOff::KeepId) => {
            format!(" The id stays on your machine, unused; {} deletes it.", call(catalog, "clear"))
        }
        (Scheme::Random, OnOff::DeleteId) => " The id is deleted, too.".to_owned(),
        (Scheme::MachineHash | Scheme::None, _) => String::new(),
    };
    let farewell = match catalog.consent.farewell {
        Some(event) => format!(" One last event is sent before it returns: {}.", code(event)),
        None => String::new(),
    };
    let waiting = if catalog.shipping.mode == Mode::Thread {
        String::new()
    } else {
        " It deletes what was waiting to be sent, and waits for a request that is under way."
            .to_owned()
    };
    let variable = if catalog.shipping.mode == Mode::Thread {
        ""
    } else {
        " A variable or a flag deletes nothing: what waits stays, unsent."
    };
    format!("Nothing leaves after {off} has returned.{waiting}{id}{farewell}{variable}")
}

fn several_purposes(catalog: &Catalog) -> bool {
    catalog.purposes.len() > 1
}

/// The purposes, where a person can refuse one of them alone.
fn purposes(out: &mut Blocks, catalog: &Catalog) {
    if !several_purposes(catalog) {
        return;
    }
    let all: Vec<String> = catalog.purposes.iter().map(|purpose| code(purpose.name)).collect();
    out.paragraph(&format!(
        "Events are for {}, and you can turn off one of these and keep the rest:",
        all_of(&all)
    ));
    let rows: Vec<[String; 3]> = catalog
        .purposes
        .iter()
        .map(|purpose| {
            let off = call(catalog, &format!("off {}", purpose.name));
            [prose(purpose.title), prose(purpose.why), off]
        })
        .collect();
    out.table(["purpose", "what for", "to turn it off alone"], &rows);
}
