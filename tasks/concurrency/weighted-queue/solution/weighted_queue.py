# sextant-canary a2401b3c-5bcf-40f1-bbc0-b72c84db263c
"""A queue between tasks, bounded by the weight of the work not yet finished."""

from collections import deque


class Closed(Exception):
    """The queue takes nothing more, or has nothing more to give."""


class WeightedQueue:
    """First in, first out; `done` rather than `get` makes room again."""

    def __init__(self, capacity, sync):
        self._capacity = capacity
        self._lock = sync.Lock()
        self._room = sync.Condition(self._lock)  # load fell, or closed
        self._filled = sync.Condition(self._lock)  # item came, or closed
        self._items = deque()
        self._held = 0
        self._closed = False

    def put(self, item, weight):
        """Hand in `item` as soon as its weight fits; raise Closed if closed."""
        with self._lock:
            while not self._closed and not self._fits(weight):
                self._room.wait()
            if self._closed:
                raise Closed
            self._held += weight
            self._items.append((item, weight))
            self._filled.notify()

    def get(self):
        """Take out the oldest (item, weight); raise Closed after the last."""
        with self._lock:
            while not self._items and not self._closed:
                self._filled.wait()
            if not self._items:
                raise Closed
            item = self._items.popleft()
            return item

    def done(self, weight):
        """Give back the weight of one finished item."""
        with self._lock:
            self._held -= weight
            self._room.notify_all()  # several light items may fit, or only some

    def close(self):
        """Accept nothing more and let everyone who waits look again."""
        with self._lock:
            self._closed = True
            self._room.notify_all()
            self._filled.notify_all()

    def _fits(self, weight):
        return self._held == 0 or self._held + weight <= self._capacity
