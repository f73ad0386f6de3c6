//! Brings up the loopback interface of a fresh network namespace.

use std::io;

use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};

/// `RTM_NEWLINK`: change a network interface (`linux/rtnetlink.h`).
const RTM_NEWLINK: u16 = 16;
/// `NLMSG_ERROR`: the acknowledgement's type (`linux/netlink.h`).
const NLMSG_ERROR: u16 = 2;
/// `NLM_F_REQUEST | NLM_F_ACK` (`linux/netlink.h`).
const REQUEST_WITH_ACK: u16 = 1 | 4;
/// `IFF_UP` (`linux/if.h`).
const IFF_UP: u32 = 1;
/// The loopback interface's index in every network namespace.
const LOOPBACK_INDEX: i32 = 1;

/// Switches `lo` on, so that programs in the room can talk to each other over 127.0.0.1.
pub(super) fn bring_up() -> io::Result<()> {
    let socket = rustix::net::socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        None,
    )?;
    rustix::net::send(&socket, &request(), SendFlags::empty())?;
    let mut reply = [0_u8; 256];
    let (_, length) = rustix::net::recv(&socket, reply.as_mut_slice(), RecvFlags::empty())?;
    match error_code(reply.get(..length).unwrap_or_default()) {
        Some(0) => Ok(()),
        Some(code) => Err(io::Error::from_raw_os_error(-code)),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "unexpected netlink answer",
        )),
    }
}

/// A netlink header (length, type, flags, sequence, port) and an `ifinfomsg` (family, padding,
/// device type, index, flags, mask of flags to change).
fn request() -> Vec<u8> {
    let mut message = Vec::with_capacity(32);
    message.extend(32_u32.to_ne_bytes());
    message.extend(RTM_NEWLINK.to_ne_bytes());
    message.extend(REQUEST_WITH_ACK.to_ne_bytes());
    message.extend([0; 8]);
    message.extend([0; 4]);
    message.extend(LOOPBACK_INDEX.to_ne_bytes());
    message.extend(IFF_UP.to_ne_bytes());
    message.extend(IFF_UP.to_ne_bytes());
    message
}

/// The error number in an acknowledgement: zero for success, else negative.
fn error_code(reply: &[u8]) -> Option<i32> {
    let kind = u16::from_ne_bytes(reply.get(4..6)?.try_into().ok()?);
    let code = i32::from_ne_bytes(reply.get(16..20)?.try_into().ok()?);
    (kind == NLMSG_ERROR).then_some(code)
}
