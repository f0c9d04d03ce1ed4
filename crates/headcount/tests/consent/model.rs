//! The model of every product's decision: a few lines, made of the sentences of
//! its document and the decisions on it, and of no code.

use std::path::PathBuf;

use Rule::{Ci, DoNotTrack, Environment, Settings};
use headcount::Flag;
use headcount::catalog::Rule;

/// What the decisions say of one product.
pub(crate) struct Product {
    pub(crate) name: &'static str,
    pub(crate) order: &'static [Rule],
    pub(crate) variable: &'static str,
    /// Whether the variable is one that disables.
    pub(crate) inverted: bool,
    pub(crate) default: &'static str,
    /// The settings file that says yes, and one without the key.
    pub(crate) yes: &'static str,
    pub(crate) without: &'static str,
    pub(crate) key: &'static str,
    /// The key beside it that says the person was asked.
    pub(crate) given: Option<&'static str>,
}

pub(crate) const PRODUCTS: [Product; 5] = [
    Product {
        name: "atomic",
        order: &[Ci, Environment, DoNotTrack, Rule::Flag, Settings],
        variable: "ATOMIC_TELEMETRY",
        inverted: false,
        default: "off",
        yes: "{\"enabled\": true, \"consentGiven\": true}",
        without: "{\"theme\": \"dark\"}",
        key: "enabled",
        given: Some("consentGiven"),
    },
    Product {
        name: "atomcode",
        order: &[Environment, DoNotTrack, Rule::Flag, Settings],
        variable: "ATOMCODE_TELEMETRY",
        inverted: false,
        default: "on",
        yes: "[telemetry]\nenabled = true\n",
        without: "[model]\nname = \"large\"\n",
        key: "telemetry.enabled",
        given: None,
    },
    Product {
        name: "archon",
        order: &[DoNotTrack, Environment, Rule::Flag, Settings],
        variable: "ARCHON_TELEMETRY",
        inverted: false,
        default: "off",
        yes: "telemetry:\n  enabled: true\n",
        without: "model: large\n",
        key: "telemetry.enabled",
        given: None,
    },
    Product {
        name: "assembly",
        order: &[Environment, DoNotTrack, Rule::Flag, Settings],
        variable: "AAI_TELEMETRY_DISABLED",
        inverted: true,
        default: "on",
        yes: "telemetry_enabled = true\n",
        without: "region = \"eu\"\n",
        key: "telemetry_enabled",
        given: None,
    },
    Product {
        name: "clacky",
        order: &[Environment, DoNotTrack, Rule::Flag, Settings],
        variable: "CLACKY_TELEMETRY",
        inverted: false,
        default: "on",
        yes: "{\"enabled\": true}",
        without: "{\"theme\": \"dark\"}",
        key: "enabled",
        given: None,
    },
];

pub(crate) const VALUES: [Option<&str>; 7] =
    [None, Some(""), Some("0"), Some("FALSE"), Some("1"), Some("On"), Some("maybe")];

pub(crate) const CI: [&[(&str, &str)]; 4] = [
    &[],
    &[("BUILDKITE", "true")],
    &[("CI", "true"), ("GITHUB_ACTIONS", "true")],
    &[("CI", "false"), ("GITHUB_ACTIONS", "true")],
];

/// What an administrator's file says; `None` where there is none.
pub(crate) const ADMIN: [Option<&str>; 5] = [
    None,
    Some("{\"telemetry\": \"off\"}"),
    Some("{\"telemetry\": \"local\"}"),
    Some("{\"telemetry\": \"on\"}"),
    Some("{\"telemetry\": "),
];

/// What the settings file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Absent,
    WithoutKey,
    Yes,
    YesButNotGiven,
    YesNeverAsked,
    No,
    Local,
    Corrupt,
    OfAnotherType,
}

pub(crate) const WRITTEN: [Written; 9] = [
    Written::Absent,
    Written::WithoutKey,
    Written::Yes,
    Written::YesButNotGiven,
    Written::YesNeverAsked,
    Written::No,
    Written::Local,
    Written::Corrupt,
    Written::OfAnotherType,
];

/// One combination.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) admin: usize,
    pub(crate) own: Option<&'a str>,
    pub(crate) track: Option<&'a str>,
    pub(crate) ci: &'a [(&'a str, &'a str)],
    pub(crate) flag: Flag,
    pub(crate) written: Written,
    pub(crate) settings: PathBuf,
    pub(crate) policies: PathBuf,
}

/// The model: state and reason, from the sentences of the decisions alone.
impl Case<'_> {
    pub(crate) fn expected(&self, product: &Product) -> (&'static str, String) {
        let admin =
            format!("admin:{}", self.policies.join(product.name).join("telemetry.json").display());
        let said = product.order.iter().find_map(|rule| self.says(*rule, product));
        let (state, reason) = said.unwrap_or((product.default, "default".to_owned()));
        match self.admin {
            1 | 4 => ("off", admin),
            2 if state != "off" => ("local", admin),
            _ => (state, reason),
        }
    }

    pub(crate) fn says(&self, rule: Rule, product: &Product) -> Option<(&'static str, String)> {
        let variable = |name: &str, value: Option<&str>, inverted: bool| {
            let word = value?.to_lowercase();
            let silent =
                if inverted { ["0", "false", "off", "no"] } else { ["1", "true", "on", "yes"] };
            let refuses = !word.is_empty() && !silent.contains(&word.as_str());
            refuses.then(|| ("off", format!("env:{name}={}", value.unwrap_or_default())))
        };
        match rule {
            Ci if self.ci.contains(&("CI", "false")) => None,
            Ci => self.ci.first().map(|(name, _)| ("off", format!("ci:{name}"))),
            Environment => variable(product.variable, self.own, product.inverted),
            DoNotTrack => variable("DO_NOT_TRACK", self.track, true),
            Rule::Flag => {
                (self.flag == Flag::NoTelemetry).then(|| ("off", "flag:--no-telemetry".to_owned()))
            }
            Settings => self.chosen(product),
        }
    }

    fn chosen(&self, product: &Product) -> Option<(&'static str, String)> {
        let config = |key: &str, value: &str| format!("config:{key}={value}");
        let given = product.given.unwrap_or(product.key);
        match self.written {
            Written::Absent | Written::WithoutKey => None,
            Written::Yes => Some(("on", config(given, "true"))),
            Written::YesButNotGiven => Some(("off", config(given, "false"))),
            Written::YesNeverAsked => Some(("off", config(given, "missing"))),
            Written::No => Some(("off", config(product.key, "false"))),
            Written::Local => Some(("local", config("local", "true"))),
            Written::Corrupt | Written::OfAnotherType => {
                Some(("off", format!("file:{}", self.settings.display())))
            }
        }
    }
}
