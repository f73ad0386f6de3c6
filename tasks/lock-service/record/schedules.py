"""Whole runs of the real code under chosen schedules."""

from random import Random
from types import SimpleNamespace
from typing import Callable, Dict, List, NamedTuple

from system import begin, compact, look, successors

SHORTEST, LONGEST = 20, 60
REPEATS = {"Retry", "Remind"}

# A schedule says how willingly each action is taken. Within an action all steps are alike.
SCHEDULES: Dict[str, Callable[[str], float]] = {
    # Anything may happen.
    "random": lambda action: 1,
    # Most of what is sent is lost, and has to be sent again.
    "lossy": lambda action: 8 if action == "Lose" else 1,
    # The daemon crashes whenever it can, and is slow to come back.
    "crashing": lambda action: {"Crash": 12, "Restart": 0.5}.get(action, 1),
    # What is in flight stays there: old grants meet new sessions.
    "stale": lambda action: 0.02 if action == "Lose" or action in REPEATS else 1,
    # Nobody has patience: everything is sent again and again.
    "impatient": lambda action: 6 if action in REPEATS else 1,
}
RUNS = {"random": 8, "lossy": 3, "crashing": 3, "stale": 3, "impatient": 3}


class Run(NamedTuple):
    file: str
    schedule: str
    seed: int
    lines: List[str]


def runs(code: SimpleNamespace) -> List[Run]:
    """The first seeds whose runs are long enough; the system comes to an end when no session is left."""
    found = []
    for schedule, wanted in RUNS.items():
        seed = number = 0
        while number < wanted:
            seed += 1
            lines = run(code, SCHEDULES[schedule], seed)
            if len(lines) > SHORTEST:
                number += 1
                found.append(Run(f"{schedule}-{number:02}.jsonl", schedule, seed, lines))
    return found


def run(code: SimpleNamespace, weight: Callable[[str], float], seed: int) -> List[str]:
    random = Random(seed)
    service = begin(code)
    lines = [f'{{"state":{look(service)}}}']
    while len(lines) <= LONGEST:
        here = look(service)
        choices: Dict[str, list] = {}
        for step, successor in successors(service):
            if look(successor) != here:
                choices.setdefault(step.action, []).append((step, successor))
        if not choices:
            break
        actions = sorted(choices)
        action = random.choices(actions, [weight(action) for action in actions])[0]
        step, service = random.choice(choices[action])
        lines.append(
            f'{{"action":{compact(action)},"args":{compact(step.args)},"after":{look(service)}}}'
        )
    return lines
