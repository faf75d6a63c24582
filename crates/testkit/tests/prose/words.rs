//! The words to avoid, each with what to write instead and why.

/// A word or phrase to avoid. A `*` at its end means any ending.
pub struct Avoid {
    pub words: &'static [&'static str],
    pub instead: &'static str,
    pub why: &'static str,
}

const fn avoid(words: &'static [&'static str], instead: &'static str, why: &'static str) -> Avoid {
    Avoid { words, instead, why }
}

const NAME_IT: &str = "a sentence names its subject with a noun";
pub const ONE_WORD: &str = "one idea has one word (docs/glossary.md)";
const AMERICAN: &str = "the spelling is American, as Atlassian's";
const READ_TWICE: &str = "readers had to read it twice";

pub const AVOID: &[Avoid] = &[
    avoid(&["whoever", "whom", "whose turn"], "the user who; the user", NAME_IT),
    avoid(&["somebody", "someone", "everybody", "everyone"], "a user; all users", NAME_IT),
    avoid(&["nobody", "no one"], "no user", NAME_IT),
    avoid(&["oneself"], "your own account", NAME_IT),
    avoid(&["anew"], "again", READ_TWICE),
    avoid(&["beside"], "next to", READ_TWICE),
    avoid(&["so already"], "already in the wanted state", READ_TWICE),
    avoid(&["so many"], "at most N; the first N", READ_TWICE),
    avoid(&["stands", "stand in", "stood"], "is in", READ_TWICE),
    avoid(&["told", "tells"], "shows, reports, lists", READ_TWICE),
    avoid(&["heeded", "heeds"], "obeyed, used", READ_TWICE),
    avoid(&["otherwise than"], "different from", READ_TWICE),
    avoid(&["as one likes", "if you like"], "optionally", READ_TWICE),
    avoid(&["organisation*"], "organization", AMERICAN),
    avoid(
        &["licence*", "behaviour*", "colour*", "recognise*", "synchronis*"],
        "license, behavior",
        AMERICAN,
    ),
    avoid(
        &["optimis*", "normalis*", "summaris*", "cancelled", "cancelling"],
        "-ize, canceled",
        AMERICAN,
    ),
    avoid(&["e-mail*"], "email", AMERICAN),
    avoid(&["goes on", "go on", "going on", "went on"], "continue", ONE_WORD),
    avoid(&["carry out", "carries out", "carried out", "carrying out"], "apply", ONE_WORD),
    avoid(&["carry it out", "carries it out"], "apply it", ONE_WORD),
    avoid(
        &[
            "read back",
            "reads back",
            "reading back",
            "read it back",
            "reads it back",
            "reading it back",
        ],
        "verify",
        ONE_WORD,
    ),
    avoid(&["give up", "gives up", "given up", "gave up", "giving up"], "cancel", ONE_WORD),
    avoid(&["take back", "takes back", "taken back", "took back", "taking back"], "undo", ONE_WORD),
    avoid(&["take it back", "takes it back", "take this back"], "undo it", ONE_WORD),
    avoid(&["thrown away", "throw away", "throws away", "throw it away"], "discard", ONE_WORD),
    avoid(&["off the site"], "remove from the site", ONE_WORD),
    avoid(&["feed back", "fed back"], "rows that need correction", ONE_WORD),
    avoid(&["practice site", "practice copy", "a double", "the double"], "sandbox; copy", ONE_WORD),
    avoid(&["fate", "verdict"], "outcome", ONE_WORD),
    avoid(
        &["the admin side", "organization's key", "organization key"],
        "organization API key",
        ONE_WORD,
    ),
];

/// Phrases that may stay, each with its reason. They are removed before the search for words.
pub const ALLOWED: &[(&str, &str)] = &[
    ("--map email=\"e-mail address\"", "a heading as people write it"),
    ("a double angle", "a character's name in Unicode"),
    ("a double low-9", "a character's name in Unicode"),
    ("a double prime", "a character's name in Unicode"),
    ("e-mail-adresse", "a heading as people write it"),
    ("hold cancelled canceled", "what a cell says, as people write it"),
    ("cancelled-deletion", "an effect's name in the sandbox's log"),
    ("licence-limit", "a reason's code"),
    ("licence exceeded", "Jira's own text of a refusal"),
    ("\u{b6} cancelled \u{b6}", "a state's word in the journal"),
    ("cancelled deletion", "an action's name in Atlassian's audit log"),
];
