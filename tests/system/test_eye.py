"""Cameras at the door and at the till: pictures of codes, as a cheap camera takes them, through eyed into
shopd; what is no picture, an eyed that is killed and one that hangs; and how much of a fixed set of
pictures is read, how fast."""

import atexit
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import tempfile

from shop import ROOT, main, until
from eyes import Camera  # found by shop

BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")
FOLDER = tempfile.mkdtemp(prefix="eye-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
EYES = ("--scanner", f"eye:{FOLDER}/front.sock", "--till-scanner", f"eye:{FOLDER}/till.sock")
# turned, seen from the side, out of focus by two pixels, in poor light
WORN = ("size=360", "turn=14", "lean=15", "blur=20", "noise=14")
FRONT = Camera(FOLDER, BUILD, "front", "qr")
TILL = Camera(FOLDER, BUILD, "till", "qr ean databar code128 datamatrix")
atexit.register(TILL.end)
atexit.register(FRONT.end)


def there(shop, count=1, door="front"):
    """Waits until shopd has found its eye for the `count`-th time (0: at its start)."""
    until(lambda: shop.console("shopd").count(f"{door}: the scanner is there") >= count, 8,
          f"the eye of {door} found")


def opens(shop, *words):
    """A new member's code, painted so, opens the door; the picture stays where it is."""
    member, before = shop.member(), shop.head()
    FRONT.show(*words, member.qr())
    row = shop.row_until(before, kind="admitted", customer=member.customer)
    with shop.eye() as eye:
        assert eye.strike() or eye.wait("front-strike", True, 3)
    return member, row


def test_a_worn_picture_of_a_code_opens_once(shop):
    FRONT.plug()
    FRONT.start()
    there(shop)
    member, row = opens(shop, *WORN)
    # the phone stays where it is for longer than eyed forgets what it no longer sees
    until(lambda: shop.still_for() > 1.5, 5, "some looks more")
    rows = [r for r in shop.log(row["seq"] - 1) if r["kind"] in ("admitted", "refused")]
    assert len(rows) == 1, rows
    assert row["door"] == "front" and member.customer not in FRONT.said(), FRONT.said()


def test_goods_before_the_tills_camera_are_lines(shop):
    TILL.plug()
    TILL.start()
    there(shop, door="till1")
    member, before, gtin = shop.member(), shop.head(), shop.gtins()[0]
    TILL.show("size=330", "format=YUYV", "turn=-8", member.qr("till"))
    shop.row_until(before, kind="admitted", customer=member.customer)
    TILL.show("kind=ean", "size=400", "format=UYVY", "turn=90", "blur=6", "noise=10",
              gtin.rjust(13, "0"))
    shop.row_until(before, kind="line", customer=member.customer)
    TILL.end()
    until(lambda: "till1: the scanner is gone" in shop.console("shopd"), 5, "the till's eye missed")


def broken(shop, picture):
    """A camera that says this after a whole picture is lost; one behind it that is well opens."""
    gone = shop.console("shopd").count("front: the scanner is gone")
    FRONT.picture = FRONT.paint("kind=none", "") + picture
    until(lambda: shop.console("shopd").count("front: the scanner is gone") > gone, 6, "missed")
    FRONT.unplug()
    FRONT.show_nothing()
    FRONT.plug()
    there(shop, gone + 2)


def test_what_is_no_picture_is_no_camera(shop):
    """More of them in tests/unit/test_eyed_frames.c, and in the fuzzer."""
    broken(shop, b"SKF1GREY" + struct.pack("<II", 1 << 31, 2) + os.urandom(1000))
    assert "it says what no camera would" in FRONT.said(), FRONT.said()
    opens(shop, "size=300")


def test_it_comes_back_and_its_silence_harms_nobody(shop):
    found = shop.console("shopd").count("front: the scanner is there")
    FRONT.kill()
    until(lambda: shop.console("shopd").count("front: the scanner is gone") >= found, 5, "missed")
    assert FRONT.socket.exists()
    FRONT.show_nothing()
    FRONT.start()  # over the socket that the dead one left
    there(shop, found + 1)
    with socket.socket(socket.AF_UNIX) as second:  # there is one reader
        second.settimeout(5)
        second.connect(str(FRONT.socket))
        assert second.recv(1) == b""
    FRONT.program.send_signal(signal.SIGSTOP)
    member = shop.member()
    FRONT.show("size=300", member.qr())
    with shop.eye() as eye:  # the door is a phone's as ever
        status, _ = shop.api("POST", f"/v1/door/{shop.door}/unlock", shop.member().token(shop.door))
        assert status == 200 and (eye.strike() or eye.wait("front-strike", True, 3))
    FRONT.program.send_signal(signal.SIGCONT)
    shop.row_until(0, 5, kind="admitted", customer=member.customer)


def read_at(path, seconds=5.0):
    """What the first reader of this eye is told, to its CR."""
    def connect():
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(str(path))
            return sock
        except OSError:
            sock.close()
            return None
    with until(connect, seconds, path) as sock:
        sock.settimeout(seconds)
        told = b""
        while not told.endswith(b"\r"):
            data = sock.recv(1000)
            assert data, told
            told += data
        return told[:-1].decode()


def test_a_camera_of_the_kernels_kind(start):
    """The same calls as to a real one, answered by tests/standin/fakecam.c."""
    del start
    device = pathlib.Path(FOLDER, "video")
    eye = Camera(FOLDER, BUILD, "v4l2", "qr")
    eye.conf.write_text(eye.conf.read_text().replace(f"file:{eye.fifo}", str(device)))
    picture, mode = device.with_suffix(".picture"), device.with_suffix(".mode")
    eye.preload = {"LD_PRELOAD": str((BUILD / "fakecam.so").resolve()), "FAKECAM": str(device)}
    picture.write_bytes(eye.paint("format=YUYV", "size=330", "turn=9", "noise=8", "SK1:ONE"))
    eye.start()
    try:
        assert read_at(eye.socket) == "SK1:ONE"
        for wrong, word in (("gone", "No such device"), ("length", "no camera would"),
                            ("short", "no picture comes")):
            mode.write_text(wrong)
            until(lambda: not eye.socket.exists(), 6, f"{wrong}: the socket is gone")
            until(lambda: word in eye.said(), 5, f"{wrong}: {word}")
            mode.unlink()
            until(eye.socket.exists, 5, f"{wrong}: the camera is there again")
        picture.write_bytes(eye.paint("format=YUYV", "size=330", "SK1:TWO"))
        assert read_at(eye.socket) == "SK1:TWO"
        assert eye.program.poll() is None
    finally:
        eye.end()


def test_its_configuration_is_checked(start):
    del start
    for text, word in (("name = a\ncamera = /dev/video0\n", "codes"),
                       ("name = a\ncamera = video0\ncodes = qr\n", "camera"),
                       ("name = a\ncamera = /dev/v\ncodes = qr aztec\n", "aztec"),
                       ("name = a\ncamera = /dev/v\ncodes = qr\nrate = 11\n", "rate"),
                       ("name = a\ncamera = /dev/v\ncodes = qr\nwidth = 4000\n", "width"),
                       ("name = a\ncamera = /dev/v\ncodes = qr\ncolour = yes\n", "colour")):
        path = pathlib.Path(FOLDER, "wrong.conf")
        path.write_text(text)
        done = subprocess.run([BUILD / "eyed", "--check", path], capture_output=True, text=True,
                              timeout=10, check=False)
        assert done.returncode == 1 and word in done.stderr, (text, done)


def test_how_much_it_reads_and_how_fast(start):
    """Milliseconds are of the processor, on this machine."""
    del start
    done = subprocess.run([BUILD / "eyepaint", "--measure", "31"], capture_output=True, text=True,
                          timeout=60, check=True)
    m = json.loads(done.stdout)
    print(f"        QR {m['qr_read']}/{m['qr']}, EAN {m['ean_read']}/{m['ean']}, wrongly {m['wrong']}; "
          f"{m['pictures']} pictures of 640x480, p50 {m['p50_ms']} ms, p99 {m['p99_ms']} ms")
    assert m["wrong"] == 0 and m["qr_read"] >= 46 and m["ean_read"] >= 24, m


if __name__ == "__main__":
    main(globals(), EYES)
