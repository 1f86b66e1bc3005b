"""guest_clock.py: a machine that was switched on with a wrong clock (`-rtc base=`).

As a box without a battery, or with an empty one, after a power cut: the shop says that it does not
know the time, and until it does it lets in only who answers the code that the door itself shows.
"""

import contextlib
import time

from bench import running
from guest import word

YEAR_S = 366 * 86400


class Clock:
    """The time that it really is, as the host says; and the one with which this machine came up."""

    def __init__(self):
        self.boot = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
        self.offset = int(word("metal.now")) - time.time()

    def real(self):
        """What a phone's clock says, whose owner has a network."""
        return int(time.time() + self.offset)

    def set_right(self):
        time.clock_settime(time.CLOCK_REALTIME, time.time() + self.offset)
        self.offset = 0.0

    def set_as_at_boot(self):
        real = time.time()
        wrong = self.boot + time.clock_gettime(time.CLOCK_BOOTTIME)
        time.clock_settime(time.CLOCK_REALTIME, wrong)
        self.offset = real - wrong


@contextlib.contextmanager
def bench(report):
    with running(report, clock="network") as shop:
        shop.clock_of = Clock()
        yield shop


def refused(bench, member):
    """A code that a phone with the right time makes; and one of the machine's own time."""
    for now in (bench.clock_of.real(), int(time.time())):
        before = bench.head()
        bench.scan(member.qr(iat=now, exp=now + 60))
        row = bench.row_until(before, kind="refused")
        assert row["verdict"] == "clock_untrusted", row
    assert not bench.value("strike"), "the strike is on"


def nonce_opens(bench, member):
    """The answer to the door's own code opens, whatever either clock says."""
    now = bench.clock_of.real()
    bench.unlock(member, 5, **bench.door_answer(iat=now, exp=now + 60))
    bench.strike_off(7)


def test_the_machine_came_up_with_a_wrong_clock(bench):
    year = int(word("metal.year"))
    assert time.gmtime(bench.clock_of.boot).tm_year in (year, year - 1), time.gmtime()
    assert bench.clock_of.offset > YEAR_S, bench.clock_of.offset
    assert bench.shopctl("status")["clock_trusted"] is False


def test_only_the_answer_to_the_doors_own_code_opens(bench):
    member = bench.member()
    refused(bench, member)
    nonce_opens(bench, member)


def test_a_phones_code_opens_once_the_clock_is_vouched_for(bench):
    bench.clock_of.set_right()
    bench.shopctl("clock", "trust")
    assert bench.shopctl("status")["clock_trusted"] is True
    bench.unlock(bench.member(), 5)
    bench.strike_off(7)


def test_an_empty_battery_is_found_out_by_the_books(bench):
    """The next start, with a battery clock that says the same wrong time: the books know better."""
    member = bench.member()
    bench.stop()
    bench.clock_of.set_as_at_boot()
    bench.clock = "rtc"
    bench.configure()
    bench.start()
    assert bench.shopctl("status")["clock_trusted"] is False
    assert bench.said("not trusted")
    refused(bench, member)
    nonce_opens(bench, member)
