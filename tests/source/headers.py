"""headers.py: include guards, one docstring for every public function, no `default:` over our enums."""

import re

PROTOTYPE = re.compile(r"^(?!static|typedef|#|\s)[\w][\w\s*]*?\b(\w+)\([^;{}]*\)[^;{}]*;", re.M)


def guard_of(path):
    name = re.sub(r"^(src|include)/", "", path)
    prefix = "SHOP_" if path.startswith("src/") else ""
    return prefix + re.sub(r"[^A-Za-z0-9]", "_", name).upper()


def blank_comments(text):
    """Comments as lines of '~' of the same length: seen, not read."""
    return re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", "~", m.group()), text, flags=re.S)


def documented(lines, at, name, comments):
    """A comment stands right above (a group of declarations shares one), or names the function."""
    while at > 0 and lines[at - 1].strip() and not lines[at - 1].rstrip().endswith("~"):
        at -= 1
    if at > 0 and lines[at - 1].rstrip().endswith("~"):
        return True
    return re.search(rf"\b{name}\b", comments) is not None


def check_header(tree, path, wrong):
    text = tree.text(path)
    guard = guard_of(path)
    if not re.search(rf"^#ifndef {guard}\n#define {guard}$", text, re.M) or \
            not re.search(r"^#endif", text, re.M):
        wrong.append(f"{path}: no include guard {guard}")
    if not text.lstrip().startswith("/*"):
        wrong.append(f"{path}: does not open by saying what it is for")
    seen = blank_comments(text)
    comments = " ".join(re.findall(r"/\*.*?\*/", text, re.S))
    for match in PROTOTYPE.finditer(seen):
        at = seen.count("\n", 0, match.start())
        if not documented(seen.splitlines(), at, match.group(1), comments):
            wrong.append(f"{path}:{at + 1}: {match.group(1)}() has no docstring")


def our_constants(tree):
    found = set()
    for path in tree.c_files("src|include"):
        for body in re.findall(r"\benum\s+\w+\s*\{(.*?)\}", tree.code(path), re.S):
            found |= set(re.findall(r"^\s*([A-Z]\w+)", body, re.M))
    return found


def switches(code):
    """The text of each switch, from its brace to the one that closes it."""
    for match in re.finditer(r"\bswitch\s*\(", code):
        depth, start = 0, code.find("{", match.end())
        for i in range(start, len(code)):
            depth += (code[i] == "{") - (code[i] == "}")
            if depth == 0:
                yield start, code[start:i]
                break


def check(tree):
    wrong = []
    for path in tree.c_files("src|include"):
        if path.endswith(".h"):
            check_header(tree, path, wrong)
    ours = our_constants(tree)
    for path in tree.c_files("src"):
        code, lines = tree.code(path), tree.text(path).splitlines()
        for start, body in switches(code):
            labels = set(re.findall(r"\bcase\s+(\w+)\s*:", body))
            where = re.search(r"\bdefault\s*:", body)
            if where and labels & ours:
                n = code.count("\n", 0, start + where.start())
                if "/*" not in lines[n]:
                    wrong.append(f"{path}:{n + 1}: default: over our own enum (say in a comment on "
                                 "its line why, if the value is no enum)")
    return wrong


GOOD = "/* a.h: for a test. */\n#ifndef SHOP_BASE_A_H\n#define SHOP_BASE_A_H\n%s\n#endif\n"
FAULTS = {
    "no guard": {"src/base/a.h": "/* a.h */\nint x;\n"},
    "another's guard": {"src/base/a.h": "/* a.h */\n#ifndef SHOP_A_H\n#define SHOP_A_H\n#endif\n"},
    "no opening": {"src/base/a.h": "#ifndef SHOP_BASE_A_H\n#define SHOP_BASE_A_H\n#endif\n"},
    "no docstring": {"src/base/a.h": GOOD % "\nint f(int a,\n      int b);\n"},
    "a default": {"src/base/a.h": GOOD % "\nenum e {\n\tE_ONE = 1,\n\tE_TWO\n};\n",
                  "src/base/a.c": "int f(enum e x)\n{\n\tswitch (x) {\n\tcase E_ONE:\n"
                                  "\t\treturn 1;\n\tdefault:\n\t\treturn 2;\n\t}\n}\n"},
}
FINE = {"src/base/a.h": GOOD % "\n/** f, g - add. */\nint f(int a,\n      int b);\nint g(void);\n\n"
                               "enum e {\n\tE_ONE = 1\n};\n",
        "src/base/a.c": "int f(char x)\n{\n\tswitch (x) {\n\tcase 'a':\n\t\treturn 1;\n"
                        "\tdefault:\n\t\treturn 2;\n\t}\n}\nint g(int x)\n{\n\tswitch (x) {\n"
                        "\tcase E_ONE:\n\t\treturn 1;\n\tdefault: /* a byte of a peer */\n"
                        "\t\treturn 2;\n\t}\n}\n"}
