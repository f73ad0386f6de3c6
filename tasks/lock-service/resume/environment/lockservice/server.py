"""The server: who has the lock, and who is next."""

from typing import Iterable, List

from .messages import GRANT, Message


class Server:
    """Hands one lock to one client at a time. Does no I/O: what a method returns is to be sent."""

    def __init__(self, clients: Iterable[str]):
        self.holder = None
        self.queue = []
        # The latest session heard of, by client. Whatever is older is over.
        self.sessions = {client: 0 for client in clients}

    def on_acquire(self, client: str, session: int) -> List[Message]:
        known = self.sessions[client]
        if session > known:
            self._forget(client)
            self.sessions[client] = session
            self.queue.append(client)
        elif session == known and self.holder == client:
            return [self._grant()]  # the first grant may be lost
        return []

    def on_rejoin(self, client: str, session: int) -> List[Message]:
        if session <= self.sessions[client] or not self._knows(client):
            return self.on_acquire(client, session)
        # The new session takes over what the old one had: the lock, or its place in the queue.
        self.sessions[client] = session
        return [self._grant()] if self.holder == client else []

    def on_release(self, client: str, session: int) -> List[Message]:
        if session >= self.sessions[client]:
            # The request that this ends may be on its way still.
            self.sessions[client] = session
            self._forget(client)
        return []

    def hand_on(self) -> List[Message]:
        """Gives the lock to the next in the queue. Called whenever the server has time."""
        if self.holder is not None or not self.queue:
            return []
        self.holder = self.queue.pop(0)
        return [self._grant()]

    def remind(self) -> List[Message]:
        """Grants the lock again to whoever has it. Called from time to time."""
        return [] if self.holder is None else [self._grant()]

    def _grant(self) -> Message:
        return Message(GRANT, self.holder, self.sessions[self.holder])

    def _knows(self, client: str) -> bool:
        return client == self.holder or client in self.queue

    def _forget(self, client: str) -> None:
        if self.holder == client:
            self.holder = None
        if client in self.queue:
            self.queue.remove(client)
