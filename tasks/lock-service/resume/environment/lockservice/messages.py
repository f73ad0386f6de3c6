"""The datagrams of the lock service."""

from typing import NamedTuple

ACQUIRE = "acquire"  # client to server: I want the lock
REJOIN = "rejoin"  # client to server: I am back, and want the lock still
RELEASE = "release"  # client to server: I do not want the lock, or no longer
GRANT = "grant"  # server to client: the lock is yours


class Message(NamedTuple):
    """One datagram. Whichever way it goes, it is about one session of one client."""

    kind: str
    client: str
    session: int
