//! How the harness and the process that guards a room talk: frames of JSON over one socket.
//!
//! The socket is the guard's standard input and nothing else ever holds it, so what the untrusted
//! program writes can never be taken for a report.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::spec::{Collected, Exit, Job};

/// The order to the guard.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// What to run.
    pub(super) job: Job,
    /// Where this program's own file is on the host, to be offered as the untrusted helper.
    pub(super) program: std::path::PathBuf,
}

/// What the guard says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Message {
    /// The stage has entered its namespaces and needs user ids, which only the harness may give.
    MapMe,
    /// The room stands and the program runs: from here on failures are the job's own.
    Started,
    /// The job is over.
    Ended(Box<Account>),
    /// The room could not be built, or the untrusted helper could not do its work.
    Failed(StepError),
    /// The program's bare name is not on the room's `PATH`.
    NotFound {
        /// The name.
        program: String,
        /// The path that was searched.
        path: String,
    },
}

/// The guard's account of a job.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) exit: Exit,
    pub(super) collected: BTreeMap<String, Collected>,
    pub(super) wall: Duration,
    pub(super) cpu: Duration,
    pub(super) peak_memory_bytes: Option<u64>,
}

/// A step that failed, inside the guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StepError {
    /// What was being done.
    pub(super) step: String,
    /// The operating system's answer.
    pub(super) reason: String,
}

/// Names the step an operating-system error happened in.
pub(super) trait Step<T> {
    /// Turns an error into a [`StepError`]; the name is only made when it is needed.
    fn step<S: Into<String>>(self, name: impl FnOnce() -> S) -> Result<T, StepError>;
}

impl<T, E: std::fmt::Display> Step<T> for Result<T, E> {
    fn step<S: Into<String>>(self, name: impl FnOnce() -> S) -> Result<T, StepError> {
        self.map_err(|error| StepError {
            step: name().into(),
            reason: error.to_string(),
        })
    }
}

/// The largest frame either side accepts, in bytes: the frames come from our own program, so this
/// only keeps a torn length from asking for all memory.
const MAX_FRAME_BYTES: u64 = 4 << 30;

/// A value as a frame: eight bytes of length, least significant first, then JSON.
pub(super) fn encode(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 8];
    serde_json::to_writer(&mut frame, value)?;
    let length = (frame.len() - 8) as u64;
    if let Some(head) = frame.get_mut(..8) {
        head.copy_from_slice(&length.to_le_bytes());
    }
    Ok(frame)
}

/// The length that a frame's first eight bytes announce.
pub(super) fn body_length(head: [u8; 8]) -> io::Result<usize> {
    let length = u64::from_le_bytes(head);
    if length > MAX_FRAME_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "oversized sandbox message",
        ));
    }
    usize::try_from(length).map_err(io::Error::other)
}

/// Writes one frame.
pub(super) fn send(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    to.write_all(&encode(value)?)
}

/// Reads one frame and not a byte more.
pub(super) fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut head = [0; 8];
    from.read_exact(&mut head)?;
    let mut body = vec![0; body_length(head)?];
    from.read_exact(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

/// Bytes as hexadecimal text, which JSON carries at two characters a byte.
pub(super) mod hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    pub(in crate::sandbox) fn serialize<S: Serializer>(
        bytes: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
        let text: String = bytes
            .iter()
            .flat_map(|b| [digit(b >> 4), digit(*b)])
            .collect();
        serializer.serialize_str(&text)
    }

    pub(in crate::sandbox) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if !rest.is_empty() {
            return Err(D::Error::custom("odd number of hexadecimal digits"));
        }
        let nibble = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(D::Error::custom("not a hexadecimal digit")),
        };
        pairs
            .iter()
            .map(|&[high, low]| Ok(nibble(high)? << 4 | nibble(low)?))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_frame_comes_back_as_it_went(bytes: Vec<u8>) {
            let sent = Collected::File(bytes);
            let frame = encode(&sent).unwrap();
            let mut rest = frame.as_slice();
            let received: Collected = receive(&mut rest).unwrap();
            prop_assert_eq!(sent, received);
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn garbage_is_an_error_not_a_panic(bytes: Vec<u8>) {
            prop_assert!(receive::<Order>(&mut bytes.as_slice()).is_err());
        }
    }

    #[test]
    fn a_torn_length_does_not_allocate() {
        assert!(receive::<Order>(&mut [0xff; 16].as_slice()).is_err());
    }
}
