# sextant-canary 853623e2-1896-46a9-9d62-9660dbf4d7a7
"""Runs scripts (JSON lines on stdin) against the handed-in hybrid_clock.py.

A script makes clocks and calls them; one result is printed for each call, as
[kind, value]. `now` counts its calls, so that their number shows.
"""

import json
import os
import sys

sys.path.append(sys.argv[1])
import hybrid_clock as hc  # noqa: E402

ERRORS = ("BadStamp", "Overrun", "TooFarAhead", "Impostor")


def run(script):
    machine = {"time": 0, "calls": 0}

    def now():
        machine["calls"] += 1
        return machine["time"]

    clocks = {}
    results = []
    for step in script:
        machine["calls"] = 0
        machine["time"] = step.get("time", machine["time"])
        try:
            call = step["call"]
            if call == "new":
                clocks[step["clock"]] = hc.HybridClock(step["node"], now, step["drift"], *step["mark"])
                result = None
            elif call == "tick":
                result = clocks[step["clock"]].tick()
            elif call == "receive":
                result = clocks[step["clock"]].receive(hc.Stamp(*step["stamp"]))
            elif call == "mark":
                result = clocks[step["clock"]].mark()
            elif call == "encode":
                result = hc.encode(hc.Stamp(*step["stamp"]))
            elif call == "decode":
                result = hc.decode(step["text"])
            elif call == "constants":
                fields = hc.Stamp(wall_ms=1, count=2, node="n")._asdict()
                result = [hc.SLOT_MS, hc.MAX_COUNT, sorted(fields)]
            if isinstance(result, tuple):
                result = [result.wall_ms, result.count, result.node]
            outcome = ["value", result]
        except Exception as error:
            kinds = [n for n in ERRORS if isinstance(error, getattr(hc, n, ()))]
            outcome = ["error", kinds, isinstance(error, hc.ClockError)]
        results.append(outcome + [machine["calls"]])
    return results


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
os._exit(0)
