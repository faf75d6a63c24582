//! Ids of users and groups that the sandbox creates: deterministic, in Atlassian's forms (`712020:` and a UUID for
//! accounts, a UUID for groups).

use super::world::Org;

/// SplitMix64's finalizer: turns a counter into bits that look random.
pub(crate) fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A UUID of version 4 in form, computed from a number.
fn uuid(salt: u64, n: u64) -> String {
    let a = mix(salt ^ n.wrapping_mul(2));
    let b = mix(salt ^ n.wrapping_mul(2).wrapping_add(1));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        8 + (b & 3),
        (b >> 4) & 0xfff,
        (b >> 16) & 0xffff_ffff_ffff,
    )
}

/// The account id of the `n`-th account that the sandbox creates.
pub(crate) fn account_id(n: u64) -> String {
    format!("712020:{}", uuid(0xacc0, n))
}

/// The id of the `n`-th group that the sandbox creates.
pub(crate) fn group_id(n: u64) -> String {
    uuid(0x6109, n)
}

/// The id in the user provisioning API that belongs to an account or group of a seed.
pub(crate) fn provisioned_id(of: &str) -> String {
    // FNV-1a, which is the same in every build.
    let hash = of.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    uuid(0x5c17, hash)
}

/// The id of a record that is created at this time, by this request.
pub(crate) fn new_provisioned_id(now_ms: i64, number: u64) -> String {
    uuid(0x5c18 ^ number.rotate_left(32), now_ms.unsigned_abs())
}

/// An id for one error or event, as the organization API's errors carry.
pub(crate) fn event_id(n: u64) -> String {
    uuid(0xe7e7, n)
}

impl Org {
    pub(super) fn free_account_id(&self) -> Box<str> {
        (self.people.len() as u64..)
            .map(|n| account_id(n).into_boxed_str())
            .find(|id| !self.by_id.contains_key(id))
            .unwrap_or_default()
    }

    pub(super) fn free_group_id(&self) -> Box<str> {
        (self.groups.len() as u64..)
            .map(|n| group_id(n).into_boxed_str())
            .find(|id| !self.group_by_id.contains_key(id))
            .unwrap_or_default()
    }

    /// A free id for the next user.
    pub(crate) fn next_account_id(&self) -> Box<str> {
        self.free_account_id()
    }

    /// A free id for the next group.
    pub(crate) fn next_group_id(&self) -> Box<str> {
        self.free_group_id()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_have_their_forms_and_do_not_repeat() {
        let mut seen = HashSet::new();
        for n in 0..20_000 {
            let id = account_id(n);
            assert_eq!(id.len(), 7 + 36, "{id}");
            assert!(seen.insert(id));
            let id = group_id(n);
            assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
            assert!(seen.insert(id));
        }
    }
}
