"""bench.py: a shop in a guest: shopd on a chip of the kernel's, a scanner, a door's wires.

It is shop.py's Shop, whose words the cases use, with wires in place of a simulated door. The lines
are those of hw/lines.md; the chip is called and numbered as a Raspberry Pi's, and stands behind
another one, for a number must not matter.
"""

import contextlib
import os
import pathlib
import signal
import subprocess
import time
import tty

from chip import Chip, until_value
from guest import word
from phone import challenge_parse
from shop import ROOT, Member, Shop, until

LABEL, COUNT = "pinctrl-bcm2711", 54
DECOY = "board-expander"
PARTS = {"strike": "GPIO17", "buzzer": "GPIO27", "light_yes": "GPIO22", "light_no": "GPIO23",
         "contact": "GPIO5", "rex": "GPIO6", "tamper": "GPIO16", "fire": "GPIO26"}
OUTPUTS = ("strike", "buzzer", "light_yes", "light_no")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
START_S = 20  # everything is emulated, and the host has other work


def pi():
    """A machine's chips: the second is the one with the door."""
    decoy = Chip("decoy", DECOY, {0: "LED0", 1: "LED1"}, 8)
    chip = Chip("pi", LABEL, {n: f"GPIO{n}" for n in range(28)}, COUNT)
    chip.pull(PARTS["rex"], True)  # a button to ground, not pressed; the other loops are closed
    return decoy, chip


class Bench(Shop):
    """One shop with its shopd. `lib` is the libgpiod that shopd is expected to be built with."""

    def __init__(self, report, clock="rtc", state="/var/lib/shop"):
        # Shop.__init__ reads what run.py wrote; here the same is known without it
        self.report, self.clock = report, clock
        self.build = pathlib.Path(word("metal.build", str(ROOT / "build" / "gcc")))
        self.shopd_file = pathlib.Path(word("metal.shopd", str(self.build / "shopd")))
        self.state, self.run_dir = pathlib.Path(state), pathlib.Path("/run/shop")
        for folder in (self.state, self.run_dir):
            folder.mkdir(parents=True, exist_ok=True)
        self.state.chmod(0o2750)
        self.name, self.door = "viken", "front"
        self.decoy, self.chip = pi()
        self.scanner, self.scanner_end = os.openpty()
        tty.setraw(self.scanner_end)
        self.conf = self.state / "shopd.conf"
        self.log_file = self.state / "shopd.log"
        self.run = {"shopctl": [str(self.build / "shopctl"), "--run", str(self.run_dir),
                                "--state", str(self.state)]}
        self.process = None
        self.configure()

    def configure(self):
        lines = ["shop = viken", f"run = {self.run_dir}", f"state = {self.state}",
                 "timezone = Europe/Stockholm", "gpio = chip:*", f"clock = {self.clock}",
                 "realtime = yes", "[hours]", *[f"{day} = 00:00-24:00" for day in DAYS],
                 "[door front]", *[f"{part} = {line}" for part, line in PARTS.items()],
                 "active_low = rex", "exit = rex",
                 f"scanner = {os.ttyname(self.scanner_end)}"]
        self.conf.write_text("\n".join(lines) + "\n")

    # --- shopd

    def start(self):
        """Starts shopd and waits until it says that it is ready."""
        log = open(self.log_file, "ab")
        before = log.tell()
        self.process = subprocess.Popen([self.shopd_file, "--config", self.conf], stderr=log,
                                        stdin=subprocess.DEVNULL, stdout=log)
        log.close()

        def ready():
            with open(self.log_file, "rb") as file:
                file.seek(before)
                return b" ready after " in file.read() or self.process.poll() is not None

        until(ready, START_S, "shopd is ready")
        assert self.process.poll() is None, f"shopd ended: {self.process.returncode}"

    def stop(self, how=signal.SIGTERM):
        """Ends shopd and waits for it."""
        self.process.send_signal(how)
        self.process.wait(START_S)

    def safe(self):
        """What the service manager runs after a shopd that died."""
        return subprocess.Popen([self.shopd_file, "--safe", self.conf])

    def maps(self):
        return pathlib.Path(f"/proc/{self.process.pid}/maps").read_text()

    def last_words(self):
        """What shopd said last."""
        try:
            return self.log_file.read_text(errors="replace").splitlines()[-12:]
        except FileNotFoundError:
            return []

    def said(self, words):
        return words in self.log_file.read_text(errors="replace")

    # --- wires

    def wire(self, part, high):
        self.chip.pull(PARTS[part], high)

    def value(self, part):
        return self.chip.value(PARTS[part])

    def hand(self, what, door=None):
        """As a simulated door's hands, of which a wire has no word but these."""
        part, high = {"open": ("contact", True), "close": ("contact", False),
                      "press": ("rex", False), "let_go": ("rex", True),
                      "tamper": ("tamper", True), "untamper": ("tamper", False)}[what]
        self.wire(part, high)

    @contextlib.contextmanager
    def eye(self, part="strike"):
        """A file with the strike's value, for until_value()."""
        fd = self.chip.watch(PARTS[part])
        try:
            yield fd
        finally:
            os.close(fd)

    def scan(self, data, till=False):
        data = data.encode() + b"\r"
        while data:
            data = data[os.write(self.scanner, data):]

    def member(self, *options):
        member = Member(self)
        member.customer = self.shopctl("member", "add", "--key", member.phone.cose_key_hex,
                                       *options)["customer"]
        return member

    def unlock(self, member, seconds=5.0, **claims):
        """Shows a code and waits for the strike: (seconds it took, the watched value)."""
        code = member.qr(**claims)
        with self.eye() as strike:
            began = time.monotonic()
            self.scan(code)
            return until_value(strike, True, seconds, "the strike is on") - began

    def door_answer(self, **claims):
        """Claims of a code that answers the door's own: good at once after a start, too, when the
        shop takes no other that is as old as the start or nearly so."""
        text = self.shopctl("door", "challenge", self.door)["challenge"]
        audience, nonce = challenge_parse(text)
        assert audience == f"{self.name}/{self.door}", audience
        return {"nonce": nonce, **claims}

    def leave(self):
        """Somebody goes out: the button, held while the door is opened, and the door falls shut."""
        self.hand("press")
        until(lambda: self.door_now()["physical"], 10, "the shop has seen the button")
        self.hand("open")
        self.door_until(10, physical="open", alarm="normal")
        self.hand("let_go")
        self.hand("close")
        self.quiet()

    def strike_off(self, seconds):
        with self.eye() as strike:
            return until_value(strike, False, seconds, "the strike is off")


@contextlib.contextmanager
def running(report, **options):
    """A bench whose shopd runs."""
    bench = Bench(report, **options)
    bench.start()
    try:
        yield bench
    finally:
        if bench.process.poll() is None:
            bench.process.kill()
            bench.process.wait()
