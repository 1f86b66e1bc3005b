"""guest.py: what runs in the guest: the cases of one suite, told line by line to the host.

It is the first process of the guest, or a unit of its systemd. The suite (guest_NAME.py) holds
functions `test_*(bench)`, run in the order in which they stand; each fails by raising. What is said
goes through a virtio port that the driver on the host reads:
    ok NAME SECONDS / FAILED NAME SECONDS, | a line of why, note TEXT, end
A line that does not come is the driver's to miss: it ends a guest that hangs.
"""

import ctypes
import importlib
import os
import pathlib
import re
import select
import subprocess
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
RB_POWER_OFF = 0x4321FEDC
sys.path[:0] = [str(HERE), str(HERE.parent / "system"), str(HERE.parent / "standin"),
                str(HERE.parent / "phone")]


def word(name, default=None):
    """One word of the kernel's command line."""
    found = re.search(rf"(?:^| ){re.escape(name)}=(\S+)",
                      pathlib.Path("/proc/cmdline").read_text())
    return found[1] if found else default


class Report:
    """The road to the host."""

    def __init__(self):
        port = next(p for p in pathlib.Path("/sys/class/virtio-ports").iterdir()
                    if (p / "name").read_text().strip() == "metal")
        self.fd = os.open(f"/dev/{port.name}", os.O_WRONLY)

    def say(self, text):
        data = (text + "\n").encode()
        while data:
            data = data[os.write(self.fd, data):]

    def heard(self):
        """Whether the host has taken all that was said: a virtio port takes a line as a whole, and
        may be written to again once that is done."""
        return bool(select.select([], [self.fd], [], 1)[1])

    def note(self, text):
        self.say("note " + text)

    def why(self):
        """The exception that is being handled."""
        for line in traceback.format_exc().splitlines():
            self.say("| " + line)


def quietly(*argv):
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def mounts():
    """What a first process finds missing."""
    for folder, kind in (("/dev/pts", "devpts"), ("/sys/kernel/config", "configfs"),
                         ("/sys/kernel/debug", "debugfs"), ("/sys/kernel/tracing", "tracefs"),
                         ("/dev/shm", "tmpfs")):
        os.makedirs(folder, exist_ok=True)
        if not os.path.ismount(folder):
            quietly("mount", "-t", kind, kind, folder)
    quietly("ip", "link", "set", "lo", "up")


def run(report, suite):
    names = vars(importlib.import_module(f"guest_{suite}"))
    tests = sorted((f for n, f in names.items() if n.startswith("test_") and callable(f)),
                   key=lambda f: f.__code__.co_firstlineno)
    only = word("metal.only")
    with names["bench"](report) as bench:
        for test in tests:
            if only and not re.search(only, test.__name__):
                continue
            began = time.monotonic()
            try:
                test(bench)
                report.say(f"ok {test.__name__} {time.monotonic() - began:.1f}")
            except Exception:  # a case may fail in any way
                report.say(f"FAILED {test.__name__} {time.monotonic() - began:.1f}")
                report.why()
                for line in bench.last_words():
                    report.say("|   " + line)


def main():
    os.environ.update(PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                      HOME="/root", LANG="C.UTF-8")
    mounts()
    report = Report()
    report.say(f"up {time.clock_gettime(time.CLOCK_BOOTTIME):.2f} {os.uname().release}")
    try:
        run(report, word("metal.suite"))
    except BaseException:
        report.say("FAILED the_suite_itself 0")
        report.why()
    report.say("end")
    os.sync()
    if os.getpid() == 1:
        ctypes.CDLL(None).reboot(RB_POWER_OFF)
    else:
        quietly("systemctl", "poweroff", "--force", "--force")


if __name__ == "__main__":
    main()
