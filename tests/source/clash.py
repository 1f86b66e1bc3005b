"""clash.py: no program defines a name that a floor defines too. The floors are an archive: the linker
would take the program's and say nothing, and one of the two callers would call the wrong function."""

from floors import FLOOR
from purity import symbols

PROGRAMS = {folder for folder, floor in FLOOR.items() if floor == max(FLOOR.values())}


def check(tree):
    wrong, home = [], {}
    sources = tree.matching(r"src/[a-z]+/.*\.c")
    for path in sources:
        built = not tree.build or tree.object(path).exists()
        if not built and "gpio_v" not in path:  # of the two only the installed libgpiod's is built
            wrong.append(f"{path}: not compiled")
        if built and path.split("/")[1] not in PROGRAMS:
            for name in symbols(tree.object(path), "--defined-only", "-g"):
                home[name] = path
    for path in sources:
        if path.split("/")[1] not in PROGRAMS or (tree.build and not tree.object(path).exists()):
            continue
        for name in symbols(tree.object(path), "--defined-only", "-g"):
            if name in home:
                wrong.append(f"{path}: {name}() is also a name of {home[name]}")
    return wrong


FAULTS = {"a name of the core's in a program": {
    "src/core/a.c": "int door_command(void);\nint door_command(void) { return 1; }\n",
    "src/shopctl/b.c": "int door_command(void);\nint door_command(void) { return 2; }\n"}}
FINE = {"src/core/a.c": "int f(void);\nint f(void) { return 1; }\n",
        "src/shopctl/b.c": "int g(void);\nint g(void) { return 2; }\n",
        "src/shopd/c.c": "int g(void);\nint g(void) { return 3; }\n"}
