"""A client: the process that wants the lock, and its disk."""

from typing import List

from .messages import ACQUIRE, REJOIN, RELEASE, Message

IDLE = "idle"
WAITING = "waiting"
REJOINING = "rejoining"
HOLDING = "holding"


class Disk:
    """What a client still knows after a crash."""

    def __init__(self, last_session: int):
        self.last_session = last_session
        self.session = 0  # the latest session that was begun
        self.open = False  # whether that session is not over yet


class Client:
    """A process. Does no I/O: what a method returns is to be sent.

    A session is one request for the lock, until the lock is given back or the process ends. Each
    has a new number.
    """

    def __init__(self, name: str, disk: Disk):
        self.name = name
        self.disk = disk
        self.status = IDLE

    def start(self) -> List[Message]:
        """The first call of a process that runs again after a crash."""
        if not self.disk.open:
            return []
        if self.disk.session == self.disk.last_session:
            self.disk.open = False
            return [self._message(RELEASE)]
        # Go on with what the crash interrupted, in a session of our own.
        self.disk.session += 1
        self.status = REJOINING
        return [self._message(REJOIN)]

    def acquire(self) -> List[Message]:
        if self.status != IDLE or self.disk.session == self.disk.last_session:
            return []
        self.disk.session += 1
        self.disk.open = True
        self.status = WAITING
        return [self._message(ACQUIRE)]

    def retry(self) -> List[Message]:
        """Asks again. Called from time to time."""
        if self.status == WAITING:
            return [self._message(ACQUIRE)]
        if self.status == REJOINING:
            return [self._message(REJOIN)]
        return []

    def release(self) -> List[Message]:
        if self.status != HOLDING:
            return []
        self.disk.open = False
        self.status = IDLE
        return [self._message(RELEASE)]

    def on_grant(self, session: int) -> List[Message]:
        if session != self.disk.session and self.status == REJOINING:
            return []  # meant for the session that we go on with: the server does not know yet
        if session != self.disk.session or self.status == IDLE:
            return [Message(RELEASE, self.name, session)]  # too late: nobody wants this lock
        self.status = HOLDING
        return []

    def _message(self, kind: str) -> Message:
        return Message(kind, self.name, self.disk.session)
