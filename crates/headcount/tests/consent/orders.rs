//! Whose word wins: every combination of what the rules of each product can
//! say, against a model of the order that its document and the decisions on it
//! give.

use std::fs;
use std::path::{Path, PathBuf};

use headcount::catalog::Rule;
use headcount::consent::{ConsentState, Opinion, Says, Why, explain};
use headcount::{Catalog, Decision, Flag, Host, Paths, Surroundings, Telemetry};
use headcount_testkit::Home;

use crate::model::{ADMIN, CI, Case, PRODUCTS, Product, VALUES, WRITTEN, Written};
use crate::scene::{self, NOW};

fn decide(catalog: &'static Catalog, flag: Flag, around: &Surroundings) -> Decision {
    Telemetry::new(catalog, Host::new("1.2.3").with_flag(flag), around.clone()).decide()
}

/// A home in which the settings say so; `None` where this product's cannot.
fn home(product: &Product, catalog: &'static Catalog, written: Written) -> Option<Home> {
    let home = Home::new();
    let paths = scene::paths(catalog, &home);
    let put = |text: &str| {
        fs::create_dir_all(&paths.folder).unwrap();
        fs::write(&paths.settings, text).unwrap();
    };
    let no = product.yes.replacen("true", "false", 1);
    match written {
        Written::Absent => {}
        Written::WithoutKey => put(product.without),
        Written::Yes => put(product.yes),
        Written::YesButNotGiven => {
            product.given?;
            put("{\"enabled\": true, \"consentGiven\": false}");
        }
        Written::YesNeverAsked => {
            product.given?;
            put("{\"enabled\": true}");
        }
        Written::No => put(&no),
        Written::Local => {
            put(&no);
            fs::write(&paths.state, "{\"format\": 1, \"local\": true}").unwrap();
        }
        Written::Corrupt => put(&format!("{}\u{0}", product.yes)),
        Written::OfAnotherType => put(&product.yes.replacen("true", "\"true\"", 1)),
    }
    Some(home)
}

/// A folder of policies for every line of [`ADMIN`].
fn policies(product: &Product, home: &Home) -> Vec<PathBuf> {
    let folder = |(number, text): (usize, &Option<&str>)| {
        if let Some(text) = text {
            home.write(&format!("{number}/{}/telemetry.json", product.name), text);
        }
        home.path().join(number.to_string())
    };
    ADMIN.iter().enumerate().map(folder).collect()
}

fn check(
    catalog: &'static Catalog,
    product: &Product,
    case: &Case<'_>,
    around: &Surroundings,
    paths: &Paths,
) {
    let decision = decide(catalog, case.flag, around);
    let (state, reason) = case.expected(product);
    let found = match decision.state() {
        ConsentState::Off => "off",
        ConsentState::Local => "local",
        ConsentState::On => "on",
    };
    assert_eq!(
        (found, decision.winner().why.to_string()),
        (state, reason),
        "{}: {case:?}",
        product.name
    );
    if case.admin == 0 {
        check_explained(catalog, product, case, around, paths, decision.winner());
    }
}

/// What every rule is told to say, and that the first that speaks has won. An
/// administrator is no rule of the order.
fn check_explained(
    catalog: &'static Catalog,
    product: &Product,
    case: &Case<'_>,
    around: &Surroundings,
    paths: &Paths,
    winner: &Opinion,
) {
    let rules = explain(catalog, case.flag, around, Some(paths));
    let order: Vec<Rule> = rules.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(order, product.order, "{}", product.name);
    for (rule, opinion) in &rules {
        let told = opinion.as_ref().map(|opinion| (word(opinion.says), opinion.why.to_string()));
        assert_eq!(told, case.says(*rule, product), "{}: {rule:?} in {case:?}", product.name);
    }
    let first = rules.into_iter().find_map(|(_, opinion)| opinion);
    match winner.why {
        Why::Default => assert_eq!(first, None, "{}: {case:?}", product.name),
        _ => assert_eq!(Some(winner), first.as_ref(), "{}: {case:?}", product.name),
    }
}

fn word(says: Says) -> &'static str {
    match says {
        Says::Refuse => "off",
        Says::Local => "local",
        Says::Grant => "on",
    }
}

/// Every combination of one product; how many there were.
fn sweep(product: &Product) -> usize {
    let catalog = scene::catalog(&scene::text_of(product.name));
    let administrators = Home::new();
    let policies = policies(product, &administrators);
    let mut combinations = 0;
    for written in WRITTEN {
        let Some(home) = home(product, catalog, written) else { continue };
        let paths = scene::paths(catalog, &home);
        for (own, track, ci) in variables() {
            let mut around = around(product, home.path(), own, track, ci);
            for (admin, folder) in policies.iter().enumerate() {
                around.policies = vec![folder.clone()];
                for flag in [Flag::Absent, Flag::NoTelemetry] {
                    let (settings, policies) = (paths.settings.clone(), folder.clone());
                    let case = Case { admin, own, track, ci, flag, written, settings, policies };
                    check(catalog, product, &case, &around, &paths);
                    combinations += 1;
                }
            }
        }
    }
    combinations
}

type Variables =
    (Option<&'static str>, Option<&'static str>, &'static [(&'static str, &'static str)]);

fn variables() -> impl Iterator<Item = Variables> {
    let pairs = VALUES.into_iter().flat_map(|own| VALUES.map(|track| (own, track)));
    pairs.flat_map(|(own, track)| CI.map(|ci| (own, track, ci)))
}

fn around(
    product: &Product,
    home: &Path,
    own: Option<&str>,
    track: Option<&str>,
    ci: &[(&str, &str)],
) -> Surroundings {
    let own = own.map(|value| (product.variable, value));
    let track = track.map(|value| ("DO_NOT_TRACK", value));
    let variables: Vec<_> = own.into_iter().chain(track).chain(ci.iter().copied()).collect();
    scene::surroundings(home, NOW, &variables)
}

#[test]
fn every_combination_of_every_rule_has_the_answer_of_the_model() {
    let combinations: usize = std::thread::scope(|scope| {
        let sweeps: Vec<_> =
            PRODUCTS.iter().map(|product| scope.spawn(|| sweep(product))).collect();
        sweeps.into_iter().map(|sweep| sweep.join().unwrap()).sum()
    });
    // 7 x 7 x 4 variables, 5 administrators, 2 flags, and 9 settings of
    // atomic's, 7 of the others'.
    assert_eq!(combinations, 7 * 7 * 4 * 5 * 2 * (9 + 4 * 7));
}

/// The catalogs themselves say the orders.
#[test]
fn the_catalogs_have_these_defaults_and_variables() {
    for product in &PRODUCTS {
        let consent = scene::catalog(&scene::text_of(product.name)).consent;
        assert_eq!(consent.order, product.order, "{}", product.name);
        assert_eq!(consent.variables.len(), 1, "{}", product.name);
        assert_eq!(consent.variables[0].name, product.variable);
    }
}

/// An administrator's file that says neither `off`, `local` nor `on` is a no.
#[test]
fn a_policy_that_cannot_be_understood_is_a_no() {
    let catalog = scene::catalog(&scene::text_of("clacky"));
    let home = Home::new();
    let mut around = scene::surroundings(home.path(), NOW, &[]);
    around.policies = vec![home.path().join("etc")];
    assert!(decide(catalog, Flag::Absent, &around).is_on());
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "\"on\"",
        "true",
        "{\"telemetry\": true}",
        "{\"telemetry\": \"ON\"}",
        "{\"telemetry\": \"on\"} {}",
        "{\"telemetry\": [\"on\"]}",
        "{\"enabled\": true}",
        // Each of these has a no, and ends with something else.
        "{\"telemetry\": \"off\", \"telemetry\": \"on\"}",
        "{\"telemetry\": \"on\", \"purposes\": {\"use\": \"off\", \"use\": \"on\"}}",
        "{\"telemetry\": \"on\", \"purposes\": {\"use\": \"off\"}, \"purposes\": {}}",
        "{\"telemetry\": \"on\", \"Purposes\": {\"use\": \"off\"}}",
        "{\"telemetry\": \"on\", \"Telemetry\": \"off\"}",
    ] {
        home.write("etc/clacky/telemetry.json", text);
        let decision = decide(catalog, Flag::Absent, &around);
        assert_eq!(decision.state(), ConsentState::Off, "{text}");
        assert!(matches!(decision.winner().why, Why::Admin(_)), "{text}");
    }
    fs::remove_file(home.path().join("etc/clacky/telemetry.json")).unwrap();
    fs::create_dir(home.path().join("etc/clacky/telemetry.json")).unwrap();
    assert_eq!(decide(catalog, Flag::Absent, &around).state(), ConsentState::Off);
}

/// Each vendor of continuous integration alone is seen where the catalog lists
/// the rule, and `CI=false` is believed.
#[test]
fn every_vendor_of_continuous_integration_is_seen() {
    let catalog = scene::catalog(&scene::text_of("atomic"));
    let home = home(&PRODUCTS[0], catalog, Written::Yes).unwrap();
    let decide = |variables: &[(&str, &str)]| {
        let around = scene::surroundings(home.path(), NOW, variables);
        decide(catalog, Flag::Absent, &around)
    };
    for name in [
        "CI",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "JENKINS_URL",
        "TF_BUILD",
        "TRAVIS",
        "CIRCLECI",
        "BUILDKITE",
        "TEAMCITY_VERSION",
        "bamboo_planKey",
        "CODEBUILD_BUILD_ARN",
        "BUILD_NUMBER",
        "RUN_ID",
        "BITBUCKET_COMMIT",
        "DRONE",
        "APPVEYOR",
        "NETLIFY",
        "VERCEL",
    ] {
        assert_eq!(decide(&[(name, "1")]).winner().why, Why::Integration(name));
        assert!(decide(&[(name, "")]).is_on(), "{name} is empty");
        if name != "CI" {
            assert!(decide(&[(name, "1"), ("CI", "false")]).is_on(), "{name}");
        }
    }
    assert_eq!(decide(&[("CI", "1"), ("TRAVIS", "1")]).winner().why.to_string(), "ci:CI");
}
