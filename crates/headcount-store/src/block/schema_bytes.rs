//! Schemas as bytes, so that the codes of old blocks keep their meaning.
//!
//! ```text
//! "HCB" 3, u64       as in a block
//! product            a text: its length and its bytes
//! events             how many, and for each: name; pairs, two places each; failure: 0, or
//!                    1, a place and a list of texts
//! columns            how many, and for each: name; a byte each for kind, rollup and role; words
//! ```

use super::bytes::{ByteReader, put_count, put_text};
use super::damage::Damage;
use super::head::{check_head, put_head, seal};
use crate::{
    ColumnKind, ColumnRole, ColumnShape, EventShape, FailureShape, RollupKind, RowSchema, limits,
};

const ROLLUPS: [RollupKind; 5] = [
    RollupKind::None,
    RollupKind::Values,
    RollupKind::OpenValues,
    RollupKind::ExitCodes,
    RollupKind::Histogram,
];
const ROLES: [ColumnRole; 3] = [ColumnRole::Plain, ColumnRole::Version, ColumnRole::Account];

/// Returns the bytes of a schema.
pub(crate) fn encode_schema(schema: &RowSchema) -> Vec<u8> {
    let mut out = Vec::new();
    put_head(&mut out);
    put_text(&mut out, schema.product());
    put_count(&mut out, schema.events().len());
    for event in schema.events() {
        put_event(&mut out, event);
    }
    put_count(&mut out, schema.columns().len());
    for column in schema.columns() {
        put_text(&mut out, &column.name);
        put_place(&mut out, &ColumnKind::ALL, &column.kind);
        put_place(&mut out, &ROLLUPS, &column.rollup);
        put_place(&mut out, &ROLES, &column.role);
        put_texts(&mut out, &column.words);
    }
    seal(&mut out);
    out
}

/// Reads the bytes of a schema.
pub(crate) fn decode_schema(body: &[u8]) -> Result<RowSchema, Damage> {
    let mut reader = ByteReader::new(check_head(body)?);
    let product = reader.text()?.to_owned();
    let events = (0..reader.count()?).map(|_| read_event(&mut reader));
    let events = events.collect::<Result<Vec<_>, _>>()?;
    let columns = (0..reader.count()?).map(|_| read_column(&mut reader));
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    reader.end()?;
    let places = events.iter().flat_map(|event| {
        let pairs = event.across.iter().flat_map(|(one, other)| [*one, *other]);
        pairs.chain(event.failure.iter().map(|failure| failure.column))
    });
    let is_inside = places.max().is_none_or(|place| place < columns.len());
    let most = limits::WORDS;
    let is_small = events.len() <= most
        && columns.len() <= most
        && columns.iter().all(|column: &ColumnShape| column.words.len() <= most);
    if is_inside && is_small {
        Ok(RowSchema::new(product, events, columns))
    } else {
        Err(Damage::BadSchema)
    }
}

fn put_event(out: &mut Vec<u8>, event: &EventShape) {
    put_text(out, &event.name);
    put_count(out, event.across.len());
    for (one, other) in &event.across {
        put_count(out, *one);
        put_count(out, *other);
    }
    out.push(u8::from(event.failure.is_some()));
    if let Some(failure) = &event.failure {
        put_count(out, failure.column);
        put_texts(out, &failure.values);
    }
}

fn read_event(reader: &mut ByteReader<'_>) -> Result<EventShape, Damage> {
    let name = reader.text()?.to_owned();
    let pairs = (0..reader.count()?).map(|_| Ok((place(reader)?, place(reader)?)));
    let across = pairs.collect::<Result<_, Damage>>()?;
    let failure = match reader.byte()? {
        0 => None,
        1 => Some(FailureShape { column: place(reader)?, values: read_texts(reader)? }),
        _ => return Err(Damage::UnknownList),
    };
    Ok(EventShape { name, across, failure })
}

fn read_column(reader: &mut ByteReader<'_>) -> Result<ColumnShape, Damage> {
    Ok(ColumnShape {
        name: reader.text()?.to_owned(),
        kind: read_place(reader, &ColumnKind::ALL)?,
        rollup: read_place(reader, &ROLLUPS)?,
        role: read_place(reader, &ROLES)?,
        words: read_texts(reader)?,
    })
}

fn place(reader: &mut ByteReader<'_>) -> Result<usize, Damage> {
    usize::try_from(reader.varint()?).map_err(|_| Damage::NumberTooLarge)
}

fn put_texts(out: &mut Vec<u8>, texts: &[String]) {
    put_count(out, texts.len());
    texts.iter().for_each(|text| put_text(out, text));
}

fn read_texts(reader: &mut ByteReader<'_>) -> Result<Vec<String>, Damage> {
    (0..reader.count()?).map(|_| Ok(reader.text()?.to_owned())).collect()
}

/// Writes the place of a value among all of its kind.
fn put_place<T: PartialEq>(out: &mut Vec<u8>, all: &[T], value: &T) {
    let place = all.iter().position(|known| known == value);
    out.push(place.and_then(|place| u8::try_from(place).ok()).expect("the list has every value"));
}

fn read_place<T: Copy>(reader: &mut ByteReader<'_>, all: &[T]) -> Result<T, Damage> {
    all.get(usize::from(reader.byte()?)).copied().ok_or(Damage::UnknownKind)
}
