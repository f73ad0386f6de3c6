//! Reads files that untrusted code has left behind, without being led astray by them.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::{Component, Path};

use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;

use super::spec::Collected;

/// Reads the file at an absolute path, unless it is larger than `max_bytes`.
///
/// No component of the path may be a symbolic link: a link could lead to what the code was never
/// meant to reach, and this process may read more than the code could.
///
/// # Errors
///
/// If the system fails to read what is there.
pub(super) fn collect(path: &Path, max_bytes: u64) -> io::Result<Collected> {
    let file = match open_without_links(path) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT) => return Ok(Collected::Missing),
        // A link, a component that is no directory, or a socket or device nobody answers for.
        Err(Errno::LOOP | Errno::NOTDIR | Errno::NXIO | Errno::NODEV) => {
            return Ok(Collected::NotAFile);
        }
        Err(error) => return Err(error.into()),
    };
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(Collected::NotAFile);
    }
    if meta.len() > max_bytes {
        return Ok(Collected::TooLarge { bytes: meta.len() });
    }
    let mut bytes = Vec::new();
    file.take(max_bytes).read_to_end(&mut bytes)?;
    Ok(Collected::File(bytes))
}

/// Opens component by component. Non-blocking, for a named pipe would wait for a writer.
fn open_without_links(path: &Path) -> Result<OwnedFd, Errno> {
    let dir_flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file_flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut dir = openat(CWD, "/", dir_flags, Mode::empty())?;
    let mut names = path
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name),
            _ => None,
        })
        .peekable();
    while let Some(name) = names.next() {
        if names.peek().is_none() {
            return openat(&dir, name, file_flags, Mode::empty());
        }
        dir = openat(&dir, name, dir_flags, Mode::empty())?;
    }
    Err(Errno::NOENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_plain_files_of_a_sensible_size_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().canonicalize().unwrap();
        std::fs::write(dir.join("plain"), "12345").unwrap();
        symlink(dir.join("plain"), dir.join("link")).unwrap();
        symlink(&dir, dir.join("loop")).unwrap();
        let read = |name: &str, max| collect(&dir.join(name), max).unwrap();
        assert_eq!(read("plain", 5), Collected::File(b"12345".to_vec()));
        assert_eq!(read("plain", 4), Collected::TooLarge { bytes: 5 });
        assert_eq!(read("absent", 5), Collected::Missing);
        assert_eq!(read("link", 5), Collected::NotAFile);
        assert_eq!(read("loop/plain", 5), Collected::NotAFile);
        assert_eq!(read("plain/below", 5), Collected::NotAFile);
        assert_eq!(collect(&dir, 5).unwrap(), Collected::NotAFile);
    }
}
