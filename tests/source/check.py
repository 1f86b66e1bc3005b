"""check.py: `make check`: builds with gcc and clang and with the sanitizers, runs every test, adds up
what they count, and ends with one line: N passed, N failed.

What a step says goes to build/check/STEP.log, and to the console when it fails.

    check.py [STEP…]
"""

import concurrent.futures
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "standin"))
import postgres
LOGS = ROOT / "build" / "check"
MAKE = ["make", "--no-print-directory"]
# one build for units, stories and fuzzers, and all that clang has to warn of
ASAN = ["CC=clang", "SAN=fuzz"]
TSAN = ["SAN=tsan"]
PYTHON = sys.executable

BUILDS = ["build gcc", "build asan", "build tsan"]
QUICK = ["source", "units", "stories", "simulation", "audit", "office", "stories asan"]
# What only burns time goes on beside the system tests, which mostly wait, and gives way to them.
ASIDE = ["nice", "-n", "10"]

# (step, command, the build it needs, the steps it waits for whatever became of them)
# A build counts as one check; a step that runs tests counts what they count. The system tests keep
# time, so nothing heavy runs beside them but ASIDE; the units of several builds run one after the
# other, for a niced thread (the catalogue's) would starve.
STEPS = [
    ("build gcc", [*MAKE, "-j2", "all", "units", "sims", "build/gcc/stories"], None, []),
    ("build asan", [*MAKE, *ASAN, "-j2", "all", "units", "fuzzers", "build/clang-fuzz/stories"],
     None, []),
    ("build tsan", [*MAKE, *TSAN, "-j2", "threaded"], None, []),
    ("source", [*MAKE, "check-source"], "build gcc", []),
    ("units", [*MAKE, "unit"], "build gcc", ["build tsan"]),
    ("stories", [*MAKE, "stories"], "build gcc", []),
    ("simulation", [*MAKE, "sim"], "build gcc", []),
    ("audit", [PYTHON, "tests/audit/test_audit.py", "--build", "build/gcc"], "build gcc", []),
    ("office", [PYTHON, "tests/office/test_box.py"], "build gcc", []),
    ("units asan", [*ASIDE, *MAKE, *ASAN, "unit"], "build asan", ["units"]),
    ("stories asan", [*MAKE, *ASAN, "stories"], "build asan", []),
    ("units tsan", [*ASIDE, *MAKE, *TSAN, "unit-threaded"], "build tsan", ["units asan"]),
    ("system", [*MAKE, "system"], "build gcc", BUILDS + QUICK),
    ("fuzz", [*ASIDE, "sh", "tests/fuzz/run_fuzz.sh", "1"], "build asan", ["units"]),
]
LIMIT_S = 700


class Run:
    """One run of the steps: builds, which use both cores, one after the other; tests beside them."""

    def __init__(self, steps):
        self.steps = steps
        self.results = {}
        self.change = threading.Condition()
        self.building = threading.Lock()

    def step(self, name, command, needs, after):
        chosen = {s[0] for s in self.steps}
        with self.change:
            self.change.wait_for(lambda: all(b in self.results for b in [*after, needs]
                                             if b in chosen))
            unbuilt = self.results.get(needs, (0, 0))[1]
        is_build = name in BUILDS
        if unbuilt:
            result = (0, 1, 0.0, f"not run: {needs} failed")
        else:
            with self.building if is_build else contextlib.nullcontext():
                result = self.execute(name, command, is_build)
        passed, failed, seconds, _ = result
        print(f"{'FAILED' if failed else 'ok':7} {name:13} {passed:6} passed {failed:3} failed "
              f"{seconds:6.1f} s", flush=True)
        with self.change:
            self.results[name] = result
            self.change.notify_all()

    def execute(self, name, command, build):
        began = time.monotonic()
        log = LOGS / (name.replace(" ", "-") + ".log")
        with open(log, "wb") as out:
            try:
                status = subprocess.run(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
                                        stdin=subprocess.DEVNULL, timeout=LIMIT_S,
                                        check=False).returncode
            except subprocess.TimeoutExpired:
                out.write(f"\nnot done in {LIMIT_S} s\n".encode())
                status = -1
        text = log.read_text(errors="replace")
        if build:
            passed, failed = (0, 1) if status else (1, 0)
        else:
            counts = re.findall(r"^(\d+) passed, (\d+) failed$", text, re.M)
            passed, failed = map(int, counts[-1]) if counts else (0, 1)
            if status and not failed:
                failed = 1
            if not passed and not failed:
                failed = 1
        return passed, failed, time.monotonic() - began, text


def main():
    LOGS.mkdir(parents=True, exist_ok=True)
    # This is a make of its own: what the outer one passes on about jobs is not for it.
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        os.environ.pop(name, None)
    began = time.monotonic()
    steps = [s for s in STEPS if not sys.argv[1:] or s[0] in sys.argv[1:]]
    run = Run(steps)
    with concurrent.futures.ThreadPoolExecutor(len(steps)) as pool, \
            postgres.Postgres() as server:
        os.environ["SHOP_TEST_POSTGRES"] = server.url
        for done in [pool.submit(run.step, *step) for step in steps]:
            done.result()
    for name, (_, failed, _, text) in run.results.items():
        if failed:
            lines = text.splitlines()
            at = next((i for i, line in enumerate(lines)
                       if re.search(r"FAILED|error:|ERROR", line)), len(lines))
            print(f"\n=== {name}", *lines[max(0, at - 5):at + 80], sep="\n")
    passed = sum(r[0] for r in run.results.values())
    failed = sum(r[1] for r in run.results.values())
    print(f"\n{time.monotonic() - began:.0f} s; each step's words are in build/check/")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
