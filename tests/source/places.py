"""places.py: the tree names no machine's folders, no registry, and leaves nothing for later."""

import re

DATA = r"tests/(data|fuzz/corpus)/.*|tests/source/places\.py"
# Put together here so that this file is the only one that can be excused.
FOLDERS = [r"(?<![\w.$}/-])/" + name + "/" for name in ("work", "home", "root", "Users")]
HOSTS = ["deb" + r"\.debian", "registry" + r"\.npmjs", "pypi" + r"\.org", "proxy" + r"\.golang",
         "files" + r"\.pythonhosted"]
SCRATCH = r"(?<![\w.$}/-])/tmp/"
LATER = r"\b(TODO|FIXME|XXX)\b"


def check(tree):
    wrong = []
    for path in tree.files:
        if re.fullmatch(DATA, path) or path.endswith((".png", ".wasm", ".woff2", ".ico")):
            continue
        for pattern in FOLDERS + HOSTS:
            for n, _ in tree.grep(path, pattern):
                wrong.append(f"{path}:{n}: names a machine's folder or a registry's host")
        if not path.startswith("tests/"):
            for n, _ in tree.grep(path, SCRATCH):
                wrong.append(f"{path}:{n}: names a scratch folder")
        for n, _ in tree.grep(path, LATER):
            wrong.append(f"{path}:{n}: leaves something for later")
    return wrong


FAULTS = {
    "a home": {"src/base/a.c": 'char *p = "/home/anna/shop";\n'},
    "a registry": {"README.md": "see https://registry" + ".npmjs.org\n"},
    "a scratch folder": {"src/shopd/a.c": 'char *p = "/tmp/x";\n'},
    "something left": {"src/shopd/a.c": "/* TO" + "DO: check */\n"},
}
FINE = {"src/base/a.c": 'char *p = "/var/lib/shopkeeper/home/x";\n', "tests/a.py": 'p = "/tmp/x"\n'}
