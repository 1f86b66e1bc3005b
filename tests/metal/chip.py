"""chip.py: a chip with lines in a guest (gpio-sim), moved and read from outside shopd.

The kernel's own sysfs of the simulated chip is the world: `pull` is what hangs on a wire, `value`
what a line really stands at. What shopd holds is asked of the character device, as gpioinfo does.
"""

import fcntl
import os
import pathlib
import re
import struct
import time

CONFIG = pathlib.Path("/sys/kernel/config/gpio-sim")
TRACING = pathlib.Path("/sys/kernel/tracing")
CHIPINFO, LINEINFO = 0x8044B401, 0xC100B405  # linux/gpio.h: GPIO_GET_CHIPINFO, GPIO_V2_GET_LINEINFO
USED, ACTIVE_LOW, INPUT, OUTPUT = 1, 2, 4, 8  # GPIO_V2_LINE_FLAG_*
EDGES, PULL_UP = 16 | 32, 256


class Chip:
    """One simulated chip: Chip("pi", "pinctrl-bcm2711", {17: "GPIO17"}, 54)."""

    def __init__(self, name, label, lines, count):
        self.folder = CONFIG / name
        self.bank = self.folder / "bank0"
        self.bank.mkdir(parents=True)
        (self.bank / "num_lines").write_text(str(count))
        (self.bank / "label").write_text(label)
        self.offset = {line: offset for offset, line in lines.items()}
        for offset, line in lines.items():
            (self.bank / f"line{offset}").mkdir()
            (self.bank / f"line{offset}" / "name").write_text(line)
        self.plug()

    def plug(self):
        (self.folder / "live").write_text("1")
        self.device = (self.bank / "chip_name").read_text().strip()
        device = (self.folder / "dev_name").read_text().strip()
        self.sysfs = pathlib.Path("/sys/devices/platform") / device / self.device

    def unplug(self):
        (self.folder / "live").write_text("0")

    def pull(self, line, high):
        """What hangs on the wire: True pulls it up."""
        (self.sysfs / f"sim_gpio{self.offset[line]}" / "pull").write_text(
            "pull-up" if high else "pull-down")

    def value(self, line):
        """What the line really stands at."""
        return int((self.sysfs / f"sim_gpio{self.offset[line]}" / "value").read_text())

    def watch(self, line):
        """A file to read its value from again and again: value_of()."""
        return os.open(self.sysfs / f"sim_gpio{self.offset[line]}" / "value", os.O_RDONLY)

    def info(self):
        """(name, label, number of lines), as the device says."""
        fd = os.open(f"/dev/{self.device}", os.O_RDWR)
        try:
            data = fcntl.ioctl(fd, CHIPINFO, bytes(68))
        finally:
            os.close(fd)
        name, label, lines = struct.unpack("32s32sI", data)
        return name.rstrip(b"\0").decode(), label.rstrip(b"\0").decode(), lines

    def holder(self, line):
        """(consumer, flags) of one line, as the device says."""
        fd = os.open(f"/dev/{self.device}", os.O_RDWR)
        try:
            ask = bytearray(256)
            struct.pack_into("I", ask, 64, self.offset[line])
            data = fcntl.ioctl(fd, LINEINFO, bytes(ask))
        finally:
            os.close(fd)
        name, consumer, _, _, flags = struct.unpack_from("32s32sIIQ", data)
        assert name.rstrip(b"\0").decode() == line, name
        return consumer.rstrip(b"\0").decode(), flags


def value_of(fd):
    return os.pread(fd, 4, 0)[:1] == b"1"


def until_value(fd, wanted, seconds, what):
    """Waits for a watched line to stand at `wanted`: the monotonic second at which it was seen.
    It looks all the time: the programs under test go before it on the guest's one processor."""
    end = time.monotonic() + seconds
    while True:
        now = time.monotonic()
        if value_of(fd) == wanted:
            return now
        if now > end:
            raise AssertionError(f"{what}: not within {seconds:g} s")


class Trace:
    """What the kernel was told to drive, and by whom: the tracepoint of each level that is set."""

    LINE = re.compile(r"^\s*\S*-(\d+)\s+.*?\s([\d.]+): gpio_value: (\d+) set ([01])", re.M)

    def __init__(self):
        (TRACING / "trace_clock").write_text("mono")
        (TRACING / "events/gpio/gpio_value/enable").write_text("1")
        (TRACING / "tracing_on").write_text("1")

    def clear(self):
        (TRACING / "trace").write_text("")

    def driven(self):
        """[(monotonic second, process, number of the line, level)]"""
        return [(float(at), int(pid), int(line), int(level)) for pid, at, line, level
                in self.LINE.findall((TRACING / "trace").read_text())]
