"""run.py: the packages of both architectures, built, held against lintian, installed and used. Both go on at
a time, each line as its step ends; ends with N passed, N failed.

    run.py [--units]     arm64's unit tests as well (make proof)
"""

import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable
LIMIT_S = 900


def said(*command):
    """(exit status, lines) of a command of ours; one that hangs is ended."""
    try:
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", stdin=subprocess.DEVNULL, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired as late:
        return -1, [f"not done in {LIMIT_S} s", *str(late.stdout or "").splitlines()[-20:]]
    return done.returncode, done.stdout.splitlines()


def tell(arch, good, lines):
    what = f"{arch}: packages are built, and lintian finds no error and no warning"
    print(f"{'ok     ' if good else 'FAILED '} {what}", *([] if good else ["        " + x for x in lines[-40:]]),
          sep="\n", flush=True)


def chain(arch, test):
    """Builds and tests one architecture: (passed, failed)."""
    status, lines = said(PYTHON, "debian/make.py", arch)
    tell(arch, status == 0, lines)
    if not list((ROOT / "build/deb").glob(f"*_{arch}.deb")):
        return 0, 1
    passed, failed = (0, 1) if status else (1, 0)
    status, lines = said(PYTHON, *test)
    sums = [re.fullmatch(r"(\d+) passed, (\d+) failed", line) for line in lines]
    total = next((m for m in reversed(sums) if m), None)
    print("\n".join(line for line, m in zip(lines, sums) if not m), flush=True)
    if not total:
        return passed, failed + 1
    more = int(total[2]) or int(status != 0)
    return passed + int(total[1]), failed + more


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", action="store_true")
    options = parser.parse_args()
    for command in (["sh", "tests/source/deps.sh", "deb"], ["sh", "tests/source/deps.sh", "pages"],
                    ["make", "--no-print-directory", "-s", "web"]):
        status, lines = said(*command)
        if status:
            print(*lines[-20:], "0 passed, 1 failed", sep="\n")
            sys.exit(1)
    tests = {"amd64": ["tests/deb/test_packages.py"],
             "arm64": ["tests/deb/test_arm64.py", *(["--units"] if options.units else [])]}
    with concurrent.futures.ThreadPoolExecutor(len(tests)) as pool:
        sums = list(pool.map(lambda item: chain(*item), tests.items()))
    passed, failed = (sum(column) for column in zip(*sums))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
