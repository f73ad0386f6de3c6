# sextant-canary df628c10-87e5-4ce7-bcd1-012e8e8f9e4b
"""Judges lockd.py: cases worked by hand, then random inputs against a model."""

import os
import random
import sys

sys.path.insert(0, os.environ["SEXTANT_TESTS_DIR"])
from harness import Refused, ask, finish, require  # noqa: E402

FIXED = [
    (
        "0 lock T1 a X -|0 lock T2 b X 50|10 lock T1 b S 100|12 lock T2 a S 100|20 check 30|20 check 29|30 unlock T1 c",
        "0 grant T1 a|0 grant T2 b|20 checked 2|deadlock T1 T2 victim T2|20 grant T1 b|20 checked 0|30 refused",
    ),
    ("", ""),
    # A lease that is granted late starts late, and may end before the event.
    (
        "0 lock A l X 10|1 lock B l X 5|2 lock C l X 100|17 lock B m S -|17 renew A l 5",
        "0 grant A l|10 expire A l|10 grant B l|15 expire B l|15 grant C l|17 grant B m|17 refused",
    ),
    # Over at the time of the event, before it.
    ("0 lock A l S 10|10 unlock A l", "0 grant A l|10 expire A l|10 refused"),
    ("0 lock A l S 10|9 renew A l 10|18 unlock A l", "0 grant A l"),
    # No barging: C waits behind B, and that makes the deadlock.
    (
        "0 lock A l S -|0 lock C m X -|1 lock B l X -|2 lock C l S -|3 lock A m S -|4 check 0",
        "0 grant A l|0 grant C m|deadlock A B C victim B|4 grant C l|4 checked 1",
    ),
    # Equal holdings: who asked last is the victim; two deadlocks in one check.
    (
        "0 lock D a X -|0 lock C b X -|0 lock B c X -|0 lock A d X -|1 lock D b X -|2 lock C a X -|3 lock A c X -|4 lock B d X -|5 check 7",
        "0 grant D a|0 grant C b|0 grant B c|0 grant A d|deadlock A B victim B|5 grant A c|deadlock C D victim C|5 grant D b|5 checked 0",
    ),
    # The one with fewer locks goes, though it asked first.
    (
        "0 lock A a X -|0 lock B b X -|0 lock B c S -|1 lock A b S -|2 lock B a S -|3 check 0|4 lock A c S 3",
        "0 grant A a|0 grant B b|0 grant B c|deadlock A B victim A|3 grant B a|3 checked 0|4 grant A c",
    ),
    # Ends in the order of time, lock, transaction; refused requests.
    (
        "0 lock B k S 5|0 lock A k S 5|0 lock Z j X 5|1 lock Z j S 2|2 lock Q j S -|2 lock Q k S -|6 end Q|7 end nobody",
        "0 grant B k|0 grant A k|0 grant Z j|1 refused|2 refused|5 expire Z j|5 grant Q j|5 expire A k|5 expire B k",
    ),
]


class Model:
    """The instruction's rules on two flat lists, slow and plain."""

    def __init__(self):
        self.held = []  # [lock, txn, mode, end]; end is infinite for "-"
        self.queue = []  # [sequence, txn, lock, mode, lease], oldest first
        self.lines = []

    def holding(self, txn, lock):
        return [h for h in self.held if h[0] == lock and h[1] == txn]

    def waiting(self, txn):
        return [w for w in self.queue if w[1] == txn]

    def sweep(self, lock, time):
        again = True
        while again:  # granting one makes room for none, so this is one pass
            again = False
            for place, (_, txn, name, mode, lease) in enumerate(self.queue):
                if name != lock:
                    continue
                rivals = [h[2] for h in self.held if h[0] == lock]
                rivals += [w[3] for w in self.queue[:place] if w[2] == lock]
                if rivals and (mode == "X" or "X" in rivals):
                    continue
                self.held.append([lock, txn, mode, time + lease])
                del self.queue[place]
                self.lines.append("%d grant %s %s" % (time, txn, lock))
                again = True
                break

    def finish(self, txn, time):
        names = {h[0] for h in self.held if h[1] == txn} | {w[2] for w in self.waiting(txn)}
        self.held = [h for h in self.held if h[1] != txn]
        self.queue = [w for w in self.queue if w[1] != txn]
        for name in sorted(names):
            self.sweep(name, time)

    def pass_time(self, until):
        while self.held:
            end, lock, txn = min((h[3], h[0], h[1]) for h in self.held)
            if end > until:
                break
            self.held = [h for h in self.held if (h[0], h[1]) != (lock, txn)]
            self.lines.append("%d expire %s %s" % (end, txn, lock))
            self.sweep(lock, end)

    def deadlock(self, limit):
        """The deadlock to be broken first, as sorted names, or []."""
        names = sorted({w[1] for w in self.queue})
        bit = {name: 1 << place for place, name in enumerate(names)}
        edge = {name: 0 for name in names}  # whom it waits for, as a bit set
        for place, (_, a, lock, mode, _) in enumerate(self.queue):
            rivals = [(h[1], h[2]) for h in self.held if h[0] == lock and h[3] > limit]
            rivals += [(w[1], w[3]) for w in self.queue[:place] if w[2] == lock]
            for b, other in rivals:
                if "X" in (mode, other):
                    edge[a] |= bit.get(b, 0)
        for k in names:  # Warshall's closure
            for a in names:
                if edge[a] & bit[k]:
                    edge[a] |= edge[k]
        for a in names:
            if edge[a] & bit[a]:
                return [b for b in names if edge[a] & bit[b] and edge[b] & bit[a]]
        return []

    def play(self, sequence, event):
        time, kind, rest = int(event[0]), event[1], event[2:]
        self.pass_time(time)
        lease = float("inf") if rest[-1] == "-" else rest[-1]
        if kind == "lock":
            txn, lock, mode = rest[:3]
            if self.waiting(txn) or self.holding(txn, lock):
                return self.lines.append("%d refused" % time)
            self.queue.append([sequence, txn, lock, mode, float(lease)])
            self.sweep(lock, time)
        elif kind == "end":
            self.finish(rest[0], time)
        elif kind == "check":
            while True:
                knot = self.deadlock(time + int(lease))
                if not knot:
                    break
                load = {t: len([h for h in self.held if h[1] == t]) for t in knot}
                asked = {t: self.waiting(t)[0][0] for t in knot}
                victim = sorted(knot, key=lambda t: (load[t], -asked[t]))[0]
                self.lines.append("deadlock %s victim %s" % (" ".join(knot), victim))
                self.finish(victim, time)
            self.lines.append("%d checked %d" % (time, len(self.queue)))
        else:
            held = self.holding(rest[0], rest[1])
            if not held:
                return self.lines.append("%d refused" % time)
            if kind == "renew":
                held[0][3] = time + float(lease)
            else:
                self.held.remove(held[0])
                self.sweep(rest[1], time)


def make(rng, size):
    """Random events that keep many transactions waiting, and what they cause."""
    model = Model()
    txns = rng.sample(["T%d" % n for n in range(1, 40)] + ["a", "Z", "t1"], rng.choice([4, 7, 12, 30]))
    locks = rng.sample(["l%d" % n for n in range(1, 40)] + ["Q", "b"], rng.choice([3, 5, 9, 20]))
    shared = rng.choice([0.2, 0.5, 0.7])
    endless = rng.choice([0.2, 0.5, 0.9])
    time, text = 0, []

    def lease():
        return "-" if rng.random() < endless else str(rng.choice([1, 5, 20, 60, 200]))

    for sequence in range(size):
        time += rng.choice([0, 0, 1, 1, 2, 5])
        if rng.random() < 0.02:
            time += 40
        txn, lock = rng.choice(txns), rng.choice(locks)
        roll = rng.random()
        if roll < 0.72:
            idle = [t for t in txns if not model.waiting(t)]
            if idle and rng.random() < 0.95:
                txn = rng.choice(idle)
            event = [time, "lock", txn, lock, "S" if rng.random() < shared else "X", lease()]
        elif roll < 0.86:
            if model.held and rng.random() < 0.9:
                lock, txn = rng.choice(model.held)[:2]
            event = [time, "unlock", txn, lock]
            if rng.random() < 0.4:
                event = [time, "renew", txn, lock, lease()]
        elif roll < 0.9:
            event = [time, "end", txn]
        else:
            ends = [int(h[3]) - time for h in model.held if time < h[3] < float("inf")]
            patience = rng.choice([0, 1, 5, 20] + ends[:6])
            event = [time, "check", patience]
        text.append(" ".join(map(str, event)))
        model.play(sequence, [str(field) for field in event])
    return "|".join(text), "|".join(line for line in model.lines)


def main():
    require("lockd.py")
    rng = random.Random(86028121)
    cases = FIXED + [make(rng, size) for size in [120] * 4 + [400] * 6 + [800]]
    failures = []
    for number, (events, want) in enumerate(cases):
        text = events.replace("|", "\n") + ("\n" if events else "")
        try:
            got = ask(["python3", "-B", os.path.join(os.environ["SEXTANT_APP_DIR"], "lockd.py")], text)
        except Refused as refusal:
            failures.append("input %d: %s" % (number, refusal))
            break  # do not wait again for a program that loops
        lines = [line.rstrip() for line in got.splitlines()]
        right = want.split("|") if want else []
        if lines != right:
            place = next((i for i, pair in enumerate(zip(lines, right)) if pair[0] != pair[1]), min(len(lines), len(right)))
            failures.append(
                "input %d, output line %d: wanted %s, got %s"
                % (number, place + 1, right[place : place + 1], [line[:80] for line in lines[place : place + 1]])
            )
    finish(failures, len(cases))


main()
