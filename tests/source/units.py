"""units.py: runs test programs, some at a time, and adds up what they count: units.py PROGRAM…

A program is one of cmocka's, or says `N passed, N failed` itself. So does this, at its end. Tests of
the office's database find a PostgreSQL by SHOP_TEST_POSTGRES: the check's, or else one of ours.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "standin"))
import postgres

# Half of their time they wait for a timer, a child or a bus: two cores have room for a third.
AT_ONCE = 3


def run(program):
    """One program: (its output, passed, failed)."""
    env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0",
           "UBSAN_OPTIONS": "print_stacktrace=1", "TSAN_OPTIONS": "halt_on_error=1:die_after_fork=0"}
    try:
        done = subprocess.run([program], capture_output=True, timeout=400, check=False, env=env)
        output, status = done.stdout + done.stderr, done.returncode
    except subprocess.TimeoutExpired as late:
        output, status = (late.stdout or b"") + b"\nnot done in 400 s\n", -1
    text = output.decode(errors="replace")
    passed = sum(map(int, re.findall(r"\[  PASSED  \] (\d+) test", text)))
    failed = sum(map(int, re.findall(r"\[  FAILED  \] [^\n]*: (\d+) test", text)))
    for good, bad in re.findall(r"^(\d+) passed, (\d+) failed$", text, re.M):
        passed, failed = passed + int(good), failed + int(bad)
    if status != 0 and not failed:
        failed = 1
    # the database's tests leave PostgreSQL out where there is none: here there is
    failed += len(re.findall(r"^\[  SKIPPED \] [^\n]*POSTGRES", text, re.M))
    return text, passed, failed or (0 if passed else 1)  # a program without a test is no success


def main():
    passed = failed = 0
    with contextlib.ExitStack() as stack:
        if not os.environ.get("SHOP_TEST_POSTGRES"):
            os.environ["SHOP_TEST_POSTGRES"] = stack.enter_context(postgres.Postgres()).url
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(AT_ONCE))
        for program, (text, good, bad) in zip(sys.argv[1:], pool.map(run, sys.argv[1:])):
            print(f"{'FAILED' if bad else 'ok':7} {os.path.basename(program)}: {good}")
            if bad or "[==========]" not in text:
                print(re.sub(r"\[ +(RUN|OK) +\][^\n]*\n", "", text), flush=True)
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
