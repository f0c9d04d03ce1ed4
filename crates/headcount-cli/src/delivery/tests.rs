//! Deliveries to a server for HTTP and to a relay, both of the tests' own.

use headcount_catalog::Time;
use headcount_collector::{AlertCondition, AlertMessage, AlertRule, AlertSight, AlertState};
use headcount_testkit::{CannedAnswer, CaptureServer, Home};
use serde_json::Value as Json;

use super::smtp_capture::{Manners, SmtpCapture};
use super::{Email, Relay, Webhook, is_mail_address};

fn message(sentence: &str) -> AlertMessage {
    let rule = AlertRule {
        name: "silence-atomic".to_owned(),
        product: "atomic".to_owned(),
        condition: AlertCondition::Silence { hours: 6 },
        channels: Vec::new(),
    };
    let sight = AlertSight {
        state: AlertState::Ringing,
        sentence: sentence.to_owned(),
        version: None,
        numbers: vec![("hours", 7.0)],
    };
    let at = Time::from_seconds(1_795_176_000);
    AlertMessage::new(&rule, &sight, "begun", at, "https://telemetry.example.org")
}

fn email(capture: &SmtpCapture) -> Email {
    Email {
        relay: Relay::new(&format!("smtp://{}", capture.address)).unwrap(),
        from: "headcount@example.org".to_owned(),
        to: vec!["team@example.org".to_owned(), "oncall@example.org".to_owned()],
        user: None,
        password_file: None,
        authorities: None,
    }
}

#[test]
fn a_webhook_gets_the_message_as_json_and_only_2xx_is_delivered() {
    let server = CaptureServer::start();
    let webhook = Webhook::new(&format!("{}/hook", server.url())).unwrap().channel();
    let message = message("atomic: no new event has arrived for 7 hours.");
    assert_eq!((webhook.deliver)(&message), Ok(()));
    let request = server.requests().remove(0);
    let body: Json = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(&body, message.json());
    let expected: Json = serde_json::from_str(
        r#"{"alert": "silence-atomic", "state": "begun", "kind": "silence", "product": "atomic",
            "at": "2026-11-20T12:00:00Z", "sentence": "atomic: no new event has arrived for 7 hours.",
            "numbers": {"hours": 7.0}, "page": "https://telemetry.example.org/product/atomic"}"#,
    )
    .unwrap();
    assert_eq!(body, expected, "docs/operate/alerts.md says so");
    for status in [500, 404, 302] {
        server.reply_next(CannedAnswer::status(status));
        assert_eq!((webhook.deliver)(&message), Err(format!("the answer is {status}")));
    }
    let nobody = Webhook::new("http://127.0.0.1:1/secret").unwrap().channel();
    let why = (nobody.deliver)(&message).unwrap_err();
    assert!(!why.contains("secret"), "{why}");
}

#[test]
fn an_address_that_others_could_read_along_is_refused() {
    for wrong in ["http://hooks.example.org/x", "ftp://a", "hooks.example.org", "", "https://"] {
        assert!(Webhook::new(wrong).is_err(), "{wrong}");
    }
    assert!(Webhook::new("https://hooks.example.org/x?y=z").is_ok());
    for wrong in
        ["mail.example.org", "smtp://", "smtp://u:p@a", "smtp://a:0", "smtp://a b", "http://a"]
    {
        assert!(Relay::new(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Relay::new("smtps://mail.example.org").unwrap().port, 465);
    assert_eq!(Relay::new("smtp://[::1]:25").unwrap().host, "::1");
    for wrong in ["", "a", "@b", "a@", "a b@c", "a@b>", "a@b\r\nX: y", "a@b@c", "<a@b>"] {
        assert!(!is_mail_address(wrong), "{wrong:?}");
    }
    assert!(is_mail_address("on-call+headcount@example.org"));
}

#[test]
fn a_relay_gets_one_message_for_everybody() {
    let capture = SmtpCapture::start(Manners::default());
    let sentence = "atomic: no event\r\n.\r\nRCPT TO:<evil@example.org> \u{fc}";
    assert_eq!((email(&capture).channel().deliver)(&message(sentence)), Ok(()));
    let lines = capture.lines();
    let head: Vec<&str> = lines.iter().map(String::as_str).take(5).collect();
    assert_eq!(
        head,
        [
            "EHLO [127.0.0.1]",
            "MAIL FROM:<headcount@example.org>",
            "RCPT TO:<team@example.org>",
            "RCPT TO:<oncall@example.org>",
            "DATA"
        ]
    );
    for line in [
        "From: Headcount <headcount@example.org>",
        "To: team@example.org,",
        " oncall@example.org",
        "Subject: [headcount] silence-atomic: has begun",
        "Date: Fri, 20 Nov 2026 12:00:00 +0000",
        "Message-ID: <silence-atomic.begun.1795176000@example.org>",
        "Auto-Submitted: auto-generated",
        "https://telemetry.example.org/product/atomic",
        // Nothing in a message ends it, or is taken for a command.
        "atomic: no event??.??RCPT TO:<evil@example.org> ?",
    ] {
        assert!(lines.iter().any(|own| own == line), "{line}: {lines:#?}");
    }
    assert_eq!(lines.iter().filter(|line| *line == ".").count(), 1);
    assert_eq!(lines.last().unwrap(), "QUIT");
}

#[test]
fn what_a_relay_refuses_is_told() {
    let message = message("atomic: x");
    let tell = |answers: &[(&'static str, &'static str)]| {
        let manners = Manners { answers: answers.to_vec(), ..Manners::default() };
        (email(&SmtpCapture::start(manners)).channel().deliver)(&message).unwrap_err()
    };
    let relaying = tell(&[("RCPT TO:<oncall", "550-no\r\n550 relaying denied")]);
    assert_eq!(relaying, "the relay answered 550 to RCPT: relaying denied");
    assert!(tell(&[("EHLO", "HTTP/1.1 400 Bad Request")]).contains("not one of a relay"));
    assert!(tell(&[("DATA", "451 later")]).contains("451 to DATA"));
    assert!(tell(&[(".", "552 too much")]).contains("552 to the message"));
    let long: &'static str = Box::leak(format!("250 {}", "x".repeat(10_000)).into_boxed_str());
    assert!(tell(&[("MAIL", long)]).contains("not one of a relay"));
    let many: &'static str = Box::leak("250-x\r\n".repeat(200).into_boxed_str());
    assert!(tell(&[("MAIL", many)]).contains("not one of a relay"));
}

#[test]
fn a_user_logs_in_with_the_password_of_the_file() {
    let home = Home::new();
    let capture = SmtpCapture::start(Manners { offers: vec!["AUTH PLAIN"], ..Manners::default() });
    let mut own = email(&capture);
    own.user = Some("mailer".to_owned());
    own.password_file = Some(home.write("password", "secret\n"));
    assert_eq!((own.clone().channel().deliver)(&message("x")), Ok(()));
    // \0mailer\0secret
    assert!(capture.lines().iter().any(|line| line == "AUTH PLAIN AG1haWxlcgBzZWNyZXQ="));
    own.password_file = Some(home.path().join("nowhere"));
    assert!((own.clone().channel().deliver)(&message("x")).unwrap_err().contains("cannot read"));
    let refused = SmtpCapture::start(Manners {
        offers: vec!["AUTH PLAIN"],
        answers: vec![("AUTH", "535 no")],
    });
    own.relay.port = refused.address.port();
    own.password_file = Some(home.write("password", "wrong"));
    let told = (own.channel().deliver)(&message("x")).unwrap_err();
    assert_eq!(told, "the relay answered 535 to the user: no");
}

/// Nothing is said in the clear to a relay that begins TLS badly.
#[test]
fn nothing_is_sent_when_tls_does_not_begin() {
    let manners =
        Manners { offers: vec!["STARTTLS"], answers: vec![("STARTTLS", "220 go\r\n250 injected")] };
    let capture = SmtpCapture::start(manners);
    let told = (email(&capture).channel().deliver)(&message("x")).unwrap_err();
    assert!(!capture.lines().iter().any(|line| line.starts_with("MAIL")), "{told}");
    let refused = Manners { offers: vec!["STARTTLS"], answers: vec![("STARTTLS", "454 not now")] };
    let capture = SmtpCapture::start(refused);
    let told = (email(&capture).channel().deliver)(&message("x")).unwrap_err();
    assert!(told.contains("454 to STARTTLS"), "{told}");
    assert!(!capture.lines().iter().any(|line| line.starts_with("MAIL")));
}

/// A report goes the same way, as lines of its own.
#[test]
fn a_report_is_delivered_once_to_everybody() {
    let capture = SmtpCapture::start(Manners::default());
    let report = serde_json::json!({
        "report": "weekly", "state": "week", "week": "2026-11-16", "at": "2026-11-23T08:00:00Z",
        "subject": "week of 16 Nov 2026: Atomic CLI",
        "text": "The week.\n\nAtomic CLI\n  Active devices  81 (+9% from 74)\n.\n",
    });
    let report = AlertMessage::of_json(report).unwrap();
    assert_eq!((email(&capture).channel().deliver)(&report), Ok(()));
    let lines = capture.lines();
    for line in [
        "RCPT TO:<team@example.org>",
        "RCPT TO:<oncall@example.org>",
        "Subject: [headcount] week of 16 Nov 2026: Atomic CLI",
        "Date: Mon, 23 Nov 2026 08:00:00 +0000",
        "Message-ID: <weekly.week.2026-11-16.1795420800@example.org>",
        "Content-Type: text/plain; charset=us-ascii",
        "Atomic CLI",
        "  Active devices  81 (+9% from 74)",
        // A dot alone is another one's end.
        "..",
    ] {
        assert_eq!(lines.iter().filter(|own| *own == line).count(), 1, "{line}: {lines:#?}");
    }
    assert_eq!(lines.iter().filter(|line| *line == ".").count(), 1);
    let nonsense = serde_json::json!({ "report": "weekly" });
    assert!(AlertMessage::of_json(nonsense).is_none());
}

/// And so does one of a month.
#[test]
fn a_report_of_a_month_is_delivered_once_to_everybody() {
    let capture = SmtpCapture::start(Manners::default());
    let report = serde_json::json!({
        "report": "monthly", "state": "month", "month": "2026-11-01", "at": "2026-12-01T08:00:00Z",
        "subject": "November 2026: Atomic CLI, Archon",
        "text": "The month.\n\nAtomic CLI\n  Events  1,043 (+20% a day from 900 in 31 days)\n",
    });
    let report = AlertMessage::of_json(report).unwrap();
    assert_eq!((email(&capture).channel().deliver)(&report), Ok(()));
    let lines = capture.lines();
    for line in [
        "RCPT TO:<team@example.org>",
        "RCPT TO:<oncall@example.org>",
        "Subject: [headcount] November 2026: Atomic CLI, Archon",
        "Date: Tue, 01 Dec 2026 08:00:00 +0000",
        "Message-ID: <monthly.month.2026-11-01.1796112000@example.org>",
        "  Events  1,043 (+20% a day from 900 in 31 days)",
    ] {
        assert_eq!(lines.iter().filter(|own| *own == line).count(), 1, "{line}: {lines:#?}");
    }
}
