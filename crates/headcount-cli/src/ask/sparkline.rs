//! A series of numbers in one line of text.

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const LETTERS: [char; 8] = ['.', ':', '-', '=', '+', '*', '#', '@'];

/// The characters of a sparkline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sparkle {
    Blocks,
    Ascii,
}

/// Draws numbers from the least, 0, to the greatest. Nothing is a dot in the
/// middle, or `_`. If there is no room for each, several share a column, which
/// has their average.
pub(super) fn line(numbers: &[f64], columns: usize, sparkle: Sparkle) -> String {
    let numbers = fitted(numbers, columns);
    let most = numbers.iter().copied().fold(0.0, f64::max);
    let (levels, nothing) = match sparkle {
        Sparkle::Blocks => (BLOCKS, '·'),
        Sparkle::Ascii => (LETTERS, '_'),
    };
    let level = |number: &f64| {
        if *number <= 0.0 {
            return nothing;
        }
        let level = (number / most * levels.len() as f64).ceil() as usize;
        levels[level.clamp(1, levels.len()) - 1]
    };
    numbers.iter().map(level).collect()
}

/// At most as many numbers as there are columns.
fn fitted(numbers: &[f64], columns: usize) -> Vec<f64> {
    let each = numbers.len().div_ceil(columns.max(1)).max(1);
    // The last ones are together, so that no column has fewer of the newest.
    let first = numbers.len() % each;
    let (first, rest) = numbers.split_at(first);
    let average = |some: &[f64]| some.iter().sum::<f64>() / some.len() as f64;
    let first = (!first.is_empty()).then(|| average(first));
    first.into_iter().chain(rest.chunks(each).map(average)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_a_character() {
        let numbers = [0.0, 1.0, 2.0, 4.0, 8.0];
        assert_eq!(line(&numbers, 10, Sparkle::Blocks), "·▁▂▄█");
        assert_eq!(line(&numbers, 10, Sparkle::Ascii), "_.:=@");
        assert_eq!(line(&[], 10, Sparkle::Blocks), "");
        assert_eq!(line(&[0.0, 0.0], 10, Sparkle::Blocks), "··");
        assert_eq!(line(&[1_000_000.0, 1.0], 10, Sparkle::Blocks), "█▁");
    }

    #[test]
    fn what_does_not_fit_shares_a_column() {
        for number in 0..100 {
            let numbers = vec![1.0; number];
            for columns in 1..40 {
                let drawn = line(&numbers, columns, Sparkle::Ascii);
                assert!(drawn.len() <= columns && drawn.bytes().all(|byte| byte == b'@'));
            }
        }
        assert_eq!(line(&[1.0, 1.0, 4.0, 4.0], 2, Sparkle::Ascii), ":@");
    }
}
