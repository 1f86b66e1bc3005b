#!/usr/bin/env python3
"""draw.py: what hangs on which pin, as tables, overlay and drawings, all out of lines.tsv.

    draw.py            writes lines.md (its tables), names-overlay.dts and the *.svg
    draw.py --check    says what differs from them, and fails

The header's pins are the same on every Raspberry Pi with forty of them (Raspberry Pi documentation,
"GPIO and the 40-pin header").
"""

import html
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEADER = {2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19,
          9: 21, 25: 22, 11: 23, 8: 24, 7: 26, 0: 27, 1: 28, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35,
          16: 36, 26: 37, 20: 38, 21: 40}
POWER = {1: "3.3 V", 17: "3.3 V", 2: "5 V", 4: "5 V",
         **dict.fromkeys((6, 9, 14, 20, 25, 30, 34, 39), "ground")}
OTHERS = {2: "I2C data: clock, air", 3: "I2C clock: clock, air", 4: "1-wire: fridges",
          14: "console", 15: "console", 0: "board's own", 1: "board's own"}
COLOURS = {"front": "#1257a6", "back": "#7a4a00", "room": "#2c6e2f"}
BOARDS = {"pi4": ("Raspberry Pi 4", "DS3231 clock module on pins 1, 3, 5, 9; dtoverlay=i2c-rtc,ds3231"),
          "pi5": ("Raspberry Pi 5", "clock: an ML-2020 cell in the connector BAT (J5); nothing on the header")}


class Wire:
    """One row of lines.tsv."""

    def __init__(self, row):
        self.group, self.part, gpio, self.way, self.level, self.why = row.split("\t")
        self.gpio = int(gpio)
        self.pin = HEADER[self.gpio]

    @property
    def name(self):
        return f"{self.group}-{self.part.replace('_', '-')}"


def wires():
    rows = (HERE / "lines.tsv").read_text().splitlines()
    return [Wire(r) for r in rows if r and not r.startswith("#")]


# --- words -------------------------------------------------------------------------------------

def table(group, all_wires):
    rows = ["| part | line | header pin | level | why this one |", "|---|---|---|---|---|"]
    rows += [f"| `{w.part}` | GPIO{w.gpio} | {w.pin} | {w.level} | {w.why} |"
             for w in all_wires if w.group == group]
    return "\n".join(rows)


def lines_md(all_wires):
    text = (HERE / "lines.md").read_text()
    for group in COLOURS:
        begin, end = f"<!-- {group} -->\n", f"\n<!-- end of {group} -->"
        if begin in text:
            before, rest = text.split(begin)
            text = before + begin + table(group, all_wires) + end + rest.split(end)[1]
    return text


def overlay(all_wires):
    names = {w.gpio: w.name for w in all_wires}
    rows = ",\n\t\t\t\t".join(f'"{names.get(g, f"GPIO{g}")}"' for g in range(28))
    return f'''/*
 * names-overlay.dts: the lines of the header by what hangs on them. With it shopd.conf says
 * `strike = front-strike` in place of `strike = GPIO17`, on a Pi 4 as on a Pi 5, and gpioinfo shows it.
 * Made by draw.py out of lines.tsv.
 *
 *	dtc -@ -I dts -O dtb -o /boot/firmware/overlays/shop-names.dtbo names-overlay.dts
 *	/boot/firmware/config.txt:	dtoverlay=shop-names
 */
/dts-v1/;
/plugin/;

/ {{
	compatible = "brcm,bcm2835";

	fragment@0 {{
		target = <&gpio>;
		__overlay__ {{
			gpio-line-names =
				{rows};
		}};
	}};
}};
'''


# --- drawings ----------------------------------------------------------------------------------

class Drawing:
    """An SVG of a few boxes, lines and words, on white, readable at half its size."""

    def __init__(self, width, height, title):
        self.size, self.title, self.parts = (width, height), title, []

    def add(self, tag, body="", **how):
        how = " ".join(f'{k.replace("_", "-")}="{html.escape(str(v))}"' for k, v in how.items())
        self.parts.append(f"<{tag} {how}>{html.escape(body)}</{tag}>" if body else f"<{tag} {how}/>")

    def text(self, x, y, words, size=14, anchor="start", colour="#111", bold=False):
        for i, line in enumerate(words.split("\n")):
            self.add("text", line, x=x, y=y + i * size * 1.3, font_size=size, text_anchor=anchor,
                     fill=colour, **({"font_weight": "bold"} if bold else {}))

    def box(self, x, y, w, h, words, fill="#fff", colour="#111", size=14):
        self.add("rect", x=x, y=y, width=w, height=h, rx=6, fill=fill, stroke=colour, stroke_width=2)
        n = words.count("\n")
        self.text(x + w / 2, y + h / 2 + size * 0.35 - n * size * 0.65, words, size, "middle", colour)

    def wire(self, *points, colour="#111", dashed=False):
        self.add("polyline", points=" ".join(f"{x},{y}" for x, y in points), fill="none",
                 stroke=colour, stroke_width=2.5, **({"stroke_dasharray": "7 5"} if dashed else {}))

    def dot(self, x, y, colour="#111"):
        self.add("circle", cx=x, cy=y, r=4.5, fill=colour)

    def resistor(self, x, y, words, upright=False):
        w, h = (12, 34) if upright else (34, 12)
        self.add("rect", x=x - w / 2, y=y - h / 2, width=w, height=h, fill="#fff", stroke="#111",
                 stroke_width=2)
        self.text(*((x + 12, y + 5, words, 13) if upright else (x, y - 12, words, 13, "middle")))

    def contact(self, x, y, words):
        """A contact that is closed at rest: its arm rests on the far side's hook."""
        self.dot(x - 20, y)
        self.wire((x - 20, y), (x + 24, y - 6))
        self.wire((x + 20, y), (x + 20, y - 10))
        self.text(x, y - 14, words, 13, "middle")

    def ground(self, x, y):
        self.wire((x, y), (x, y + 10))
        for i, half in enumerate((14, 9, 4)):
            self.wire((x - half, y + 10 + 5 * i), (x + half, y + 10 + 5 * i))

    def svg(self):
        w, h = self.size
        body = "\n".join(self.parts)
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" role="img" '
                f'aria-label="{html.escape(self.title)}" font-family="Liberation Sans, Arial, '
                f'sans-serif">\n<rect width="{w}" height="{h}" fill="#fff"/>\n{body}\n</svg>\n')


def header(board, all_wires):
    """The forty pins as they lie before you, USB ports at the bottom, and what goes to each."""
    name, clock = BOARDS[board]
    d = Drawing(960, 720, f"{name}: what goes to which pin")
    d.text(480, 34, f"{name}: what goes to which pin", 22, "middle", bold=True)
    d.text(480, 58, "header seen from above, network and USB ports below", 14, "middle", "#555")
    d.add("rect", x=424, y=76, width=112, height=576, rx=8, fill="#eef3ee", stroke="#9ab09a")
    of_pin = {w.pin: w for w in all_wires}
    gpio_of = {pin: g for g, pin in HEADER.items()}
    for pin in range(1, 41):
        left, y = pin % 2 == 1, 98 + (pin - 1) // 2 * 28
        x, side = (455, -1) if left else (505, 1)
        wire, gpio = of_pin.get(pin), gpio_of.get(pin)
        power = POWER.get(pin)
        colour = COLOURS[wire.group] if wire else {"5 V": "#b00020", "3.3 V": "#c05a00",
                                                   "ground": "#111"}.get(power, "#999")
        d.add("circle", cx=x, cy=y, r=10.5, fill=colour if wire or power else "#fff", stroke=colour,
              stroke_width=2)
        d.text(x, y + 4, str(pin), 11, "middle", "#fff" if wire or power else "#666")
        anchor = "end" if left else "start"
        if wire:
            d.wire((x + side * 12, y), (x + side * 72, y), colour=colour)
            d.text(x + side * 80, y + 5, f"{wire.group}: {wire.part.replace('_', ' ')}", 15, anchor,
                   colour, True)
            d.text(x + side * 230, y + 5, f"GPIO{gpio}, {wire.way}", 13, anchor, "#444")
        else:
            d.text(x + side * 50, y + 5, power or f"GPIO{gpio} ({OTHERS[gpio]})", 13, anchor,
                   "#111" if power else "#888")
    for i, (group, words) in enumerate((("front", "first door"), ("back", "second door"),
                                        ("room", "the room's switches"))):
        d.add("rect", x=40 + i * 170, y=672, width=16, height=16, fill=COLOURS[group])
        d.text(62 + i * 170, 685, words, 14)
    d.text(920, 685, clock, 13, "end", "#444")
    return d.svg()


def strike(all_wires):
    """Fail-secure: what must go right for the door to open, and what ends it."""
    wire = next(w for w in all_wires if w.name == "front-strike")
    d = Drawing(960, 470, "The strike: fail-secure, and the fire panel in its way")
    d.text(480, 34, "The strike: current opens it, and four things end the current", 22, "middle",
           bold=True)
    red, top, bottom = "#b00020", 130, 390
    d.text(40, top + 24, "12 V from the battery", 14, colour=red)
    d.wire((40, top), (150, top), colour=red)
    d.contact(170, top, "fire panel's contact")
    d.wire((190, top), (280, top), colour=red)
    d.box(280, top - 32, 170, 64, "timer relay\nsingle shot, 20 s", "#fff4e0")
    d.wire((450, top), (640, top), (640, 180), colour=red)
    d.box(580, 180, 120, 80, "strike\nfail-secure\n12 V DC", "#e8f0fb")
    d.wire((640, 260), (640, bottom))
    d.wire((560, top), (560, 200))
    d.dot(560, top)
    d.add("polygon", points="548,230 572,230 560,206", fill="#111")
    d.wire((546, 206), (574, 206))
    d.wire((560, 200), (560, 320), (640, 320))
    d.dot(640, 320)
    d.text(540, 222, "diode, its\nring to 12 V", 13, "end")
    d.box(280, 230, 170, 64, "MOSFET board\nopto-isolated", "#eef3ee")
    d.wire((365, 230), (365, top + 32))
    d.text(373, 200, "trigger", 13)
    d.wire((365, 294), (365, bottom))
    d.box(40, 230, 130, 64, f"Pi, pin {wire.pin}\nGPIO{wire.gpio}", "#e8f0fb")
    d.wire((170, 262), (280, 262), colour=COLOURS["front"])
    d.dot(225, 262)
    d.wire((225, 262), (225, 300))
    d.resistor(225, 318, "10 kΩ", True)
    d.wire((225, 335), (225, bottom))
    d.wire((105, 294), (105, bottom))
    d.wire((60, bottom), (880, bottom))
    d.ground(760, bottom)
    d.text(780, bottom + 26, "0 V, the Pi's ground too", 13)
    d.box(745, 96, 180, 130, "the handle inside\nmoves the latch by hand:\nno wire of this drawing\n"
          "takes part in going out", "#fff", "#2c6e2f", 14)
    d.text(40, 440, "No current: locked from outside. The 10 kΩ holds it so from power-on; the relay "
           "ends it after 20 s whatever\nthe program, the board or the transistor does; a fire "
           "panel takes the current away without asking us.", 14, colour="#444")
    return d.svg()


def loops(all_wires):
    """Inputs: closed at rest, so that a cut wire tells."""
    d = Drawing(960, 700, "Contacts, tamper, fire and button")
    d.text(480, 34, "Inputs are loops that are closed at rest: a cut wire tells", 22, "middle",
           bold=True)
    inputs = [("front-contact", "magnetic contact,\nclosed while the door is shut", True),
              ("front-contact-2", "a second one, open while the door\nis shut: the two supervise each other", False),
              ("front-tamper", "lid switches in series,\nclosed while the lids are on", True),
              ("front-fire", "fire panel's second contact,\nclosed while there is no fire", True),
              ("front-rex", "exit button, closes when\npressed: a cut cable is no press", False)]
    for i, (name, words, at_rest) in enumerate(inputs):
        wire, y = next(w for w in all_wires if w.name == name), 130 + i * 105
        d.box(40, y - 26, 150, 52, f"Pi, pin {wire.pin}\nGPIO{wire.gpio}", "#e8f0fb")
        d.wire((190, y), (420, y), colour=COLOURS["front"])
        d.dot(240, y)
        d.wire((240, y), (240, y - 8))
        d.resistor(240, y - 25, "10 kΩ", True)
        d.wire((240, y - 42), (240, y - 52))
        d.text(240, y - 56, "3.3 V", 13, "middle", "#c05a00")
        d.dot(330, y)
        d.wire((330, y), (330, y + 20))
        d.wire((318, y + 20), (342, y + 20))
        d.wire((318, y + 27), (342, y + 27))
        d.ground(330, y + 27)
        d.text(348, y + 28, "100 nF", 13)
        d.resistor(430, y, "1 kΩ")
        d.wire((447, y), (560, y), colour=COLOURS["front"])
        if at_rest:
            d.contact(580, y, wire.part)
        else:
            d.dot(560, y)
            d.dot(600, y)
            d.wire((560, y), (594, y - 16))
            d.text(580, y - 22, wire.part.replace("_", " "), 13, "middle")
        d.wire((600, y), (680, y))
        d.ground(680, y)
        d.text(715, y - 6, words, 14)
    d.text(40, 634, "Of the two contacts exactly one is closed, whatever the door does: where both say "
           "the same for a second, a wire is cut\nor shorted, and that is told as tampering. Without "
           "the second one a shorted wire is a door that is shut for ever.", 14, colour="#444")
    d.text(40, 684, "The 1 kΩ and the 100 nF sit at the Pi and keep a long cable's lightning and hum "
           "out of the pin. A Pi's pin stands 3.3 V and no more.", 14, colour="#444")
    return d.svg()


def power():
    """What keeps it running, and what wakes it."""
    d = Drawing(960, 420, "Power: one battery for all that must run on")
    d.text(480, 34, "Power: one battery for all that must run on", 22, "middle", bold=True)
    d.box(40, 110, 120, 70, "mains\n230 V", "#fff4e0")
    d.wire((160, 145), (220, 145))
    d.box(220, 90, 190, 110, "12 V supply with\ncharger (EN 54-4 or\nEN 50131-6 kind)", "#eef3ee")
    d.wire((315, 200), (315, 270))
    d.box(240, 270, 150, 60, "lead battery\n12 V, 7 Ah", "#eef3ee")
    red = "#b00020"
    d.wire((410, 145), (560, 145), colour=red)
    for i, (words, y) in enumerate((("fuse 2 A: strike, relay, lights", 90),
                                    ("fuse 3 A: converter to 5.1 V, 5 A: the Pi", 145),
                                    ("fuse 1 A: router, and the access point", 200),
                                    ("fuse 2 A: modem's own converter", 255))):
        d.wire((480, 145), (480, y), (560, y), colour=red)
        d.box(560, y - 20, 360, 40, words, size=15)
        if i == 0:
            d.dot(480, 145, red)
    d.wire((400, 200), (400, 232), (440, 232), (440, 315), (560, 315), dashed=True)
    d.box(560, 295, 360, 40, "its relay contacts: on battery, battery low", size=15)
    d.text(40, 372, "7 Ah carry 10 W (Pi 5 W, router 4 W, the rest idle) for some six hours when new. The Pi "
           "has its own clock on\na cell (RTC) and its own watchdog: systemd starts a program that hangs, the "
           "chip starts a machine that hangs.", 14, colour="#444")
    return d.svg()


def made():
    """{file's name: what it must hold}."""
    all_wires = wires()
    return {"lines.md": lines_md(all_wires), "names-overlay.dts": overlay(all_wires),
            "pi4.svg": header("pi4", all_wires), "pi5.svg": header("pi5", all_wires),
            "strike.svg": strike(all_wires), "loops.svg": loops(all_wires), "power.svg": power()}


def main():
    stale = []
    for name, text in made().items():
        path = HERE / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if sys.argv[1:] != ["--check"]:
            path.write_text(text)
    if sys.argv[1:] == ["--check"] and stale:
        sys.exit(f"not as lines.tsv says, run hw/draw.py: {', '.join(stale)}")


if __name__ == "__main__":
    main()
