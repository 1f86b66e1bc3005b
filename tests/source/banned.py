"""banned.py: functions that no source may call, money's member, floating point near money."""

import re

ANYWHERE = """strcpy strcat stpcpy sprintf vsprintf gets strtok atoi atol atoll atof system popen alloca
rand srand random srandom rand_r gmtime localtime ctime asctime tmpnam mktemp""".split()
IN_SOURCES = "sscanf scanf strtod usleep sleep nanosleep fork vfork longjmp".split()
ASLEEP = "usleep sleep nanosleep clock_nanosleep".split()
FLOAT_FREE = r"src/(base|token|wire|core|books|ledger|paper)/.*\.[ch]"
CALL = r"(?<![\w.>])(%s)\s*\("
# What measures keeps a pace of its own; slowsync's whole use is to be slow.
PACED = r"tests/bench/.*|tests/standin/slowsync\.c"
# The one place that polls, bounded by its caller, says so on its line.
POLL = "# a poll, bounded"


def calls(tree, path, names, why, wrong):
    for n, line in tree.grep(path, CALL % "|".join(names), tree.code(path)):
        name = re.search(CALL % "|".join(names), line).group(1)
        wrong.append(f"{path}:{n}: {name}() {why}")


def has_own_minor(tree, path):
    """Whether a test has a struct of its own with such a member, here or in a header beside it."""
    folder = path.rpartition("/")[0]
    beside = [f"{folder}/{name}" for name in re.findall(r'#include "([\w.]+)"', tree.text(path))]
    return path.startswith("tests/") and any(
        re.search(r"\bint(32|64)_t\s+minor;", tree.code(p)) for p in [path, *beside]
        if p in tree.files)


def check(tree):
    wrong = []
    for path in tree.c_files():
        calls(tree, path, ANYWHERE, "is banned", wrong)
        if path.startswith("src/"):
            calls(tree, path, IN_SOURCES, "is banned in src/", wrong)
        elif not re.fullmatch(PACED, path):
            calls(tree, path, ASLEEP, "in a test: wait for what should happen", wrong)
        if not re.fullmatch(r"src/base/money\.[ch]|tests/unit/test_money\.c", path) and \
                not has_own_minor(tree, path):
            for n, _ in tree.grep(path, r"(\.|->)\s*minor\b", tree.code(path)):
                wrong.append(f"{path}:{n}: .minor is base/money.[ch]'s alone (design 4)")
        if re.fullmatch(FLOAT_FREE, path):
            for n, _ in tree.grep(path, r"\b(float|double)\b", tree.code(path)):
                wrong.append(f"{path}:{n}: floating point on a floor that handles money (design 4)")
    for path in tree.matching(r"tests/.*\.py"):
        for n, line in tree.grep(path, r"\btime\.sleep\(|\basyncio\.sleep\("):
            if POLL not in line and "/source/" not in path and not re.fullmatch(PACED, path):
                wrong.append(f"{path}:{n}: a sleep in a test: use until(), an Eye or a time-out")
    for path in tree.matching(r"tests/.*\.sh"):
        for n, _ in tree.grep(path, r"(^|[;&|]|\bdo\b)\s*sleep\s"):
            wrong.append(f"{path}:{n}: a sleep in a test script")
    return wrong


FAULTS = {
    "a banned function": {"src/net/a.c": "void f(char *a) { strcpy(a, a); }\n"},
    "a banned time": {"tests/unit/a.c": "void f(void) { x = gmtime(&t); }\n"},
    "a sleep in C": {"tests/unit/a.c": "void f(void) { usleep (3); }\n"},
    "a sleep in Python": {"tests/system/a.py": "import time\ntime.sleep(1)\n"},
    "a sleep in sh": {"tests/fuzz/a.sh": "while :; do sleep 1; done\n"},
    "money's member": {"src/core/a.c": "int64_t f(struct money m) { return m.minor; }\n"},
    "money's member by pointer": {"src/shopd/a.c": "int64_t f(struct money *m) { return m->minor; }\n"},
    "money's member in a test": {"tests/unit/a.c": "int64_t f(struct money m) { return m.minor; }\n"},
    "money's member in a literal": {"src/shopd/a.c": "struct money m = {.minor = 3};\n"},
    "floating point": {"src/books/a.c": "static double vat = 0.12;\n"},
}
FINE = {"src/core/a.c": "/* strcpy() and m.minor in words */\nchar *s = \"system()\";\n"
                        "int f(void) { return gmtime_r(a, b) + x.sleep(1) + money_minor(m); }\n",
        "tests/unit/a.h": "struct price {\n\tint64_t minor;\n};\n",
        "tests/unit/a.c": '#include "a.h"\nstruct price p = {.minor = 3};\n',
        "tests/system/a.py": f"time.sleep(0.01)  {POLL} above\n"}
