//! Tables whose columns are made of spaces, as reports and consoles print them: each column begins, or ends, at the
//! same place in every line. Where a column ends cannot be known for sure, and long cells are often cut.

use std::ops::Range;

/// How many lines are looked at.
const LINES: usize = 30;

/// How many lines a ruler may come after.
const ABOVE_RULER: usize = 10;

/// Separators of other tables.
const SEPARATORS: [char; 8] = [',', ';', '\t', '|', '^', '~', '\u{1f}', '\u{1e}'];

/// Whether a text is such a table. `is_cut` says whether its last line may be cut off.
pub(super) fn is_fixed_width(text: &str, is_cut: bool) -> bool {
    let mut lines: Vec<Vec<char>> =
        text.split(['\n', '\r']).map(|line| line.trim_end().chars().map(plain).collect()).collect();
    if is_cut {
        lines.pop();
    }
    lines.retain(|line| !line.is_empty());
    lines.truncate(LINES);
    let has_separator = |line: &[char]| line.iter().any(|c| SEPARATORS.contains(c));
    if lines.iter().any(|line| line.contains(&'\t')) {
        return false;
    }
    let ruler = lines.iter().take(ABOVE_RULER).position(|line| is_ruler(line));
    if let Some(at) = ruler.filter(|at| *at > 0) {
        return !has_separator(&lines[at - 1]) && words(&lines[at - 1]) > 1;
    }
    lines.first().is_some_and(|heading| !has_separator(heading)) && is_aligned(&lines)
}

/// A non-breaking or other space as a plain one.
fn plain(c: char) -> char {
    if c.is_whitespace() && c != '\t' { ' ' } else { c }
}

/// Whether a text is a table with lines around its cells, as databases print it in a console: `+----+----+`, or only
/// `----+----` below the headings.
pub(super) fn is_drawn(text: &str) -> bool {
    let mut lines = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    let is_line = |line: &str| {
        let has = |signs: &str| line.contains(|c| signs.contains(c));
        line.chars().all(|c| "+-=".contains(c) || ('\u{2500}'..='\u{257f}').contains(&c))
            && has("-=─━═")
            && has("+┬┼╤╦╪╬╥┳╋")
    };
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    is_line(first) || (first.contains(['|', '│', '║']) && is_line(second))
}

/// A line below the headings: `-----  -----`.
fn is_ruler(line: &[char]) -> bool {
    let mut runs = line.split(|c| *c == ' ').filter(|run| !run.is_empty());
    let is_line =
        |run: &[char]| run.len() > 1 && run.iter().all(|c| *c == run[0] && "-=_".contains(*c));
    line.contains(&' ') && runs.clone().count() > 1 && runs.all(is_line)
}

fn words(line: &[char]) -> usize {
    line.split(|c| *c == ' ').filter(|word| !word.is_empty()).count()
}

/// Whether a column after the first begins or ends at the same place in nearly all lines, after gaps that are wider
/// than those between words.
fn is_aligned(lines: &[Vec<char>]) -> bool {
    let fields = fields(lines);
    let texts = |line: &Vec<char>| -> Vec<Option<Range<usize>>> {
        fields.iter().map(|field| text_in(line, field)).collect()
    };
    let lines: Vec<Vec<Option<Range<usize>>>> = lines.iter().map(texts).collect();
    let is_column = |at: usize| {
        let texts: Vec<&Range<usize>> = lines.iter().filter_map(|line| line[at].as_ref()).collect();
        let same = |place: fn(&Range<usize>) -> usize| {
            texts.iter().all(|text| place(text) == place(texts[0]))
        };
        let gap = |line: &Vec<Option<Range<usize>>>| {
            let before = line[..at].iter().flatten().next_back()?;
            Some(line[at].as_ref()?.start - before.end)
        };
        let gaps: Vec<usize> = lines.iter().filter_map(gap).collect();
        let wide = gaps.iter().filter(|gap| **gap > 1).count();
        let is_in_heading = lines.first().is_some_and(|line| gap(line).is_some());
        is_in_heading
            && gaps.len() > 1
            && gaps.len() * 5 >= lines.len() * 3
            && wide * 2 >= gaps.len()
            && gaps.iter().any(|gap| *gap > 2)
            && (same(|text| text.start) || same(|text| text.end))
    };
    (1..fields.len()).any(is_column)
}

/// The parts of the width that are not empty in all lines.
fn fields(lines: &[Vec<char>]) -> Vec<Range<usize>> {
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    let is_filled = |at: usize| lines.iter().any(|line| line.get(at).is_some_and(|c| *c != ' '));
    let mut fields: Vec<Range<usize>> = Vec::new();
    for at in (0..width).filter(|at| is_filled(*at)) {
        match fields.last_mut() {
            Some(field) if field.end == at => field.end += 1,
            _ => fields.push(at..at + 1),
        }
    }
    fields
}

/// The text of a line within a part of the width, without the spaces around it.
fn text_in(line: &[char], field: &Range<usize>) -> Option<Range<usize>> {
    let end = field.end.min(line.len());
    let part = line.get(field.start..end)?;
    let first = part.iter().position(|c| *c != ' ')?;
    let last = part.iter().rposition(|c| *c != ' ')?;
    Some(field.start + first..field.start + last + 1)
}
