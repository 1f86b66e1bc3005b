"""test_packages.py: the packages, installed, configured, upgraded, removed and purged in a Debian 12 of
their own; a purchase is made through the installed programs, run as the users that the installed units
name. Ends with N passed, N failed.

    test_packages.py [--debs DIR]
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback

from house import ROOT, House, alone, root, until

sys.path.insert(0, str(ROOT / "tests" / "phone"))
from phone import Phone  # noqa: E402

OURS = ("shopkeeper-common", "shopkeeper-shop", "shopkeeper-office")
PROGRAMS = ("shopd", "counterd", "courierd", "eyed", "officed", "shopctl")
SOCKET = "/run/shopkeeper-counter/http.sock"
KEPT = "/var/lib/shopkeeper/ledger.db"
GOODS = "gtin,name,price,vat\n7310865004703,Mjölk,17.90,food\n"
# What a machine with no gateway is told, and a shop with a simulated door.
CONFS = {
    "shopd.conf": {r"^gpio = .*": "gpio = sim:/run/sim/sim.sock", r"^clock = .*": "clock = rtc",
                   r"^(strike|contact|rex) = .*": r"\1 = front-\1", r"^active_low = .*\n": "",
                   r"^(\w+day) = .*": r"\1 = 00:00-24:00"},
    "counterd.conf": {},
    "courierd.conf": {},
}


class Over:
    """HTTP over the socket that nginx would use."""

    def __init__(self, path):
        self.path = path

    def ask(self, method, path, body=None, bearer=None, seconds=20):
        connection = http.client.HTTPConnection("viken.example", timeout=seconds)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(seconds)
        here = os.open(self.path.parent, os.O_PATH)
        try:
            connection.sock.connect(f"/proc/self/fd/{here}/{self.path.name}")
        finally:
            os.close(here)
        kind = "application/cose" if isinstance(body, bytes) else "application/json"
        body = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"Content-Type": kind} if body is not None else {}
        connection.request(method, path, body, {**headers, **({"Authorization": "Bearer " + bearer} if bearer else {})})
        answer = connection.getresponse()
        data = answer.read()
        return answer.status, json.loads(data) if data and "json" in answer.headers["Content-Type"] else data


class Case:
    """What the steps hand on to each other."""

    def __init__(self, house_, debs, arch):
        self.house, self.debs, self.arch = house_, debs, arch
        self.web = Over(house_.at(SOCKET))
        self.before = listing(house_)
        self.socket = None
        self.phone, self.visit, self.entries = Phone(), None, 0

    def shopctl(self, *words):
        return json.loads(self.house.ours("shopctl", "--json", *words))

    def buy(self, key):
        """In at the door, a pint of milk, out: the receipt."""
        status, opened = self.web.ask("POST", "/v1/door/front/unlock", self.phone.token("viken/front"))
        assert status == 200 and opened["decision"] == "admitted", (status, opened)
        status, joined = self.web.ask("POST", "/v1/visits", self.phone.token("viken/till"))
        assert status == 200, (status, joined)
        visit, bearer = joined["visit"], joined["bearer"]
        status, line = self.web.ask("PUT", f"/v1/visits/{visit}/lines/{key}", {"gtin": "7310865004703"}, bearer)
        assert status == 201 and line["total_minor"] == 1790, (status, line)
        status, receipt = self.web.ask("POST", f"/v1/visits/{visit}/close", bearer=bearer)
        assert status == 200 and receipt["total_minor"] == 1790, (status, receipt)
        return visit

    def start(self):
        if self.socket:
            self.socket.close()
        self.socket = self.house.listen("counterd.socket")
        for unit in ("shopd.service", "counterd.service", "courierd.service"):
            given = self.socket.fileno() if unit.startswith("counterd") else None
            assert self.house.start(unit, given), f"{unit} did not start"
        def up():
            ended = [f"{u}: {p.returncode}: {self.house.said(u)[-500:]}" for u, p in self.house.programs.items()
                     if p.poll() is not None]
            assert not ended, ended
            try:
                now = self.shopctl("status")
            except AssertionError:
                return False
            return now["counter_connected"] and now["courier_connected"]
        until(up, what="shopd, counterd and courierd together")

    def stop(self):
        for unit in ("courierd.service", "counterd.service", "shopd.service"):
            assert self.house.stop(unit) == 0, f"{unit} did not end well: {self.house.said(unit)[-500:]}"


def listing(house_):
    """Every path in the house that has to do with us, by its name."""
    found = set()
    for folder, names, files in os.walk(house_.path):
        at = "/" + os.path.relpath(folder, house_.path)
        if at == "/.":
            names[:] = [n for n in names if n not in ("proc", "dev", "run", "tmp", "srv")]
            at = ""
        found |= {f"{at}/{n}" for n in [*names, *files]
                  if re.search(r"shop|counterd|courierd|officed|eyed", n)}
    return found


# --- the steps, in their order -------------------------------------------------------------------

def test_installs(c):
    """by apt, with what they depend on, from a minimal Debian"""
    chosen = [f"shopkeeper-shop:{c.arch}", f"shopkeeper-office:{c.arch}"]
    c.house.offer(c.debs)
    try:
        said = c.house.apt("install", *chosen)
    except AssertionError:  # the mirror has moved on since the root was made
        c.house.apt("update")
        said = c.house.apt("install", *chosen)
    assert "No shop is configured" in said and "No head office is configured" in said, said[-900:]
    assert "Failed" not in said and "warning" not in said.lower(), said[-2000:]
    for package in OURS:
        assert c.house.run("dpkg", "--verify", package) == "", package


def test_units_are_known(c):
    """systemd takes every unit as installed, with the programs and pages that it names"""
    units = [p.name for p in c.house.at("lib/systemd/system").iterdir()
             if p.name.startswith(("shop", "counterd", "courierd", "eyed", "officed"))]
    assert len(units) >= 7, units
    said = c.house.run("systemd-analyze", "verify", "--man=no", *(f"/lib/systemd/system/{u}" for u in units))
    assert not said.strip(), said
    for unit in units:
        for word in c.house.unit(unit).get("Documentation", [""])[0].split():
            name, section = re.fullmatch(r"man:([\w.-]+)\((\d)\)", word).groups()
            if name.split(".")[0] in PROGRAMS:
                assert c.house.at(f"usr/share/man/man{section}/{name}.{section}.gz").exists(), word
    wants = {p.name for p in c.house.at("etc/systemd/system").rglob("*")}
    assert {"shopd.service", "counterd.service", "counterd.socket", "courierd.service", "officed.service"} <= wants, wants
    for script in ("postinst", "prerm"):
        text = c.house.at(f"var/lib/dpkg/info/shopkeeper-shop.{script}").read_text()
        by_itself = [u for u in units if u.endswith(".service")
                     and not re.search(r"^WantedBy=", c.house.at(f"lib/systemd/system/{u}").read_text(), re.M)]
        assert not [u for u in by_itself if u in text], f"{script} touches what a timer starts: {by_itself}"


def test_unconfigured(c):
    """nothing runs, and each program says what it lacks"""
    for unit in ("shopd", "counterd", "courierd", "officed"):
        assert not c.house.start(f"{unit}.service"), f"{unit} would start without a configuration"
        said = c.house.ours(unit, "--config", f"/etc/shopkeeper/{unit}.conf", good=False)
        assert f"/etc/shopkeeper/{unit}.conf" in said and "No such file" in said, said
    assert c.house.owner("/var/lib/shopkeeper") == ("0o2750", "shopd", "shop-ledger")
    assert c.house.owner("/run/shopkeeper-counter") == ("0o750", "root", "www-data")
    assert c.house.owner("/run/shopkeeper-office") == ("0o2750", "officed", "www-data")


def test_configured(c):
    """the shipped files, with a simulated door, pass their programs and belong to them"""
    for name, changes in CONFS.items():
        text = c.house.at(f"usr/share/shopkeeper/etc/{name}").read_text()
        for pattern, instead in changes.items():
            new = re.sub(pattern, instead, text, flags=re.M)
            assert new != text, f"{name}: no {pattern}"
            text = new
        c.house.at(f"etc/shopkeeper/{name}").write_text(text)
    c.house.at("etc/shopkeeper/sms-password").write_text("known-to-nobody\n")
    c.house.run("systemd-tmpfiles", "--create")
    for name, group in (("shopd.conf", "shopd"), ("counterd.conf", "counterd"), ("courierd.conf", "courierd"),
                        ("sms-password", "courierd")):
        assert c.house.owner(f"/etc/shopkeeper/{name}") == ("0o640", "root", group), name
    for name in CONFS:
        c.house.ours(name.removesuffix(".conf"), "--check", f"/etc/shopkeeper/{name}")


def test_runs(c):
    """the installed units' commands, as their users, and sockets for those who may"""
    sim = c.house.at("run/sim")
    sim.mkdir()
    c.house.run("chown", "shopd", "/run/sim")
    shutil.copy2(next((ROOT / f"build/deb-{c.arch}/shopkeeper/build").glob("*/simdoor")), c.house.at("srv/simdoor"))
    log = open(c.house.layer / "simdoor.log", "ab")
    c.house.programs["simdoor"] = c.house.launch([*c.house.emulator, "/srv/simdoor", "/run/sim/sim.sock", "front"],
                                                 c.house.ids("shopd", "shopd", []), log)
    until((sim / "sim.sock").exists, what="the simulated door")
    c.start()
    for name, group in (("counter", "shop-counter"), ("courier", "shop-courier"), ("control", "shop-control")):
        assert c.house.owner(f"/run/shopkeeper/{name}.sock")[1:] == ("shopd", group), name
    assert c.house.owner(SOCKET) == ("0o660", "counterd", "www-data")
    assert c.house.owner(KEPT)[1:] == ("shopd", "shop-ledger")


def test_purchase(c):
    """a member, an article, a door that opens, a purchase; the pages are there"""
    c.house.at("srv/goods.csv").write_text(GOODS)
    c.shopctl("product", "import", "/srv/goods.csv")
    c.shopctl("member", "add", "--key", c.phone.cose_key_hex)
    c.visit = c.buy("first")
    assert c.shopctl("ledger", "verify")["ok"]
    status, page = c.web.ask("GET", "/")
    assert status == 200 and b"<html" in page, (status, page[:200])


def test_socket_outlives_counterd(c):
    """who asks while counterd is down waits, and is answered"""
    c.house.stop("counterd.service", signal.SIGKILL)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(c.web.ask("GET", "/v1/products/7310865004703")))
    asking.start()
    asking.join(0.3)
    assert not answers, "somebody else answers"
    c.house.start("counterd.service", c.socket.fileno())
    asking.join(20)
    assert answers and answers[0][0] == 200, answers


def test_upgrade(c):
    """with the ledger in use: nothing lost, nothing asked, no configuration touched"""
    head = c.shopctl("status")["head_seq"]
    confs = {n: c.house.at(f"etc/shopkeeper/{n}").read_bytes() for n in CONFS}
    with tempfile.TemporaryDirectory() as folder:
        c.house.offer([newer(deb, folder) for deb in c.debs])
    said = c.house.apt("upgrade")
    assert "+next" in c.house.run("dpkg-query", "-W", "-f=${Version}", "shopkeeper-shop"), said[-500:]
    assert "No shop is configured" not in said, said
    c.buy("between")  # those that run go on until they are started again
    c.stop()
    c.start()
    assert confs == {n: c.house.at(f"etc/shopkeeper/{n}").read_bytes() for n in CONFS}
    assert c.shopctl("status")["head_seq"] > head and c.shopctl("ledger", "verify")["ok"]
    shown = c.shopctl("visit", c.visit)
    assert "7310865004703" in json.dumps(shown), shown
    c.buy("after")
    c.entries = c.shopctl("ledger", "verify")["entries"]


def newer(deb, folder):
    """The same package with a higher version."""
    to = pathlib.Path(folder) / deb.stem
    subprocess.run(["dpkg-deb", "-R", deb, to], check=True)
    control = to / "DEBIAN/control"
    text = control.read_text()
    version = re.search(r"^Version: (.*)$", text, re.M)[1]
    control.write_text(text.replace(version, version + "+next"))
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", to, f"{to}.deb"], check=True,
                   stdout=subprocess.DEVNULL)
    return pathlib.Path(f"{to}.deb")


def test_remove(c):
    """keeps ledger and configuration; installed again, the shop goes on"""
    c.stop()
    c.house.apt("remove", *OURS)
    assert not [p for p in PROGRAMS if c.house.at(f"usr/bin/{p}").exists()]
    assert c.house.at(KEPT).exists() and all(c.house.at(f"etc/shopkeeper/{n}").exists() for n in CONFS)
    c.house.apt("install", "shopkeeper-shop")
    c.start()
    assert c.shopctl("ledger", "verify")["entries"] >= c.entries
    c.buy("again")
    c.stop()


def test_purge(c):
    """the configuration goes, with what can be fetched again and what nobody may keep; the ledger stays"""
    pictures = c.house.at("var/lib/shopkeeper/pictures")
    (pictures / "somebody.jpg").write_bytes(b"a face")
    said = c.house.apt("purge", *OURS)
    assert "kept: /var/lib/shopkeeper (bookkeeping" in said, said[-900:]
    assert c.house.at(KEPT).exists()
    left = listing(c.house) - c.before
    allowed = {"/var/lib/shopkeeper", "/var/lib/shopkeeper-office", "/etc/apt/sources.list.d/shopkeeper.list"}
    wrong = {p for p in left if p not in allowed and not re.fullmatch(
        r"/var/lib/shopkeeper/ledger\.db(-wal|-shm)?|/var/(cache|lib)/apt/.*", p)}
    assert not wrong, f"left behind: {sorted(wrong)}"
    more = [p.name for p in c.house.at("var/lib/shopkeeper").iterdir() if not p.name.startswith("ledger")]
    assert not more, f"left beside the ledger: {more}"


def test_library(c):
    """libshoptoken-dev compiles and links a program, shared and static"""
    with tempfile.TemporaryDirectory() as folder:
        here = pathlib.Path(folder)
        for deb in c.debs:
            if deb.name.startswith("libshoptoken"):
                subprocess.run(["dpkg-deb", "-x", deb, here], check=True)
        (here / "app.c").write_text('#include <shoptoken.h>\n#include <stdio.h>\nint main(void)\n{\n'
                                    "\tstruct shoptoken_key key;\n\tstruct shoptoken_token token;\n"
                                    "\tchar text[SHOPTOKEN_TEXT_SIZE];\n"
                                    "\tint r = shoptoken_key_make(&key);\n\n"
                                    '\tif (r == 0)\n\t\tr = shoptoken_issue(&key, "viken/front", 1800000000, 60, NULL, &token);\n'
                                    "\tif (r == 0)\n\t\tr = shoptoken_text(&token, text, sizeof(text));\n"
                                    "\treturn r != 0 || puts(text) < 0;\n}\n")
        lib = next(here.glob("usr/lib/*/pkgconfig")).parent
        environment = {**os.environ, "PKG_CONFIG_PATH": str(lib / "pkgconfig"), "LD_LIBRARY_PATH": str(lib)}
        def flags(*which):
            said = subprocess.run(["pkg-config", "--define-prefix", *which, "shoptoken"], env=environment,
                                  capture_output=True, text=True, check=True).stdout
            return said.replace("/usr/include", f"{here}/usr/include").split()
        places = [f"-I{here}/usr/include", f"-L{lib}"]
        subprocess.run(["gcc", "-o", here / "app", here / "app.c", *places, *flags("--cflags", "--libs")], check=True)
        subprocess.run(["gcc", "-o", here / "app-static", here / "app.c", *places, lib / "libshoptoken.a",
                        *[f for f in flags("--static", "--libs") if f != "-lshoptoken"]], check=True)
        for app in ("app", "app-static"):
            said = subprocess.run([here / app], env=environment, capture_output=True, text=True, check=True).stdout
            assert said.startswith("SK1:"), said


STEPS = [test_installs, test_units_are_known, test_unconfigured, test_configured, test_runs, test_purchase,
         test_socket_outlives_counterd, test_upgrade, test_remove, test_purge, test_library]


def steps(case, chosen, alone_good=()):
    """Runs them one after the other, prints what came of each: (passed, failed)."""
    passed = failed = 0
    try:
        for step in chosen:
            broken = failed and step not in alone_good
            name = f"{case.arch}: {step.__name__.removeprefix('test_').replace('_', ' ')}: {step.__doc__}"
            try:
                assert not broken
                step(case)
                passed += 1
                print(f"ok      {name}", flush=True)
            except Exception:  # what a step finds is told, and the next one goes on
                failed += 1
                print(f"FAILED  {name}", flush=True)
                said = traceback.format_exc() if not broken else "not run: it goes on from what failed"
                print("        " + said.strip().replace("\n", "\n        "), flush=True)
    finally:
        case.house.end()
    print(f"{passed} passed, {failed} failed")
    return failed


def five(folder, arch):
    debs = sorted(folder.glob(f"*_{arch}.deb"))
    assert len(debs) == 5, f"five packages of {arch} in {folder}, not {len(debs)}: make deb ARCH={arch}"
    return debs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--debs", default=ROOT / "build/deb", type=pathlib.Path)
    options = parser.parse_args()
    debs = five(options.debs, "amd64")
    alone()
    case = Case(House(root.made("plain", ["amd64"]), "packages"), debs, "amd64")
    sys.exit(1 if steps(case, STEPS, [test_library]) else 0)


if __name__ == "__main__":
    main()
