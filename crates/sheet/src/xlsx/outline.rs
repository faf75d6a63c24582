//! Rows or columns in a collapsed group that the file does not mark as hidden one by one. LibreOffice hides them
//! when it opens the file.
//!
//! Source: ECMA-376, part 1, 18.3.1.73 `row` (`outlineLevel`, `collapsed`): the mark is on the row below the
//! group.

/// The open groups, while rows (or columns) are read, from 0.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// For each level, where the open group begins.
    begins: [Option<u32>; LEVELS],
    next: u32,
}

/// The number of levels, with level 0 for "no group".
const LEVELS: usize = 8;

impl Outline {
    /// Adds the rows `first` to `last` of one level. Returns where the group begins that they collapse.
    pub(crate) fn add(
        &mut self,
        (first, last): (u32, u32),
        level: u32,
        collapsed: bool,
    ) -> Option<u32> {
        let level = usize::try_from(level).unwrap_or(LEVELS).min(LEVELS - 1);
        if first != self.next {
            self.begins = [None; LEVELS];
        }
        let group = self.begins.get(level + 1).copied().flatten().filter(|_| collapsed);
        for (at, begin) in self.begins.iter_mut().enumerate() {
            match at > 0 && at <= level {
                true => *begin = begin.or(Some(first)),
                false => *begin = None,
            }
        }
        self.next = last.saturating_add(1);
        group
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_collapses_the_group_above_it() {
        let begins = |rows: &[(u32, u32, bool)]| -> Vec<Option<u32>> {
            let mut outline = Outline::default();
            rows.iter().map(|(at, level, mark)| outline.add((*at, *at), *level, *mark)).collect()
        };
        let (no, yes) = (false, true);
        for (rows, wanted) in [
            (vec![(1, 1, no), (2, 1, no), (3, 0, yes)], Some(1)),
            (vec![(1, 1, no), (2, 1, no), (3, 0, no)], None),
            (vec![(1, 0, no), (2, 0, yes)], None),
            (vec![(1, 1, no), (2, 2, no), (3, 1, yes)], Some(2)),
            (vec![(1, 1, no), (2, 2, no), (3, 0, yes)], Some(1)),
            // A row that is not in the file has no level, so it ends the group.
            (vec![(1, 1, no), (3, 1, no), (4, 0, yes)], Some(3)),
            (vec![(1, 1, no), (3, 0, yes)], None),
            (vec![(1, 9, no), (2, 0, yes)], Some(1)),
        ] {
            assert_eq!(begins(&rows).last().copied().flatten(), wanted, "{rows:?}");
        }
    }
}
