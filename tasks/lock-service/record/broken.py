"""Deliberately broken systems: the real code with one method replaced."""

import json
from types import SimpleNamespace
from typing import Any, Callable, Dict, List, NamedTuple
from unittest.mock import patch

from explore import Exploration, explore
from system import BOUNDS

MOST = 200


class Fault(NamedTuple):
    what: str
    variants: tuple
    part: str  # the module
    owner: str  # the class
    method: str
    replacement: Callable


def release_unchecked(self: Any, client: str, session: int) -> list:
    self.sessions[client] = max(session, self.sessions[client])
    self._forget(client)
    return []


def queued_twice(self: Any, client: str, session: int) -> list:
    if session < self.sessions[client]:
        return []
    if session > self.sessions[client]:
        self._forget(client)
    self.sessions[client] = session
    if self.holder == client:
        return [self._grant()]
    # A third place would be more than the interface can tell.
    if len(self.queue) < len(BOUNDS["Clients"]):
        self.queue.append(client)
    return []


def grant_unchecked(self: Any, session: int) -> list:
    if self.status != "idle":
        self.status = "holding"
    return []


def rejoin_at_the_end(self: Any, client: str, session: int) -> list:
    return self.on_acquire(client, session)


def rejoin_to_the_front(self: Any, client: str, session: int) -> list:
    if session > self.sessions[client] and self.holder != client:
        self._forget(client)
        self.sessions[client] = session
        self.queue.insert(0, client)
    elif session >= self.sessions[client] and self.holder == client:
        self.sessions[client] = session
        return [self._grant()]
    return []


def old_grant_returned(self: Any, session: int) -> list:
    if session != self.disk.session or self.status == "idle":
        return [self._message("release")._replace(session=session)]
    self.status = "holding"
    return []


FAULTS: Dict[str, Fault] = {
    "release-unchecked": Fault(
        "The server does not look at the session of a release: a late one frees the lock of a later session",
        ("fifo", "resume"),
        "server",
        "Server",
        "on_release",
        release_unchecked,
    ),
    "queued-twice": Fault(
        "The server queues a client again when its request arrives again",
        ("fifo", "resume"),
        "server",
        "Server",
        "on_acquire",
        queued_twice,
    ),
    "grant-unchecked": Fault(
        "A client takes any grant for its own, whatever its session, and answers none",
        ("fifo", "resume"),
        "client",
        "Client",
        "on_grant",
        grant_unchecked,
    ),
    "rejoin-at-the-end": Fault(
        "A client that comes back is treated like one that comes for the first time",
        ("resume",),
        "server",
        "Server",
        "on_rejoin",
        rejoin_at_the_end,
    ),
    "rejoin-to-the-front": Fault(
        "A client that comes back is put before all that wait",
        ("resume",),
        "server",
        "Server",
        "on_rejoin",
        rejoin_to_the_front,
    ),
    "old-grant-returned": Fault(
        "A client that comes back gives back what was granted to the session that it goes on with",
        ("resume",),
        "client",
        "Client",
        "on_grant",
        old_grant_returned,
    ),
}


def impossible(code: SimpleNamespace, fault: Fault, real: Exploration) -> List[str]:
    """Windows of the broken system that begin like a real one and end as no real one does."""
    owner = getattr(getattr(code, fault.part), fault.owner)
    with patch.object(owner, fault.method, fault.replacement):
        broken = explore(code)
    lines = [line for line in broken.windows if line not in real.windows and _begins(line, real)]
    # Evenly spaced, so that few say as much as many.
    count = min(MOST, len(lines))
    return [lines[index * len(lines) // count] for index in range(count)]


def _begins(line: str, real: Exploration) -> bool:
    before = json.loads(line)["before"]
    return json.dumps(before, sort_keys=True, separators=(",", ":")) in real.looks
