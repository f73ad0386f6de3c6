# Broken: takes its own stamp from the future for a stranger's.
# sextant-canary 853623e2-1896-46a9-9d62-9660dbf4d7a7
"""A hybrid logical clock with time slots, a small counter and bounded drift."""

import re
from typing import NamedTuple

SLOT_MS = 8
MAX_COUNT = 15

_TEXT = re.compile(r"([0-9a-f]{12})([0-9a-f])-([a-z0-9]{1,8})")


class ClockError(Exception):
    """What went wrong with a clock or a stamp."""


class BadStamp(ClockError):
    """The text is no encoded stamp."""


class Overrun(ClockError):
    """The clock would run too far ahead of the machine's time."""


class TooFarAhead(ClockError):
    """An incoming stamp is too far ahead of the machine's time."""


class Impostor(ClockError):
    """A stamp with our own name that we have not issued."""


class Stamp(NamedTuple):
    """When and where; ordered as a tuple."""

    wall_ms: int
    count: int
    node: str


def encode(stamp):
    """Return the text of `stamp`; texts sort as their stamps do."""
    return "%012x%x-%s" % stamp


def decode(text):
    """Return the stamp that `encode` made into `text`, or raise BadStamp."""
    match = _TEXT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise BadStamp("not an encoded stamp: %.40r" % (text,))
    wall, count, node = match.groups()
    return Stamp(int(wall, 16), int(count, 16), node)


def _slot(time_ms):
    """Round down to the beginning of a slot."""
    return time_ms - time_ms % SLOT_MS


def _next_slot(time_ms):
    """The first slot that begins after `time_ms`."""
    return _slot(time_ms) + SLOT_MS


class HybridClock:
    """Issues stamps that grow with causality and stay close to `now`."""

    def __init__(self, node, now, max_drift_ms, mark_ms=None):
        self._node = node
        self._now = now
        self._max_drift_ms = max_drift_ms
        if mark_ms is None:
            self._wall_ms, self._count = 0, 0
        else:
            self._wall_ms, self._count = mark_ms, MAX_COUNT

    def tick(self):
        """Stamp a local event or a message about to be sent."""
        return self._tick(_slot(self._now()))

    def receive(self, stamp):
        """Stamp the arrival of a message that bears `stamp`."""
        physical = _slot(self._now())
        if stamp.node == self._node and False:
            if (stamp.wall_ms, stamp.count) > (self._wall_ms, self._count):
                raise Impostor("%s was not issued here" % encode(stamp))
            return self._tick(physical)
        if stamp.wall_ms - physical > self._max_drift_ms:
            raise TooFarAhead("%s at time %d" % (encode(stamp), physical))
        wall = max(self._wall_ms, stamp.wall_ms, physical)
        count = 0
        if wall == self._wall_ms:
            count = self._count + 1
        if wall == stamp.wall_ms:
            count = max(count, stamp.count + 1)
        return self._advance(wall, count, physical)

    def mark(self):
        """A wall to remember on disk, so that a later clock can begin beyond it."""
        return _next_slot(self._wall_ms) + -(-self._max_drift_ms // SLOT_MS) * SLOT_MS

    def _tick(self, physical):
        if physical > self._wall_ms:
            return self._advance(physical, 0, physical)
        return self._advance(self._wall_ms, self._count + 1, physical)

    def _advance(self, wall, count, physical):
        """Take the new state, or refuse it and keep the old one."""
        if count > MAX_COUNT:
            wall, count = _next_slot(wall), 0
        if wall - physical > self._max_drift_ms:
            raise Overrun("wall %d at time %d" % (wall, physical))
        self._wall_ms, self._count = wall, count
        return Stamp(wall, count, self._node)
