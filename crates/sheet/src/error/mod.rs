//! Errors that make a whole file unusable. A single bad row is not an error but a [`Problem`](super::Problem).

mod messages;

use crate::advice::{Advice, Change};
use crate::quoting::list;
pub use messages::SheetError;

impl SheetError {
    /// The options in the message, each tried.
    pub fn options(&self) -> &[Change] {
        match self {
            Self::SeveralSheets { advice, .. }
            | Self::OnlyHiddenSheets { advice, .. }
            | Self::HiddenRows { advice, .. }
            | Self::HiddenColumn { advice, .. }
            | Self::HeadingBelow { advice, .. }
            | Self::NoHeadings { advice, .. }
            | Self::BareList { advice, .. }
            | Self::TitleAbove { advice, .. }
            | Self::MissingColumn { advice, .. }
            | Self::DataAsHeading { advice, .. }
            | Self::TwoColumns { advice, .. }
            | Self::PassedOver { advice, .. }
            | Self::ForeignIds { advice, .. }
            | Self::RowAnswers { advice, .. } => &advice.options,
            _ => &[],
        }
    }

    /// The same error without its options, for an export, which takes none.
    #[must_use]
    pub fn without_options(mut self) -> Self {
        if let Self::SeveralSheets { advice, .. }
        | Self::OnlyHiddenSheets { advice, .. }
        | Self::HiddenRows { advice, .. }
        | Self::HiddenColumn { advice, .. } = &mut self
        {
            *advice = Advice::default();
        }
        self
    }

    /// The same error with the names of the hidden sheets that were not read: the missing column may be in one of
    /// them.
    #[must_use]
    pub fn with_hidden_sheets(mut self, sheets: &[String]) -> Self {
        if let Self::MissingColumn { advice, .. } = &mut self
            && !sheets.is_empty()
        {
            let many = if sheets.len() == 1 { "hidden sheet" } else { "hidden sheets" };
            advice.say(&format!(" headcount did not read the {many} {}.", list(sheets)));
        }
        self
    }

    /// The same error with the place of its headings, such as `people.csv, line 1`.
    #[must_use]
    pub fn at(mut self, place: &str) -> Self {
        if let Self::MissingColumn { name, .. }
        | Self::DataAsHeading { name, .. }
        | Self::TwoColumns { name, .. }
        | Self::HiddenColumn { name, .. }
        | Self::HeadingBelow { name, .. }
        | Self::NoHeadings { name, .. }
        | Self::BareList { name, .. }
        | Self::TitleAbove { name, .. }
        | Self::PassedOver { name, .. }
        | Self::ForeignIds { name, .. }
        | Self::RowAnswers { name, .. }
        | Self::HeadingMerged { name, .. }
        | Self::Map { name, .. }
        | Self::Set { name, .. } = &mut self
        {
            place.clone_into(name);
        }
        self
    }
}
