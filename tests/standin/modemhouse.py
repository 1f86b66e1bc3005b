"""modemhouse.py: the real ModemManager on a bus of its own, with the modem of modem.py at its virtual
port. Nothing of it touches the machine's own bus, its modems or a network.

    with House(folder) as house:         house.bus is the bus's address
        house.modem.set(sim="none")      house.modem: class Modem of modem.py
        house.kill_manager(); house.start_manager()

Debian's ModemManager asks polkit whom to obey, so the real polkitd is on that bus too; root, who runs
this, may do all that it asks for. `House(folder, modem=False)` has no modem at first; plug(True) is a
modem that is plugged in, as udev would tell of it. On that bus everybody may ask everything, unless
`policies` names files of D-Bus that say otherwise.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from modem import Modem  # noqa: E402
from parts import Program  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
POLKITD = "/usr/lib/polkit-1/polkitd"
MM_NAME, MM_PATH = "org.freedesktop.ModemManager1", "/org/freedesktop/ModemManager1"
START_S, STOP_S = 20, 10
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={bus}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
{policies}
</busconfig>
"""


class Late(Exception):
    """What was started is not there."""


class House:
    def __init__(self, folder, name=None, modem=True, pin="1234", slots=20, policies=(),
                 **settings):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)  # polkitd is another user
        self.port = name or f"shop-{os.getpid()}-{self.folder.name}"
        self.socket = self.folder / "bus"
        self.bus = f"unix:path={self.socket}"
        self.with_modem, self.profiles = modem, 0
        config = self.folder / "bus.conf"
        config.write_text(CONFIG.format(bus=self.socket, policies="\n".join(
            f"  <include>{path}</include>" for path in policies)))
        self.env = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.bus}
        self.daemon = self.program("dbus", ["dbus-daemon", f"--config-file={config}", "--nofork",
                                            "--nopidfile"])
        self.polkit = self.program("polkit", [POLKITD, "--no-debug"])
        self.manager = self.program("modemmanager", [
            "ModemManager", "--test-enable", "--test-no-udev", "--test-no-suspend-resume",
            "--test-no-qrtr", "--no-auto-scan", "--log-level=DEBUG", "--log-timestamps"])
        at = [PYTHON, str(HERE / "modem.py"), "--name", self.port, "--folder", str(self.folder),
              "--pin", pin, "--slots", str(slots)]
        if settings:
            at += ["--set", json.dumps(settings)]
        self.at = self.program("modem", at)
        self.modem = Modem(self.folder)

    def program(self, name, argv):
        return Program(name, argv, self.folder / f"{name}.log", self.env)

    # --- the whole of it

    def __enter__(self):
        try:
            self.start_bus()
            self.at.start()
            self.wait(lambda: (self.folder / "control").exists(), self.at)
            self.start_manager()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        for program in (self.manager, self.at, self.polkit, self.daemon):
            program.stop(STOP_S)

    def pids(self):
        return [p.process.pid for p in (self.daemon, self.polkit, self.manager, self.at)
                if p.process and p.process.poll() is None]

    # --- its parts

    def start_bus(self):
        self.socket.unlink(missing_ok=True)
        self.daemon.start()
        self.wait(self.socket.exists, self.daemon)
        self.polkit.start()
        self.wait(lambda: self.has("org.freedesktop.PolicyKit1"), self.polkit)

    def kill_bus(self):
        """SIGKILL, and polkitd with it; ModemManager leaves by itself."""
        for program in (self.daemon, self.polkit):
            program.process.kill()
            program.process.wait()
        self.manager.stop(STOP_S)

    def start_manager(self):
        self.manager.start()
        self.wait(lambda: self.has(MM_NAME), self.manager)
        if self.with_modem:
            self.profile()

    def kill_manager(self):
        self.manager.process.kill()
        self.manager.process.wait()

    def profile(self):
        """Tells ModemManager of the modem at its virtual port."""
        self.profiles += 1
        self.call(MM_PATH, MM_NAME + ".Test", "SetProfile", "ssas", f"shop{self.profiles}",
                  "generic", "1", f"abstract:{self.port}")

    def plug(self, there):
        self.modem.ask(plug=there)
        self.with_modem = there
        if there:
            self.profile()

    def call(self, path, interface, member, *words, name=MM_NAME):
        done = subprocess.run(["busctl", f"--address={self.bus}", "call", name, path, interface,
                               member, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{member}: {done.stderr.strip()}")
        return done.stdout

    def has(self, name):
        done = subprocess.run(["busctl", f"--address={self.bus}", "call", "org.freedesktop.DBus", "/",
                               "org.freedesktop.DBus", "NameHasOwner", "s", name],
                              capture_output=True, text=True, check=False)
        return done.stdout.strip() == "b true"

    def wait(self, condition, program):
        end = time.monotonic() + START_S
        while not condition():
            if program.process.poll() is not None or time.monotonic() > end:
                raise Late(f"{program.name} is not there:\n{program.last_words()}")
            time.sleep(0.02)  # a poll, bounded above
