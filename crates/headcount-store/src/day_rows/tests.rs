//! Tests of rows by columns.

use super::*;
use crate::{ColumnKind, ColumnShape, EventShape};

fn schema() -> Arc<RowSchema> {
    let word = |name: &str, kind| ColumnShape {
        words: ["init", "update"].map(str::to_owned).to_vec(),
        ..ColumnShape::plain(name, kind)
    };
    let columns = vec![
        word("command", ColumnKind::Word),
        word("commands", ColumnKind::Words),
        ColumnShape::plain("version", ColumnKind::Text),
        ColumnShape::plain("frames", ColumnKind::Texts),
        ColumnShape::plain("count", ColumnKind::Number),
    ];
    let event = EventShape { name: "run".to_owned(), across: Vec::new(), failure: None };
    Arc::new(RowSchema::new("atomic".to_owned(), vec![event], columns))
}

fn head(device: u8) -> RowHead {
    let device = RowDevice::Counted(Pseudonym::from_bytes([device; 16]));
    RowHead { event: 0, weight: 1, marks: RowMarks::default(), device }
}

fn rows(day: Day, numbers: std::ops::Range<u8>) -> DayRows {
    let mut rows = DayRows::new(schema(), day);
    for number in numbers {
        let version = format!("1.{number}");
        let mut cells = vec![(0, CellRef::Word(u16::from(number % 2)))];
        if number % 2 == 0 {
            cells.push((1, CellRef::Words(&[1, 0])));
            cells.push((2, CellRef::Text(&version)));
            cells.push((3, CellRef::Texts(&["a", "b"])));
        }
        if number % 3 == 0 {
            cells.push((4, CellRef::Number(i64::from(number))));
        }
        rows.push(EventId::new(day, [number; 16]), head(number), cells);
    }
    rows
}

fn shown(rows: &DayRows) -> String {
    let columns = rows.columns().iter().map(|column| match column.cells() {
        Cells::Text(texts, codes) => {
            let texts: Vec<_> = codes.iter().map(|code| texts.get(*code)).collect();
            format!("{:?} {texts:?}", column.rows())
        }
        Cells::TextLists(texts, ends, codes) => {
            let texts: Vec<_> = codes.iter().map(|code| texts.get(*code)).collect();
            format!("{:?} {ends:?} {texts:?}", column.rows())
        }
        cells => format!("{:?} {cells:?}", column.rows()),
    });
    format!("{:?} {:?} {:?}", rows.ids(), rows.contents(), columns.collect::<Vec<_>>())
}

#[test]
fn rows_that_are_put_together_are_as_if_they_had_come_together() {
    let day = Day::from_number(20_000);
    let all = rows(day, 0..20);
    let mut joined = rows(day, 0..7);
    let more = rows(day, 7..20);
    joined.append(&DayRows { schema: Arc::clone(joined.schema()), ..more });
    assert_eq!(shown(&joined), shown(&all));
}

#[test]
fn rows_that_are_left_out_leave_no_cell() {
    let day = Day::from_number(20_000);
    let all = rows(day, 0..20);
    let keep: Vec<bool> = (0..20).map(|row| row >= 12).collect();
    assert_eq!(shown(&all.filtered(&keep)), shown(&rows(day, 12..20)));
    assert!(all.filtered(&[]).is_empty());
}

/// What is kept lies in several runs, as when single events of a request come
/// again.
#[test]
fn rows_that_are_left_out_between_others_leave_no_cell() {
    let day = Day::from_number(20_000);
    let all = rows(day, 0..40);
    let keep: Vec<bool> = (0..40).map(|row| row % 8 != 2 && row % 9 != 4).collect();
    let mut expected = DayRows::new(Arc::clone(all.schema()), day);
    for number in (0..40).filter(|row| keep[usize::from(*row)]) {
        let one = rows(day, number..number + 1);
        expected.append(&DayRows { schema: Arc::clone(all.schema()), ..one });
    }
    let kept = all.filtered(&keep);
    assert_eq!(shown(&kept), shown(&expected));
    assert_eq!(kept.heads(), expected.heads());
}

#[test]
fn the_content_is_that_of_the_values() {
    let day = Day::from_number(20_000);
    let of = |device: u8, cells: &[(usize, CellRef<'_>)]| {
        let mut rows = DayRows::new(schema(), day);
        rows.push(EventId::new(day, [1; 16]), head(device), cells.iter().copied());
        rows.contents()[0]
    };
    let one = of(1, &[(0, CellRef::Word(0)), (4, CellRef::Number(7))]);
    assert_eq!(one, of(1, &[(4, CellRef::Number(7)), (0, CellRef::Word(0))]));
    assert_ne!(one, of(2, &[(0, CellRef::Word(0)), (4, CellRef::Number(7))]));
    assert_ne!(one, of(1, &[(0, CellRef::Word(1)), (4, CellRef::Number(7))]));
    assert_ne!(one, of(1, &[(0, CellRef::Word(0))]));
}

#[test]
fn marks_are_one_byte() {
    for age in [None].into_iter().chain(Age::ALL.map(Some)) {
        let marks = RowMarks::new([Period::Month, Period::Day], age);
        assert_eq!(marks.periods().collect::<Vec<_>>(), [Period::Day, Period::Month]);
        assert_eq!((marks.age(), RowMarks::from_byte(marks.byte())), (age, Some(marks)));
    }
    assert_eq!(RowMarks::from_byte(0xff), None);
}
