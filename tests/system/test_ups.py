"""test_ups.py: the UPS by NUT's own server: mains, battery, and each way in which it may fall silent."""

import contextlib
import pathlib
import socket
import sys
import tempfile
import threading

from courierhouse import courier
from shop import ROOT, main

sys.path.insert(0, str(ROOT / "tests/standin"))
from nut import Nut  # noqa: E402

WAITS = True

SECTION = "[ups eaton]\nserver = {}\npower = mains\nbattery = ups-battery\n"


@contextlib.contextmanager
def house(address):
    with courier(more=SECTION.format(address)) as c:
        yield c


def reading(c, seconds=15, **fields):
    return c.shopd.hear("reading", seconds, **fields)


def test_mains_battery_and_silence(start):
    with tempfile.TemporaryDirectory(prefix="ups-") as folder:
        nut = Nut(pathlib.Path(folder) / "nut")
        try:
            with house(nut.address) as c:
                reading(c, sensor="mains", lost=0, value=0)
                reading(c, sensor="ups-battery", lost=0, value=0)
                nut.says("OB DISCHRG")
                reading(c, sensor="mains", value=1)
                assert reading(c, sensor="ups-battery")["value"] == 0
                nut.says("OB DISCHRG LB")
                reading(c, sensor="ups-battery", value=1)
                nut.says("OL CHRG")
                reading(c, sensor="mains", value=0)
                nut.kill(nut.driver)  # the cable to the UPS
                assert reading(c, sensor="mains", lost=1)["value"] == 0
                reading(c, sensor="ups-battery", lost=1)
                nut.start_driver()
                reading(c, 25, sensor="mains", lost=0)
                nut.kill(nut.server)
                reading(c, sensor="mains", lost=1)
                nut.start_server()
                reading(c, 25, sensor="mains", lost=0)
                assert c.log().count("ups eaton: ") <= 8, c.log()
        finally:
            nut.end()


def odd_server(answer):
    """A server that says this to everybody who asks: (address, socket)."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            while True:
                peer, _ = server.accept()
                with contextlib.suppress(OSError):
                    peer.recv(100)
                    if answer is not None:
                        peer.sendall(answer)
                        peer.close()
                    else:
                        kept.append(peer)
    kept = []
    threading.Thread(target=serve, daemon=True).start()
    return f"127.0.0.1:{server.getsockname()[1]}", server


def test_servers_that_make_no_sense(start):
    for answer in (b"VAR eaton ups.status \"OB\"", b"VAR other ups.status \"OL\"\n",
                   b"VAR eaton ups.status OL\n", b"VAR eaton ups.status \"\"\n", b"\0\n",
                   b"A" * 100000, b"ERR ACCESS-DENIED\n", b"VAR eaton ups.status \"OLOB\"\n", None):
        address, server = odd_server(answer)
        with house(address) as c:
            assert reading(c, sensor="mains")["lost"] == 1, answer
        server.close()


if __name__ == "__main__":
    main(globals())
