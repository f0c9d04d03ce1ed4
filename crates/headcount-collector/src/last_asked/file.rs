//! `DATA/asked.json`: names of catalogs, and days.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use headcount_catalog::{Day, is_product_name};
use serde_json::{Value as Json, json};

use super::book::{Book, ProductBook, SubjectDays};
use super::subject::Subject;
use crate::limits;
use crate::private_file::{self, OwnFile};

/// The file in the data folder.
pub(crate) const FILE: &str = "asked.json";

/// Reads the file. There is none at first.
///
/// # Errors
///
/// Returns the error of the system if there is a file that cannot be read.
pub(super) fn read(data: &Path) -> io::Result<OwnFile<Book>> {
    let decode = |bytes: &[u8]| of_json(&serde_json::from_slice(bytes).ok()?);
    private_file::read_own(&data.join(FILE), limits::ASKED_BYTES, decode)
}

/// Writes the file, whole or not at all.
///
/// # Errors
///
/// Returns the error of the system.
pub(super) fn write(data: &Path, book: &Book) -> io::Result<()> {
    private_file::write(&data.join(FILE), json_of(book).to_string().as_bytes())
}

fn json_of(book: &Book) -> Json {
    let subject = |(subject, days): (&Subject, &SubjectDays)| {
        json!({
            "event": subject.event,
            "property": subject.property,
            "known": days.known.to_string(),
            "asked": days.asked.map(|day| day.to_string()),
        })
    };
    let product = |book: &ProductBook| {
        let subjects: Vec<Json> = book.subjects.iter().map(subject).collect();
        json!({ "since": book.since.to_string(), "subjects": subjects })
    };
    let products: serde_json::Map<String, Json> =
        book.iter().map(|(name, book)| (name.clone(), product(book))).collect();
    json!({ "format": 1, "products": products })
}

fn of_json(json: &Json) -> Option<Book> {
    if json.get("format")?.as_u64()? != 1 {
        return None;
    }
    let day = |json: &Json| Day::parse(json.as_str()?);
    let subject = |json: &Json| {
        let property = match json.get("property")? {
            Json::Null => None,
            property => Some(property.as_str()?.to_owned()),
        };
        let asked = match json.get("asked")? {
            Json::Null => None,
            asked => Some(day(asked)?),
        };
        let event = json.get("event")?.as_str()?.to_owned();
        Some((Subject { event, property }, SubjectDays { known: day(json.get("known")?)?, asked }))
    };
    let product = |(name, json): (&String, &Json)| {
        let subjects = json.get("subjects")?.as_array()?.iter();
        let subjects: BTreeMap<_, _> = subjects.map(subject).collect::<Option<_>>()?;
        let book = ProductBook { since: day(json.get("since")?)?, subjects };
        is_product_name(name).then(|| (name.clone(), book))
    };
    json.get("products")?.as_object()?.iter().map(product).collect()
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_damaged_file_is_told_apart() {
        let home = Home::new();
        assert_eq!(read(home.path()).unwrap(), OwnFile::None);
        let day = Day::parse("2026-11-20").unwrap();
        let days = |asked| SubjectDays { known: day, asked };
        let subjects = [
            (Subject::event("run"), days(None)),
            (Subject::property("run", "agent"), days(Some(day.plus(3)))),
        ];
        let book = ProductBook { since: day, subjects: subjects.into() };
        let book: Book = [("tool".to_owned(), book)].into();
        write(home.path(), &book).unwrap();
        assert_eq!(read(home.path()).unwrap(), OwnFile::Whole(book));
        let long = " ".repeat(usize::try_from(limits::ASKED_BYTES).unwrap() + 1);
        for damaged in [
            "",
            "{}",
            "[",
            r#"{"format":2,"products":{}}"#,
            r#"{"format":1,"products":{"tool":{"since":"yesterday","subjects":[]}}}"#,
            r#"{"format":1,"products":{"<b>":{"since":"2026-11-20","subjects":[]}}}"#,
            &long,
        ] {
            std::fs::write(home.path().join(FILE), damaged).unwrap();
            assert_eq!(read(home.path()).unwrap(), OwnFile::Damaged, "{damaged:.80}");
        }
    }
}
