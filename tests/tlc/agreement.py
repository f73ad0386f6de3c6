#!/usr/bin/env python3
"""Sextant's engine beside TLC, on every model of the official examples.

    TLA2TOOLS_JAR=tla2tools.jar:CommunityModules-deps.jar \\
    TLA_EXAMPLES=Examples TLA_LIBRARY=tlapm/library \\
        tests/tlc/agreement.py --sextant target/release/sextant --results DIR

Runs every model that a `manifest.json` of the examples lists for exhaustive search, first with TLC,
then with Sextant, and writes what each said to `DIR/tlc.jsonl` and `DIR/sextant.jsonl`, and both side
by side to `DIR/agreement.md`. Models that `DIR/tlc.jsonl` has already are not run with TLC again, so an
interrupted run goes on; `--only` picks models by a part of their path. TLA_LIBRARY is optional and holds
modules that some examples extend and neither tool brings (those of the proof system, for instance).

Neither TLC nor the examples are part of this project.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# TLC's exit codes, and what Sextant calls the same thing.
TLC_VERDICTS = {0: "ok", 10: "assumption", 11: "deadlock", 12: "safety", 13: "liveness"}
SEXTANT_VERDICTS = {
    "unsupported": "undecided",
    "invariant": "safety",
    "initial-property": "safety",
    "action-property": "safety",
    "postcondition": "assumption",
}


def models(examples):
    """Every model for exhaustive search, those that the examples call quick first."""
    found = []
    for manifest in sorted((examples / "specifications").rglob("manifest.json")):
        for module in json.loads(manifest.read_text())["modules"]:
            for model in module["models"]:
                if model["mode"] == "exhaustive search":
                    found.append({
                        "model": model["path"].removeprefix("specifications/").removesuffix(".cfg"),
                        "module": examples / module["path"],
                        "config": examples / model["path"],
                        # Some models name files by their paths from there.
                        "folder": examples,
                        "composes_actions": "action composition" in module["features"],
                        "workers": model.get("workers"),
                        # "hh:mm:ss" or "unknown", which sorts last.
                        "runtime": model["runtime"],
                    })
    return sorted(found, key=lambda model: (model["runtime"], model["model"]))


def run(command, cwd, timeout):
    """Exit code (None after the timeout), output, wall and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace", start_new_session=True)
    try:
        output, _ = process.communicate(timeout=timeout)
        code = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        code = None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return code, output, round(time.monotonic() - begun, 3), round(cpu, 3)


def run_tlc(model, class_path, library, timeout, workers):
    """TLC's verdict, counts and times."""
    scratch = tempfile.mkdtemp(prefix="tlc-agreement-")
    options = ["-XX:+UseParallelGC", "-Xmx6g"]
    if library:
        options.append(f"-DTLA-Library={library}")
    if model["composes_actions"]:
        options.append("-Dtlc2.tool.impl.Tool.cdot=true")
    command = ["java", *options, "-cp", class_path, "tlc2.TLC", "-workers", str(model["workers"] or workers),
               "-lncheck", "final", "-noGenerateSpecTE", "-metadir", scratch,
               "-config", str(model["config"]), str(model["module"])]
    try:
        code, output, wall, cpu = run(command, model["folder"], timeout)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if code is None:
        verdict = "timeout"
    else:
        verdict = TLC_VERDICTS.get(code, "rejected" if 150 <= code < 255 else "error")
    counts = re.findall(r"^(\d+) states generated, (\d+) distinct states found", output, re.MULTILINE)
    depth = re.search(r"^The depth of the complete state graph search is (\d+)", output, re.MULTILINE)
    error = re.search(r"^Error: (?!The behavior|The error occurred)(.*)", output, re.MULTILINE)
    return {
        "model": model["model"], "verdict": verdict, "exit_code": code,
        "generated": int(counts[-1][0]) if counts else None,
        "distinct": int(counts[-1][1]) if counts else None,
        "depth": int(depth[1]) if depth else None,
        "temporal": "temporal properties" in output.lower(),
        "message": error[1] if error else None,
        "wall_seconds": wall, "cpu_seconds": cpu,
    }


def run_sextant(model, sextant, library, timeout, workers):
    """Sextant's verdict, counts and times."""
    command = [sextant, "tla", "check", str(model["module"]), "--config", str(model["config"]),
               "--workers", str(workers), "--max-seconds", str(timeout), "--json"]
    if library:
        command += ["--library", library]
    code, output, wall, cpu = run(command, model["folder"], timeout + 30)
    try:
        report = json.loads(output[output.index("\n{") + 1 if not output.startswith("{") else 0:])
    except ValueError:
        report = {"verdict": "crash" if code is not None else "hang", "error": {"message": output[-300:]}}
    verdict = report["verdict"]
    message = None
    if verdict == "limit":
        message = report["limit"]
        verdict = "timeout" if message == "time" else "limit"
    elif verdict == "rejected":
        message = next((d["message"] for d in report["diagnostics"] if d["severity"] == "error"), None)
    elif report.get("error"):
        message = report["error"]["message"]
    elif report.get("violated"):
        message = json.dumps(report["violated"])
    return {
        "model": model["model"], "verdict": SEXTANT_VERDICTS.get(verdict, verdict),
        "generated": report.get("generated_states"), "distinct": report.get("distinct_states"),
        "depth": report.get("depth"), "not_checked": report.get("not_checked", []),
        "message": message, "wall_seconds": wall, "cpu_seconds": cpu,
    }


def compare(tlc, ours):
    """`agree`, `undecided` (the engine said that it cannot tell) or `DIFFER`, and in what."""
    if ours["verdict"] in ("undecided", "unsupported"):
        # Liveness is left undecided, but the states were explored.
        same = ours["distinct"] == tlc["distinct"] or tlc["verdict"] == "liveness"
        return ("undecided", "liveness") if same else ("DIFFER", "states")
    if ours["verdict"] in ("timeout", "limit"):
        return "undecided", ours["verdict"]
    if ours["verdict"] != tlc["verdict"]:
        return "DIFFER", "verdict"
    # Where a search stops early, what else was found by then depends on workers and chance.
    if tlc["verdict"] == "ok" and (ours["distinct"], ours["depth"]) != (tlc["distinct"], tlc["depth"]):
        return "DIFFER", "states" if ours["distinct"] != tlc["distinct"] else "depth"
    return "agree", ""


def table(tlc, ours):
    """Both side by side, as Markdown, with totals."""
    lines = ["| model | TLC | distinct | depth | s | Sextant | distinct | depth | s | |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    totals = {}
    for name, expected in sorted(tlc.items()):
        if name not in ours:
            continue
        found = ours[name]
        if expected["verdict"] == "timeout":
            result, why = "left out", "TLC timed out"
        else:
            result, why = compare(expected, found)
        kind = "liveness" if expected["temporal"] or found["not_checked"] else "safety"
        totals[kind, result] = totals.get((kind, result), 0) + 1
        note = f"{result} {why}".strip()
        if result != "agree" and result != "left out":
            note += f": {found['message'] or ''} / {expected['message'] or ''}".replace("\n", " ").replace("|", "\\|")
        lines.append(
            f"| {name} | {expected['verdict']} | {expected['distinct']} | {expected['depth']} | {expected['wall_seconds']:.2f} "
            f"| {found['verdict']} | {found['distinct']} | {found['depth']} | {found['wall_seconds']:.2f} | {note} |")
    lines.append("")
    for (kind, result), count in sorted(totals.items()):
        lines.append(f"- {kind}, {result}: {count}")
    return "\n".join(lines) + "\n"


def read(path):
    """The lines written so far, by model; the last of each counts."""
    if not path.exists():
        return {}
    return {line["model"]: line for line in map(json.loads, path.read_text().splitlines())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sextant", default="target/release/sextant", help="the program")
    parser.add_argument("--results", type=Path, required=True, help="where the lines and the table go")
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="for each run of a model")
    parser.add_argument("--workers", type=int, default=2, help="threads of either tool")
    parser.add_argument("--only", default="", metavar="PART", help="only models whose path contains this")
    parser.add_argument("--tools", default="tlc,sextant", help="which of the two to run")
    arguments = parser.parse_args()
    missing = [name for name in ("TLA2TOOLS_JAR", "TLA_EXAMPLES") if name not in os.environ]
    if missing:
        sys.exit(f"set {' and '.join(missing)}: see --help")
    # Both tools run elsewhere.
    class_path = os.pathsep.join(map(os.path.abspath, os.environ["TLA2TOOLS_JAR"].split(os.pathsep)))
    examples = Path(os.environ["TLA_EXAMPLES"]).resolve()
    library = os.environ.get("TLA_LIBRARY") and os.path.abspath(os.environ["TLA_LIBRARY"])
    sextant = str(Path(arguments.sextant).resolve())
    arguments.results.mkdir(parents=True, exist_ok=True)
    files = {tool: arguments.results / f"{tool}.jsonl" for tool in ("tlc", "sextant")}
    chosen = [model for model in models(examples) if arguments.only in model["model"]]
    if not chosen:
        sys.exit(f"no model below {examples} contains {arguments.only!r} in its path")
    for tool in arguments.tools.split(","):
        done = read(files["tlc"])
        with files[tool].open("a") as out:
            for model in chosen:
                if tool == "tlc":
                    if model["model"] in done:
                        continue
                    line = run_tlc(model, class_path, library, arguments.timeout, arguments.workers)
                else:
                    if done.get(model["model"], {}).get("verdict") == "timeout":
                        continue
                    line = run_sextant(model, sextant, library, arguments.timeout, arguments.workers)
                out.write(json.dumps(line) + "\n")
                out.flush()
                print(f"{tool}: {line['model']}: {line['verdict']}, {line['distinct']} states, "
                      f"{line['wall_seconds']:.1f} s", file=sys.stderr)
    text = table(read(files["tlc"]), read(files["sextant"]))
    (arguments.results / "agreement.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
