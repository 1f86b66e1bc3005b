"""run_system.py: every system test over the real programs; one shop a file. See shop.py.

    run_system.py [--build DIR] [--jobs N] [--proof] [NAME…]     NAME: http for test_http.py, or a
                                                                 pattern such as office*
Files that say WAITS = True do little but wait, and run beside the others. --proof runs what is marked
@proof too, which takes longer than `make check` has time for.
"""

import argparse
import concurrent.futures
import fnmatch
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
WAITS = re.compile(r"^WAITS = True$", re.M)
WAITING_MAX = 3


def run(path, build):
    """One file in a process of its own: (name, seconds, output, passed, failed)."""
    began = time.monotonic()
    try:
        done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True,
                              env={**os.environ, "SHOP_BUILD": build, "PYTHONUNBUFFERED": "1"},
                              timeout=400, check=False)
        output, status = done.stdout + done.stderr, done.returncode
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode(errors="replace") + "\nFAILED  not done in 400 s\n"
        status = 1
    counts = re.findall(r"^(\d+) passed, (\d+) failed$", output, re.M)
    passed, failed = map(int, counts[-1]) if counts else (0, 1)
    if status != 0 and failed == 0:
        failed = 1  # it did not end as it should: that is no success, whatever it counted
    return path.stem, time.monotonic() - began, output, passed, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/gcc")
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("--proof", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    if options.proof:
        os.environ["SHOP_PROOF"] = "1"
    files = [p for p in sorted(HERE.glob("test_*.py"))
             if not options.names or any(fnmatch.fnmatch(p.stem[len("test_"):], name)
                                         for name in options.names)]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool, \
            concurrent.futures.ThreadPoolExecutor(WAITING_MAX) as beside:
        runs = [(beside if WAITS.search(p.read_text("utf-8")) else pool).submit(
            run, p, options.build) for p in files]
        for name, seconds, output, good, bad in (one.result() for one in runs):
            print(f"== {name}: {good} passed, {bad} failed in {seconds:.0f} s\n{output.rstrip()}",
                  flush=True)
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
