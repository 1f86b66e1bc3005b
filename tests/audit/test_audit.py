"""test_audit.py: whole years of a shop, audited by a program in another language.

    test_audit.py --build DIR

The years are made by sim_year on the real ledger, exported by shopctl, and hold; then every fault of
faults.py is planted alone, and audit.py has to tell of it by its name. Ends with
N passed, N failed.
"""

import argparse
import concurrent.futures
import copy
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import faults  # noqa: E402  (beside this file)

# Seed of sim_year and its days: with the change of 2026-04-01, and with that of 2028-01-01.
YEARS = {1: 370, 3: 370}
# … and the one that faults are planted in: short, for the sake of time.
PLOT, PLOT_DAYS = 5, 200
LIMIT_S = 200


def audit(folder):
    """(exit status, the names of what was found, all that was said)."""
    done = subprocess.run([sys.executable, "-B", HERE / "audit.py", folder], capture_output=True,
                          text=True, check=False, timeout=LIMIT_S)
    return done.returncode, set(re.findall(r"^(\w+): ", done.stdout, re.M)), \
        done.stdout + done.stderr


def make_year(build, seed, days, folder):
    """A year's ledger and its export; the sentence that says what went wrong, or None."""
    ledger, csv = folder / "ledger", folder / "csv"
    ledger.mkdir(parents=True)
    csv.mkdir()
    for command in ([build / "sim_year", "--quiet", "--seed", str(seed), "--days", str(days),
                     "--keep", ledger],
                    [build / "shopctl", "--state", ledger, "ledger", "check"],
                    [build / "shopctl", "--state", ledger, "ledger", "rebuild"],
                    [build / "shopctl", "--state", ledger, "ledger", "export", csv, "--shop",
                     "viken"]):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT_S)
        if done.returncode:
            return f"{command[0].name} {seed}: {done.stdout}{done.stderr}"
    return None


def year_holds(build, seed, days, folder):
    wrong = make_year(build, seed, days, folder)
    if wrong:
        return wrong
    status, names, said = audit(folder / "csv")
    return None if status == 0 and not names else f"year {seed}: {said}"


def fault_is_found(fault, name, books, heads, seed):
    planted = copy.deepcopy(books)
    try:
        fault(planted, random.Random(seed))
    except (IndexError, ValueError, StopIteration) as error:
        return f"{fault.__name__}: nothing to plant it in: {error!r}"
    with tempfile.TemporaryDirectory() as folder:
        faults.write(planted, heads, pathlib.Path(folder))
        status, names, _ = audit(folder)
    if status == 1 and name in names:
        return None
    return f"{fault.__name__} ({seed}): not found as {name}, but {status} {sorted(names)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    failures, passed = [], 0

    def count(wrong):
        nonlocal passed
        if wrong:
            failures.append(wrong)
            print(f"FAILED  {wrong}", flush=True)
        else:
            passed += 1

    with tempfile.TemporaryDirectory() as top, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        top = pathlib.Path(top)
        for wrong in pool.map(lambda year: year_holds(build, *year, top / str(year[0])),
                              [*YEARS.items(), (PLOT, PLOT_DAYS)]):
            count(wrong)
        if not failures:
            folder = top / str(PLOT) / "csv"
            books, heads = faults.read(folder), faults.heads(folder)
            for wrong in pool.map(lambda job: fault_is_found(*job[1], books, heads, job[0]),
                                  enumerate(faults.FAULTS)):
                count(wrong)
    print(f"{passed} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
