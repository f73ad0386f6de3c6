# Broken: gives the number of the event rather than of the line.
# sextant-canary 056b4a70-f338-4e97-9c8e-e72505719128
"""Audits traces of logical clocks; see the instruction for the format."""

import re
import sys

BLOCK = 16
NAME = re.compile(r"[A-Za-z0-9_-]{1,16}")
CLOCK = re.compile(r"[0-9]{1,15}")
FORMS = {
    "local": (CLOCK,),
    "send": (NAME, NAME, CLOCK),
    "recv": (NAME, CLOCK),
    "crash": (),
    "restart": (CLOCK,),
}


class Violation(Exception):
    """What a line does wrong, as it is to be printed."""


class Defaults(dict):
    """Clocks by process; one that was not heard of yet stands at 0."""

    def __missing__(self, process):
        return 0


class Audit:
    """The state of the system while one trace is replayed."""

    def __init__(self):
        self.clock = Defaults()
        self.down = set()
        self.sent = {}  # message on its way -> (sender, target, number, stamp)
        self.sends = 0

    def event(self, fields):
        """Replay one event or raise Violation."""
        process, kind = fields[0], fields[1] if len(fields) > 1 else ""
        shapes = FORMS.get(kind)
        if shapes is None or len(fields) != 2 + len(shapes):
            raise Violation("malformed")
        for shape, field in zip((NAME,) + shapes, [process] + fields[2:]):
            if not shape.fullmatch(field):
                raise Violation("malformed")
        if kind != "restart" and process in self.down:
            raise Violation("down")
        if kind == "restart" and process not in self.down:
            raise Violation("up")
        if kind == "crash":
            self.down.add(process)
            self.sent = {m: s for m, s in self.sent.items() if s[1] != process}
            return
        right = getattr(self, "_" + kind)(process, *fields[2:-1])
        if int(fields[-1]) != right:
            raise Violation("clock %d" % right)
        self.clock[process] = right

    def _local(self, process):
        return self.clock[process] + 1

    def _restart(self, process):
        self.down.remove(process)
        clock = self.clock[process]
        return (clock // BLOCK + 1) * BLOCK

    def _send(self, process, message, target):
        if message in self.sent:
            raise Violation("reused")
        stamp = self.clock[process] + 1
        self.sent[message] = (process, target, self.sends, stamp)
        self.sends += 1
        return stamp

    def _recv(self, process, message):
        if message not in self.sent:
            raise Violation("unknown")
        other_from, other_to, other_number, stamp = self.sent[message]
        if other_to != process:
            raise Violation("misdelivered")
        del self.sent[message]
        for overtaken, (sender, target, number, _) in list(self.sent.items()):
            if (sender, target) == (other_from, other_to) and number < other_number:
                del self.sent[overtaken]
        return stamp + 1 if stamp > self.clock[process] else self.clock[process]


def fields_of(line):
    return [field for field in re.split("[ \t]+", line) if field]


def verdict(lines):
    """The line to print for one trace."""
    audit = Audit()
    events = 0
    for number, line in enumerate(lines, 1):
        fields = fields_of(line)
        if not fields or fields[0].startswith("#"):
            continue
        try:
            audit.event(fields)
        except Violation as violation:
            return "%d %s" % (events + 1, violation)
        events += 1
    return "ok %d" % events


def main():
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    trace = []
    for line in text.split("\n"):
        if line.strip(" \t") == "---":
            print(verdict(trace))
            trace = []
        else:
            trace.append(line)
    print(verdict(trace))


if __name__ == "__main__":
    main()
