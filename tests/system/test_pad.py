"""A PIN pad at the door: two lines of the simulated chip, bursts of bits, and the PIN of a pass."""

import os
import socket

from shop import Eye, main, until
from phone import Office  # shop.py has put its folder on the path

PAD = ("--set", "shopd:door front:pad_d0=front-pad_d0", "--set", "shopd:door front:pad_d1=front-pad_d1")
KEYS = "0123456789*#"
OK, TYPE = 9, 13


class Pad:
    """Fingers on the pad of the front door."""

    def __init__(self, shop):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.sock.settimeout(5)
        self.sock.connect(str(shop.state / "run" / "sim.sock"))

    def burst(self, bits):
        """One burst as the pad would send it; whether somebody has its lines."""
        self.sock.send(Eye.HEAD.pack(Eye.VERSION, TYPE, 0, 0, 0, 0, 0, b"front", bits.encode()))
        return Eye.HEAD.unpack_from(self.sock.recv(4096))[1] == OK

    def type(self, keys, bits=4):
        """Keys one by one; the next one no sooner than a finger could."""
        for key in keys:
            n = KEYS.index(key)
            assert self.burst(f"{n:04b}" if bits == 4 else f"{15 - n:04b}{n:04b}")
            self.rest()

    @staticmethod
    def rest():
        """As long as the silence after a burst."""
        left, right = socket.socketpair()
        with left, right:
            left.settimeout(0.05)
            try:
                left.recv(1)
            except TimeoutError:
                pass


def a_pass_with_pin(shop, pin):
    """A code that wants this PIN."""
    office, member, cti = Office(), shop.member(), os.urandom(16)
    shop.shopctl("pass", "key", "--key", office.cose_key.hex())
    shop.shopctl("pass", "pin", cti.hex(), pin)
    return office.qr_of(office.pass_token(shop.name, member.customer, cti=cti))


def shown(shop, code):
    """Shows the pass, and waits until its PIN is asked for."""
    before = shop.head()
    shop.scan(code)
    shop.row_until(before, 5, verdict="pin_required")


def test_a_pin_typed_at_the_pad_opens(shop):
    with shop.eye() as eye:
        pad, code = Pad(shop), a_pass_with_pin(shop, "4711")
        # without a pass there is nothing to type for
        until(lambda: pad.burst("0001"), 5, "the pad's lines taken")
        pad.rest()
        pad.type("234#")
        eye.wait("front-light_no", True, 2)
        assert not eye.strike()
        # a wrong one, then what was half typed is begun again, by bursts of either kind
        shown(shop, code)
        before = shop.head()
        pad.type("4712#")
        shop.row_until(before, 5, verdict="pin_wrong")
        pad.type("99*", bits=8)
        pad.type("47")
        pad.type("11#", bits=8)
        eye.wait("front-strike", True, 3)
        shop.quiet()


def test_a_card_is_not_taken_and_nothing_is_said_of_it(shop):
    pad = Pad(shop)
    code = a_pass_with_pin(shop, "4711")
    until(lambda: pad.burst("10" * 13), 5, "the pad's lines taken")
    until(lambda: "a card's number (26 bits" in shop.console("shopd"), 3, "its line in the log")
    for bits in ("1111", "00000000", "1", "01" * 17, "0" * 64):  # no keys, a longer card, noise
        assert pad.burst(bits)
        pad.rest()
    shown(shop, code)
    head = shop.head()
    pad.type("47")
    assert pad.burst("10" * 13)  # a card between two keys is no key either
    pad.rest()
    pad.type("11#")
    with shop.eye() as eye:
        assert eye.strike() or eye.wait("front-strike", True, 3)
    assert not [r for r in shop.log(head) if "4711" in str(r)]
    assert "4711" not in shop.console("shopd")
    # a pad that is gone is a reader that is gone, and found again with its chip
    shop.hand("unplug")
    until(lambda: "no PIN pad" in shop.console("shopd"), 5, "the pad is missed")
    until(lambda: "the PIN pad is there" in shop.console("shopd"), 8, "the pad is back")


if __name__ == "__main__":
    main(globals(), PAD)
