//! Reads `/proc/self/mountinfo`, as far as remounting needs it (see `proc_pid_mountinfo(5)`).

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::mount::MountFlags;

/// One mount.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MountPoint {
    /// Where it is mounted.
    pub(super) path: PathBuf,
    /// Its flags, other than read-only.
    pub(super) flags: MountFlags,
}

/// The mounts at and below a path.
pub(super) fn below(path: &Path) -> io::Result<Vec<MountPoint>> {
    let table = std::fs::read("/proc/self/mountinfo")?;
    let mounts = table.split(|&byte| byte == b'\n').filter_map(parse_line);
    Ok(mounts
        .filter(|mount| mount.path.starts_with(path))
        .collect())
}

/// Fields of a line: mount id, parent id, device, root, mount point, options, and more.
fn parse_line(line: &[u8]) -> Option<MountPoint> {
    let mut fields = line.split(|&byte| byte == b' ').skip(4);
    let path = PathBuf::from(OsString::from_vec(unescape(fields.next()?)));
    let options = std::str::from_utf8(fields.next()?).ok()?;
    let flags = options.split(',').map(|option| match option {
        "nosuid" => MountFlags::NOSUID,
        "nodev" => MountFlags::NODEV,
        "noexec" => MountFlags::NOEXEC,
        "noatime" => MountFlags::NOATIME,
        "nodiratime" => MountFlags::NODIRATIME,
        "relatime" => MountFlags::RELATIME,
        _ => MountFlags::empty(),
    });
    Some(MountPoint {
        path,
        flags: flags.fold(MountFlags::empty(), MountFlags::union),
    })
}

/// Blank, tab, newline and backslash appear as a backslash and three octal digits.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&first, tail)) = rest.split_first() {
        let code = (first == b'\\')
            .then(|| tail.get(..3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        plain.push(code.unwrap_or(first));
        rest = if code.is_some() {
            tail.get(3..).unwrap_or_default()
        } else {
            tail
        };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_a_line_with_a_blank_in_the_path() {
        let line = b"36 35 98:0 /r /mnt/a\\040b ro,nosuid,noatime master:1 - ext3 /dev/x rw";
        let expected = MountPoint {
            path: PathBuf::from("/mnt/a b"),
            flags: MountFlags::NOSUID | MountFlags::NOATIME,
        };
        assert_eq!(parse_line(line), Some(expected));
    }

    #[test]
    fn the_machine_has_a_root() {
        let mounts = below(Path::new("/")).unwrap();
        assert!(mounts.iter().any(|mount| mount.path == Path::new("/")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_bytes_are_survived(line: Vec<u8>) {
            let _ = parse_line(&line);
            prop_assert!(unescape(&line).len() <= line.len());
        }
    }
}
