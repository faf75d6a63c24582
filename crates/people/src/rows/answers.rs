//! Reads cells that answer a question in the heading: `Delete?` with `yes`, `no`, `x`, or nothing.

use std::collections::HashSet;
use std::sync::LazyLock;

use headcount_sheet::cell_text;
use headcount_sheet::heading::words::words;

use super::deciding::folded_words;

/// The words in the `Decision` column of an access review.
pub const DECISIONS: [&str; 3] = ["keep", "revoke", "deactivate"];

/// The answer of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// An `x`: a yes in a list of ticks, a no next to other kinds of ticks.
    Cross,
    /// A yes with more words, such as a condition or a date.
    YesBut,
}

const YES: &str = "yes y yep yeah ok okay true wahr ja j oui o vrai si sí s sì verdadero sim verdadeiro \
                   vero tak t prawda waar ano da да истина evet doğru はい 是 要 済 有 예 네 kyllä joo on 1 \
                   approved approve confirmed certified leaving granted accepted authorized authorised done genehmigt \
                   bestätigt freigegeben approuvé approuvée validé validée aprobado aprobada aprovado \
                   approvato confermato zatwierdzone goedgekeurd akkoord 承認 承認済 承認済み";

const NO: &str = "no n nope false f falsch nein non faux falso não nao nie fałsz nee onwaar ne нет ложь \
                  hayır yanlış いいえ 否 不 不要 未 無 아니오 아니요 ei nej nei off 0 never not none na tbd \
                  rejected reject denied declined staying stays remaining refused pending open waiting wait hold cancelled canceled \
                  abgelehnt ausstehend offen refusé refusée rechazado rechazada pendiente recusado pendente \
                  rifiutato odrzucono odrzucone afgewezen 却下 未承認";

const TICKS: &[char] = &['✓', '✔', '✅', '☑', '🗹', '●', '◉', '○', '◯', '〇', '👍', '+', '√'];

const CROSSES: &[char] =
    &['✗', '✘', '❌', '❎', '×', '✖', '☐', '□', '🚫', '⛔', '👎', '-', '–', '—', '−'];

fn is_in(list: &LazyLock<HashSet<String>>, word: &str) -> bool {
    list.contains(word)
}

static YES_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(YES));
static NO_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| folded_words(NO));

/// The answer of a cell; `None` if it is empty or not an answer.
pub(super) fn answer(cell: &str) -> Option<Answer> {
    let text = cell_text(cell);
    // Longer cells are sentences.
    if text.is_empty() || text.chars().count() > 60 {
        return None;
    }
    let words = words(text);
    let Some(first) = words.first().filter(|_| text.contains(char::is_alphanumeric)) else {
        return sign(text);
    };
    if words == ["n", "a"] {
        return Some(Answer::No);
    }
    if words.len() == 1 && matches!(first.as_str(), "x" | "х") {
        return Some(Answer::Cross);
    }
    // A single letter before other words is not an answer: `A team`, `N. N.`
    let is_answer = |list| is_in(list, first) && (words.len() == 1 || first.chars().count() > 1);
    match (is_answer(&NO_WORDS), is_answer(&YES_WORDS)) {
        (true, _) => Some(Answer::No),
        (false, true) if words.len() == 1 => Some(Answer::Yes),
        (false, true) => Some(Answer::YesBut),
        (false, false) => None,
    }
}

/// Whether a cell is a decision of an access review.
pub(super) fn is_decision(cell: &str) -> bool {
    decision(cell).is_some()
}

/// The decision in a cell of an access review: exactly one of its words.
pub fn decision(cell: &str) -> Option<&'static str> {
    let word = cell_text(cell).to_lowercase();
    DECISIONS.into_iter().find(|known| *known == word)
}

/// Answers that also mean something else: a value is missing (`Never` in a column of dates), a task is done.
const OTHER_MEANINGS: &[&str] = &["none", "never", "na", "not", "on", "off", "open", "done"];

/// A cell that is a mark under any heading: an [`answer`] of one word or sign that has no other meaning.
pub(super) fn mark(cell: &str) -> Option<Answer> {
    let is_mark = match words(cell_text(cell)).as_slice() {
        [] => true,
        [word] => !OTHER_MEANINGS.contains(&word.as_str()),
        _ => false,
    };
    answer(cell).filter(|_| is_mark)
}

/// The answer of a cell without letters and digits: `✓`, `[ ]`, `-`.
fn sign(text: &str) -> Option<Answer> {
    let mut signs = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{fe0f}');
    match (signs.next()?, signs.next()) {
        (sign, None) if TICKS.contains(&sign) => Some(Answer::Yes),
        ('☒', None) => Some(Answer::Cross),
        (sign, None) if CROSSES.contains(&sign) => Some(Answer::No),
        ('[', Some(']')) | ('(', Some(')')) | ('-', Some('-')) => Some(Answer::No),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_in_several_languages() {
        for (wanted, cells) in [
            (
                Some(Answer::Yes),
                "yes|Y|JA|oui|Sí|sì|sim|tak|да|evet|はい|是|TRUE|1|✓|✔️| ok |Wahr|(yes)|approved",
            ),
            (
                Some(Answer::No),
                "no|N|Nein|non|não|nie|nee|нет|hayır|いいえ|FALSE|0|-|—|❌|[ ]|☐|pending|No, on leave|not yet",
            ),
            (Some(Answer::Cross), "x|X|[x]|(X)|☒"),
            (Some(Answer::YesBut), "yes, in May|Ja, aber erst im Mai"),
            (None, "|J. Smith|2026-11-29|A team|N. N.|hanoi-legal|maybe|ticket 12"),
        ] {
            for cell in cells.split('|') {
                assert_eq!(answer(cell), wanted, "{cell}");
            }
        }
    }
}
