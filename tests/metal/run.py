"""run.py: shopd on a real kernel's lines, in guests of QEMU (`make check-metal`).

Everything is emulated (TCG): it runs in a virtual machine as well as on a desk, and says nothing
about how quick a Raspberry Pi is. Two guests run at a time, each with a named time that it may
take; one that hangs is ended by its process. What a guest says comes over a virtio port, line by
line (guest.py); its console is kept in build/metal and shown when it did not end as it should.

    run.py [--build DIR] [--only REGEX] [GUEST…]       GUESTS below has the names
"""

import argparse
import concurrent.futures
import os
import pathlib
import resource
import select
import socket
import subprocess
import sys
import threading
import time

import kernel
import parts
from kernel import METAL, ROOT, NotBuilt

HERE = pathlib.Path(__file__).resolve().parent
QEMU = "qemu-system-x86_64"
AT_ONCE = 2
SAY = threading.Lock()


class Guest:
    """One boot: which kernel, which shopd, which cases, and for how long at most."""

    def __init__(self, name, suite, seconds, newer=False, rtc=None, words=()):
        self.name, self.suite, self.seconds = name, suite, seconds
        # what the guest's serial scanner reads: QEMU has the other end
        self.scanner, self.scanner_end = socket.socketpair()
        self.newer, self.rtc, self.words = newer, rtc, list(words)
        self.passed = self.failed = 0
        self.ended = False
        self.hung = None  # (seconds within which the watchdog has to end it, since when)

    def say(self, text):
        with SAY:
            print(f"{self.name:10} {text}", flush=True)

    def command(self, linux, build):
        words = ["console=ttyS0", "quiet", "panic=-1", "mitigations=off", f"metal.dir={HERE}",
                 f"metal.suite={self.suite}", f"metal.build={build}",
                 f"metal.now={int(time.time())}", *self.words]
        return [QEMU, "-accel", "tcg", "-cpu", "qemu64", "-M", "q35", "-smp", "1", "-m", "1024",
                "-display", "none", "-nodefaults", "-no-reboot", "-no-user-config",
                "-kernel", linux.image, "-initrd", linux.initrd, "-append", " ".join(words),
                "-serial", f"file:{METAL / self.name}.console",
                "-device", "virtio-serial-pci", "-chardev", "stdio,id=metal,signal=off",
                "-device", "virtserialport,chardev=metal,name=metal",
                "-device", "i6300esb", "-action", "watchdog=poweroff",
                "-chardev", f"socket,id=scanner,fd={self.scanner_end.fileno()}",
                "-device", "qemu-xhci",
                "-device", "usb-serial,chardev=scanner,always-plugged=on,serial=front",
                "-virtfs", "local,path=/,mount_tag=hostroot,security_model=none,readonly=on,"
                "multidevs=remap", *(["-rtc", f"base={self.rtc}"] if self.rtc else [])]

    def hear(self, line):
        kind, _, rest = line.partition(" ")
        if kind == "up":
            self.say(f"booted in {time.monotonic() - self.began:.1f} s, Linux {rest.split()[1]}")
        elif kind in ("ok", "FAILED"):
            name, seconds = rest.split()
            self.say(f"{kind:7} {name} ({seconds} s)")
            self.passed += kind == "ok"
            self.failed += kind != "ok"
        elif kind == "scan":
            self.scanner.send(bytes.fromhex(rest))
        elif kind == "hang":
            self.hung = float(rest), time.monotonic()
        elif kind == "end":
            self.ended = True
        else:
            self.say("        " + rest if kind == "note" else "        " + line)

    def bitten(self):
        """The guest's kernel stood still, and QEMU ended: that was the watchdog."""
        seconds, since = self.hung
        took = time.monotonic() - since
        self.ended = True
        good = took <= 2 * seconds
        self.hear(f"{'ok' if good else 'FAILED'} the_machine_was_ended_by_its_watchdog {took:.1f}")

    def run(self, linux, build):
        """Boots it, hears it out; a failure of its own when it did not end by itself."""
        self.began = time.monotonic()
        process = subprocess.Popen([str(a) for a in self.command(linux, build)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE,
                                   pass_fds=[self.scanner_end.fileno()])
        self.scanner_end.close()
        end, buffer, late = self.began + self.seconds, b"", False
        try:
            while True:
                left = end - time.monotonic()
                if left <= 0:
                    late = True
                    break
                if not select.select([process.stdout], [], [], left)[0]:
                    continue
                data = os.read(process.stdout.fileno(), 4096)
                if not data:
                    break
                *lines, buffer = (buffer + data).split(b"\n")
                for line in lines:
                    self.hear(line.decode(errors="replace"))
        finally:
            if late or process.poll() is None and not self.ended:
                process.kill()
            try:
                status = process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                status = process.wait()
        if self.hung and not late and not self.ended:
            self.bitten()
        if late or status or not self.ended or not self.passed:
            self.failed += 1
            why = f"not done in {self.seconds} s" if late else f"ended by itself ({status})"
            self.say(f"FAILED  the guest: {why}")
            console = METAL / f"{self.name}.console"
            if console.exists():
                for line in console.read_text(errors="replace").splitlines()[-25:]:
                    self.say("        | " + line)
            for line in process.stderr.read().decode(errors="replace").splitlines()[-5:]:
                self.say("        | " + line)
        self.say(f"done in {time.monotonic() - self.began:.0f} s")


def guests(built):
    """Every boot, the longest first."""
    units = ["metal.systemd=1", f"metal.stage={built.stage}",
             *([f"metal.debs={built.debs}"] if built.debs else [])]
    return [
        Guest("lines-1", "lines", 500, words=["metal.libgpiod=2"]),
        Guest("lines-2", "lines", 500, newer=True, words=[
            "metal.libgpiod=3", f"metal.shopd={built.bin}/shopd-gpiod2"]),
        Guest("units", "units", 500, words=units),
        Guest("clock-1970", "clock", 300, rtc="1970-01-01T00:00:00", words=["metal.year=1970"]),
        Guest("clock-2000", "clock", 300, rtc="2000-01-01T00:00:00", words=["metal.year=2000"]),
        Guest("scanner", "scanner", 200),
    ]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/gcc")
    parser.add_argument("--only", help="of each guest only the cases that this matches")
    parser.add_argument("guests", nargs="*")
    return parser.parse_args()


def main():
    options = arguments()
    build = (ROOT / options.build).resolve()
    began = time.monotonic()
    try:
        built = parts.build(build)
    except NotBuilt as why:
        print(f"FAILED  {why}\n0 passed, 1 failed")
        return 1
    print(f"kernels, modules and shopd built in {time.monotonic() - began:.0f} s", flush=True)
    chosen = [g for g in guests(built) if not options.guests or g.name in options.guests]
    for guest in chosen:
        if options.only:
            guest.words.append(f"metal.only={options.only}")
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda g: g.run(built.newer if g.newer else built.linux, built.bin), chosen))
    passed, failed = sum(g.passed for g in chosen), sum(g.failed for g in chosen)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"check-metal took {time.monotonic() - began:.0f} s, and "
          f"{used.ru_utime + used.ru_stime:.0f} s of a processor")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
