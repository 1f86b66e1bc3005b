"""layout.py: what stands at the top, formatting by clang-format, spaces, lengths of functions and files."""

import re
import subprocess

FUNCTION_MAX, FILE_MAX = 70, 800
# Forms that clang-format or C has no say in: long by nature, not by neglect.
TEXT = r".*\.(py|sh|md|txt|conf|yaml|json|service|story|csv|map|mk)|Makefile|\.ci/run|.*/units"
TOP = r"(src|include|systemd|etc|tests|hw|debian)/.*|Makefile|README\.md|LICENSE|\..*"
DATA = r"tests/(data|fuzz/corpus|standin/gpiod2)/.*"


def functions(text):
    """(name, first line, lines) of each function: from its brace in column 0 to the closing one."""
    lines, start, name = text.splitlines(), None, ""
    for n, line in enumerate(lines, 1):
        if line == "{":
            start = n
            head = " ".join(lines[max(0, n - 6):n - 1])
            name = (re.findall(r"(\w+)\s*\(", head.split(";")[-1].split("}")[-1]) or ["?"])[0]
        elif line == "}" and start:
            yield name, start, n - start - 1
            start = None


def check(tree):
    wrong = [f"{p}: nothing else stands at the top of the tree" for p in tree.files
             if not re.fullmatch(TOP, p)]
    sources = [p for p in tree.c_files() if not re.fullmatch(DATA, p)]
    for at in range(0, len(sources), 200):
        done = subprocess.run(["clang-format", "--dry-run", "-Werror", "--style=file",
                               "--ferror-limit=1", *sources[at:at + 200]],
                              cwd=tree.root, capture_output=True, text=True, check=False)
        wrong += [f"{m[0]}:{m[1]}: clang-format would change this"
                  for m in re.findall(r"^(\S+?):(\d+):\d+: error", done.stderr, re.M)]
        if done.returncode and not wrong:
            wrong.append(f"clang-format: {done.stderr.strip()[:200]}")
    for path in sources:
        for name, line, length in functions(tree.text(path)):
            if length > FUNCTION_MAX:
                wrong.append(f"{path}:{line}: {name}() has {length} lines, more than {FUNCTION_MAX}")
    for path in tree.files:
        if re.fullmatch(DATA, path):
            continue
        is_c = path in sources
        if not (is_c or re.fullmatch(TEXT, path)):
            continue
        text = tree.text(path)
        if (is_c or path.endswith((".py", ".sh"))) and text.count("\n") > FILE_MAX:
            wrong.append(f"{path}: {text.count(chr(10))} lines, more than {FILE_MAX}")
        for n, _ in tree.grep(path, r"[ \t]+$"):
            wrong.append(f"{path}:{n}: spaces at the line's end")
        if text and not text.endswith("\n"):
            wrong.append(f"{path}: no newline at its end")
        if "\r" in text:
            wrong.append(f"{path}: carriage returns")
    return wrong


STYLE = {".clang-format": "BasedOnStyle: LLVM\nIndentWidth: 8\nUseTab: Always\n"
                          "BreakBeforeBraces: Linux\n"}
FAULTS = {
    "unformatted code": {**STYLE, "src/base/a.c": "int f(void)\n{\n  return 1;\n}\n"},
    "a long function": {**STYLE, "src/base/a.c":
                        "int f(int a)\n{\n" + "\ta++;\n" * 71 + "}\n"},
    "a long file": {**STYLE, "src/base/a.c": "int a;\n" * 801},
    "a folder of its own": {**STYLE, "man/a.8": ".TH A 8\n"},
    "trailing spaces": {**STYLE, "README.md": "words \n"},
    "no last newline": {**STYLE, "tests/a.py": "x = 1"},
}
FINE = {**STYLE, "src/base/a.c": "int f(int a)\n{\n" + "\ta++;\n" * 69 + "\treturn a;\n}\n"}
