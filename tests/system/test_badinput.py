"""Hostile bytes at the scanners: refused, recorded within bounds, memory flat, and whoever comes with a
good token meanwhile is let in.
"""

import os
import random
import time

from shop import main, until

NASTY = {
    "7,000 characters": b"SK1:" + b"A" * 7000 + b"\r",
    "7,000 characters of no token": b"9" * 7000 + b"\n",
    "nothing but ends": b"\r\n\r\n\r",
    "NULs": b"SK1:\0\0\0\0\0\0\0\0\r",
    "SQL": b"'; DROP TABLE entry; --\r",
    "SQL in a token": b"SK1:'; DELETE FROM member; --\r",
    "escape sequences": b"\x1b[2J\x1b]0;owned\x07\x1b[31mSK1:\x1b[0m\r",
    "a C1 control": b"\xc2\x9b2J\xc2\x90\r",
    "no UTF-8": bytes(range(128, 256)) + b"\r",
    "a format": b"%s%s%s%n%n%n\r",
    "base45 of nothing": b"SK1:\r",
    "base45 out of its range": b"SK1::::\r",
    "an odd end": b"SK1:AAAAA0\r",
    "AIM alone": b"]Q1\r",
    "AIM and a token's head": b"]Q1SK1:\r",
}


def let_in(shop, seconds=3):
    """A fresh member's token opens the door: how long that took."""
    member = shop.member()
    with shop.eye() as eye:
        code = member.qr()
        began = time.monotonic()
        shop.scan(code)
        eye.wait("front-strike", True, seconds)
        took = time.monotonic() - began
        eye.wait("front-strike", False, 8)
    return took


def test_each_is_refused_and_the_next_token_is_served(shop):
    for name, data in NASTY.items():
        shop.scan(data)
        shop.scan(data, till=True)
        assert shop.door_now()["strike"] == "off", name
    let_in(shop)
    assert shop.shopctl("ledger", "verify")["ok"] is True
    log = shop.console("shopd")
    assert all(" " <= c or c == "\n" for c in log), "a control character in the log"
    assert "DROP TABLE" not in log, "what was scanned is quoted in the log"


def test_a_wrong_code_gets_one_row_and_one_line(start):
    with start() as shop:
        before, lines = shop.head(), shop.console("shopd").count("\n")
        shop.scan(b"SK1:THIS IS NO TOKEN\r")
        row = shop.row_until(before, kind="refused")
        assert row["verdict"] == "malformed" and row["door"] == "front", row
        assert len(shop.log(before)) == 1
        until(lambda: shop.console("shopd").count("malformed"), 2, "the line in the log")
        assert shop.console("shopd").count("\n") == lines + 1, shop.console("shopd")


def test_a_half_frame_ends_by_silence(start):
    with start() as shop:
        before = shop.head()
        shop.scan(b"SK1:HALF")  # and no CR
        shop.row_until(before, 2, kind="refused", verdict="malformed")
        # a frame in pieces is one frame as long as its silence is short
        member = shop.member()
        code = member.qr().encode() + b"\r"
        with shop.eye() as eye:
            for i in range(0, len(code), 40):
                shop.scan(code[i:i + 40])
            eye.wait("front-strike", True, 2)


def test_an_overlong_code_is_one_refusal(start):
    with start() as shop:
        before = shop.head()
        shop.scan(NASTY["7,000 characters"])
        shop.row_until(before, kind="refused", verdict="malformed")
        let_in(shop)
        refused = [r for r in shop.log(before) if r["kind"] == "refused"]
        assert len(refused) == 1, refused


def test_a_hundred_scans_a_second_leave_memory_flat(start):
    with start() as shop:
        chance = random.Random(2026)
        let_in(shop)

        def storm(seconds):
            end, sent, due = time.monotonic() + seconds, 0, time.monotonic()
            while time.monotonic() < end:
                size = chance.choice((3, 20, 60, 186, 511, 600))
                shop.scan(b"SK1:" + chance.randbytes(size).replace(b"\r", b"-") + b"\r")
                sent, due = sent + 1, due + 0.01
                wait = due - time.monotonic()
                if wait > 0:
                    time.sleep(wait)  # a poll, bounded by 10 ms: the scanner's own pace
            return sent

        before = shop.head()
        storm(3)
        full = shop.memory("shopd")
        sent = storm(5)
        assert sent > 350, sent
        grown = shop.memory("shopd") - full
        assert grown < 512 * 1024, f"{grown} bytes more after {sent} scans"
        took = let_in(shop)
        assert took < 0.5, f"a good token waited {took:.3f} s"
        rows = shop.log(before)
        assert len(rows) < 60, f"{len(rows)} rows: refusals must be counted, not listed"


def test_a_good_token_in_the_middle_of_a_storm(start):
    with start() as shop:
        member = shop.member()
        with shop.eye() as eye:
            fd = os.open(shop.run["scanner"], os.O_WRONLY | os.O_NOCTTY)
            os.write(fd, b"SK1:NONSENSE%d\r" * 60 + member.qr().encode() + b"\r"
                     + b"SK1:MORE NONSENSE\r" * 20)
            os.close(fd)
            eye.wait("front-strike", True, 2)


if __name__ == "__main__":
    main(globals())
