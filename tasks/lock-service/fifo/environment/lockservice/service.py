"""Clients, server and network put together. One call is one atomic step."""

from typing import Iterable, List

from .client import IDLE, Client, Disk
from .messages import ACQUIRE, GRANT, RELEASE, Message
from .network import Network
from .server import Server


class Service:
    """The whole system. Which step comes next is for the caller to say: a loop, a test, a simulation.

    Daemons use the lock again and again, and are restarted when they crash. The other clients are
    jobs: they use the lock once, and do not crash.
    """

    def __init__(self, names: Iterable[str], daemons: Iterable[str], last_session: int):
        names = sorted(names)
        self.daemons = frozenset(daemons)
        self.network = Network()
        self.server = Server(names)
        self.disks = {name: Disk(last_session if name in self.daemons else 1) for name in names}
        self.clients = {name: Client(name, self.disks[name]) for name in names}  # those that run

    def acquire(self, name: str) -> None:
        self._send(self.clients[name].acquire())

    def retry(self, name: str) -> None:
        self._send(self.clients[name].retry())

    def release(self, name: str) -> None:
        self._send(self.clients[name].release())

    def crash(self, name: str) -> None:
        """Ends a process. For one that is idle it would make no difference, so that is left out."""
        if name in self.daemons and self.clients[name].status != IDLE:
            del self.clients[name]

    def restart(self, name: str) -> None:
        if name not in self.clients:
            self.clients[name] = Client(name, self.disks[name])
            self._send(self.clients[name].start())

    def hand_on(self) -> None:
        self._send(self.server.hand_on())

    def remind(self) -> None:
        self._send(self.server.remind())

    def deliver(self, message: Message) -> None:
        """Hands a datagram to whom it is for. A client that does not run gets nothing."""
        kind, client, session = message
        if kind == ACQUIRE:
            self._send(self.server.on_acquire(client, session))
        elif kind == RELEASE:
            self._send(self.server.on_release(client, session))
        elif kind == GRANT and client in self.clients:
            self._send(self.clients[client].on_grant(session))

    def lose(self, message: Message) -> None:
        self.network.lose(message)

    def _send(self, messages: List[Message]) -> None:
        for message in messages:
            self.network.send(message)
