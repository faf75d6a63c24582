//! Histograms of several subjects next to each other: a table with a column for each class, so that the
//! numbers can be read without the picture.

use maud::{Markup, html};

use headcount_model::words::thousands;

/// How tall a full column is, in units of the SVG.
const HIGH: f64 = 40.0;

/// The shortest column, so that one of a million stays visible.
const LEAST: f64 = 1.5;

/// A subject: its name, and for each class how many there are and how many of them are marked.
#[derive(Clone, Debug)]
pub struct Histogram {
    /// The name.
    pub name: String,
    /// All and marked, in the order of the classes.
    pub counts: Vec<(u64, u64)>,
}

/// Words of the figure.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'l> {
    /// The title.
    pub title: &'l str,
    /// What is counted, after the title.
    pub about: &'l str,
    /// The heading of the subjects.
    pub subject: &'l str,
    /// What the marked part is, such as `listed`.
    pub marked: &'l str,
}

/// The figure. Each subject has a scale of its own, because apps differ in size.
pub fn histogram(labels: Labels<'_>, classes: &[&str], of: &[Histogram]) -> Markup {
    html! {
        figure.chart {
            figcaption {
                strong { (labels.title) } span.faint { " – " (labels.about) }
            }
            div.scroll.bare tabindex="0" role="region" aria-label=(labels.title) {
                table.histogram {
                    thead {
                        tr {
                            th scope="col" { (labels.subject) }
                            @for class in classes { th.number scope="col" { (class) } }
                        }
                    }
                    tbody {
                        @for one in of {
                            @let most = one.counts.iter().map(|(all, _)| *all).max().unwrap_or(0);
                            tr {
                                th scope="row" { bdi { (one.name) } }
                                @for counts in &one.counts { td.number { (cell(*counts, most, labels.marked)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell((all, marked): (u64, u64), most: u64, word: &str) -> Markup {
    let (whole, part) = (height(all, most), height(marked, most));
    html! {
        svg aria-hidden="true" viewBox="0 0 20 40" preserveAspectRatio="none" {
            @if all > 0 { rect.all x="0" y=(fixed(HIGH - whole)) width="20" height=(fixed(whole)) {} }
            @if marked > 0 { rect.marked x="0" y=(fixed(HIGH - part)) width="20" height=(fixed(part)) {} }
        }
        (thousands(all))
        @if marked > 0 && marked < all { br; span.faint { (thousands(marked)) " " (word) } }
    }
}

fn height(count: u64, most: u64) -> f64 {
    if count == 0 { 0.0 } else { (count as f64 / most.max(1) as f64 * HIGH).max(LEAST) }
}

fn fixed(number: f64) -> String {
    format!("{number:.2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_tall_as_their_counts() {
        assert_eq!(height(50, 100), HIGH / 2.0);
        assert_eq!(height(1, 1_000_000), LEAST);
        assert_eq!(height(0, 0), 0.0);
        let labels = Labels { title: "T", about: "a", subject: "App", marked: "listed" };
        let of = [Histogram { name: "Jira".into(), counts: vec![(10, 3), (0, 0)] }];
        let text = histogram(labels, &["7 days", "never"], &of).into_string();
        assert_eq!(text.matches("<rect").count(), 2, "{text}");
        assert!(text.contains("3 listed"), "{text}");
    }
}
