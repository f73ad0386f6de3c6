# sextant-canary a2401b3c-5bcf-40f1-bbc0-b72c84db263c
"""Judges weighted_queue.py by what every schedule must have in common.

Which of several waiting tasks goes first is open, so results are not compared
with one expected list: after each phase, when no task can go on, the rules of
the queue are checked against everything that was accepted and handed out.
"""

import json
import os
import random
import sys

sys.path.insert(0, os.environ["SEXTANT_TESTS_DIR"])
from harness import Refused, ask, finish, require  # noqa: E402

SCENARIOS = 200


class Broken(Exception):
    pass


def make(rng):
    """Phases of puts, gets and dones, then a close, then more gets than items.

    `done` is planned only for weights that are certain to have been taken out
    by then, whatever the order in which waiting putters were let in.
    """
    capacity = rng.randint(3, 9)
    name = iter(rng.sample(range(10**6), 200))
    phases = []
    style = rng.randrange(5)

    def puts(weights):
        return [[["put", next(name), weight]] for weight in weights]

    gets = lambda n: [[["get"]] for _ in range(n)]  # noqa: E731
    if style == 0:  # light putters behind one heavy item
        heavy = capacity + rng.choice([0, 0, 3])
        light = rng.randint(2, capacity)
        phases.append(puts([heavy]))
        phases.append(puts([1] * light + [capacity]))
        phases.append(gets(1))
        phases.append([[["done", heavy]]])
        phases.append(gets(rng.randint(1, 2)))
    elif style == 1:  # equal weights, several producers with lists of items
        weight = rng.randint(1, 3)
        producers = [
            [["put", next(name), weight] for _ in range(rng.randint(1, 4))]
            for _ in range(rng.randint(2, 4))
        ]
        phases.append(producers)
        room = capacity // weight
        total = sum(map(len, producers))
        taken = min(room, total, rng.randint(1, 3))
        phases.append(gets(taken))
        phases.append([[["done", weight]] for _ in range(taken)])
        phases.append([[["get"]] + [["done", weight]]] if total > taken else gets(1))
    elif style == 2:  # waiting getters, then items
        phases.append(gets(rng.randint(2, 5)))
        phases.append(puts([1] * rng.randint(2, min(5, capacity))))
        phases.append(gets(rng.randint(0, 2)) + puts([1]))
    elif style == 3:  # an oversize item waits for an empty queue
        phases.append(puts([1, 1]))
        phases.append(puts([capacity + rng.randint(1, 5)]))
        phases.append(gets(1))
        phases.append([[["done", 1]]] + puts([capacity]))
        phases.append(gets(1))
        phases.append([[["done", 1]]])
        phases.append(puts([1]))
    else:  # everything at once
        weights = [rng.randint(1, capacity + 1) for _ in range(rng.randint(2, 7))]
        phases.append(puts(weights) + gets(rng.randint(0, 4)))
        phases.append(puts([1]) + gets(rng.randint(0, 2)))
    close = [["close"]] * rng.randint(1, 2)
    last = [close]
    if rng.random() < 0.5:
        last += puts([1, capacity]) + gets(rng.randint(0, 2))
    rng.shuffle(last)
    phases.append(last)
    phases.append(gets(rng.randint(1, 4)) + puts([1]))
    phases.append([[["get"]] * 40])
    return {"seed": rng.randrange(10**9), "capacity": capacity, "phases": phases}


def check(scenario, reports):
    """Raise Broken at the first rule of the instruction that is violated."""
    capacity = scenario["capacity"]
    phases = scenario["phases"]
    if not isinstance(reports, list) or len(reports) != len(phases):
        raise Broken("%s phases reported of %d" % (len(reports), len(phases)))
    tasks = []
    weights = {}  # of every item in the scenario
    for phase in phases:
        for task in phase:
            for step in task:
                if step[0] == "put":
                    weights[step[1]] = step[2]
    accepted = {}  # item -> phase
    taken = {}
    finished = 0
    closed = None  # the phase in which close was called
    before = []
    for number, phase in enumerate(phases):
        tasks.extend(phase)
        if any(step[0] == "close" for task in phase for step in task) and closed is None:
            closed = number
        report = reports[number]
        if len(report) != len(tasks):
            raise Broken("phase %d: %d tasks reported of %d" % (number, len(report), len(tasks)))
        blocked = []
        for index, (task, results) in enumerate(zip(tasks, report)):
            old = before[index] if index < len(before) else []
            if results[: len(old)] != old or len(results) > len(task):
                raise Broken("phase %d: results changed afterwards" % number)
            order = -1
            for place, (step, result) in enumerate(zip(task, results)):
                new = place >= len(old)
                if new:
                    where = "phase %d: %s gave %s" % (number, step, result)
                    if step[0] == "put" and result == ["ok"]:
                        if closed is not None and number > closed:
                            raise Broken(where + " after close")
                        accepted[step[1]] = number
                    elif step[0] == "get" and result[0] == "item":
                        item = result[1]
                        if not isinstance(item, int) or weights.get(item) != result[2]:
                            raise Broken(where + ", never put")
                        if item in taken:
                            raise Broken(where + " a second time")
                        taken[item] = number
                    elif step[0] in ("put", "get") and result == ["closed"]:
                        if closed is None:
                            raise Broken(where + " before close")
                    elif step[0] == "done" and result == ["ok"]:
                        finished += step[1]
                    elif step[0] != "close" or result != ["ok"]:
                        raise Broken(where)
            if len(results) < len(task):
                blocked.append(task[len(results)])
        before = report
        # The state in which no task can go on.
        for item in taken:
            if item not in accepted:
                raise Broken("phase %d: item %d handed out but not accepted" % (number, item))
        inside = [item for item in accepted if item not in taken]
        load = sum(weights[item] for item in accepted) - finished
        newest = [accepted[item] for item in taken if taken[item] == number]
        if newest and any(accepted[item] < max(newest) for item in inside):
            raise Broken("phase %d: a younger item overtook an older one" % number)
        heavy = [item for item in accepted if weights[item] > capacity]
        if load > capacity and all(load != weights[item] for item in heavy):
            raise Broken("phase %d: load %d over capacity %d" % (number, load, capacity))
        refused = any(
            step[0] == "get" and result == ["closed"]
            for task, results in zip(tasks, report)
            for step, result in zip(task, results)
        )
        if refused and inside:
            raise Broken("phase %d: get refused with items %s inside" % (number, inside))
        for step in blocked:
            where = "phase %d, load %d of %d, %d inside: %s waits for ever" % (
                number, load, capacity, len(inside), step)
            if closed is not None:
                raise Broken(where + " though closed")
            if step[0] == "get" and inside:
                raise Broken(where)
            if step[0] == "put" and (load == 0 or load + step[2] <= capacity):
                raise Broken(where)
            if step[0] in ("done", "close"):
                raise Broken(where)
    for task, results in zip(tasks, reports[-1]):
        # A producer's items must leave in its own order, by phase of leaving.
        left = [taken[s[1]] for s in task if s[0] == "put" and s[1] in taken]
        if left != sorted(left):
            raise Broken("items of one producer left out of order")
        mine = [s[1] for s in task if s[0] == "put" and s[1] in accepted]
        missing = [item for item in mine if item not in taken]
        if missing:
            raise Broken("items %s never handed out" % missing)


def sequential(rng):
    """One task alone: every result is determined, order included."""
    capacity = rng.randint(4, 8)
    names = rng.sample(range(10**6), 12)
    puts = [["put", item, 1] for item in names[:4]]
    gets = [["get"]] * 2
    steps = puts + gets + [["done", 1]] * 2 + [["put", names[4], 1], ["get"], ["close"]]
    steps += [["put", names[5], 1], ["get"], ["get"], ["get"], ["done", 1], ["close"]]
    order = iter(names)
    want = []
    refuse = False
    left = 5
    for step in steps:
        if step[0] == "get" and left:
            want.append(["item", next(order), 1])
            left -= 1
        elif step[0] == "get" or (step[0] == "put" and refuse):
            want.append(["closed"])
        else:
            want.append(["ok"])
        refuse = refuse or step[0] == "close"
    return {"seed": rng.randrange(10**9), "capacity": capacity, "phases": [[steps]]}, [[want]]


def main():
    require("weighted_queue.py")
    rng = random.Random(70937)
    alone = [sequential(rng) for _ in range(8)]
    scenarios = [scenario for scenario, _ in alone] + [make(rng) for _ in range(SCENARIOS)]
    text = "".join(json.dumps(scenario) + "\n" for scenario in scenarios)
    command = ["python3", "-B", os.path.join(sys.argv[1], "driver.py"), os.environ["SEXTANT_APP_DIR"]]
    try:
        lines = ask(command, text).splitlines()
    except Refused as refusal:
        finish([str(refusal)], 1)
    failures = []
    if len(lines) != len(scenarios):
        failures.append("%d reports for %d scenarios" % (len(lines), len(scenarios)))
    for number, (scenario, line) in enumerate(zip(scenarios, lines)):
        try:
            reports = json.loads(line)
            if number < len(alone):
                if reports != alone[number][1]:
                    raise Broken("one task alone: %s" % reports)
            else:
                check(scenario, reports)
        except Broken as broken:
            failures.append("scenario %d: %s" % (number, broken))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
            failures.append("scenario %d: unreadable report" % number)
    finish(failures, len(scenarios))


main()
