//! Files that may be packed.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// Opens a file, unpacking xz and zstd if its first bytes say so.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut reader = BufReader::new(File::open(path)?);
    let head = reader.fill_buf()?;
    if head.starts_with(&[0xfd, b'7', b'z', b'X', b'Z', 0]) {
        Ok(Box::new(BufReader::new(lzma_rust2::XzReader::new(
            reader, true,
        ))))
    } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Ok(Box::new(BufReader::new(zstd::Decoder::with_buffer(
            reader,
        )?)))
    } else {
        Ok(Box::new(reader))
    }
}
