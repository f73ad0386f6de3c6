//! Copies files into a place where earlier copies may hold untrusted code's links.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, lchown, symlink};
use std::path::{Path, PathBuf};

use super::spec::SeedSource;

/// A directory tree under construction.
///
/// What was copied earlier may hold links made by untrusted code. Following one could write
/// anywhere, so a link on the way to a new file is replaced by a directory, and one in the file's
/// own place by the file.
pub(super) struct Ground {
    root: PathBuf,
    owner: Option<u32>,
}

impl Ground {
    /// A tree below `root`, which must be a path without links. What is put there belongs to the
    /// user and group numbered `owner`, if given.
    pub(super) fn new(root: impl Into<PathBuf>, owner: Option<u32>) -> Self {
        Self {
            root: root.into(),
            owner,
        }
    }

    /// Where an absolute path of the tree is.
    pub(super) fn place(&self, inside: &str) -> PathBuf {
        self.root.join(inside.trim_start_matches('/'))
    }

    /// Makes a directory of the tree with its parents.
    pub(super) fn make_dir(&self, inside: &str) -> io::Result<()> {
        self.make_dirs(&self.place(inside))
    }

    /// Puts a seed into the tree. `on_host` says where a path of the host is to be found.
    pub(super) fn plant(
        &self,
        source: &SeedSource,
        inside: &str,
        executable: bool,
        on_host: impl Fn(&Path) -> PathBuf,
    ) -> io::Result<()> {
        let place = self.place(inside);
        place
            .parent()
            .map_or(Ok(()), |parent| self.make_dirs(parent))?;
        match source {
            SeedSource::Host(host) => self.copy(&on_host(host), &place),
            SeedSource::Bytes(bytes) => {
                remove_unless_dir(&place)?;
                fs::write(&place, bytes)?;
                let mode = if executable { 0o755 } else { 0o644 };
                fs::set_permissions(&place, Permissions::from_mode(mode))?;
                self.own(&place)
            }
        }
    }

    /// Copies a file, link or tree so that its new owner can read it. Links stay links.
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let meta = fs::symlink_metadata(from)?;
        let mode = meta.permissions().mode() & 0o777;
        if meta.is_symlink() {
            remove_unless_dir(to)?;
            symlink(fs::read_link(from)?, to)?;
        } else if meta.is_dir() {
            self.make_real_dir(to)?;
            for entry in fs::read_dir(from)? {
                let entry = entry?;
                self.copy(&entry.path(), &to.join(entry.file_name()))?;
            }
            fs::set_permissions(to, Permissions::from_mode(mode | 0o700))?;
        } else if meta.is_file() {
            remove_unless_dir(to)?;
            fs::copy(from, to)?;
            fs::set_permissions(to, Permissions::from_mode(mode | 0o400))?;
        } else {
            let reason = format!("{} is neither file, directory nor link", from.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        self.own(to)
    }

    fn make_dirs(&self, path: &Path) -> io::Result<()> {
        if path == self.root || !path.starts_with(&self.root) {
            return Ok(());
        }
        path.parent()
            .map_or(Ok(()), |parent| self.make_dirs(parent))?;
        self.make_real_dir(path)
    }

    fn make_real_dir(&self, path: &Path) -> io::Result<()> {
        if fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir()) {
            return Ok(());
        }
        remove_unless_dir(path)?;
        fs::DirBuilder::new().mode(0o755).create(path)?;
        self.own(path)
    }

    fn own(&self, path: &Path) -> io::Result<()> {
        self.owner
            .map_or(Ok(()), |id| lchown(path, Some(id), Some(id)))
    }
}

fn remove_unless_dir(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_dir() => fs::remove_file(path),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_outside_are_replaced_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        let (answer, outside, root) = (base.join("answer"), base.join("out"), base.join("root"));
        for path in [&answer, &outside, &root] {
            fs::create_dir(path).unwrap();
        }
        fs::write(outside.join("file"), "untouched").unwrap();
        symlink(&outside, answer.join("tests")).unwrap();
        symlink(outside.join("file"), answer.join("file")).unwrap();

        let ground = Ground::new(&root, None);
        let plant = |source: SeedSource, inside: &str| {
            ground
                .plant(&source, inside, false, Path::to_path_buf)
                .unwrap();
        };
        plant(SeedSource::Host(answer), "/app");
        assert!(
            fs::symlink_metadata(root.join("app/tests"))
                .unwrap()
                .is_symlink()
        );
        plant(SeedSource::Bytes(b"new".to_vec()), "/app/tests/file");
        plant(SeedSource::Bytes(b"new".to_vec()), "/app/file");

        assert_eq!(fs::read(outside.join("file")).unwrap(), b"untouched");
        assert_eq!(fs::read(root.join("app/tests/file")).unwrap(), b"new");
        assert_eq!(fs::read(root.join("app/file")).unwrap(), b"new");
    }
}
