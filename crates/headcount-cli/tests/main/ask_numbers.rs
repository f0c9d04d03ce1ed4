//! `headcount ask QUESTION PRODUCT`, of a folder and of an address.

use headcount_testkit::{CannedAnswer, CaptureServer, Home, ProgramOutput};
use serde_json::Value as Json;

use super::stage::{Served, call, headcount, serve};

/// Days of November 2026 with this many events of each command.
const LOAD: [(u32, u32, u32); 4] = [(1, 3, 1), (2, 6, 0), (3, 0, 2), (5, 12, 4)];

fn line(number: u32, day: u32, command: &str, worked: bool) -> String {
    format!(
        "{{\"anonymousId\":\"device-{}\",\"eventId\":\"00000000-0000-4000-8000-{number:012}\",\
         \"eventType\":\"atomic_command\",\"timestamp\":\"2026-11-{day:02}T10:00:00Z\",\
         \"command\":\"{command}\",\"agentType\":null,\"success\":{worked},\"platform\":\"linux\",\
         \"atomicVersion\":\"0.{}.0\",\"source\":\"cli\"}}\n",
        number % 5,
        day % 2
    )
}

/// A collector with the events of [`LOAD`].
fn loaded(home: &Home) -> Served {
    let served = serve(home);
    let (mut number, mut body) = (0, String::new());
    for (day, updates, inits) in LOAD {
        for (command, times) in [("update", updates), ("init", inits)] {
            for _ in 0..times {
                number += 1;
                body.push_str(&line(number, day, command, number % 4 > 0));
            }
        }
    }
    let key = "authorization: Bearer atomic\r\n";
    let (status, answer) = call(&served.url, "POST", "/api/v1/events", key, &body);
    assert!(status == 200 && answer.starts_with("{\"accepted\":28"), "{answer}");
    served
}

fn stop(mut served: Served) {
    served.running.kill();
    let _ = served.running.wait();
}

const DAYS: [&str; 4] = ["--from", "2026-11-01", "--to", "2026-11-05"];

/// Asks with the width of a terminal and its locale.
fn shown(home: &Home, columns: &str, locale: &str, args: &[&str]) -> String {
    let program = headcount(home, &["ask"]).args(args).env("COLUMNS", columns);
    let output = program.env("LC_ALL", locale).run();
    assert_eq!((output.code(), output.stderr_text()), (Some(0), String::new()), "{args:?}");
    output.stdout_text()
}

fn refused(home: &Home, args: &[&str]) -> (Option<i32>, String) {
    let output: ProgramOutput = headcount(home, &["ask"]).args(args).run();
    assert_eq!(output.stdout_text(), "", "{args:?}");
    (output.code(), output.stderr_text())
}

const QUESTIONS: [&[&str]; 14] = [
    &["events", "atomic"],
    &["events", "atomic", "--by", "version", "--before"],
    &["events", "atomic", "--version", "0.1.0"],
    &["active", "atomic"],
    &["active", "atomic", "--period", "week", "--before"],
    &["active", "atomic", "--by", "version"],
    &["new-and-returning", "atomic", "--before"],
    &["retention", "atomic"],
    &["by-property", "atomic", "--event", "atomic_command", "--property", "command"],
    &["failures", "atomic", "--event", "atomic_command", "--before"],
    &["failures", "atomic", "--event", "atomic_command", "--property", "command"],
    &["versions", "atomic", "--before"],
    &["rejected", "atomic"],
    &["across", "archon", "--event", "x", "--one", "a", "--other", "b"],
];

#[test]
fn a_folder_and_an_address_give_the_same_answers() {
    let home = Home::new();
    let served = loaded(&home);
    let mut answers = Vec::new();
    let address = ["--url", &served.url];
    for question in &QUESTIONS[..13] {
        for form in [&[][..], &["--json"], &["--csv"]] {
            let asked = [question, &DAYS[..], form].concat();
            let of_folder = [&asked[..], &["--data", "data"]].concat();
            let folder = shown(&home, "100", "C.UTF-8", &of_folder);
            let own = shown(&home, "100", "C.UTF-8", &[&asked[..], &address].concat());
            assert_eq!(folder, own, "{asked:?}");
            answers.push((of_folder, folder));
        }
    }
    // A mistake is told in the same words, too.
    let wrong = [QUESTIONS[13], &DAYS[..]].concat();
    let folder = refused(&home, &[&wrong[..], &["--data", "data"]].concat());
    assert_eq!(folder, refused(&home, &[&wrong[..], &address].concat()));
    assert!(folder.0 == Some(2) && folder.1.contains("has no event of this name"), "{folder:?}");
    stop(served);
    for (asked, answer) in answers {
        assert_eq!(shown(&home, "100", "C.UTF-8", &asked), answer, "{asked:?}");
    }
}

#[test]
fn a_table_says_it_at_a_glance() {
    let home = Home::new();
    stop(loaded(&home));
    let asked = |columns: &str, locale: &str, args: &[&str]| {
        shown(&home, columns, locale, &[args, &DAYS, &["--data", "data"]].concat())
    };
    let property = ["by-property", "atomic", "--event", "atomic_command", "--property", "command"];
    assert_eq!(
        asked("80", "en_GB.UTF-8", &property),
        "by-property of atomic (atomic_command), 2026-11-01 to 2026-11-05 (5 days)\n\n\
         command  total  share  per day  by day\n\
         all         28  100 %      5.6  ▂▃▁·█\n\
         update      21   75 %      4.2  ▂▄··█\n\
         init         7   25 %      1.4  ▂·▄·█\n\n"
    );
    assert_eq!(
        asked("50", "C", &property),
        "by-property of atomic (atomic_command),\n2026-11-01 to 2026-11-05 (5 days)\n\n\
         command  total  share  per day  by day\n\
         all         28  100 %      5.6  :-._@\n\
         update      21   75 %      4.2  :=__@\n\
         init         7   25 %      1.4  :_=_@\n\n"
    );
    // What matters least is left out.
    let narrow = asked("36", "C", &property);
    assert!(narrow.contains("command  total  share  by day\n"), "{narrow}");
    let active = asked("60", "C", &["active", "atomic"]);
    assert!(active.contains("2026-11-04        0\n"), "{active}");
    assert!(active.contains("On average 3.2 devices a day.\n"), "{active}");
    let failures = ["failures", "atomic", "--event", "atomic_command", "--before"];
    let failures = asked("60", "C", &failures);
    assert!(failures.contains("25 % of all failed, and there were none before.\n"), "{failures}");
}

/// No line is wider than the terminal, whatever is asked.
#[test]
fn every_table_fits_the_terminal() {
    let home = Home::new();
    stop(loaded(&home));
    for columns in ["40", "60", "100", "160"] {
        for question in &QUESTIONS[..13] {
            let asked = [question, &DAYS[..], &["--data", "data"]].concat();
            let text = shown(&home, columns, "C.UTF-8", &asked);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= columns.parse().unwrap(), "{asked:?} at {columns}:\n{text}");
            assert!(!text.contains('\u{1b}'), "colour is for terminals: {text}");
        }
    }
}

#[test]
fn machines_get_lines_and_csv() {
    let home = Home::new();
    stop(loaded(&home));
    let asked = |args: &[&str]| {
        shown(&home, "80", "C", &[args, &["--data", "data", "--to", "2026-11-03"]].concat())
    };
    let lines =
        asked(&["failures", "atomic", "--event", "atomic_command", "--days", "2", "--json"]);
    assert_eq!(
        lines,
        "{\"day\":\"2026-11-02\",\"value\":\"\",\"failed\":1,\"worked\":5,\"share\":0.1667}\n\
         {\"day\":\"2026-11-03\",\"value\":\"\",\"failed\":1,\"worked\":1,\"share\":0.5000}\n"
    );
    let lines = asked(&["events", "atomic", "--days", "1", "--before", "--json"]);
    let spans: Vec<Json> =
        lines.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert_eq!((&spans[0]["span"], &spans[0]["count"]), (&"asked".into(), &2.into()));
    assert_eq!((&spans[1]["span"], &spans[1]["count"]), (&"before".into(), &6.into()));
    assert_eq!(
        asked(&["events", "atomic", "--days", "1", "--before", "--csv"]),
        "span,day,event,count\r\nasked,2026-11-03,atomic_command,2\r\n\
         before,2026-11-02,atomic_command,6\r\n"
    );
    // Nothing is nothing, for machines.
    let none = ["events", "atomic", "--days", "1", "--version", "9.9.9"];
    assert_eq!(asked(&[&none[..], &["--json"]].concat()), "");
    assert_eq!(asked(&[&none[..], &["--csv"]].concat()), "day,event,count\r\n");
    assert!(asked(&none).ends_with("\n\nNothing is counted in these days.\n"));
}

#[test]
fn what_cannot_be_asked_is_told() {
    let home = Home::new();
    stop(serve(&home));
    for (args, code, told) in [
        (&["event", "atomic"][..], 2, "unknown question `event`: did you mean `events`?\n"),
        (&["event"], 2, "The questions are events, active, new-and-returning, "),
        (&["weather", "atomic"], 2, "unknown question `weather`\n"),
        (&["events"], 2, "<PRODUCT>"),
        (&["events", "nobody", "--data", "data"], 1, "no catalog of `nobody`: use archon, "),
        (&["events", "atomic", "--data", "nowhere"], 1, "there is no data folder at nowhere"),
        (&["events", "atomic", "--days", "0"], 2, "1..=3660"),
        (&["events", "atomic", "--days", "3", "--from", "2026-11-01"], 2, "cannot be used with"),
        (&["events", "atomic", "--from", "yesterday"], 2, "`from` is not a date"),
        (&["events", "atomic", "--from", "2026-11-02", "--to", "2026-11-01"], 2, "swap them"),
        (
            &["events", "atomic", "--data", "data", "--by", "colour"],
            2,
            "unknown name in `by`: use ",
        ),
        (
            &["events", "atomic", "--data", "data", "--where", "platform"],
            2,
            "write it as where=platform:linux",
        ),
        (
            &["events", "atomic", "--data", "data", "--by", "version", "--version", "1.0.0"],
            2,
            "leave one out",
        ),
        (&["events", "atomic", "--event", "a"], 2, "unexpected argument '--event'"),
        (&["by-property", "atomic", "--event", "a"], 2, "--property <NAME>"),
        (&["active", "atomic", "--period", "hour"], 2, "possible values: day, week, month"),
        (&["events", "atomic", "--json", "--csv"], 2, "cannot be used with"),
        (&["events", "atomic", "--url", "a", "--data", "b"], 2, "cannot be used with"),
        (&["events", "atomic", "--token-file", "a"], 2, "--url <URL>"),
        (&["events", "atomic", "--url", "http://telemetry.example.org"], 2, "use https://"),
        (&["events", "atomic", "--url", "https://a@b.example"], 2, "no place for a token"),
        (
            &["--catalog", "a.toml", "events", "atomic"],
            2,
            "stands before `events`: write `headcount",
        ),
    ] {
        let (own, said) = refused(&home, args);
        assert!(own == Some(code) && said.contains(told), "{args:?}: {own:?}: {said}");
    }
    assert!(!home.path().join("nowhere").exists());
}

/// A collector that answers with this, and what it was asked.
fn answered_with(
    home: &Home,
    answer: CannedAnswer,
    token: &[(&str, &str)],
    more: &[&str],
) -> (CaptureServer, ProgramOutput) {
    let server = CaptureServer::start();
    server.reply_otherwise(answer);
    let url = server.url();
    let args = [&["ask", "events", "atomic", "--url", &url], more].concat();
    let program = token
        .iter()
        .fold(headcount(home, &args), |program, (name, value)| program.env(name, value));
    let output = program.run();
    (server, output)
}

const NOTHING: &str = "{\"question\":\"events\",\"product\":\"atomic\",\"rows\":[]}";

#[test]
fn the_token_goes_to_the_collector_alone() {
    let home = Home::new();
    home.write("token", "hcr_file\n");
    let sent = |token: &[(&str, &str)], more: &[&str]| {
        let (server, output) =
            answered_with(&home, CannedAnswer::status(200).body(NOTHING), token, more);
        assert_eq!((output.code(), output.stderr_text()), (Some(0), String::new()));
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        let header = requests[0].headers.iter();
        let header = header.filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        assert!(requests[0].path.starts_with("/api/v1/ask/events?product=atomic&from="));
        header.map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    let variable = ("HEADCOUNT_TOKEN", "hcr_variable");
    assert_eq!(sent(&[variable], &[]), ["Bearer hcr_variable"]);
    assert_eq!(sent(&[variable], &["--token-file", "token"]), ["Bearer hcr_file"]);
    assert_eq!(sent(&[], &[]), Vec::<String>::new());
    // Nobody else gets it.
    let other = CaptureServer::start();
    let moved = CannedAnswer::status(307).header("location", &format!("{}/x", other.url()));
    let (_, output) = answered_with(&home, moved, &[variable], &[]);
    assert_eq!(output.code(), Some(1));
    let said = output.stderr_text();
    assert!(said.contains("is not followed with a token") && said.contains(&other.url()), "{said}");
    assert_eq!(other.requests().len(), 0);
    // What is wrong with it is told without it.
    let (server, output) =
        answered_with(&home, CannedAnswer::status(200), &[("HEADCOUNT_TOKEN", "two words")], &[]);
    assert_eq!((output.code(), server.requests().len()), (Some(1), 0));
    assert_eq!(
        output.stderr_text(),
        "headcount ask: HEADCOUNT_TOKEN does not hold a token: one line of text\n"
    );
}

#[test]
fn other_answers_are_told_in_words() {
    let home = Home::new();
    let json = |status: u16, sentence: &str| {
        CannedAnswer::status(status).body(format!("{{\"error\":\"{sentence}\"}}"))
    };
    let token = [("HEADCOUNT_TOKEN", "hcr_secret")];
    for (answer, variables, code, told) in [
        (json(401, "sign in"), &[][..], 1, "wants a token: put one into HEADCOUNT_TOKEN"),
        (json(401, "unknown token"), &token[..], 1, "headcount ask: unknown token\n"),
        (CannedAnswer::status(401), &token[..], 1, "does not know this token"),
        (json(400, "`days` is wrong"), &[], 2, "headcount ask: `days` is wrong\n"),
        (json(404, "unknown product"), &[], 1, "headcount ask: unknown product\n"),
        (json(503, "ask again"), &[], 1, "headcount ask: ask again\n"),
        (CannedAnswer::status(502).body("<html>"), &[], 1, "the answer is 502 and not one"),
        (CannedAnswer::status(200).body("<html>"), &[], 1, "the answer is not one of a collector"),
        (CannedAnswer::status(200).body("{\"rows\":7}"), &[], 1, "is not one of a collector"),
        (json(503, "\\u001b[2Jgone"), &[], 1, "gone\n"),
    ] {
        let (_server, output) = answered_with(&home, answer.clone(), variables, &[]);
        let said = output.stderr_text();
        assert!(output.code() == Some(code) && said.contains(told), "{answer:?}: {said}");
        assert!(!said.contains('\u{1b}') && !said.contains("hcr_secret"), "{said:?}");
        assert_eq!(output.stdout_text(), "");
    }
    // A page to sign in to something else is not CSV.
    let page = CannedAnswer::status(200).body("<html>\u{1b}[2J Please log in</html>");
    let (_server, output) = answered_with(&home, page, &[], &["--csv"]);
    assert!(output.stderr_text().contains("the answer is not one of a collector"));
    assert_eq!((output.code(), output.stdout_text()), (Some(1), String::new()));
}

/// What senders chose is shown, and obeyed by no terminal.
#[test]
fn a_terminal_obeys_no_value() {
    let home = Home::new();
    let body = "{\"question\":\"events\",\"product\":\"atomic\",\"rows\":[{\"day\":\"2026-11-01\",\
                \"event\":\"\\u001b[2J\\u0007evil\\nline\",\"count\":1}]}";
    let (_server, output) = answered_with(&home, CannedAnswer::status(200).body(body), &[], &DAYS);
    let text = output.stdout_text();
    assert!(text.contains("evil") && !text.contains(['\u{1b}', '\u{7}']), "{text:?}");
    assert!(text.lines().any(|line| line.contains("evil") && line.contains("line")), "{text:?}");
}

/// A collector with sign-in, asked by a reader's token.
#[test]
fn a_readers_token_asks_a_collector_that_wants_one() {
    let home = Home::new();
    let made = headcount(&home, &["readers", "new", "ann", "--data", "data"])
        .stdin("correct horse battery staple\n")
        .run();
    assert_eq!(made.code(), Some(0), "{}", made.stderr_text());
    let secret = |args: &[&str]| {
        let output = headcount(&home, &[args, &["--data", "data"]].concat()).run();
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
        output.stdout_text().trim().to_owned()
    };
    let token = secret(&["readers", "token", "ann"]);
    let key = secret(&["keys", "new", "atomic"]);
    let catalogs = super::stage::catalog("atomic").parent().unwrap().to_path_buf();
    let running =
        headcount(&home, &["serve", "--listen", "127.0.0.1:0", "--data", "data", "--catalogs"])
            .args([catalogs])
            .spawn();
    let url = running.line("listening on ").trim().replace("listening on ", "");
    let ask = |token: &str| {
        let args = ["ask", "events", "atomic", "--csv", "--url", &url];
        let output = headcount(&home, &args).env("HEADCOUNT_TOKEN", token).run();
        (output.code(), output.stdout_text(), output.stderr_text())
    };
    let (code, text, said) = ask(&token);
    assert_eq!((code, text.as_str(), said.as_str()), (Some(0), "day,event,count\r\n", ""));
    for (wrong, told) in [
        ("", "the collector wants a token: put one into HEADCOUNT_TOKEN"),
        ("hcr_0123456789abcdef", "unknown token: it was revoked, "),
        (&key, "this is a write key, and can only write"),
    ] {
        let (code, text, said) = ask(wrong);
        assert!(code == Some(1) && text.is_empty() && said.contains(told), "{said}");
        assert!(wrong.is_empty() || !said.contains(wrong), "{said}");
    }
}
