# Broken: a lease that ends exactly when patience does counts as lasting.
# sextant-canary df628c10-87e5-4ce7-bcd1-012e8e8f9e4b
"""A lock manager with leases; see the instruction for its rules and formats."""

import sys
from collections import defaultdict


def clash(mode, other):
    """Two modes exclude each other unless both are shared."""
    return mode == "X" or other == "X"


class Request:
    """A transaction's wish for a lock, waiting in its queue."""

    def __init__(self, txn, lock, mode, lease, since):
        self.txn = txn
        self.lock = lock
        self.mode = mode
        self.lease = lease
        self.since = since  # number of the event that made it


class Manager:
    """Holders, queues and time; `out` collects the lines to print."""

    def __init__(self):
        self.now = 0
        self.holders = defaultdict(dict)  # lock -> txn -> (mode, end or None)
        self.queues = defaultdict(list)  # lock -> requests, oldest first
        self.waits = {}  # txn -> its waiting request
        self.out = []

    def event(self, number, time, kind, *fields):
        """Let time pass, then play one event."""
        self._expire(time)
        self.now = time
        if not getattr(self, "_on_" + kind)(number, *fields):
            self.out.append("%d refused" % time)

    # Events: each returns whether it was accepted.

    def _on_lock(self, number, txn, lock, mode, lease):
        if txn in self.waits or txn in self.holders[lock]:
            return False
        request = Request(txn, lock, mode, lease, number)
        self.waits[txn] = request
        self.queues[lock].append(request)
        self._serve(lock)
        return True

    def _on_unlock(self, _number, txn, lock):
        if txn not in self.holders[lock]:
            return False
        self._drop(lock, txn)
        return True

    def _on_renew(self, _number, txn, lock, lease):
        if txn not in self.holders[lock]:
            return False
        mode, _ = self.holders[lock][txn]
        self.holders[lock][txn] = (mode, self._end_of(lease))
        return True

    def _on_end(self, _number, txn):
        touched = {lock for lock in self.holders if txn in self.holders[lock]}
        for lock in touched:
            del self.holders[lock][txn]
        request = self.waits.pop(txn, None)
        if request is not None:
            self.queues[request.lock].remove(request)
            touched.add(request.lock)
        for lock in sorted(touched):
            self._serve(lock)
        return True

    def _on_check(self, number, patience):
        horizon = self.now + int(patience)
        knots = self._knots(horizon)
        while knots:
            knot = knots[0]
            victim = min(
                knot, key=lambda txn: (self._held_count(txn), -self.waits[txn].since)
            )
            self.out.append("deadlock %s victim %s" % (" ".join(knot), victim))
            self._on_end(number, victim)
            knots = self._knots(horizon)
        self.out.append("%d checked %d" % (self.now, len(self.waits)))
        return True

    # Leases and queues.

    def _expire(self, until):
        """End the leases that are over by `until`, each at its own time."""
        while True:
            ends = [
                (end, lock, txn)
                for lock, holders in self.holders.items()
                for txn, (_, end) in holders.items()
                if end is not None and end <= until
            ]
            if not ends:
                return
            end, lock, txn = min(ends)
            self.now = end
            self.out.append("%d expire %s %s" % (end, txn, lock))
            self._drop(lock, txn)

    def _end_of(self, lease):
        return None if lease == "-" else self.now + int(lease)

    def _drop(self, lock, txn):
        del self.holders[lock][txn]
        self._serve(lock)

    def _serve(self, lock):
        """Go through the queue once and grant what may be granted."""
        holders = self.holders[lock]
        ahead = []
        for request in self.queues[lock]:
            modes = [mode for mode, _ in holders.values()]
            modes += [other.mode for other in ahead]
            if any(clash(request.mode, mode) for mode in modes):
                ahead.append(request)
                continue
            holders[request.txn] = (request.mode, self._end_of(request.lease))
            del self.waits[request.txn]
            self.out.append("%d grant %s %s" % (self.now, request.txn, lock))
        self.queues[lock] = ahead

    # Deadlocks.

    def _held_count(self, txn):
        return sum(txn in holders for holders in self.holders.values())

    def _waits_for(self, waiter, horizon):
        """The transactions that `waiter`, a request, directly waits for."""
        lock = waiter.lock
        found = set()
        for txn, (mode, end) in self.holders[lock].items():
            if end is not None and end < horizon:
                continue
            if clash(waiter.mode, mode):
                found.add(txn)
        for other in self.queues[lock]:
            if other is waiter:
                break
            if clash(waiter.mode, other.mode):
                found.add(other.txn)
        return found

    def _knots(self, horizon):
        """All deadlocks, each sorted by name, ordered by their first names."""
        graph = {txn: self._waits_for(r, horizon) for txn, r in self.waits.items()}
        reach = {}
        for start in graph:
            seen = set()
            todo = list(graph[start])
            while todo:
                txn = todo.pop()
                if txn not in seen:
                    seen.add(txn)
                    todo.extend(graph.get(txn, ()))
            reach[start] = seen
        knots = {
            tuple(sorted(other for other in seen if start in reach.get(other, ())))
            for start, seen in reach.items()
            if start in seen
        }
        return sorted(knots)


def main():
    manager = Manager()
    for number, line in enumerate(sys.stdin):
        fields = line.split()
        if fields:
            manager.event(number, int(fields[0]), *fields[1:])
    for line in manager.out:
        print(line)


if __name__ == "__main__":
    main()
