//! What was published, for good: one file of the data folder,
//! `DATA/public.json`. It has no number that is not for everybody.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use headcount_catalog::Day;
use serde_json::{Value as Json, json};

use super::week::PublicWeek;
use crate::limits;
use crate::operator_log::Sentence;
use crate::private_file::{self, Links};

/// The file in the data folder.
pub(crate) const FILE: &str = "public.json";

/// What was published of one product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Published {
    /// The oldest first.
    pub(super) weeks: Vec<PublicWeek>,
    /// Versions of its catalog, with the day on which each was first there.
    pub(super) catalogs: BTreeMap<u32, Day>,
}

impl Published {
    /// The weeks that are shown, the oldest first.
    pub(super) fn shown(&self) -> &[PublicWeek] {
        let surplus = self.weeks.len().saturating_sub(limits::PUBLIC_WEEKS);
        &self.weeks[surplus..]
    }
}

/// What was published of all products, by their names.
pub(super) type AllPublished = BTreeMap<String, Published>;

/// Reads the file. There is none before the first week.
///
/// # Errors
///
/// Returns a sentence for the operator if the file cannot be used. Nothing may
/// be published then: what is in it must not be published again with other
/// numbers.
pub(super) fn read(data: &Path) -> Result<AllPublished, Sentence> {
    let path = data.join(FILE);
    let content = match private_file::read(&path, Links::Refused) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(AllPublished::new()),
        Err(error) => {
            return Err(Sentence::from("cannot read ").and(&*path).and(&": ").and(&error));
        }
        Ok(content) => content,
    };
    let json = serde_json::from_slice(&content).ok();
    json.as_ref().and_then(of_json).ok_or_else(|| {
        Sentence::from("damaged: ")
            .and(&*path)
            .and(&"; restore it from a backup, or public pages show no further weeks")
    })
}

/// Writes the file, whole or not at all.
///
/// # Errors
///
/// Returns the error of the system.
pub(super) fn write(data: &Path, all: &AllPublished) -> io::Result<()> {
    private_file::write(&data.join(FILE), json_of(all).to_string().as_bytes())
}

fn json_of(all: &AllPublished) -> Json {
    let product = |published: &Published| {
        let catalogs = published.catalogs.iter();
        json!({
            "weeks": published.weeks.iter().map(PublicWeek::json).collect::<Vec<_>>(),
            "catalogs": catalogs
                .map(|(version, day)| json!([version, day.to_string()]))
                .collect::<Vec<_>>(),
        })
    };
    let products: serde_json::Map<String, Json> =
        all.iter().map(|(name, published)| (name.clone(), product(published))).collect();
    json!({ "format": 1, "products": products })
}

fn of_json(json: &Json) -> Option<AllPublished> {
    if json.get("format")?.as_u64()? != 1 {
        return None;
    }
    let product = |(name, json): (&String, &Json)| {
        let weeks = json.get("weeks")?.as_array()?.iter();
        let catalogs = json.get("catalogs")?.as_array()?.iter().map(|pair| {
            let version = u32::try_from(pair.get(0)?.as_u64()?).ok()?;
            Some((version, Day::parse(pair.get(1)?.as_str()?)?))
        });
        let weeks = weeks.map(PublicWeek::read).collect::<Option<_>>()?;
        Some((name.clone(), Published { weeks, catalogs: catalogs.collect::<Option<_>>()? }))
    };
    json.get("products")?.as_object()?.iter().map(product).collect()
}

#[cfg(test)]
mod tests {
    use headcount_testkit::Home;

    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let home = Home::new();
        assert_eq!(read(home.path()), Ok(AllPublished::new()));
        let day = |text| Day::parse(text).unwrap();
        let published = Published {
            weeks: vec![PublicWeek::unseen(day("2026-11-02"))],
            catalogs: [(1, day("2026-10-01")), (2, day("2026-11-05"))].into(),
        };
        let all: AllPublished = [("tool".to_owned(), published)].into();
        write(home.path(), &all).unwrap();
        assert_eq!(read(home.path()), Ok(all));
        for damaged in ["", "{}", r#"{"format":2,"products":{}}"#, r#"{"format":1,"products":[]}"#]
        {
            std::fs::write(home.path().join(FILE), damaged).unwrap();
            let sentence = read(home.path()).unwrap_err();
            assert!(sentence.contains("restore it from a backup"), "{sentence:?}");
        }
    }
}
