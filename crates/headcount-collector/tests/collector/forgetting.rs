//! `POST /api/v1/forget`: who may ask, what is answered, and what it tells.

use std::sync::{Arc, Mutex};

use headcount_catalog::Day;
use headcount_collector::Collector;
use headcount_store::{
    AnswerRows, Commit, DayRows, EmbeddedStore, Erasure, HousePolicy, HouseReport, Question,
    RowStatus, Store, StoreError,
};
use headcount_wire::native::DeviceSecret;

use crate::client::{Answer, get, post};
use crate::fixture::{Fixture, TODAY, line_from};

const SECRET: &str = "00112233445566778899aabbccddeeff";

/// A store that remembers what is erased, and has seven events of whoever is
/// erased first.
struct Remembering {
    store: EmbeddedStore,
    erased: Arc<Mutex<Vec<(String, Erasure)>>>,
}

impl Store for Remembering {
    fn append(&self, commit: &Commit) -> Result<Vec<Vec<RowStatus>>, StoreError> {
        self.store.append(commit)
    }

    fn ask(&self, question: &Question) -> Result<AnswerRows, StoreError> {
        self.store.ask(question)
    }

    fn keep_house(&self, policy: &HousePolicy) -> Result<HouseReport, StoreError> {
        self.store.keep_house(policy)
    }

    fn read_events(
        &self,
        product: &str,
        days: (Day, Day),
        each: &mut dyn FnMut(&DayRows),
    ) -> Result<(), StoreError> {
        self.store.read_events(product, days, each)
    }

    fn health(&self) -> Result<(), StoreError> {
        self.store.health()
    }

    fn erase(&self, product: &str, person: Erasure) -> Result<u64, StoreError> {
        let mut erased = self.erased.lock().unwrap();
        let is_first = !erased.iter().any(|(_, before)| *before == person);
        erased.push((product.to_owned(), person));
        match product {
            "clacky" => Err(StoreError::new("the disk is full; free some space")),
            _ => Ok(if is_first { 7 } else { 0 }),
        }
    }
}

struct Scene {
    fixture: Fixture,
    erased: Arc<Mutex<Vec<(String, Erasure)>>>,
}

impl Scene {
    fn new() -> Self {
        let mut fixture = Fixture::new();
        fixture.stop();
        let erased = Arc::default();
        let store = EmbeddedStore::open(&fixture.home.path().join("store")).unwrap();
        let store = Remembering { store, erased: Arc::clone(&erased) };
        fixture.run(Collector::start_on(fixture.config(), Arc::new(store)).unwrap());
        Self { fixture, erased }
    }

    fn ask(&self, key: Option<&str>, body: &str) -> Answer {
        let request = post("/api/v1/forget", body);
        let request = match key {
            Some(key) => request.key(key),
            None => request,
        };
        request.send(self.fixture.address())
    }
}

fn body(product: &str, secret: &str) -> String {
    format!("{{\"product\":\"{product}\",\"secret\":\"{secret}\"}}")
}

#[test]
fn the_secret_erases_what_was_sent_under_its_id() {
    let scene = Scene::new();
    let answer = scene.ask(Some("atomic"), &body("atomic", SECRET));
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let json = answer.json();
    assert_eq!(json["erased"], 7, "{answer:?}");
    let proof = json["proof"].as_str().unwrap();
    assert!(proof.starts_with(&format!("atomic.{TODAY}.7.")), "{proof}");
    assert_eq!(json.as_object().unwrap().len(), 2, "{answer:?}");
    // The pseudonym is that of the id which the SDK derives. Neither the id
    // nor the secret is in the answer.
    let device = DeviceSecret::from_hex(SECRET).unwrap().device();
    assert!(!answer.body.contains(&device) && !answer.body.contains(SECRET), "{answer:?}");
    let erased = scene.erased.lock().unwrap().clone();
    let [(product, Erasure::Device(_))] = &erased[..] else { panic!("{erased:?}") };
    assert_eq!(product, "atomic");
    // What was erased is gone, and the answer is of the same form.
    let again = scene.ask(Some("atomic"), &body("atomic", SECRET));
    assert_eq!((again.status, &again.json()["erased"]), (200, &0.into()));
    assert!(again.json()["proof"].as_str().unwrap().starts_with(&format!("atomic.{TODAY}.0.")));
}

/// Another id, another product, another person: each is another pseudonym.
#[test]
fn only_the_own_events_are_erased() {
    let scene = Scene::new();
    let other = SECRET.replace('0', "1");
    for (product, secret) in [("atomic", SECRET), ("atomic", &other), ("atomcode", SECRET)] {
        let answer = scene.ask(Some(product), &body(product, secret));
        assert_eq!((answer.status, &answer.json()["erased"]), (200, &7.into()), "{answer:?}");
    }
}

/// An answer says nothing about an id that the secret does not say: status and
/// form are the same for one with events and one without.
#[test]
fn it_is_no_oracle() {
    let scene = Scene::new();
    let [known, unknown] = [0, 1].map(|_| {
        let answer = scene.ask(Some("atomic"), &body("atomic", SECRET));
        let names: Vec<String> = answer.headers.iter().map(|(name, _)| name.clone()).collect();
        let keys: Vec<String> = answer.json().as_object().unwrap().keys().cloned().collect();
        (answer.status, names, keys, answer.body.len())
    });
    assert_eq!(known, unknown);
    // The id alone, without the secret, is answered like anything that is not
    // a secret.
    let device = DeviceSecret::from_hex(SECRET).unwrap().device();
    scene.fixture.send(&[line_from(&device, 1, TODAY, "update")]);
    let asked = |secret: &str| {
        let answer = scene.ask(Some("atomic"), &body("atomic", secret));
        (answer.status, answer.body)
    };
    assert_eq!(asked(&device), asked("an id that nobody has"));
    // Its digits are a secret too, of an id that nobody has.
    let answer = scene.ask(Some("atomic"), &body("atomic", &device.replace('-', "")));
    assert_eq!(answer.status, 200);
}

#[test]
fn who_may_ask() {
    let scene = Scene::new();
    let asked = |key, body: &str| {
        let answer = scene.ask(key, body);
        (answer.status, answer.body)
    };
    // As the first releases ask: the key alone names the product.
    let older = format!("{{\"device\":\"any\",\"secret\":\"{SECRET}\"}}");
    assert_eq!(asked(Some("atomic"), &older).0, 200);
    // In development the product's name is its key.
    assert_eq!(asked(None, &body("atomic", SECRET)).0, 200);
    for (key, body, status, told) in [
        (None, older.as_str(), 401, "missing write key"),
        (Some("nobody"), &body("atomic", SECRET), 401, "unknown write key"),
        (None, &body("nobody", SECRET), 404, "unknown product"),
        (Some("atomcode"), &body("atomic", SECRET), 400, "not the product of the write key"),
        (Some("atomic"), "", 400, "not valid JSON"),
        (Some("atomic"), "[]", 400, "not an object"),
        (Some("atomic"), "{}", 400, "32 hexadecimal digits"),
        (Some("atomic"), &body("atomic", &"g".repeat(32)), 400, "32 hexadecimal digits"),
        (Some("atomic"), &" ".repeat(4_097), 413, "longer than 4 KiB"),
        (Some("clacky"), &body("clacky", SECRET), 503, "send the same request again"),
    ] {
        let (found, text) = asked(key, body);
        assert_eq!(found, status, "{text}");
        assert!(text.contains(told) && !text.contains("0011"), "{told}: {text}");
    }
    assert_eq!(scene.erased.lock().unwrap().len(), 3);
    let told = scene.fixture.told.lock().unwrap().clone();
    assert_eq!(told, ["the disk is full; free some space"]);
    let answer = get("/api/v1/forget").send(scene.fixture.address());
    assert_eq!(answer.status, 405);
}

#[test]
fn a_body_that_is_packed_or_comes_in_pieces() {
    let scene = Scene::new();
    let address = scene.fixture.address();
    let chunked = post("/api/v1/forget/", body("atomic", SECRET)).key("atomic").chunked();
    assert_eq!(chunked.send(address).status, 200);
    let long = post("/api/v1/forget", " ".repeat(100_000)).key("atomic").chunked();
    assert_eq!(long.send(address).status, 413);
    let packed = post("/api/v1/forget", body("atomic", SECRET)).key("atomic");
    assert_eq!(packed.header("content-encoding", "gzip").send(address).status, 415);
}
