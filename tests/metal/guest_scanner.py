"""guest_scanner.py: a scanner that is a keyboard, made by the kernel's uinput: it types a phone's code,
the door opens, and nobody else reads a key of it.

In a guest it is a suite of guest.py's, with a door on the kernel's own lines. As root on a machine that
has /dev/uinput it runs by itself, with a simulated door:

    guest_scanner.py [test_name…]
"""

import contextlib
import fcntl
import os
import pathlib
import select
import struct
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "system"), str(HERE.parent / "phone")]

import shop as house  # noqa: E402

UINPUT = "/dev/uinput"
# linux/uinput.h and linux/input.h
SET_EVBIT, SET_KEYBIT, SETUP, CREATE, DESTROY = (0x40045564, 0x40045565, 0x405C5503, 0x5501, 0x5502)
GET_SYSNAME, GRAB = 0x8040552C, 0x40044590
EV_SYN, EV_KEY, EV_REL = 0, 1, 2
EVENT = struct.Struct("llHHi")
SHIFT, ENTER = 42, 28
# the keys of a US keyboard by their numbers, written down here once more, and not out of our own table
ROWS = {2: "1234567890-=", 16: "qwertyuiop[]", 30: "asdfghjkl;'`", 43: "\\zxcvbnm,./", 57: " "}
SHIFTED = {2: "!@#$%^&*()_+", 16: "QWERTYUIOP{}", 30: "ASDFGHJKL:\"~", 43: "|ZXCVBNM<>?", 57: " "}
AT_ONCE = 4  # keys: the kernel keeps 64 events for a reader, and eight make a key with Shift
PACE_S = 0.002
TRIES = 5


def key_of(char):
    """(number, with Shift) of the key that makes this letter."""
    for rows, shift in ((ROWS, False), (SHIFTED, True)):
        for first, letters in rows.items():
            if char in letters:
                return first + letters.index(char), shift
    raise KeyError(char)


class Device:
    """An input device until it is unplugged; `path` is its /dev/input/event…"""

    def __init__(self, name, keys=(), others=()):
        self.fd = os.open(UINPUT, os.O_WRONLY | os.O_NONBLOCK)
        for kind in (EV_KEY, *others):
            fcntl.ioctl(self.fd, SET_EVBIT, kind)
        for key in keys:
            fcntl.ioctl(self.fd, SET_KEYBIT, key)
        setup = struct.pack("HHHH80sI", 3, 0x1eab, 1, 1, name.encode(), 0)
        fcntl.ioctl(self.fd, SETUP, setup)
        fcntl.ioctl(self.fd, CREATE)
        name = fcntl.ioctl(self.fd, GET_SYSNAME, bytes(64)).split(b"\0")[0].decode()
        folder = pathlib.Path("/sys/devices/virtual/input", name)
        node = house.until(lambda: next(folder.glob("event*"), None), 5, "its event device")
        self.path = pathlib.Path("/dev/input", node.name)
        house.until(self.path.exists, 5, self.path)

    def send(self, *events):
        os.write(self.fd, b"".join(EVENT.pack(0, 0, *e) for e in (*events, (EV_SYN, 0, 0))))

    def press(self, *keys):
        """Each key is (number, with Shift)."""
        events = []
        for key, shift in keys:
            moves = [(SHIFT, 1)] * shift + [(key, 1), (key, 0)] + [(SHIFT, 0)] * shift
            for number, value in moves:
                events += [(EV_KEY, number, value), (EV_SYN, 0, 0)]
        self.send(*events[:-1])

    def type(self, text):
        """A code as a scanner types it, and Enter: quicker than any, for a pause ends a code, and on a
        machine that is emulated on one that is busy there are pauses enough."""
        keys = [key_of(char) for char in text] + [(ENTER, False)]
        for at in range(0, len(keys), AT_ONCE):
            self.press(*keys[at:at + AT_ONCE])
            select.select([], [], [], PACE_S)  # the scanner's own pace

    def unplug(self):
        fcntl.ioctl(self.fd, DESTROY)
        os.close(self.fd)


def keyboard():
    return Device("Honest Scanner", range(1, 84))


@contextlib.contextmanager
def reader(path):
    """Somebody else who reads the device: a function that says how many events came."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def came():
        try:
            return len(os.read(fd, 4096)) // EVENT.size
        except BlockingIOError:
            return 0
    try:
        yield came
    finally:
        os.close(fd)


class Plug:
    """Where shopd looks for the scanner: a name that stays the same, as in /dev/input/by-id."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="by-id-")
        self.link = pathlib.Path(self.folder, "usb-scanner-event-kbd")
        self.device = None

    def put(self, device):
        self.device = device
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(device.path)

    def pull(self):
        self.device.unplug()
        self.device = None


def said(shop, words):
    return shop.console("shopd").count(words)


def found(shop, before):
    """Waits until shopd has the scanner again."""
    house.until(lambda: said(shop, "the scanner is there") > before, 10, "the scanner found")


def admitted(shop):
    """A new member's code, typed, is let in. Where the emulated machine stood still for the 50 ms that
    end a code, its pieces were refused, and it is shown again, as anybody would."""
    member = shop.member()
    for _ in range(TRIES):
        before = shop.head()
        shop.plug.device.type(member.qr())

        def judged():
            rows = [r for r in shop.log(before) if r["kind"] in ("admitted", "refused")]
            return rows and rows[-1]

        row = house.until(judged, 10, "the code is judged")
        if row["kind"] == "admitted":
            assert row["customer"] == member.customer, row
            return
        assert row["verdict"] == "malformed", row
    raise AssertionError(f"in pieces {TRIES} times")


# --- the cases


def test_a_code_that_is_typed_opens(shop):
    shop.strike_seen(lambda: admitted(shop))


def test_nobody_else_reads_a_key_of_it(shop):
    with reader(shop.plug.device.path) as came:
        admitted(shop)
        assert came() == 0, "keys went to another reader"
    spare = keyboard()  # the same two, ungrabbed: what another reader would have read
    with reader(spare.path) as came:
        spare.press((ENTER, False))
        house.until(came, 5, "keys that nobody has grabbed")
    spare.unplug()


def test_what_is_no_code_is_refused_once(shop):
    before = shop.head()
    shop.plug.device.type("7310865004703\x60")
    shop.row_until(before, 10, kind="refused")
    # a key that hangs says nothing more
    for value in (1, 2, 2, 2, 2, 0):
        shop.plug.device.send((EV_KEY, 2, value))
    admitted(shop)


def test_unplugged_and_plugged_in_again(shop):
    gone, there = said(shop, "the scanner is gone"), said(shop, "the scanner is there")
    shop.plug.pull()
    house.until(lambda: said(shop, "the scanner is gone") > gone, 10, "it is missed")
    shop.plug.put(keyboard())
    found(shop, there)
    admitted(shop)


def test_what_another_has_grabbed_is_not_used(shop):
    there = said(shop, "the scanner is there")
    other = keyboard()
    grabbing = os.open(other.path, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.ioctl(grabbing, GRAB, 1)
    shop.plug.pull()
    shop.plug.put(other)
    house.until(lambda: said(shop, "another program has grabbed it"), 10, "the reason")
    os.close(grabbing)  # and is found as soon as it is let go
    found(shop, there)
    admitted(shop)


def test_what_is_no_keyboard_is_not_used(shop):
    there = said(shop, "the scanner is there")
    shop.plug.pull()
    mouse = Device("Honest Mouse", (0x110,), (EV_REL,))
    shop.plug.put(mouse)
    house.until(lambda: said(shop, "but no keyboard"), 10, "the reason")
    shop.plug.pull()
    shop.plug.put(keyboard())
    found(shop, there)
    admitted(shop)


# --- in a guest


@contextlib.contextmanager
def bench(report):
    """A shop on the guest's own lines, whose door has this scanner."""
    import bench as benches  # there is a chip to be had in a guest alone
    from chip import until_value

    class Scanned(benches.Bench):
        """A Bench whose scanner is a keyboard."""

        def configure(self):
            super().configure()
            lines = [f"scanner = input:{self.plug.link}" if line.startswith("scanner = ") else line
                     for line in self.conf.read_text().splitlines()]
            self.conf.write_text("\n".join(lines) + "\n")

        def console(self, program):
            return self.log_file.read_text(errors="replace") if program == "shopd" else ""

        def strike_seen(self, done):
            with self.eye() as strike:
                done()
                until_value(strike, True, 10, "the strike is on")

    Scanned.plug = Plug()
    Scanned.plug.put(keyboard())
    shop = Scanned(report)
    shop.start()
    try:
        yield shop
    finally:
        if shop.process.poll() is None:
            shop.process.kill()
            shop.process.wait()


# --- by itself


@contextlib.contextmanager
def home():
    """A shop with a simulated door, as make run has it."""
    plug = Plug()
    plug.put(keyboard())
    with house.start("--scanner", f"input:{plug.link}") as shop:
        shop.plug = plug

        def strike_seen(done):
            with shop.eye() as eye:
                done()
                assert eye.strike() or eye.wait("front-strike", True, 10)
        shop.strike_seen = strike_seen
        yield shop


def main():
    if not os.path.exists(UINPUT) or os.geteuid():
        print(f"this needs root and {UINPUT} (modprobe uinput)")
        return 2
    passed = failed = 0
    tests = [f for n, f in globals().items() if n.startswith("test_")
             and (n in sys.argv[1:] or not sys.argv[1:])]
    with home() as shop:
        for test in tests:
            began, good = time.monotonic(), True
            try:
                test(shop)
            except Exception as error:  # a case may fail in any way
                good = False
                print(f"        {type(error).__name__}: {error}")
            print(f"{'ok' if good else 'FAILED':7} {test.__name__} ({time.monotonic() - began:.1f} s)")
            passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
