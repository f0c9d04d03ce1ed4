//! Goes through the lines of a transcript in bounded memory.

use std::io::{self, Read};

use memchr::{memchr, memmem, memrchr};
use serde_json::Value as Json;

use super::{Invoked, Transcript, TranscriptForm, time};
use crate::limits;

/// Reads what a transcript tells. What cannot be read ends it.
pub(crate) fn read(from: &mut dyn Read, form: &TranscriptForm) -> Transcript {
    let mut reader = Reader {
        form,
        finders: form.marks.iter().map(memmem::Finder::new).collect(),
        told: Transcript::default(),
        first_lines: 0,
        parsed_bytes: 0,
    };
    let mut buffer = vec![0; limits::TRANSCRIPT_CHUNK + limits::LINE_BYTES];
    let mut from = from.take(limits::TRANSCRIPT_BYTES);
    // The bytes of an unfinished line at the start of the buffer, and whether
    // the line is too long and is passed over.
    let (mut kept, mut skipping) = (0, false);
    loop {
        let end = kept + limits::TRANSCRIPT_CHUNK;
        let read = match from.read(&mut buffer[kept..end]) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => 0,
        };
        if read == 0 {
            // A line that the agent is still writing is not told.
            return reader.told;
        }
        let filled = kept + read;
        let mut start = 0;
        if skipping {
            match memchr(b'\n', &buffer[..filled]) {
                Some(newline) => (start, skipping) = (newline + 1, false),
                None => {
                    kept = 0;
                    continue;
                }
            }
        }
        let whole = memrchr(b'\n', &buffer[start..filled]).map_or(start, |end| start + end + 1);
        reader.whole_lines(&buffer[start..whole]);
        if reader.has_enough() {
            return reader.told;
        }
        kept = filled - whole;
        if kept > limits::LINE_BYTES {
            (kept, skipping) = (0, true);
        } else {
            buffer.copy_within(whole..filled, 0);
        }
    }
}

struct Reader<'a> {
    form: &'a TranscriptForm,
    finders: Vec<memmem::Finder<'a>>,
    told: Transcript,
    first_lines: usize,
    /// Bytes of lines that had a mark and were looked at.
    parsed_bytes: usize,
}

impl Reader<'_> {
    fn whole_lines(&mut self, text: &[u8]) {
        self.look_for_the_beginning(text);
        // The lines with a mark, each once, in their order.
        let mut lines: Vec<(usize, usize)> = Vec::new();
        for finder in &self.finders {
            let mut from = 0;
            while let Some(found) = finder.find(&text[from..]).map(|found| from + found) {
                let start = memrchr(b'\n', &text[..found]).map_or(0, |newline| newline + 1);
                let end = memchr(b'\n', &text[found..]).map_or(text.len(), |end| found + end);
                lines.push((start, end));
                from = end;
            }
        }
        lines.sort_unstable();
        lines.dedup();
        for (start, end) in lines {
            if end - start <= limits::LINE_BYTES {
                self.line(&text[start..end]);
            }
        }
    }

    fn look_for_the_beginning(&mut self, text: &[u8]) {
        for line in text.split(|byte| *byte == b'\n') {
            if self.told.began.is_some() || self.first_lines == limits::FIRST_LINES {
                return;
            }
            self.first_lines += 1;
            if line.len() <= limits::LINE_BYTES {
                self.told.began = serde_json::from_slice(line).ok().as_ref().and_then(time);
            }
        }
    }

    fn has_enough(&self) -> bool {
        self.told.commands.len() == limits::TRANSCRIPT_COMMANDS
            || self.parsed_bytes > limits::TRANSCRIPT_PARSED
    }

    fn line(&mut self, line: &[u8]) {
        if self.has_enough() {
            return;
        }
        self.parsed_bytes += line.len();
        let Ok(json) = serde_json::from_slice::<Json>(line) else { return };
        if let Some((name, by)) = (self.form.command)(&json) {
            self.told.commands.push(Invoked { at: time(&json), name, by });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_name::CommandName;
    use crate::told::Invocation;

    const FORM: TranscriptForm = TranscriptForm {
        marks: &["\"x\"", "\"y\""],
        command: |json| {
            let name = json.get("x").or_else(|| json.get("y"))?.as_str()?;
            Some((CommandName::read(name)?, Invocation::Typed))
        },
    };

    fn names(text: &[u8], step: usize) -> Vec<String> {
        let told = read(&mut Steps(text, step), &FORM);
        told.commands.iter().map(|told| told.name.as_str().to_owned()).collect()
    }

    /// A few bytes at a time.
    struct Steps<'a>(&'a [u8], usize);

    impl Read for Steps<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(into.len());
            self.0.read(&mut into[..most])
        }
    }

    #[test]
    fn every_whole_line_is_read_however_it_arrives() {
        let text = b"{\"y\":\"a\"}\n\n{\"x\":\"b\"}\n{\"z\":\"c\"}\n{\"x\":\"d\",\"k\":\"y\"}\n{\"x\":\"torn\"}";
        for step in [1, 2, 3, 7, 1000] {
            assert_eq!(names(text, step), ["a", "b", "d"], "{step}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_costs_its_neighbours_nothing() {
        for length in [limits::LINE_BYTES + 1, 3 * limits::TRANSCRIPT_CHUNK, 9_000_000] {
            let long = format!("{{\"x\":\"long\",\"k\":\"{}\"}}", "k".repeat(length));
            let text = format!("{{\"x\":\"a\"}}\n{long}\n{{\"x\":\"b\"}}\n{long}");
            for step in [4097, 1 << 20] {
                assert_eq!(names(text.as_bytes(), step), ["a", "b"], "{length} {step}");
            }
        }
    }

    #[test]
    fn the_beginning_is_the_first_time_of_the_first_lines() {
        let told = |text: &str| read(&mut text.as_bytes(), &FORM).began;
        let at = Time::parse("2026-11-29T10:00:00Z");
        assert_eq!(told("{}\nno\n{\"timestamp\":\"2026-11-29T10:00:00.000Z\"}\n"), at);
        let late = format!("{}{{\"timestamp\":\"2026-11-29T10:00:00Z\"}}\n", "{}\n".repeat(50));
        assert_eq!(told(&late), None);
        assert_eq!(told("{\"timestamp\":\"2026-11-29T10:00:00Z\"}"), None, "torn");
    }

    use headcount::Time;
}
