//! Whether a file is on a network file system. SQLite's write-ahead log needs memory that all
//! processes share, and locks that hold: a network gives neither
//! (<https://sqlite.org/wal.html>, "Overview"; <https://sqlite.org/useovernet.html>).

use std::path::Path;

/// The file system of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Its kind: a name, or the number of statfs(2).
    pub kind: String,
    /// The bytes that this user may still write.
    pub free: u64,
    /// Whether it is on a network, where no journal can be.
    pub is_network: bool,
}

/// The file system that a file is on, or would be made on; `None` if the system does not say.
#[cfg(target_os = "linux")]
pub fn volume(path: &Path) -> Option<Volume> {
    let about = rustix::fs::statfs(nearest(path)).ok()?;
    let number = u64::try_from(about.f_type).unwrap_or_default() & 0xFFFF_FFFF;
    let network = kind(number);
    Some(Volume {
        kind: network.or(local(number)).map_or_else(|| format!("{number:#x}"), str::to_owned),
        free: about.f_bavail.saturating_mul(u64::try_from(about.f_bsize).unwrap_or_default()),
        is_network: network.is_some(),
    })
}

/// The file system that a file is on, or would be made on; `None` if the system does not say.
#[cfg(not(target_os = "linux"))]
pub fn volume(path: &Path) -> Option<Volume> {
    let kind = network(path)?.to_owned();
    Some(Volume { kind, free: 0, is_network: true })
}

/// The first folder above a file that exists.
#[cfg(target_os = "linux")]
fn nearest(path: &Path) -> &Path {
    let above = path.ancestors().skip(1).find(|folder| folder.exists());
    above.unwrap_or(Path::new("."))
}

/// The names of file systems of this computer, by the numbers of statfs(2) and linux/magic.h.
#[cfg(target_os = "linux")]
fn local(number: u64) -> Option<&'static str> {
    Some(match number {
        0xEF53 => "ext4",
        0x0102_1994 => "tmpfs",
        0x9123_683E => "Btrfs",
        0x5846_5342 => "XFS",
        0x794C_7630 => "overlay",
        0x2FC1_2FC1 => "ZFS",
        0x6573_5546 => "FUSE",
        0xF2F5_2010 => "F2FS",
        0xCA45_1A4E => "bcachefs",
        0x4D44 => "FAT",
        0x2011_BAB0 => "exFAT",
        0x7366_746E | 0x5346_544E => "NTFS",
        _ => return None,
    })
}

/// The kind of network file system that a file is on, or would be made on.
pub(crate) fn network(path: &Path) -> Option<&'static str> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    of_folder(folder.unwrap_or(Path::new(".")))
}

#[cfg(target_os = "linux")]
fn of_folder(folder: &Path) -> Option<&'static str> {
    let about = rustix::fs::statfs(folder).ok()?;
    kind(u64::try_from(about.f_type).unwrap_or_default())
}

/// By the numbers of statfs(2). A file system in user space (FUSE) may be local, so it is let
/// through.
#[cfg(target_os = "linux")]
fn kind(number: u64) -> Option<&'static str> {
    Some(match number & 0xFFFF_FFFF {
        0x6969 => "NFS",
        0x517B | 0xFE53_4D42 | 0xFF53_4D42 => "SMB",
        0x0102_1997 => "9P",
        0x00C3_6400 => "Ceph",
        0x5346_414F | 0x6B41_4653 => "AFS",
        0x0BD0_0BD0 => "Lustre",
        0x7461_636F => "OCFS2",
        0x0116_1970 => "GFS2",
        0x4750_4653 => "GPFS",
        0x564C => "NCP",
        _ => return None,
    })
}

/// `\\\\server\\share`. A letter that leads to a network is not seen.
#[cfg(windows)]
fn of_folder(folder: &Path) -> Option<&'static str> {
    use std::path::{Component, Prefix};
    let absolute = std::path::absolute(folder).ok()?;
    match absolute.components().next()? {
        Component::Prefix(prefix) => match prefix.kind() {
            Prefix::UNC(..) | Prefix::VerbatimUNC(..) => Some("a share"),
            Prefix::Verbatim(_)
            | Prefix::VerbatimDisk(_)
            | Prefix::DeviceNS(_)
            | Prefix::Disk(_) => None,
        },
        Component::RootDir | Component::CurDir | Component::ParentDir | Component::Normal(_) => {
            None
        }
    }
}

#[cfg(not(any(target_os = "linux", windows)))]
fn of_folder(_: &Path) -> Option<&'static str> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// The numbers of statfs(2) and linux/magic.h.
    #[test]
    fn network_file_systems_are_known_and_local_ones_are_not() {
        for (number, name) in [
            (0x6969, Some("NFS")),
            (0xFF53_4D42, Some("SMB")),
            (0xFFFF_FFFF_FF53_4D42, Some("SMB")),
            (0xFE53_4D42, Some("SMB")),
            (0x0102_1997, Some("9P")),
            (0x00C3_6400, Some("Ceph")),
            (0xEF53, None),
            (0x0102_1994, None),
            (0x9123_683E, None),
            (0x5846_5342, None),
            (0x794C_7630, None),
            (0x2FC1_2FC1, None),
            (0x6573_5546, None),
        ] {
            assert_eq!(kind(number), name, "{number:x}");
        }
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(network(&folder.path().join("journal.db")), None);
        assert_eq!(network(Path::new("journal.db")), None);
        assert_eq!(network(Path::new("/nowhere/at/all/journal.db")), None);
        for path in
            [folder.path().join("journal.db"), folder.path().join("a/b/c.db"), "j.db".into()]
        {
            let volume = volume(&path).expect("a file system");
            assert!(!volume.is_network && !volume.kind.is_empty() && volume.free > 0, "{volume:?}");
        }
        assert_eq!((local(0xEF53), local(1)), (Some("ext4"), None));
    }
}
