"""test_arm64.py: what was built for arm64, run by an emulator: the stories, and a shop from the installed
packages with a purchase. Ends with N passed, N failed.

The packages are installed by apt beside those of the machine's own architecture (Debian's multiarch), so
their scripts run as they are; our own programs and every library of theirs are arm64's.

    test_arm64.py [--units]     also every unit test, which takes minutes (make proof)
"""

import argparse
import os
import subprocess
import sys

from house import ROOT, House, alone, root
from test_packages import (Case, five, steps, test_configured, test_installs, test_purchase, test_runs,
                           test_unconfigured)

EMULATOR = "/usr/bin/qemu-aarch64-static"
TREE = ROOT / "build/deb-arm64/shopkeeper"
BUILD = "build/aarch64-linux-gnu-gcc"
# Unit tests that say nothing about arm64 under an emulator of user programs, and why.
NOT_HERE = {
    "test_gpio_sim": "starts the simulated door, an arm64 program that the kernel does not know how to run",
}
UNIT_S = 600


def built(*targets):
    """Makes targets of the tree that make deb ARCH=arm64 left, where its compiler is."""
    command = root.cross("arm64").enter(TREE, ["make", f"-j{os.cpu_count()}", "CC=aarch64-linux-gnu-gcc", *targets],
                                        [TREE.parent])
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-1500:]


def emulated(*command):
    done = subprocess.run([EMULATOR, "-L", root.cross("arm64").path, *map(str, command)], cwd=TREE, timeout=UNIT_S,
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout + done.stderr


def test_stories(c):
    """every day of a shop that is told in tests/stories goes as it is told"""
    built(f"{BUILD}/stories")
    status, said = emulated(f"{BUILD}/stories", *sorted(TREE.glob("tests/stories/*.story")))
    assert status == 0, said[-1500:]


def test_units(c):
    """every unit test passes, but for those that cannot be run so"""
    built("units")
    wrong = []
    for path in sorted((TREE / BUILD / "unit").glob("test_*")):
        if path.suffix or path.name in NOT_HERE:
            continue
        try:
            status, said = emulated(path)
        except subprocess.TimeoutExpired:
            status, said = -1, f"not done in {UNIT_S} s"
        if status:
            wrong.append(f"{path.name}: exit {status}: {said[-300:]}")
    assert not wrong, "\n".join(wrong)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", action="store_true")
    options = parser.parse_args()
    debs = five(ROOT / "build/deb", "arm64")
    alone()
    chosen = [test_stories, test_installs, test_unconfigured, test_configured, test_runs, test_purchase]
    if options.units:
        chosen.append(test_units)
    case = Case(House(root.cross("arm64"), "arm64", EMULATOR), debs, "arm64")
    sys.exit(1 if steps(case, chosen, [test_installs, test_units]) else 0)


if __name__ == "__main__":
    main()
