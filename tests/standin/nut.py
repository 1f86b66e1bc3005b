"""nut.py: Network UPS Tools' own upsd and driver on loopback, with a UPS whose state a test sets.

The real server and the real protocol; only the driver's device is a file (dummy-ups).
"""

import os
import pathlib
import signal
import socket
import subprocess
import time

DRIVER, SERVER = "/lib/nut/dummy-ups", "/lib/nut/upsd"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nut:
    """One upsd with one UPS, `eaton`, in `folder`."""

    def __init__(self, folder, status="OL CHRG"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(mode=0o770, exist_ok=True)
        self.port, self.address = free_port(), ""
        self.address = f"127.0.0.1:{self.port}"
        self.env = dict(os.environ, NUT_CONFPATH=str(folder), NUT_STATEPATH=str(folder),
                        NUT_ALTPIDPATH=str(folder))
        self.device = self.folder / "eaton.dev"
        self.write("ups.conf", "[eaton]\ndriver = dummy-ups\nport = eaton.dev\nmode = dummy-once\n"
                   "pollinterval = 1\n")
        self.write("upsd.conf", f"LISTEN 127.0.0.1 {self.port}\nMAXAGE 5\n")
        self.write("upsd.users", "")
        self.says(status)
        self.driver = self.server = None
        self.start_driver()
        self.start_server()

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o640)

    def says(self, status):
        """The UPS is in this state from now on, as its driver sees it within a second or two."""
        new = self.device.with_suffix(".new")
        new.write_text(f"ups.status: {status}\nbattery.charge: 80\n")
        new.rename(self.device)

    def run(self, *argv):
        with open(self.folder / "log", "ab") as log:
            return subprocess.Popen(argv, env=self.env, stdout=log, stderr=log,
                                    start_new_session=True)

    def start_driver(self):
        self.driver = self.run(DRIVER, "-a", "eaton", "-F", "-u", "root")
        self.until(lambda: list(self.folder.glob("dummy-ups-eaton*")), "the driver's socket")

    def start_server(self):
        self.server = self.run(SERVER, "-F", "-u", "root")
        self.until(self.answers, "upsd")

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as peer:
                peer.sendall(b"GET VAR eaton ups.status\n")
                return peer.recv(200).startswith(b"VAR eaton")
        except OSError:
            return False

    def until(self, condition, what):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, (what, (self.folder / "log").read_text())
            time.sleep(0.05)  # a poll, bounded above

    @staticmethod
    def kill(process):
        if process and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def end(self):
        self.kill(self.server)
        self.kill(self.driver)
