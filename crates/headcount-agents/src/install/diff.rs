//! The difference of two texts, line by line, as `diff -u` shows it.

use std::fmt::Write as _;

use super::limits::{CONTEXT_LINES, DIFF_LINES};

/// A line of both texts, or of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step<'t> {
    Kept(&'t str),
    Gone(&'t str),
    New(&'t str),
}

/// A unified diff, without the names of the files. `None` is a file that does
/// not exist.
pub(crate) fn unified(before: Option<&str>, after: Option<&str>) -> String {
    let old: Vec<&str> = before.unwrap_or_default().split_inclusive('\n').collect();
    let new: Vec<&str> = after.unwrap_or_default().split_inclusive('\n').collect();
    let steps = steps(&old, &new);
    let mut text = String::new();
    let (mut at, mut old_line, mut new_line) = (0, 1, 1);
    while let Some(first) = (at..steps.len()).find(|place| is_change(&steps[*place])) {
        let start = first.saturating_sub(CONTEXT_LINES).max(at);
        old_line += start - at;
        new_line += start - at;
        let end = end_of_hunk(&steps, first);
        hunk(&mut text, &steps[start..end], &mut old_line, &mut new_line);
        at = end;
    }
    text
}

fn is_change(step: &Step<'_>) -> bool {
    !matches!(step, Step::Kept(_))
}

/// Changes with few lines between them are shown together.
fn end_of_hunk(steps: &[Step<'_>], first: usize) -> usize {
    let mut last = first;
    while let Some(next) = (last + 1..steps.len()).find(|place| is_change(&steps[*place])) {
        if next - last > 2 * CONTEXT_LINES {
            break;
        }
        last = next;
    }
    (last + 1 + CONTEXT_LINES).min(steps.len())
}

fn hunk(text: &mut String, steps: &[Step<'_>], old_line: &mut usize, new_line: &mut usize) {
    let old = steps.iter().filter(|step| !matches!(step, Step::New(_))).count();
    let new = steps.iter().filter(|step| !matches!(step, Step::Gone(_))).count();
    // A file without lines starts at line 0.
    let from = |line: usize, count: usize| line - usize::from(count == 0);
    let _ = writeln!(text, "@@ -{},{old} +{},{new} @@", from(*old_line, old), from(*new_line, new));
    for step in steps {
        let (sign, line) = match step {
            Step::Kept(line) => (' ', line),
            Step::Gone(line) => ('-', line),
            Step::New(line) => ('+', line),
        };
        let content = line.strip_suffix('\n').unwrap_or(line);
        let _ = writeln!(text, "{sign}{}", content.strip_suffix('\r').unwrap_or(content));
        if !line.ends_with('\n') {
            text.push_str("\\ No newline at end of file\n");
        }
    }
    *old_line += old;
    *new_line += new;
}

fn steps<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Step<'t>> {
    let same = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (&old[same..], &new[same..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = end.take_while(|(one, other)| one == other).count();
    let (old_middle, tail) = old_rest.split_at(old_rest.len() - end);
    let new_middle = &new_rest[..new_rest.len() - end];
    let mut steps: Vec<Step<'t>> = old[..same].iter().map(|line| Step::Kept(line)).collect();
    steps.extend(middle(old_middle, new_middle));
    steps.extend(tail.iter().map(|line| Step::Kept(line)));
    steps
}

/// The lines between the first and the last difference, by the longest common
/// subsequence.
fn middle<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Step<'t>> {
    if old.len() > DIFF_LINES || new.len() > DIFF_LINES {
        let gone = old.iter().map(|line| Step::Gone(line));
        return gone.chain(new.iter().map(|line| Step::New(line))).collect();
    }
    let width = new.len() + 1;
    // How many lines are common from here to the end.
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for one in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            common[one * width + other] = if old[one] == new[other] {
                common[(one + 1) * width + other + 1] + 1
            } else {
                common[(one + 1) * width + other].max(common[one * width + other + 1])
            };
        }
    }
    let (mut one, mut other, mut steps) = (0, 0, Vec::new());
    while one < old.len() || other < new.len() {
        let is_last_old = one == old.len();
        let is_last_new = other == new.len();
        if !is_last_old && !is_last_new && old[one] == new[other] {
            steps.push(Step::Kept(old[one]));
            (one, other) = (one + 1, other + 1);
        } else if is_last_new
            || (!is_last_old
                && common[(one + 1) * width + other] >= common[one * width + other + 1])
        {
            steps.push(Step::Gone(old[one]));
            one += 1;
        } else {
            steps.push(Step::New(new[other]));
            other += 1;
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn a_change_is_shown_with_three_lines_around_it() {
        let before: String = (1..=20).map(|line| format!("{line}\n")).collect();
        let after = before.replace("5\n6\n", "5\nnew\n6\n").replace("\n20\n", "\nlast");
        assert_eq!(
            unified(Some(&before), Some(&after)),
            "@@ -3,6 +3,7 @@\n 3\n 4\n 5\n+new\n 6\n 7\n 8\n\
             @@ -17,4 +18,4 @@\n 17\n 18\n 19\n-20\n+last\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn a_file_that_is_created_or_deleted_has_line_0() {
        assert_eq!(unified(None, Some("a\nb\n")), "@@ -0,0 +1,2 @@\n+a\n+b\n");
        assert_eq!(unified(Some("a\r\n"), None), "@@ -1,1 +0,0 @@\n-a\n");
        assert_eq!(unified(Some("a\n"), Some("a\n")), "");
    }

    #[test]
    fn texts_too_long_to_compare_are_replaced_as_a_whole() {
        let long = |word: &str| format!("x\n{}y\n", format!("{word}\n").repeat(2_000));
        let diff = unified(Some(&long("a")), Some(&long("b")));
        assert_eq!(diff.matches("\n-a").count(), 2_000);
        assert_eq!(diff.matches("\n+b").count(), 2_000);
        assert!(diff.starts_with("@@ -1,2002 +1,2002 @@\n x\n-a\n"), "{}", &diff[..40]);
    }
}
