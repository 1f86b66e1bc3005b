"""floors.py: a file includes only from lower floors or its own folder (design 2)."""

import re

FLOOR = {name: level for level, names in enumerate([
    ["base"],
    ["token", "wire"],
    ["core", "books"],
    ["loop"],
    ["ledger", "device", "net", "crypto", "paper", "db"],
    ["shopd", "counterd", "courierd", "eyed", "officed", "shopctl"],
]) for name in names}
PURE = ("base", "token", "wire", "core", "books")
PURE_HEADERS = {"stdbool.h", "stddef.h", "stdint.h", "string.h", "stdio.h", "stdlib.h", "limits.h",
                "inttypes.h", "stdarg.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)


def check(tree):
    wrong = []
    for path in tree.matching(r"src/.*\.([ch]|cc)"):
        folder = path.split("/")[1]
        if folder not in FLOOR:
            wrong.append(f"{path}: no floor is called {folder}/")
            continue
        for own, system in INCLUDE.findall(tree.text(path)):
            if system:
                if folder in PURE and system not in PURE_HEADERS:
                    wrong.append(f"{path}: {folder}/ is pure and may not include <{system}>")
                continue
            into = own.split("/")[0]
            if "/" not in own:
                if not (tree.root / "include" / own).exists():
                    wrong.append(f'{path}: "{own}" is neither FLOOR/NAME.h nor in include/')
                elif FLOOR[folder] < 4:
                    wrong.append(f"{path}: include/ is for floors 4 and 5 and for outsiders")
            elif into not in FLOOR:
                wrong.append(f'{path}: "{own}" is on no floor')
            elif into != folder and FLOOR[into] >= FLOOR[folder]:
                kind = "its sibling" if FLOOR[into] == FLOOR[folder] else "the higher floor"
                wrong.append(f"{path}: {folder}/ includes {kind} {own}")
    for path in tree.matching(r"include/.*\.h"):
        for own, _ in INCLUDE.findall(tree.text(path)):
            if "/" in own:
                wrong.append(f'{path}: a public header includes our own "{own}"')
    return wrong


FAULTS = {
    "a higher floor": {"src/core/a.c": '#include "ledger/ledger.h"\n'},
    "a sibling": {"src/wire/a.c": '#include "token/claims.h"\n'},
    "the database's sibling": {"src/db/a.c": '#include "net/pack.h"\n'},
    "a floor above the database": {"src/db/a.c": '#include "officed/office.h"\n'},
    "a sibling program": {"src/shopd/a.c": '#include "shopctl/show.h"\n'},
    "a clock in a pure floor": {"src/base/a.c": "#include <time.h>\n"},
    "a folder without a floor": {"src/misc/a.c": "\n"},
    "a way around by ..": {"src/core/a.c": '#include "../ledger/ledger.h"\n'},
}
FINE = {"src/core/a.c": '#include <string.h>\n#include "core/b.h"\n#include "token/claims.h"\n',
        "src/core/b.h": '#include "base/money.h"\n'}
