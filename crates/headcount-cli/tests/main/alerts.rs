//! `[[alert]]` and `headcount alerts`: mistakes before a start, what is seen,
//! and a test message.

use headcount_testkit::{CaptureServer, Home};
use serde_json::Value as Json;

use super::stage::{catalog, headcount, serve};

#[track_caller]
fn run(home: &Home, args: &[&str]) -> (i32, String, String) {
    let output = headcount(home, args).run();
    let code = output.code().expect("it ends by itself");
    (code, output.stdout_text(), output.stderr_text())
}

fn config(home: &Home, url: &str, product: &str, event: &str) {
    home.write(
        "h.toml",
        format!(
            "data = \"data\"\ncatalogs = \"catalogs\"\nlisten = \"127.0.0.1:0\"\n\
             [[alert]]\nkind = \"silence\"\nproduct = \"{product}\"\nhours = 6\n\
             webhook = \"{url}/hook\"\n\
             [[alert]]\nkind = \"failure-rate\"\nproduct = \"clacky\"\nevent = \"{event}\"\n\
             above = 10\nwebhook = \"{url}/hook\"\n"
        ),
    );
}

#[test]
fn what_an_alert_sees_is_said_and_a_test_is_delivered() {
    let home = Home::new();
    let server = CaptureServer::start();
    let served = serve(&home);
    config(&home, &server.url(), "clacky", "task");
    let only = ["alerts", "--config", "h.toml", "--only", "silence-clacky"];
    let (code, stdout, stderr) = run(&home, &only);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(stdout, "quiet  silence-clacky: clacky: events arrived within the last hour.\n");
    assert!(server.requests().is_empty(), "nobody is told without --test");
    let (code, _, stderr) = run(&home, &[&only[..], &["--test"]].concat());
    assert_eq!(
        (code, stderr.as_str()),
        (0, "A test of silence-clacky was delivered by webhook.\n")
    );
    let body: Json = serde_json::from_slice(&server.requests()[0].body).unwrap();
    assert_eq!(
        (&body["state"], &body["alert"]),
        (&Json::from("test"), &Json::from("silence-clacky"))
    );
    let nobody = run(&home, &["alerts", "--config", "h.toml", "--only", "loud"]);
    assert!(nobody.0 == 1 && nobody.2.contains("no alert has the name `loud`"), "{nobody:?}");
    drop(served);
}

#[test]
fn a_configuration_is_checked_before_a_start() {
    let home = Home::new();
    home.write("catalogs/clacky.toml", std::fs::read(catalog("clacky")).unwrap());
    config(&home, "https://hooks.example.org", "clacki", "nothing");
    let check = ["serve", "--config", "h.toml", "--check-config", "--development"];
    let (code, _, stderr) = run(&home, &check);
    assert_eq!(code, 2, "{stderr}");
    for told in [
        "wrong: h.toml:4: the alert `silence-clacki`: unknown product `clacki`",
        "wrong: h.toml:9: the alert `failure-rate-clacky-nothing`: events named `nothing`",
    ] {
        assert!(stderr.contains(told), "{stderr}");
    }
    assert!(!stderr.contains("hooks.example.org"), "an address may be a secret: {stderr}");
    home.write("h.toml", "[[alert]]\nkind = \"silence\"\nproduct = \"clacky\"\nhour = 6\n");
    for args in [&check[..], &["alerts", "--config", "h.toml"]] {
        let (code, _, stderr) = run(&home, args);
        assert!(code == 2 && stderr.contains("h.toml:4:1: unknown key `hour`"), "{stderr}");
    }
}

/// What a report says is printed, and it is sent to nobody.
#[test]
fn a_report_is_shown_and_checked() {
    let home = Home::new();
    let served = serve(&home);
    let report = |products: &str| {
        home.write(
            "h.toml",
            format!(
                "data = \"data\"\ncatalogs = \"catalogs\"\nlisten = \"127.0.0.1:0\"\n\
                 [[report]]\nproducts = [{products}]\non = \"friday\"\n\
                 email = {{ relay = \"smtp://127.0.0.1:1\", from = \"headcount@example.org\", \
                 to = \"team@example.org\" }}\n"
            ),
        );
    };
    report("\"clacky\"");
    let show = ["alerts", "--config", "h.toml", "--report"];
    let (code, stdout, stderr) = run(&home, &show);
    assert_eq!((code, stderr.as_str()), (0, ""));
    for line in ["weekly: week of ", "OpenClacky", "  Events rejected on arrival  0"] {
        assert!(stdout.lines().any(|own| own.starts_with(line)), "{line}: {stdout}");
    }
    let (code, stdout, _) = run(&home, &[&show[..], &["--json"]].concat());
    let line: Json = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &line["report"], &line["state"]), (0, &"weekly".into(), &"week".into()));
    // Nobody listens there.
    let (code, _, stderr) = run(&home, &[&show[..], &["--test"]].concat());
    assert!(code == 1 && stderr.contains("headcount alerts: weekly, email: "), "{stderr}");
    let other = run(&home, &[&show[..], &["--only", "monthly"]].concat());
    assert!(other.0 == 1 && other.2.contains("no report has the name `monthly`"), "{other:?}");
    let alerts = run(&home, &["alerts", "--config", "h.toml"]);
    assert!(alerts.0 == 1 && alerts.2.contains("--report shows what is reported"), "{alerts:?}");
    a_month_is_shown_beside_it(&home, &show);
    let check = ["serve", "--config", "h.toml", "--check-config", "--development"];
    report("\"clacky\", \"nobody\"");
    home.write("catalogs/clacky.toml", std::fs::read(catalog("clacky")).unwrap());
    let (code, _, stderr) = run(&home, &check);
    let told = "wrong: h.toml:4: the report `weekly`: unknown product `nobody`; there are catalogs";
    assert!(code == 2 && stderr.contains(told), "{stderr}");
    drop(served);
}

/// One of each needs no name, and a day of the other kind is a mistake.
fn a_month_is_shown_beside_it(home: &Home, show: &[&str]) {
    let month = |on: &str| {
        let week = home.read("h.toml");
        let (_, mail) = week.split_once("email").expect("the weekly one's");
        format!(
            "{week}[[report]]\nevery = \"month\"\nproducts = \"clacky\"\non = {on}\nemail{mail}"
        )
    };
    let (right, wrong) = (month("28"), month("\"friday\""));
    home.write("h.toml", right);
    let (code, stdout, stderr) = run(home, show);
    assert_eq!((code, stderr.as_str()), (0, ""));
    for line in ["weekly: week of ", "monthly: ", "The month of ", "The week from "] {
        assert!(stdout.lines().any(|own| own.starts_with(line)), "{line}: {stdout}");
    }
    let (code, stdout, _) = run(home, &[show, &["--only", "monthly", "--json"]].concat());
    let line: Json = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &line["report"], &line["state"]), (0, &"monthly".into(), &"month".into()));
    assert!(line["month"].as_str().is_some_and(|day| day.ends_with("-01")), "{line}");
    // Nobody listens there.
    let (code, stdout, stderr) = run(home, &[show, &["--only", "monthly", "--test"]].concat());
    assert!(code == 1 && stderr.contains("headcount alerts: monthly, email: "), "{stderr}");
    assert!(!stdout.contains("weekly"), "{stdout}");
    home.write("h.toml", wrong);
    let check = ["serve", "--config", "h.toml", "--check-config", "--development"];
    for args in [&check[..], show] {
        let (code, _, stderr) = run(home, args);
        let told = "h.toml:11:6: `on`: a monthly report is sent on a day of the month: use a whole \
                    number from 1 to 28, or `every = \"week\"`";
        assert!(code == 2 && stderr.contains(told), "{stderr}");
    }
}
