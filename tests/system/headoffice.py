"""headoffice.py: what the tests of the head office share: people who register, days that pass, an
office's rows read past its programs, boxes of the second implementation (tests/office).
"""

import base64
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
import zoneinfo

from shop import Member, Operator, ROOT, alive, until

for folder in ("office", "standin"):
    sys.path.insert(0, str(ROOT / "tests" / folder))
from box import Box, Link, Refused, Village  # noqa: E402, F401
from checker import check  # noqa: E402
from postgres import Postgres  # noqa: E402, F401
import office  # noqa: E402
import run  # noqa: E402

ZONE = zoneinfo.ZoneInfo("Europe/Stockholm")
SELLER = json.loads((ROOT / "tests/data/parties/consumer.json").read_text("utf-8"))["seller"]
COFFEE, EGGS, BREAD = "7310700661023", "7300156480903", "7311041062722"
GOODS = ROOT / "tests/data/products-se.csv"
BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")


def party(name, mail=None):
    """Who somebody is, as an office is told."""
    person = {"name": name, "street": "Fantasivägen 7 B", "postcode": "000 02", "city": "Sagby",
              "country": "SE"}
    return {**person, "email": mail} if mail else person


class Person(Member):
    """A member whom the office knows: `number` is how it calls her."""

    def __init__(self, shop, number, customer, phone):
        super().__init__(shop, phone)
        self.number, self.customer = number, customer


def invite(shop, **more):
    return shop.office.must("POST", "/v1/invitations", {"shop": shop.name, **more})["code"]


def register(shop, name, mail=None, approved=True, code=None):
    """Somebody with a code and a phone registers, as a phone would do it: a Person."""
    member = Member(shop)
    token = member.phone.token("office/register")
    body = {"code": code or invite(shop, approved=approved), "key": member.phone.cose_key_hex,
            "token": base64.urlsafe_b64encode(token).decode().rstrip("="),
            "party": party(name, mail), "mail_invoices": bool(mail)}
    answer = shop.office.must("POST", "/v1/register", body, authorization="")
    customer = shop.office.must("GET", f"/v1/members/{answer['member']}")["customer"]
    return Person(shop, answer["member"], customer, member.phone)


def admitted(shop, member, seconds=5.0, **claims):
    """Shows the phone at the door until it lets in: seconds that it took."""
    began = time.monotonic()

    def opens():
        status, _ = shop.api("POST", f"/v1/door/{shop.door}/unlock",
                             member.token(shop.door, **claims))
        return status == 200
    until(opens, seconds, "the door lets in")
    return time.monotonic() - began


def verdict(shop, member, **claims):
    """What the door says: "admitted" or the code of its refusal."""
    status, answer = shop.api("POST", f"/v1/door/{shop.door}/unlock",
                              member.token(shop.door, **claims))
    return "admitted" if status == 200 else answer["code"]


class Basket:
    """A visit by phone. `ahead_s`: how far the shop's clock is from ours."""

    def __init__(self, shop, member, ahead_s=0):
        visit = until(lambda: self.joins(shop, member, ahead_s), 3, "the till lets in")
        self.shop, self.path, self.bearer = shop, f"/v1/visits/{visit['visit']}", visit["bearer"]
        self.lines, self.total = 0, 0

    @staticmethod
    def joins(shop, member, ahead_s):
        """After a power cut only a token from past the skew counts (contracts 1): so it is made."""
        status, visit = shop.api("POST", "/v1/visits",
                                 member.token("till", iat=int(time.time()) + ahead_s + 10))
        assert status in (200, 201) or visit["code"] == "predates_start", (status, visit)
        return visit if status in (200, 201) else None

    def take(self, gtin=COFFEE, quantity=1000):
        self.lines += 1
        key = f"{self.path.rsplit('/', 1)[1]}-{self.lines}"
        status, line = self.shop.api("PUT", f"{self.path}/lines/{key}",
                                     {"gtin": gtin, "quantity": quantity}, self.bearer)
        assert status == 201, (status, line)
        self.total += line["total_minor"]
        return line

    def close(self):
        status, receipt = self.shop.api("POST", f"{self.path}/close", bearer=self.bearer)
        assert status == 200, (status, receipt)
        return receipt


def till(shop, member):
    """What the till says to her phone: "joined", or why not."""
    status, answer = shop.api("POST", "/v1/visits", member.token("till", iat=int(time.time()) + 9))
    return "joined" if status in (200, 201) else answer["code"]


def known(shop, name, seconds=5, **more):
    """A member whom the shop knows already."""
    member = register(shop, name, **more)
    until(lambda: till(shop, member) == "joined", seconds, "the till knows her")
    return member


def buy(shop, member, *gtins):
    """A visit with these, which ends: the keys of its lines."""
    basket = Basket(shop, member)
    keys = [basket.take(gtin)["key"] for gtin in gtins]
    basket.close()
    return keys


def price_until(shop, gtin, price, seconds=10.0):
    """Until the next scan of this article costs so: seconds from now."""
    began = time.monotonic()

    def now():
        status, product = shop.api("GET", f"/v1/products/{gtin}")
        return status == 200 and product["unit_price_minor"] == price
    until(now, seconds, f"{gtin} costs {price}")
    return time.monotonic() - began


def set_clock(path, ahead_ms):
    """The clock of a program that runs under otherday.so."""
    path.write_bytes(struct.pack("=q", ahead_ms))


class Rows:
    """An office's database, read past it. `database`: a file, or postgresql://…"""

    def __init__(self, database):
        self.database = database

    def ask(self, sql):
        """Rows as tuples of text; blobs in hex."""
        if str(self.database).startswith("postgresql://"):
            done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
                                   self.database, "-c", sql], capture_output=True, text=True,
                                  check=False)
            assert done.returncode == 0, done.stderr
            return [tuple(line.split("|")) for line in done.stdout.splitlines()]
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True,
                                                timeout=10)) as db:
            return [tuple(f if isinstance(f, str) else f.hex() if isinstance(f, bytes) else str(f)
                          for f in row) for row in db.execute(sql)]

    def one(self, sql):
        return self.ask(sql)[0][0]


def ledger_of(shop):
    return pathlib.Path(shop.run["ledger"])


def database_of(shop):
    """What the shop's office says it keeps its rows in: a path, or postgresql://…"""
    for line in (shop.state / "etc" / "officed.conf").read_text().splitlines():
        word, _, value = line.partition(" = ")
        if word == "database":
            return value
    raise AssertionError("officed.conf names no database")


def on_postgres(shop):
    return database_of(shop).startswith("postgresql://")


def office_rows(shop):
    return Rows(database_of(shop))


def check_of(home, shop):
    """What is wrong with the office beside `home`, held against this shop's ledger."""
    return check(database_of(home), {shop.name: str(ledger_of(shop))})


def agree(shop, seconds=10):
    """The office has what the shop believes it has, and what follows from it."""
    shop.carried(seconds)
    wrong = check_of(shop, shop)
    assert not wrong, "\n".join(wrong[:20])


@contextlib.contextmanager
def dead(shop, *programs):
    """Kills these, as a power cut does, and keeps them down for the block; then they are up again."""
    shop.runner.send_signal(signal.SIGSTOP)
    try:
        pids = [shop.pids()[name] for name in programs]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        until(lambda: not any(map(alive, pids)), 5, "their end")
        yield
    finally:
        shop.runner.send_signal(signal.SIGCONT)
    until(lambda: all(shop.pids().get(name) not in (None, pid)
                      for name, pid in zip(programs, pids)), 15, "programs started again")
    if "shopd" in programs:
        until(lambda: shop.shopctl_raw("status").returncode == 0, 20, "shopd is back")
    if {"shopd", "counterd"} & set(programs):
        until(lambda: healthy(shop), 20, "counterd is back")


def healthy(shop):
    try:
        return shop.api("GET", "/healthz", raw=True)[0] == 200
    except OSError:
        return False


@contextlib.contextmanager
def held(shop, program):
    """A program that does nothing for the block, like one on a machine that hangs."""
    pid = shop.pids()[program]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


BOX = ("shopd", "counterd", "courierd")


def card_copied(shop, to):
    """The box's card as it is after a power cut now, copied."""
    with dead(shop, *BOX):
        shutil.copytree(shop.state / "data", to, copy_function=shutil.copy2)


def card_put_back(shop, old):
    """An older copy of the card in the box."""
    with dead(shop, *BOX):
        shutil.rmtree(shop.state / "data")
        shutil.copytree(old, shop.state / "data", copy_function=shutil.copy2)


def entries_of(ledger):
    """{seq: hash} of a shop's own ledger."""
    return dict(Rows(ledger).ask("SELECT seq, hash FROM entry"))


def lines_of(ledger):
    """Keys of all lines, in order."""
    return [key for key, in Rows(ledger).ask("SELECT key FROM line ORDER BY key")]


def serves(operator):
    """Whether an office answers, its database with it."""
    try:
        return operator.ask("GET", "/v1/shops")[0] == 200
    except OSError:
        return False


class Head:
    """An officed without a shop beside it. `database`: a file or postgresql://…; several may share
    the latter, with `beside`: the Head whose keys they have."""

    def __init__(self, folder, database=None, beside=None, host="127.0.0.1", **conf):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.files = beside.files if beside else office.Files(self.folder / "keys",
                                                              BUILD / "shopctl")
        self.port = run.free_port(0)
        self.database = str(database or self.folder / "office.db")
        sections = self.files.conf(self.port, {}, self.database)
        sections.pop("gateway")
        self.url = f"http://{host}:{self.port}"
        sections[""].update(conf, listen=f"{host}:{self.port}", url=self.url)
        self.conf = self.folder / "officed.conf"
        self.conf.write_text(run.conf_text(sections))
        self.conf.chmod(0o640)
        self.process = None
        self.operator = Operator(self.url, self.files.operator)

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([BUILD / "officed", "--config", self.conf],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: serves(self.operator) or self.process.poll() is not None, 20, "officed")
        assert self.process.poll() is None, self.log()
        return self

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.wait(15) == 0, self.log()[-2000:]

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        if kind:
            print("--- officed", *self.log().splitlines()[-12:], sep="\n    ")
            self.kill()
        else:
            self.stop()

    def box(self, shop, seed=None, link=None):
        """A box of the second implementation, enrolled."""
        box = Box(shop, seed=seed)
        box.enrol(link or Link(self.url), self.operator.claim(shop))
        return box

    def check(self, boxes):
        """Fails unless the office has all that these boxes believe acknowledged, and agrees with
        itself."""
        wrong = check(self.database, acked={b.shop: [(b.acked, b.ledger.hash_of(b.acked))]
                                            for b in boxes})
        assert not wrong, "\n".join(wrong[:20])


def first_of_next_month(now=None):
    """Half past three in the night in which this month is closed."""
    now = now or datetime.datetime.now(ZONE)
    year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
    return datetime.datetime(year, month, 1, 3, 30, tzinfo=ZONE)

