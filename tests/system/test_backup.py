"""test_backup.py: backups on schedule, each restored and read whole when it is made; and the way back,
whatever moment the power goes at."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess

from shop import main, until

NAME = re.compile(r"\d{8}T\d{6}Z$")


class House:
    """A shop's backups: a folder, a stick, and what they are told by."""

    def __init__(self, shop, keep=3, also=True):
        self.shop, self.dir = shop, shop.state / "backups"
        self.stick, self.stamp = shop.state / "stick", shop.state / "stamp"
        self.stick.mkdir(exist_ok=True)
        self.conf = shop.state / "backup.conf"
        self.conf.write_text(f"dir = {self.dir}\nkeep = {keep}\nsame_disk = yes\n" +
                             (f"also = {self.stick}\n" if also else ""))

    def options(self):
        return ("backup", "--conf", self.conf, "--etc", self.shop.state / "etc", "--stamp", self.stamp)

    def make(self, exits=0):
        before = self.names()
        until(lambda: not before or now_name() > before[-1], 3, "the next second")
        return self.shop.shopctl(*self.options(), exits=exits)

    def names(self, where=None):
        where = where or self.dir
        return sorted(p.name for p in where.iterdir() if NAME.match(p.name)) if where.exists() else []

    def strays(self):
        return [p.name for where in (self.dir, self.stick) for p in where.iterdir()
                if not NAME.match(p.name)]


def now_name():
    import datetime
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def copy_of(shop, where):
    """A folder as shopctl --state reads it: what it says of its ledger."""
    done = subprocess.run([shop.run["shopctl"][0], "--state", str(where), "--json", "ledger", "verify"],
                          capture_output=True, text=True, timeout=30, check=False)
    return json.loads(done.stdout)


def test_kept_and_verified(shop):
    house = House(shop)
    shop.member("--role", "owner")
    made = [house.make() for _ in range(2)]
    shop.member()
    made += [house.make() for _ in range(2)]
    names = [m["name"] for m in made]
    assert house.names() == names[1:] == house.names(house.stick), (names, house.names())
    assert not house.strays(), house.strays()
    for where in (house.dir, house.stick):
        newest = where / names[-1]
        assert copy_of(shop, newest)["head"] == made[-1]["head"]
        assert {p.name for p in newest.iterdir()} == {"ledger.db", "catalog.db", "etc"}
        with sqlite3.connect(f"file:{newest}/catalog.db?mode=ro", uri=True) as db:
            assert db.execute("SELECT count(*) FROM member").fetchone()[0] == 2
    # doctor and the page know how old it is
    rows = {r["check"]: r for r in json.loads(shop.shopctl_raw(
        "doctor", "--etc", shop.state / "etc", "--stamp", house.stamp).stdout)["checks"]}
    assert rows["backup"]["ok"] and rows["stick"]["ok"], (rows["backup"], rows["stick"])
    # without its stick the backup stands, and says so
    shutil.rmtree(house.stick)
    assert "stick" in house.make(exits=1)["message"]
    assert len(house.names()) == 3 and house.names()[0] == names[2]
    house.stick.mkdir()


def test_clock_put_back(shop):
    """Backups of a time that was wrong do not push out the one that is made now."""
    house = House(shop)
    ahead = [f"2099010{day}T000000Z" for day in range(1, 5)]
    shutil.rmtree(house.dir, ignore_errors=True)
    try:
        for where in (house.dir, house.stick):
            for name in ahead:
                (where / name).mkdir(parents=True)
        made = shop.shopctl(*house.options())
        assert house.names() == house.names(house.stick) == [made["name"], *ahead[1:]], house.names()
    finally:
        shutil.rmtree(house.stick)
        shutil.rmtree(house.dir)


def test_cut_at_any_moment(shop):
    """Killed again and again while it makes one: what had a name still holds."""
    house = House(shop)
    try:
        first = house.make()
        for wait in range(0, 36, 6):
            child = subprocess.Popen([*shop.run["shopctl"], *map(str, house.options())],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                child.wait(0.001 * wait)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait(5)
            for name in house.names() + [first["name"]]:
                if (house.dir / name).exists():
                    assert copy_of(shop, house.dir / name)["ok"], name
            assert first["name"] in house.names() or len(house.names()) == 3
        house.make()
        assert not house.strays(), house.strays()
    finally:
        shutil.rmtree(house.stick)


def stopped(shop):
    """The runner and its programs are held, and shopd is gone: nobody writes the books."""
    os.kill(shop.runner.pid, signal.SIGSTOP)
    os.kill(shop.pids()["shopd"], signal.SIGTERM)
    done = until(lambda: not shopd_writes(shop), 10, "shopd gone")
    return done


def shopd_writes(shop):
    import fcntl
    with open(shop.state / "data" / "ledger.db.lock", "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True


def restore(shop, source, exits=0):
    return shop.shopctl("restore", source, exits=exits)


def test_restore(start):
    with start("--no-import") as shop:
        house = House(shop)
        owner = shop.member("--role", "owner")
        made = house.make()
        shop.member()
        state = shop.state / "data"
        assert "stop shopd" in restore(shop, house.dir, exits=1)["message"]
        stopped(shop)
        try:
            # one that is damaged, or newer than this program, changes nothing
            before = copy_of(shop, state)
            bad = shop.state / "bad"
            shutil.copytree(house.dir / made["name"], bad)
            with open(bad / "ledger.db", "r+b") as file:
                file.seek(4096)
                file.write(b"\xff" * 8192)
            restore(shop, bad, exits=1)
            shutil.rmtree(bad)
            shutil.copytree(house.dir / made["name"], bad)
            db = sqlite3.connect(bad / "ledger.db")
            db.execute("PRAGMA user_version = 999")
            db.close()
            assert "newer program" in restore(shop, bad, exits=1)["message"]
            assert copy_of(shop, state) == before
            # killed while it restores: the one before, or this one
            for wait in range(0, 12, 2):
                child = subprocess.Popen([*shop.run["shopctl"], "restore", str(house.dir)],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    child.wait(0.001 * wait)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait(5)
                assert copy_of(shop, state)["head"] in (before["head"], made["head"]), wait
            # a link where it makes room for itself is removed, and not what it names
            aside = shop.state / "aside"
            aside.mkdir()
            (aside / "kept").write_text("another's")
            shutil.rmtree(state / ".restore", ignore_errors=True)
            (state / ".restore").symlink_to(aside)
            done = restore(shop, house.dir)
            assert (aside / "kept").exists()
            assert done["entries"] == made["entries"] and done["head"] == made["head"], (done, made)
            assert copy_of(shop, state)["head"] == made["head"]
            assert (state / "ledger.db.before-restore").exists() and not (state / ".restore").exists()
        finally:
            os.kill(shop.runner.pid, signal.SIGCONT)
        until(lambda: shop.shopctl_raw("status").returncode == 0, 15, "shopd back")
        members = shop.shopctl("member", "list")
        assert [m["customer"] for m in members] == [owner.customer], members
        assert shop.shopctl("ledger", "verify")["ok"] and shop.head() > made["entries"]
        (state / "office.cbor").write_bytes(b"x")
        assert "office" in restore(shop, house.dir, exits=1)["message"]
        (state / "office.cbor").unlink()


if __name__ == "__main__":
    main(globals())
