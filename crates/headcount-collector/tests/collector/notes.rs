//! Notes on a day: who may write one from the page, and who sees it as JSON.

use headcount_collector::offline::{credentials, notes};
use headcount_collector::{Access, Collector, Password, ReaderName, Role};

use crate::client::{Answer, get, post};
use crate::fixture::{Fixture, TODAY};
use crate::schema;

const FORM: &str = "application/x-www-form-urlencoded";

fn write(fixture: &Fixture, path: &str, form: &str) -> Answer {
    post(path, form).header("content-type", FORM).send(fixture.address())
}

fn texts(fixture: &Fixture, query: &str) -> Vec<String> {
    let answer = fixture.get(&format!("/api/v1/notes?product=atomic{query}"));
    assert_eq!(answer.status, 200, "{answer:?}");
    let notes = answer.json()["notes"].as_array().unwrap().clone();
    notes.iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_note_is_written_and_removed_from_the_page() {
    let fixture = Fixture::new();
    let form = "day=2026-11-18&text=Release+1.4.0+%3Cb%3E&query=days%3D60";
    let answer = write(&fixture, "/product/atomic/notes", form);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/product/atomic?days=60")));
    assert_eq!(texts(&fixture, ""), ["Release 1.4.0 <b>"]);
    assert_eq!(texts(&fixture, "&from=2026-11-19"), Vec::<String>::new());
    let data = fixture.config().data;
    let id = notes::list(&data).unwrap()[0].id.clone();
    let elsewhere = write(&fixture, "/product/archon/notes", &format!("remove={id}"));
    assert_eq!(elsewhere.status, 400, "{elsewhere:?}");
    let removed = write(&fixture, "/product/atomic/notes", &format!("remove={id}"));
    assert_eq!((removed.status, removed.header("location")), (303, Some("/product/atomic")));
    assert_eq!(texts(&fixture, ""), Vec::<String>::new());
}

#[test]
fn nonsense_is_a_sentence_and_nothing_of_it_comes_back() {
    let fixture = Fixture::new();
    let long = "x".repeat(201);
    for (form, told) in [
        (String::new(), "`day` is not a date"),
        ("day=yesterday&text=x".to_owned(), "`day` is not a date"),
        ("day=2026-02-30&text=x".to_owned(), "`day` is not a date"),
        ("day=2026-11-18&text=".to_owned(), "The note is empty"),
        (format!("day=2026-11-18&text={long}"), "The note has 201 characters: use at most 200."),
        ("day=2026-11-18&text=a%0Ab".to_owned(), "The note is not one line of text"),
        ("day=2026-11-18&text=a%E2%80%AEb".to_owned(), "The note is not one line of text"),
        ("remove=%3Cscript%3E".to_owned(), "No note of this product has this id"),
    ] {
        let answer = write(&fixture, "/product/atomic/notes", &form);
        assert_eq!(answer.status, 400, "{form}: {answer:?}");
        assert!(answer.body.starts_with(told), "{form}: {answer:?}");
        assert!(!answer.body.contains("script"), "{answer:?}");
    }
    for query in ["days=7%0D%0ASet-Cookie:x", "//evil.example", "a b"] {
        let form = format!("day=2026-11-18&text=x&query={query}");
        let answer = write(&fixture, "/product/atomic/notes", &form);
        let place = answer.header("location").unwrap().to_owned();
        assert_eq!((answer.status, place.as_str()), (303, "/product/atomic"), "{query}");
    }
    let unknown = write(&fixture, "/product/nothing/notes", "day=2026-11-18&text=x");
    assert_eq!(unknown.status, 404);
    let huge = write(&fixture, "/product/atomic/notes", &"x".repeat(100_000));
    assert!([400, 413].contains(&huge.status), "{huge:?}");
    let json = post("/product/atomic/notes", "{}").send(fixture.address());
    assert_eq!(json.status, 400, "{json:?}");
    assert_eq!(fixture.get("/product/atomic/notes").header("location"), Some("/product/atomic"));
}

#[test]
fn a_page_of_another_origin_cannot_write_one_even_in_development() {
    let fixture = Fixture::new();
    let form = "day=2026-11-18&text=x";
    let answer = post("/product/atomic/notes", form)
        .header("content-type", FORM)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .send(fixture.address());
    assert_eq!(answer.status, 403, "{answer:?}");
    assert_eq!(texts(&fixture, ""), Vec::<String>::new());
}

#[test]
fn only_a_reader_with_the_role_operate_writes_and_is_named() {
    let mut fixture = Fixture::new();
    fixture.stop();
    let config = headcount_collector::Config { access: Access::Credentials, ..fixture.config() };
    let data = config.data.clone();
    let day = headcount_catalog::Day::parse(TODAY).unwrap();
    let token = |name: &str, role| {
        let name = ReaderName::new(name).unwrap();
        let password = Password::new("correct horse battery", &name).unwrap();
        credentials::new_reader(&data, &name, &password, role, day).unwrap();
        credentials::new_token(&data, name.as_str(), role, day).unwrap().reveal().to_owned()
    };
    let (reads, operates) = (token("maria", Role::Read), token("otto", Role::Operate));
    fixture.run(Collector::start(config).unwrap());
    let send = |key: &str| {
        post("/product/atomic/notes", "day=2026-11-18&text=Outage")
            .header("content-type", FORM)
            .key(key)
            .send(fixture.address())
    };
    let nobody = write(&fixture, "/product/atomic/notes", "day=2026-11-18&text=x");
    let place = Some("/sign-in?to=/product/atomic/notes");
    assert_eq!((nobody.status, nobody.header("location")), (303, place));
    assert_eq!(send(&reads).status, 403);
    assert_eq!(send(&operates).status, 303);
    let note = notes::list(&data).unwrap().remove(0);
    assert_eq!((note.text.as_str(), note.by.unwrap().as_str()), ("Outage", "otto"));
    let shown = get("/api/v1/notes?product=atomic").key(&reads).send(fixture.address());
    assert!(shown.body.contains("\"by\":\"otto\""), "{shown:?}");
}

#[test]
fn the_answer_fits_the_document_and_bad_questions_are_told() {
    let fixture = Fixture::new();
    write(&fixture, "/product/atomic/notes", "day=2026-11-18&text=x");
    let document = fixture.get("/api/v1/openapi.json").json();
    let operation = &document["paths"]["/api/v1/notes"]["get"];
    let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    let answer = fixture.get("/api/v1/notes?product=atomic");
    assert_eq!(schema::check(&document, schema, &answer.json()), Ok(()), "{answer:?}");
    for (query, status) in [
        ("", 400),
        ("?product=nothing", 404),
        ("?product=atomic&from=x", 400),
        ("?product=atomic&from=0001-01-01", 400),
        ("?product=atomic&event=x", 400),
    ] {
        assert_eq!(fixture.get(&format!("/api/v1/notes{query}")).status, status, "{query}");
    }
}
