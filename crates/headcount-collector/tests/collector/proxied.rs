//! A collector behind a proxy: what it believes, and what it refuses.

use std::net::IpAddr;

use headcount_collector::{Collector, Config, Encryption, TrustedProxy};
use headcount_testkit::Canary;

use crate::client::{Request, get, post};
use crate::connections::requests;
use crate::fixture::{Fixture, line};

/// A collector behind a proxy at these addresses.
fn behind(addresses: &[&str]) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.stop();
    let addresses = addresses.iter().map(|text| text.parse::<IpAddr>().unwrap()).collect();
    let proxy = TrustedProxy { addresses, identity_header: None };
    let config = Config { encryption: Encryption::Proxy(proxy), ..fixture.config() };
    let running = Collector::start(config).unwrap();
    assert!(running.url().starts_with("http://"), "{}", running.url());
    fixture.run(running);
    fixture
}

fn https(request: Request) -> Request {
    request.header("x-forwarded-proto", "https").header("x-forwarded-for", "203.0.113.5")
}

#[test]
fn what_a_proxy_passes_on_from_tls_is_served() {
    for addresses in [&[][..], &["127.0.0.1"], &["10.9.9.9", "127.0.0.1"]] {
        let fixture = behind(addresses);
        for (request, _) in requests() {
            let answer = https(request).send(fixture.address());
            assert!(answer.status < 300, "{answer:?}");
        }
        assert_eq!(https(get("/")).send(fixture.address()).status, 200);
        let standard = get("/metrics").header("forwarded", "for=\"[2001:db8::5]\";proto=https");
        assert_eq!(standard.send(fixture.address()).status, 200);
    }
}

#[test]
fn a_proxy_that_says_nothing_of_tls_is_told_what_to_say() {
    let fixture = behind(&["127.0.0.1"]);
    for (request, _) in requests() {
        let answer = request.send(fixture.address());
        // For later, so that nothing is lost once the proxy is set right.
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{answer:?}");
        for word in ["X-Forwarded-Proto: https", "proxy_set_header", "Caddy"] {
            assert!(answer.body.contains(word), "{answer:?}");
        }
    }
    let answer = get("/").header("x-forwarded-for", "203.0.113.5").send(fixture.address());
    assert_eq!(answer.status, 503);
    for path in ["/healthz", "/readyz"] {
        let answer = get(path).send(fixture.address());
        assert!(!answer.body.contains("X-Forwarded-Proto"), "{answer:?}");
    }
    assert_eq!(get("/healthz").send(fixture.address()).status, 200);
    let metrics = https(get("/metrics")).send(fixture.address()).body;
    assert!(!metrics.contains("outcome=\"stored\""), "{metrics}");
}

#[test]
fn what_was_sent_in_the_clear_is_refused() {
    let fixture = behind(&[]);
    for (request, _) in requests() {
        let answer = request.header("x-forwarded-proto", "http").send(fixture.address());
        assert_eq!(answer.status, 403, "{answer:?}");
        assert!(answer.body.contains("use https://"), "{answer:?}");
    }
    // A client sends the header that the proxy leaves alone.
    let forged = get("/").header("forwarded", "proto=https").header("x-forwarded-proto", "http");
    assert_eq!(forged.send(fixture.address()).status, 403);
}

#[test]
fn whoever_is_not_the_proxy_is_turned_away() {
    let fixture = behind(&["10.9.9.9"]);
    for (request, _) in requests() {
        let answer = https(request).send(fixture.address());
        assert_eq!(
            (answer.status, answer.header("connection")),
            (403, Some("close")),
            "{answer:?}"
        );
        assert!(answer.body.contains("behind a proxy: use the proxy's address"), "{answer:?}");
    }
    assert_eq!(https(get("/")).send(fixture.address()).status, 403);
    assert_eq!(https(get("/metrics")).send(fixture.address()).status, 403);
    // Whoever only asks whether it is alive may be the machine itself.
    assert_eq!(get("/healthz").send(fixture.address()).status, 200);
}

/// With names of its own, a collector is not asked through another one, in
/// whatever form a request has it.
#[test]
fn a_stated_name_is_answered_beside_those_of_this_machine() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let hosts = ["telemetry.example.org", "2001:db8::5"].map(|name| name.parse().unwrap()).to_vec();
    fixture.run(Collector::start(Config { hosts, ..fixture.config() }).unwrap());
    let asked = |target: &str, host: &str| get(target).header("host", host).send(fixture.address());
    for host in
        ["telemetry.example.org", "Telemetry.Example.org:8443", "[2001:db8::5]:1", "localhost"]
    {
        assert_eq!(asked("/", host).status, 200, "{host}");
        assert_eq!(asked("http://telemetry.example.org/", host).status, 200, "{host}");
        assert_eq!(asked("http://evil.example/", host).status, 421, "{host}");
    }
    for host in
        ["evil.example", "telemetry.example.org.evil.example", "telemetry.example.org:x", ""]
    {
        let answer = asked("/", host);
        assert_eq!((answer.status, answer.header("connection")), (421, Some("close")), "{host}");
    }
    let both = get("/").header("host", "localhost").header("host", "evil.example");
    let status = both.send(fixture.address()).status;
    assert!(matches!(status, 400 | 421), "{status}");
    // A page under the name is the collector's own.
    let own = post("/api/v1/telemetry/task", crate::clacky::TASK)
        .header("host", "telemetry.example.org")
        .header("origin", "http://telemetry.example.org");
    assert_eq!(own.send(fixture.address()).status, 200);
    let page = fixture.get("/product/archon").body;
    assert!(page.contains("=http://telemetry.example.org:"), "{page}");
}

/// Behind a proxy, and with TLS, pages of its own come over `https`.
#[test]
fn an_origin_over_plain_http_is_another_one() {
    let proxied = behind(&["127.0.0.1"]);
    let encrypted = crate::tls_client::start();
    for (scheme, status) in [("https", 200), ("http", 403)] {
        let task = |fixture: &Fixture| {
            let origin = format!("{scheme}://{}", fixture.address());
            post("/api/v1/telemetry/task", crate::clacky::TASK).header("origin", &origin)
        };
        assert_eq!(https(task(&proxied)).send(proxied.address()).status, status, "{scheme}");
        let answer = crate::tls_client::send(task(&encrypted), encrypted.address());
        assert_eq!(answer.status, status, "{scheme}");
    }
}

#[test]
fn the_address_of_a_forwarded_client_is_nowhere() {
    let mut fixture = behind(&["127.0.0.1"]);
    let canary = Canary::new("address");
    for (text, header) in [
        ("203.0.113.217", "x-forwarded-for"),
        ("2001:db8:5a5a::217", "x-forwarded-for"),
        (canary.text(), "x-forwarded-for"),
        ("for=203.0.113.217;proto=https", "forwarded"),
    ] {
        let sent = post("/api/v1/events", line(1)).key("atomic").header(header, text);
        let answer = sent.header("x-forwarded-proto", "https").send(fixture.address());
        assert_eq!(answer.status, 200, "{answer:?}");
        let refused = post("/api/v1/events", line(2)).key("atomic").header(header, text);
        let answer = refused.header("x-forwarded-proto", "http").send(fixture.address());
        assert_eq!(answer.status, 403, "{answer:?}");
        assert!(!answer.body.contains("203.0.113"), "{answer:?}");
    }
    let told = https(get("/metrics")).send(fixture.address()).body;
    fixture.stop();
    let mut places = vec![("the metrics".to_owned(), told.into_bytes())];
    places.push(("the log".to_owned(), fixture.told.lock().unwrap().join("\n").into_bytes()));
    let mut folders = vec![fixture.home.path().join("data")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                places.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    assert!(places.len() > 4);
    // As text, and as the bytes of an address.
    let ours: [&[u8]; 6] = [
        b"203.0.113.217",
        b"2001:db8:5a5a",
        canary.text().as_bytes(),
        b"127.0.0.1",
        &[203, 0, 113, 217],
        &[0x20, 0x01, 0x0d, 0xb8, 0x5a, 0x5a],
    ];
    for (place, bytes) in places {
        for own in ours {
            assert!(!bytes.windows(own.len()).any(|window| window == own), "{own:?} in {place}");
        }
    }
}
