"""purity.py: what the pure floors call (nm -u): each other, downwards, and a few words of libc."""

import subprocess

from floors import FLOOR, PURE

LIBC = set("""memcpy memmove memset memcmp memchr memrchr memmem strlen strnlen strcmp strncmp strchr
strrchr strstr strspn strcspn snprintf vsnprintf qsort bsearch __stack_chk_fail
_GLOBAL_OFFSET_TABLE_""".split())
# Division of 128 bits (base/money.c), which the compiler keeps in its own runtime.
LIBC |= {f"__{name}ti{n}" for name, n in (("div", 3), ("mod", 3), ("divmod", 4))}
# panic() says its one line and aborts; nothing else in a pure floor may.
EXCEPTIONS = {"src/base/check.c": {"stderr", "fprintf", "abort", "write", "dprintf"}}


def symbols(obj, *options):
    out = subprocess.run(["nm", "-P", *options, obj], capture_output=True, text=True, check=True)
    return [line.split()[0] for line in out.stdout.splitlines() if line]


def check(tree):
    wrong, home = [], {}
    sources = tree.matching(rf"src/({'|'.join(PURE)})/.*\.c")
    for path in sources:
        if not tree.build or tree.object(path).exists():
            for name in symbols(tree.object(path), "--defined-only", "-g"):
                home[name] = path.split("/")[1]
        else:
            wrong.append(f"{path}: not compiled")
    if wrong:
        return wrong
    for path in sources:
        folder = path.split("/")[1]
        for name in symbols(tree.object(path), "-u"):
            if name in home:
                if home[name] != folder and FLOOR[home[name]] >= FLOOR[folder]:
                    wrong.append(f"{path}: calls {name}() of {home[name]}/, which is not below")
            elif name not in LIBC and name not in EXCEPTIONS.get(path, ()):
                wrong.append(f"{path}: calls {name}(), which is not pure")
    return wrong


FAULTS = {
    "a clock": {"src/core/a.c": "long time(long *);\nlong f(void);\nlong f(void) { return time(0); }\n"},
    "memory": {"src/token/a.c": "void *malloc(unsigned long);\nvoid *f(void);\n"
                                "void *f(void) { return malloc(3); }\n"},
    "a log": {"src/base/a.c": "#include <stdio.h>\nvoid f(void);\nvoid f(void) { puts(\"x\"); }\n"},
    "a sibling's function": {"src/token/a.c": "void f(void);\nvoid f(void) {}\n",
                             "src/wire/b.c": "void f(void);\nvoid g(void);\nvoid g(void) { f(); }\n"},
}
FINE = {"src/base/a.c": "int f(int x);\nint f(int x) { return x + 1; }\n",
        "src/core/b.c": "#include <string.h>\nint f(int);\nunsigned long g(const char *s);\n"
                        "unsigned long g(const char *s) { return strlen(s) + (unsigned long)f(1); }\n"}
