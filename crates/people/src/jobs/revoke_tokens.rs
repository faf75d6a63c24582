//! `token revoke`: revokes API tokens of managed accounts.

use crate::rows::SheetJob;
use headcount_model::job::Job;

use super::families::{never, none, tokens};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, asked, spared};
use crate::resolve;
use crate::rows;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RevokeTokens,
    help: Some(
        "Revoke the API token of each row; this cannot be undone. Columns: email or account id of the owner; token id, as `token list` shows it",
    ),
    options: &[],
    phrases: Phrases {
        one: "API token",
        imperative: ("revoke", ""),
        title: "Revoke API tokens",
        done: "Revoked",
        heading: "API tokens revoked",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "revoke-tokens",
        area: Area::People,
        title: "Revoke API tokens",
        about: "Revoke API tokens of managed accounts. Programs that use a token stop working at once.",
        needs: tokens::NEEDS,
        picture: "<rect x='3' y='9' width='13' height='9' rx='2'/><path d='M6 13.5h4'/><path d='M18 4l4 4M22 4l-4 4'/>",
    }),
    template: tokens::TEMPLATE,
    sheet: SheetJob::Tokens,
    read: rows::token,
    asked: &[asked::REMOVE, asked::DELETE],
    decision: None,
    exports: tokens::NO_EXPORTS,
    copy: Copied::TOKENS,
    need: Need::Org,
    takes_away: true,
    own_access: true,
    consequences: none,
    spared: spared::TAKEN_FROM,
    owner: resolve::anyone,
    counted: Counted::Managed,
    look_up: tokens::look_up,
    look_up_undo: tokens::look_up_undo,
    resolve: tokens::revoke,
    arrange: None,
    inverse: Job::RevokeTokens,
    creates: Creates::Nothing,
    undo_sends: false,
    is_undoable: never,
};
