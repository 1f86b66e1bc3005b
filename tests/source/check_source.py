"""check_source.py: what the compiler does not prove about the source. One line a check; each check
first has to find the faults that are planted for it, and to leave good code alone.

    check_source.py [--build DIR] [NAME…]
"""

import argparse
import importlib
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from tree import Tree  # noqa: E402

CHECKS = ["floors", "purity", "clash", "banned", "headers", "layout", "places", "pages", "hardware",
          "services", "packages", "compiles"]
SHOWN = 40


def self_test(module):
    """What the check overlooks of its own planted faults, or wrongly finds."""
    wrong = []
    for name, files in module.FAULTS.items():
        with tempfile.TemporaryDirectory() as folder:
            if not module.check(Tree(folder).plant(files)):
                wrong.append(f"self-test: it overlooks {name}")
    with tempfile.TemporaryDirectory() as folder:
        wrong += [f"self-test: it objects to good code: {w}"
                  for w in module.check(Tree(folder).plant(module.FINE))]
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/gcc")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    tree = Tree(ROOT, options.build)
    passed = failed = 0
    for name in options.names or CHECKS:
        module = importlib.import_module(name)
        for what, wrong in (("self-test", self_test(module)), ("source", module.check(tree))):
            passed, failed = passed + (not wrong), failed + bool(wrong)
            print(f"{'FAILED' if wrong else 'ok':7} {name}: {what}", flush=True)
            for line in wrong[:SHOWN]:
                print(f"        {line}")
            if len(wrong) > SHOWN:
                print(f"        and {len(wrong) - SHOWN} more")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
