//! What the growing store said at its largest, from its own section: it takes
//! minutes to get there.

/// The embedded store at its largest size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// Million events.
    pub(crate) millions: u64,
    /// When and on what it was measured.
    pub(crate) made: String,
    questions: Vec<(String, String)>,
}

impl Earlier {
    /// Reads the section; nothing if it has no questions.
    pub(crate) fn read(section: &str) -> Option<Self> {
        let made = section.lines().find(|line| line.starts_with("Measured on "))?;
        let made = made.split([',', ';']).next()?.to_owned();
        let mut rows = section.lines().skip_while(|line| !line.starts_with("| p50 / p99"));
        let heads = cells(rows.next()?);
        let millions = heads.last()?.split_once(' ')?.0.parse().ok()?;
        let rows = rows.skip(1).take_while(|line| line.starts_with('|')).map(cells);
        let named =
            rows.filter_map(|row| Some((row.first()?.clone(), row.last()?.clone()))).collect();
        Some(Self { millions, made: made.replacen('M', "m", 1), questions: named })
    }

    /// What a question took.
    pub(crate) fn cell(&self, name: &str) -> Option<&str> {
        let row = self.questions.iter().find(|(own, _)| own == name)?;
        Some(&row.1)
    }
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches(['|', ' ']).split(" | ").map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_size_is_read() {
        let section = "\n## A store that grows\n\nMeasured on 2026-11-29 at 68bc, in 547 s; it.\n\n\
                       | million | k/s |\n| --- | --- |\n| 1 | 2 |\n\n\
                       | p50 / p99, ms | 1 million | 100 million |\n| --- | --- | --- |\n\
                       | events | 0.3 / 0.4 | 0.5 / 5.1 |\n| across | – | – |\n";
        let earlier = Earlier::read(section).unwrap();
        assert_eq!(
            (earlier.millions, earlier.made.as_str()),
            (100, "measured on 2026-11-29 at 68bc")
        );
        assert_eq!(
            (earlier.cell("events"), earlier.cell("across")),
            (Some("0.5 / 5.1"), Some("–"))
        );
        assert_eq!(earlier.cell("versions"), None);
        assert_eq!(Earlier::read(""), None);
    }
}
