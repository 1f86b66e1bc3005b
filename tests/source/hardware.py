"""hardware.py: hw/ is as its one table says, its overlays compile, and the configuration that is shipped
names the pins that the drawings show.

The header's pins are written here a second time, by position, so that a pin swapped in draw.py is found.
"""

import re
import subprocess
import sys

# GPIO of each pin of the 40-pin header, in the order of the pins; None: power or ground.
PINS = [None, None, 2, None, 3, None, 4, 14, None, 15, 17, 18, 27, None, 22, 23, None, 24, 10, None,
        9, 25, 11, 8, None, 7, 0, 1, 5, None, 6, 12, 13, None, 19, 16, 26, 20, None, 21]
# a board with what overlays reach for
BOARD = """/dts-v1/;
/ { gpio: gpio { gpio-controller; #gpio-cells = <2>; }; i2c_arm: i2c { #address-cells = <1>;
	#size-cells = <0>; }; };
"""


def rows(text):
    return [r.split("\t") for r in text.splitlines() if r and not r.startswith("#")]


def wires_wrong(text):
    wrong, taken = [], {}
    for row in rows(text):
        if len(row) != 6 or row[3] not in ("in", "out"):
            wrong.append(f"hw/lines.tsv: '{row[0]}…': six columns, the fourth in or out")
            continue
        group, part, gpio = row[0], row[1], row[2]
        if gpio in taken:
            wrong.append(f"hw/lines.tsv: GPIO{gpio} is both {taken[gpio]} and {group} {part}")
        taken[gpio] = f"{group} {part}"
    return wrong


def drawn_wrong(text, tables):
    """The pin that lines.md gives each line is the header's."""
    wrong = [f"hw/lines.md: GPIO{g} is not on pin {p}"
             for g, p in re.findall(r"\| GPIO(\d+) \| (\d+) \|", tables) if PINS[int(p) - 1] != int(g)]
    for row in rows(text):
        if len(row) == 6 and not re.search(rf"`{row[1]}` \| GPIO{row[2]} \|", tables):
            wrong.append(f"hw/lines.md: does not show {row[0]} {row[1]} at GPIO{row[2]}")
    return wrong


def config_wrong(text, config):
    front = {row[1]: row[2] for row in rows(text) if row[0] == "front" and len(row) == 6}
    said = re.findall(r"^#?(\w+) = GPIO(\d+)$", config, re.M)
    return [f"etc/shopd.conf: {part} = GPIO{gpio}, in hw/lines.tsv it is GPIO{front[part]}"
            for part, gpio in said if part in front and front[part] != gpio]


def run(command, stdin=None):
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def overlay_wrong(tree, path, names):
    """It compiles without a warning, a board takes it, and the board then has those names."""
    made = run(["dtc", "-@", "-I", "dts", "-O", "dtb", "-o", "-", str(tree.root / path)])
    if made.returncode or made.stderr:
        return [f"{path}: dtc: {line}" for line in made.stderr.decode().splitlines()[:5]]
    folder = tree.root / "build" / "check-hw"
    folder.mkdir(parents=True, exist_ok=True)
    board = run(["dtc", "-@", "-I", "dts", "-O", "dtb", "-o", str(folder / "board.dtb"), "-"],
                BOARD.encode())
    (folder / "over.dtbo").write_bytes(made.stdout)
    laid = run(["fdtoverlay", "-i", str(folder / "board.dtb"), "-o", str(folder / "both.dtb"),
                str(folder / "over.dtbo")])
    if board.returncode or laid.returncode:
        return [f"{path}: no board takes it: {laid.stderr.decode().strip()}"]
    if not names:
        return []
    got = run(["fdtget", str(folder / "both.dtb"), "/gpio", "gpio-line-names"]).stdout.decode().split()
    return [f"{path}: line {gpio} is called {got[gpio] if gpio < len(got) else 'nothing'}, not {name}"
            for gpio, name in names.items() if gpio >= len(got) or got[gpio] != name]


def check(tree):
    wrong = []
    files = {p: tree.text(p) for p in tree.files
             if p in ("hw/lines.tsv", "hw/lines.md", "hw/draw.py", "etc/shopd.conf")}
    table = files.get("hw/lines.tsv", "")
    wrong += wires_wrong(table)
    if "hw/lines.md" in files:
        wrong += drawn_wrong(table, files["hw/lines.md"])
    if "etc/shopd.conf" in files:
        wrong += config_wrong(table, files["etc/shopd.conf"])
    if "hw/draw.py" in files:
        made = run([sys.executable, str(tree.root / "hw/draw.py"), "--check"])
        if made.returncode:
            wrong.append("hw: " + made.stderr.decode().strip())
    names = {int(r[2]): f"{r[0]}-{r[1].replace('_', '-')}" for r in rows(table) if len(r) == 6}
    for path in tree.files:
        if re.fullmatch(r"hw/[\w-]+\.dts", path):
            wrong += overlay_wrong(tree, path, names if "names" in path else {})
    return wrong


ROW = "front\tstrike\t17\tout\thigh\twhy\n"
OVERLAY = """/dts-v1/;
/plugin/;
/ { fragment@0 { target = <&gpio>; __overlay__ { gpio-line-names = %s; }; }; };
"""
NAMED = ", ".join(f'"{"front-strike" if n == 17 else f"GPIO{n}"}"' for n in range(28))
FAULTS = {
    "one pin for two": {"hw/lines.tsv": ROW + ROW.replace("strike", "buzzer")},
    "a column missing": {"hw/lines.tsv": "front\tstrike\t17\n"},
    "a wrong pin": {"hw/lines.tsv": ROW, "hw/lines.md": "| `strike` | GPIO17 | 12 | high | why |\n"},
    "a table that is old": {"hw/lines.tsv": ROW, "hw/lines.md": "| `strike` | GPIO22 | 15 | high |\n"},
    "another pin in the configuration": {"hw/lines.tsv": ROW, "etc/shopd.conf": "strike = GPIO22\n"},
    "an overlay that does not compile": {"hw/a.dts": "/dts-v1/;\n/plugin/;\n/ { fragment {"},
    "an overlay that no board takes": {"hw/a.dts": OVERLAY.replace("&gpio", "&gone") % '"a"'},
    "a line with another's name": {"hw/lines.tsv": ROW.replace("17", "18"),
                                   "hw/names.dts": OVERLAY % NAMED},
}
FINE = {"hw/lines.tsv": ROW, "hw/lines.md": "| `strike` | GPIO17 | 11 | high | why |\n",
        "etc/shopd.conf": "strike = GPIO17\n", "hw/names.dts": OVERLAY % NAMED}
