"""compiles.py: what no build on this machine compiles: both libgpiod backends, scripts, cppcheck."""

import ast
import os
import re
import shutil
import subprocess

# What cppcheck guesses at and gcc, clang and the sanitizers know: out-parameters that are set only
# on success, enums as %u, a pointer compared with one that may be NULL, CHECK() that never returns.
GUESSES = ["uninitvar", "legacyUninitvar", "nullPointer", "nullPointerRedundantCheck",
           "arrayIndexOutOfBoundsCond", "invalidPrintfArgType_uint", "invalidPrintfArgType_sint",
           "missingIncludeSystem", "unknownMacro", "normalCheckLevelMaxBranches"]
FLAGS = ["-std=c17", "-D_GNU_SOURCE", "-Isrc", "-Iinclude", "-Wall", "-Wextra", "-Wconversion",
         "-Werror", "-fsyntax-only"]
# Backend -> the folder of the header it is held against; None is the system's own.
BACKENDS = {"src/device/gpio_v2.c": "tests/standin/gpiod2", "src/device/gpio_v1.c": None}


def backends(tree, wrong):
    for path, headers in BACKENDS.items():
        if path not in tree.files:
            continue
        if headers is None:
            version = subprocess.run(["pkg-config", "--modversion", "libgpiod"], text=True,
                                     capture_output=True, check=False).stdout
            if not version.startswith("1."):
                continue  # this system has 2.x, and the build has compiled against it
        extra = [f"-I{headers}"] if headers else []
        done = subprocess.run(["gcc", *FLAGS, *extra, path], cwd=tree.root, capture_output=True,
                              text=True, check=False)
        if done.returncode:
            wrong.append(f"{path}: {done.stderr.strip().splitlines()[0]}")


def scripts(tree, wrong):
    for path in tree.matching(r".*\.py"):
        try:
            ast.parse(tree.text(path), path)
        except SyntaxError as error:
            wrong.append(f"{path}:{error.lineno}: {error.msg}")
    for path in tree.files:
        shebang = tree.text(path)[:20] if path.endswith((".sh", "run")) else ""
        if shebang.startswith("#!"):
            shell = "bash" if "bash" in shebang else "sh"
            done = subprocess.run([shell, "-n", path], cwd=tree.root, capture_output=True,
                                  text=True, check=False)
            if done.returncode:
                wrong.append(f"{path}: {done.stderr.strip()}")


def cppcheck(tree, wrong):
    if not shutil.which("cppcheck"):
        wrong.append("cppcheck is not installed")
        return
    sources = [p for p in tree.matching(r"src/.*\.c") if p not in BACKENDS]
    if not sources:
        return
    command = ["cppcheck", "--quiet", "--std=c11", "--language=c", "-j2", "-Isrc", "-Iinclude",
               "--enable=warning,portability", "--inline-suppr", "--max-configs=2",
               *[f"--suppress={guess}" for guess in GUESSES],
               "--template={file}:{line}: cppcheck {id}: {message}"]
    if tree.build:  # a second run looks only at what has changed
        cache = tree.root / "build" / "cppcheck"
        os.makedirs(cache, exist_ok=True)
        command.append(f"--cppcheck-build-dir={cache}")
    done = subprocess.run(command + sources, cwd=tree.root, capture_output=True, text=True,
                          check=False)
    wrong += [line for line in done.stderr.splitlines() if re.match(r"\S+:\d+: cppcheck", line)]


def check(tree):
    wrong = []
    for part in (backends, scripts, cppcheck):
        part(tree, wrong)
    return wrong


FAULTS = {
    "a backend that does not compile": {"src/device/gpio_v2.c": "int f(void) { return missing; }\n"},
    "broken Python": {"tests/a.py": "def f(:\n"},
    "broken sh": {"tests/a.sh": "#!/bin/sh\nif true; then\n"},
    "what cppcheck sees": {"src/base/a.c": "int f(void)\n{\n\tint a[2] = {1, 2};\n"
                                           "\treturn a[2];\n}\n"},
}
FINE = {"tests/a.py": "x = 1\n", "tests/a.sh": "#!/bin/sh\ntrue\n",
        "src/base/a.c": "int f(void)\n{\n\treturn 1;\n}\n"}
