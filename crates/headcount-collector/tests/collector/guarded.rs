//! A collector with keys and readers: who gets in, by each dialect, while they
//! change.

use std::path::PathBuf;

use headcount_collector::offline::credentials;
use headcount_collector::{Access, Collector, Password, ReaderName, Reloader, Role};

use crate::client::{Answer, get, post};
use crate::fixture::{Fixture, TODAY, line};

const PASSWORD: &str = "correct horse battery";

/// A running collector with credentials.
struct Guarded {
    fixture: Fixture,
    data: PathBuf,
    reloader: Reloader,
}

impl Guarded {
    fn start() -> Self {
        let mut fixture = Fixture::new();
        fixture.stop();
        let mut config = fixture.config();
        config.access = Access::Credentials;
        let data = config.data.clone();
        let running = Collector::start(config).unwrap();
        let reloader = running.reloader().unwrap();
        fixture.run(running);
        Self { fixture, data, reloader }
    }

    fn key(&self, product: &str) -> String {
        let day = headcount_catalog::Day::parse(TODAY).unwrap();
        let key = credentials::new_key(&self.data, product, day).unwrap();
        self.reloader.reload();
        key.reveal().to_owned()
    }

    fn token(&self, name: &str) -> String {
        let day = headcount_catalog::Day::parse(TODAY).unwrap();
        let name = ReaderName::new(name).unwrap();
        let password = Password::new(PASSWORD, &name).unwrap();
        credentials::new_reader(&self.data, &name, &password, Role::Read, day).unwrap();
        let token = credentials::new_token(&self.data, name.as_str(), Role::Read, day).unwrap();
        self.reloader.reload();
        token.reveal().to_owned()
    }

    #[track_caller]
    fn send(&self, key: &str, number: u64) -> Answer {
        post("/api/v1/events", line(number)).key(key).send(self.fixture.address())
    }
}

#[test]
fn without_credentials_nobody_gets_in_and_the_operator_hears_how_to_make_them() {
    let guarded = Guarded::start();
    assert_eq!(guarded.send("atomic", 1).status, 401);
    assert_eq!(guarded.fixture.get("/metrics").status, 401);
    assert_eq!(guarded.fixture.get("/healthz").status, 200);
    let told = guarded.fixture.told.lock().unwrap().join("\n");
    assert!(told.contains("there is no write key and no reader, so nobody can write or read"));
    assert!(told.contains("`headcount keys new PRODUCT --data "), "{told}");
    assert!(told.contains("`headcount readers new NAME --data "), "{told}");
    drop(guarded);
}

#[test]
fn a_key_writes_for_its_product_alone_until_it_is_revoked() {
    let guarded = Guarded::start();
    let (old, new) = (guarded.key("atomic"), guarded.key("atomic"));
    let archon = guarded.key("archon");
    assert!(guarded.send(&old, 1).body.starts_with("{\"accepted\":1,"));
    assert!(guarded.send(&new, 2).body.starts_with("{\"accepted\":1,"));
    // A line of Atomic is not an event of Archon.
    assert!(guarded.send(&archon, 3).body.contains("\"rejected\":1"));
    let id = credentials::keys(&guarded.data).unwrap()[0].id.clone();
    credentials::revoke_key(&guarded.data, &id).unwrap();
    guarded.reloader.reload();
    let refused = guarded.send(&old, 4);
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer")));
    assert!(guarded.send(&new, 4).body.starts_with("{\"accepted\":1,"));
    let token = guarded.token("maria");
    let metrics = get("/metrics").key(&token).send(guarded.fixture.address()).body;
    let stored = "headcount_events_total{product=\"atomic\",outcome=\"stored\",reason=\"\"} 3";
    assert!(metrics.contains(stored), "{metrics}");
}

/// Each dialect, with the key where its clients have it, and with the answer
/// that they expect when it is wrong.
#[test]
fn every_dialect_takes_the_key_where_its_clients_have_it() {
    let guarded = Guarded::start();
    let address = guarded.fixture.address();
    let key = |product: &str| guarded.key(product);
    let (atomic, archon, assembly, clacky) =
        (key("atomic"), key("archon"), key("assembly"), key("clacky"));
    let bearer = |key: &str| vec![("authorization", format!("Bearer {key}"))];
    let json = ("content-type", "application/json".to_owned());
    let all = [
        ("/v1/logs", "{}", bearer(&atomic)),
        ("/i/v1/analytics/events", "{\"batch\":[]}", bearer(&archon)),
        ("/api/v2/logs", "[]", vec![("dd-api-key", assembly.clone())]),
        ("/api/v1/telemetry/startup", "{}", bearer(&clacky)),
    ];
    for (path, body, headers) in all {
        let send = |headers: &[(&str, String)]| {
            let request = post(path, body).header(json.0, &json.1);
            let with = |request: crate::client::Request, (name, value): &(&str, String)| {
                request.header(name, value)
            };
            headers.iter().fold(request, with).send(address)
        };
        let taken = send(&headers);
        assert!(![401, 403, 404].contains(&taken.status), "{path}: {taken:?}");
        assert_eq!(send(&[]).status, 401, "{path}");
        let wrong: Vec<_> =
            headers.iter().map(|(name, value)| (*name, format!("{value}0"))).collect();
        assert_eq!(send(&wrong).status, 401, "{path}");
    }
    let batch = |key: &str| {
        let body = format!("{{\"api_key\":\"{key}\",\"batch\":[{{\"event\":\"x\"}}]}}");
        post("/batch/", body).header(json.0, &json.1).send(address)
    };
    assert_eq!(batch(&archon).status, 200);
    let refused = batch("phc_0123456789");
    assert_eq!(refused.status, 401);
    assert!(refused.json()["error_description"].as_str().unwrap().contains("unknown write key"));
    let in_query = format!("/api/v2/logs?dd-api-key={assembly}");
    assert_eq!(post(&in_query, "[]").header(json.0, &json.1).send(address).status, 202);
}

/// A person with a browser: sent to the form, in, out.
#[test]
fn a_person_signs_in_and_out() {
    let guarded = Guarded::start();
    guarded.token("maria");
    let address = guarded.fixture.address();
    let page = guarded.fixture.get("/product/atomic?days=7");
    assert_eq!(page.status, 303);
    assert_eq!(page.header("location"), Some("/sign-in?to=/product/atomic%3Fdays%3D7"));
    let form = guarded.fixture.get("/sign-in?to=/product/atomic%3Fdays%3D7");
    assert!(form.body.contains("value=\"/product/atomic?days=7\""), "{}", form.body);
    assert!(!form.body.contains("Archon"), "products are nobody's business");
    let send = |password: &str| {
        let body = format!("name=maria&password={password}&to=/product/atomic?days=7");
        post("/sign-in", body)
            .header("content-type", "application/x-www-form-urlencoded")
            .send(address)
    };
    let wrong = send("correct+horse+batterx");
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None));
    assert!(wrong.body.contains("Wrong name or password"), "{}", wrong.body);
    let right = send("correct+horse+battery");
    assert_eq!((right.status, right.header("location")), (303, Some("/product/atomic?days=7")));
    let cookie = right.header("set-cookie").unwrap().to_owned();
    assert!(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"), "{cookie}");
    let held = cookie.split(';').next().unwrap().to_owned();
    let shown = get("/product/atomic").header("cookie", &held).send(address);
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("maria") && shown.body.contains("Sign out"));
    let out = post("/sign-out", "").header("cookie", &held).send(address);
    assert_eq!((out.status, out.header("location")), (303, Some("/sign-in")));
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(get("/product/atomic").header("cookie", &held).send(address).status, 303);
}

/// Whoever tries passwords is stopped, and those who are in notice nothing.
#[test]
fn tries_to_sign_in_are_limited() {
    let guarded = Guarded::start();
    let token = guarded.token("maria");
    let address = guarded.fixture.address();
    let attempt = || {
        post("/sign-in", "name=maria&password=guess")
            .header("content-type", "application/x-www-form-urlencoded")
            .send(address)
    };
    let answers: Vec<Answer> = (0..20).map(|_| attempt()).collect();
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(refused.len() >= 9, "{}", refused.len());
    assert!(refused.iter().all(|answer| answer.header("retry-after").is_some()));
    assert_eq!(get("/metrics").key(&token).send(address).status, 200);
    let long = format!("name=maria&password={}", "x".repeat(5_000));
    let long = post("/sign-in", long).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(long.send(address).status, 400);
}

/// Nothing that lets somebody in is in a log or in a file.
#[test]
fn no_secret_is_written_anywhere() {
    let guarded = Guarded::start();
    let (key, token) = (guarded.key("atomic"), guarded.token("maria"));
    let address = guarded.fixture.address();
    guarded.send(&key, 1);
    guarded.send(&token, 2);
    guarded.fixture.get(&format!("/metrics?token={token}"));
    get("/metrics").key(&key).send(address);
    let form = "name=maria&password=correct+horse+battery";
    let signed_in = post("/sign-in", form)
        .header("content-type", "application/x-www-form-urlencoded")
        .send(address);
    let cookie = signed_in.header("set-cookie").unwrap();
    let held = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let told = guarded.fixture.told.lock().unwrap().join("\n");
    let mut all = vec![told.into_bytes()];
    for entry in std::fs::read_dir(&guarded.data).unwrap() {
        let path = entry.unwrap().path();
        all.extend(path.is_file().then(|| std::fs::read(path).unwrap()));
    }
    for secret in [&key[4..], &token[4..], &held[4..], PASSWORD, "correct+horse+battery"] {
        for bytes in &all {
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there, "{secret}");
        }
    }
}

/// `--development` on a folder that has keys serves it all the same.
#[test]
fn development_looks_at_no_credentials() {
    let guarded = Guarded::start();
    let key = guarded.key("atomic");
    let mut fixture = guarded.fixture;
    fixture.stop();
    fixture.start();
    assert_eq!(post("/api/v1/events", line(1)).key("atomic").send(fixture.address()).status, 200);
    assert_eq!(post("/api/v1/events", line(1)).key(&key).send(fixture.address()).status, 401);
    assert_eq!(fixture.get("/metrics").status, 200);
}
