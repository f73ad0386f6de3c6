//! Reads a program's output without ever holding more of it than was asked for.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::Notify;

use super::spec::Captured;

/// A program that writes this many times what is kept is stopped.
const STOP_FACTOR: u64 = 4;

/// Reads a stream to its end and keeps its first `limit` bytes. Signals `exceeded` once when four
/// times as much has come, and goes on reading, so that the writer is never blocked. What was
/// captured is there even if the future is dropped early.
pub(super) async fn capture(
    stream: Option<impl AsyncRead + Unpin>,
    limit: u64,
    exceeded: Arc<Notify>,
    captured: &mut Captured,
) -> io::Result<()> {
    let Some(mut stream) = stream else {
        return Ok(());
    };
    let mut chunk = vec![0; 16 * 1024];
    let (mut total, mut signalled) = (0_u64, false);
    loop {
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        let room = limit.saturating_sub(total);
        let kept = usize::try_from(room).unwrap_or(usize::MAX).min(read);
        captured
            .bytes
            .extend_from_slice(chunk.get(..kept).unwrap_or_default());
        captured.truncated |= kept < read;
        total = total.saturating_add(read as u64);
        if !signalled && total > limit.saturating_mul(STOP_FACTOR) {
            signalled = true;
            exceeded.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn capture_zeros(bytes: u64, limit: u64) -> (Captured, bool) {
        let exceeded = Arc::new(Notify::new());
        let stream = tokio::io::repeat(0).take(bytes);
        let mut captured = Captured::default();
        capture(Some(stream), limit, Arc::clone(&exceeded), &mut captured)
            .await
            .unwrap();
        let signalled =
            tokio::time::timeout(std::time::Duration::from_millis(1), exceeded.notified()).await;
        (captured, signalled.is_ok())
    }

    #[tokio::test]
    async fn keeps_the_beginning_and_says_what_is_missing() {
        for (bytes, kept, truncated, stopped) in [
            (10, 10, false, false),
            (11, 10, true, false),
            (41, 10, true, true),
        ] {
            let (captured, signalled) = capture_zeros(bytes, 10).await;
            assert_eq!(
                (captured.bytes.len(), captured.truncated, signalled),
                (kept, truncated, stopped),
            );
        }
    }
}
