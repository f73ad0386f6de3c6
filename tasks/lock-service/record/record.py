#!/usr/bin/env python3
"""Records what the lock service does under every schedule within the bounds of its tasks.

    record.py [--check] [VARIANT ...]

Runs the code in `environment/` of each variant, and writes `windows.jsonl`, `traces/`, `broken/` and
`recording.json` into its `tests/`. With `--check` nothing is written; the exit code is 1 if a file is
not what would be written.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Dict, List

from broken import FAULTS, impossible
from explore import explore
from schedules import runs
from system import BOUNDS, FAMILY, VARIANTS, load

VERSION = "0.1.0"


def record(variant: str) -> Dict[str, str]:
    """The files of a recording, by their path in `tests/`."""
    code = load(variant)
    real = explore(code)
    if len(real.looks) != real.states:
        raise SystemExit(f"{variant}: two states look alike, so something that matters is not visible")
    files = {"windows.jsonl": _lines(list(real.windows))}
    traces = []
    for run in runs(code):
        files[f"traces/{run.file}"] = _lines(run.lines)
        traces.append({"file": f"traces/{run.file}", "schedule": run.schedule, "seed": run.seed})
    broken = []
    for name, fault in FAULTS.items():
        if variant in fault.variants:
            files[f"broken/{name}.jsonl"] = _lines(impossible(code, fault, real))
            broken.append({"file": f"broken/{name}.jsonl", "what": fault.what})
    counts = Counter(real.windows.values())
    about = {
        "system": f"lock-service/{variant}: environment/lockservice, driven through Service",
        "complete": True,
        "how": "Breadth first over copies of the real objects: from every state, every call of Service "
        "and every delivery and loss of a datagram in flight, until no new state is found",
        "bounds": BOUNDS,
        "states": real.states,
        "steps": real.steps,
        "windows": {action: counts[action] for action in sorted(counts)},
        "traces": traces,
        "broken": broken,
        "versions": {"recorder": VERSION},
    }
    files["recording.json"] = json.dumps(about, indent=2) + "\n"
    return files


def write(tests: Path, files: Dict[str, str]) -> None:
    for name, text in files.items():
        (tests / name).parent.mkdir(parents=True, exist_ok=True)
        (tests / name).write_bytes(text.encode())
    for path in _stray(tests, files):
        path.unlink()


def differences(tests: Path, files: Dict[str, str]) -> List[str]:
    """What is not as it would be written."""
    wrong = [
        f"{tests / name} differs from what the code does"
        for name, text in files.items()
        if not (tests / name).is_file() or (tests / name).read_bytes() != text.encode()
    ]
    return wrong + [f"{path} is not of the recording" for path in _stray(tests, files)]


def _stray(tests: Path, files: Dict[str, str]) -> List[Path]:
    found = [path for folder in ("traces", "broken") for path in sorted((tests / folder).glob("*"))]
    return [path for path in found if path.relative_to(tests).as_posix() not in files]


def _lines(lines: List[str]) -> str:
    return "".join(line + "\n" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Record the lock service.")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("variants", nargs="*", metavar="VARIANT", help=f"of {', '.join(VARIANTS)}")
    arguments = parser.parse_args()
    wrong: List[str] = []
    for variant in arguments.variants or VARIANTS:
        if variant not in VARIANTS:
            parser.error(f"no variant {variant}")
        tests = FAMILY / variant / "tests"
        files = record(variant)
        if arguments.check:
            wrong += differences(tests, files)
        else:
            write(tests, files)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
