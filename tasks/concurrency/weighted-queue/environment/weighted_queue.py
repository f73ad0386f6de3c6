# sextant-canary a2401b3c-5bcf-40f1-bbc0-b72c84db263c
"""A queue between tasks, bounded by the weight of the work not yet finished."""

from collections import deque


class Closed(Exception):
    """The queue takes nothing more, or has nothing more to give."""


class WeightedQueue:
    def __init__(self, capacity, sync):
        self._capacity = capacity
        self._lock = sync.Lock()
        self._room = sync.Condition(self._lock)
        self._filled = sync.Condition(self._lock)
        self._items = deque()
        self._held = 0
        self._closed = False

    def put(self, item, weight):
        with self._lock:
            if self._closed:
                raise Closed
            while self._held and self._held + weight > self._capacity:
                self._room.wait()
            self._held += weight
            self._items.append((item, weight))
            if len(self._items) == 1:
                self._filled.notify()

    def get(self):
        with self._lock:
            if not self._items:
                if self._closed:
                    raise Closed
                self._filled.wait()
            if self._closed:
                raise Closed
            return self._items.popleft()

    def done(self, weight):
        with self._lock:
            self._held -= weight
            self._room.notify()

    def close(self):
        with self._lock:
            self._closed = True
            self._filled.notify_all()
