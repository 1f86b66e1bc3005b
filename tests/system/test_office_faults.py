"""test_office_faults.py: what goes wrong between a shop and its head office, with the real officed and
the real shop, or with boxes of the second implementation (tests/office). After each fault the checker
(tests/office/checker.py) compares the office's rows with what each shop believes acknowledged.
"""

import contextlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from shop import main, proof, until
from netproxy import Road
from headoffice import (BREAD, COFFEE, EGGS, Box, Head, Link, Postgres, Refused, Rows, Village, agree,
                        buy, check, database_of, dead, known, price_until, serves)


@contextlib.contextmanager
def shop_by(start, *options):
    """(shop, the road to its office, a member): enrolled over a Road."""
    with start("--office", "beside", *options) as shop, Road(shop.run["office"]) as road:
        shop.shopctl("enrol", road.url, shop.office.claim(shop.name), timeout=60)
        yield shop, road, known(shop, "Anna Exempla")


def folder():
    return tempfile.TemporaryDirectory(prefix="office-")


def lived(box, days=2, visits=10, seed=None):
    """A box whose village has lived."""
    village = Village(seed if seed is not None else len(box.shop))
    village.live(box.ledger, days=days, visits=visits)
    return village


# --- a bad road


def test_an_answer_is_lost_after_the_commit(start):
    with shop_by(start) as (shop, road, anna):
        # every second answer is lost, every third request comes twice
        road.faults = lambda ask, n: "" if ask.what != "entries" or ask.method != "POST" else \
            "lose" if n % 2 else "twice" if n % 3 == 0 else ""
        keys = []
        for _ in range(4):
            before = road.counts["entries"]
            keys += buy(shop, anna, COFFEE, EGGS, BREAD)
            until(lambda: road.counts["entries"] > before, 10, "a batch that goes up")
        agree(shop, 30)
        rows = Rows(database_of(shop))
        sold = sorted(key for key, in rows.ask("SELECT key FROM line"))
        assert sold == sorted(keys), (sold, keys)
        print(f"        batches {dict(road.statuses)}")


def test_courierd_is_killed_in_mid_batch(start):
    with shop_by(start) as (shop, road, anna):
        killed, keys = [], []

        def faults(ask, _):
            if ask.what == "entries" and ask.method == "POST" and len(killed) < 4:
                killed.append(shop.pids()["courierd"])
                # once before the office hears of it, once after it has committed, in turns
                if len(killed) % 2:
                    kill(killed[-1])
                    return "cut"
                return "die"
            return ""

        def kill(pid):
            with contextlib.suppress(ProcessLookupError, TypeError):
                signal.pidfd_send_signal(pidfds.setdefault(pid, os.pidfd_open(pid)), signal.SIGKILL)

        pidfds = {}  # so that nobody else is killed under a number used again
        road.after = lambda ask, fault: kill(killed[-1]) if fault == "die" else None
        road.faults = faults
        for _ in range(4):
            keys += buy(shop, anna, COFFEE, BREAD)
            count = len(killed)
            if count < 4:
                until(lambda: len(killed) > count, 15, "a courierd that dies with a batch")
        agree(shop, 30)
        assert len(killed) == 4
        sold = sorted(key for key, in Rows(database_of(shop)).ask("SELECT key FROM line"))
        assert sold == sorted(keys), (sold, keys)


# --- batches twice and out of order


def shuffled(head):
    """A box's batches, each up to three times, in any order, from three connections."""
    box = head.box("norrby", seed=3)
    lived(box, days=6)
    draw, said = random.Random(5), []
    batches = [box.ledger.batch(after, 40)[0] for after in range(0, box.ledger.head, 40)]
    todo = batches * 3
    draw.shuffle(todo)

    def post(mine):
        link = Link(head.url)
        for batch in mine:
            answer = box.do(link, box.ask_entries(batch=batch), good=(200, 409))
            said.append(box.said(answer.body, "ack"))
        link.close()

    threads = [threading.Thread(target=post, args=(todo[i::3],)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(said) == len(todo)
    for _, _, seq, hash_, _, answer in said:
        assert answer in (0, 1), answer
        assert seq == 0 or box.ledger.hash_of(seq) == hash_
    assert box.send_all(Link(head.url), 40) == "taken"
    head.check([box])
    return sum(a[-1] == 0 for a in said), len(said)


def test_batches_come_twice_and_in_any_order(start):
    with folder() as place, Head(place) as head:
        print("        SQLite: taken {} of {}".format(*shuffled(head)))
    with folder() as place, Postgres() as server, Head(place, server.url) as head:
        print("        PostgreSQL: taken {} of {}".format(*shuffled(head)))


def test_an_entry_that_nobody_can_read(start):
    with folder() as place, Head(place) as head:
        box = head.box("norrby", seed=4)
        lived(box, days=1)
        odd = [box.ledger.add(177, box.clock(), "from", "a", "newer", "shop"),
               box.ledger.add_body(50, box.clock(), b"\xff\xff no CBOR"),
               box.ledger.add(50, box.clock(), "too", "few")]
        lived(box, days=1)
        link = Link(head.url)
        assert box.send_all(link) == "taken" and box.acked == box.ledger.head
        head.check([box])
        notices = head.operator.must("GET", "/v1/shops/norrby/notices")["notices"]
        told = [n for n in notices if n["kind"] == "unreadable"]
        assert told, notices
        print("        " + told[0]["detail"])
        rows = Rows(head.database).ask("SELECT seq FROM unread ORDER BY seq")
        assert [int(seq) for seq, in rows] == odd, (rows, odd)


def test_a_clone_is_shut_out(start):
    """Two boxes with one card: the one that asks gets a new epoch, and what the other says in the old
    one is refused, and told."""
    with folder() as place, Head(place) as head:
        box, link = head.box("norrby", seed=6), Link(head.url)
        lived(box, days=2)
        assert box.send_all(link) == "taken"
        clone = box.clone()
        box.ledger.add(60, box.clock(), 1)
        clone.ledger.add(60, clone.clock(), 2)
        assert box.send(link) == "taken" and clone.send(link) == "fork"
        clone.new_epoch(link)
        assert clone.send_all(link) == "taken" and clone.epoch == 2
        assert box.send(link) == "epoch_old"
        head.check([clone])
        kinds = [n["kind"] for n in head.operator.must("GET", "/v1/shops/norrby/notices")["notices"]]
        assert {"clone", "epoch"} <= set(kinds), kinds
        try:
            box.new_epoch(link)
            raise AssertionError("two epochs within a day, and nobody was asked")
        except Refused as refused:
            assert refused.status == 409 and refused.code == "epoch_too_soon", refused
        head.operator.must("POST", "/v1/shops/norrby/allow-epoch")
        box.new_epoch(link)
        assert box.send_all(link) == "taken" and box.epoch == 3
        head.check([box])


def test_a_box_whose_clock_is_wrong(start):
    with folder() as place, Head(place) as head:
        box = Box("norrby", seed=8, clock=lambda: (int(time.time()) - 40 * 86400) * 1000)
        link = Link(head.url)
        box.enrol(link, head.operator.claim("norrby"))
        lived(box, days=1)
        assert box.send_all(link) == "taken"
        box.beat(link)
        box.follow(link)
        assert abs(box.time(link) - time.time() * 1000) < 5000
        head.check([box])


# --- thirty days


def test_thirty_days_offline(start):
    with folder() as place, Head(place) as head:
        box = head.box("norrby", seed=9)
        link = Link(head.url)
        box.follow(link)
        cursor = box.cursor
        village = lived(box, days=30, visits=40)
        for n in range(30):
            head.operator.must("PUT", f"/v1/products/{village.articles[n].gtin}",
                               {"name": village.articles[n].name, "vat": "food", "class": "grocery"})
        began = time.monotonic()
        assert box.send_all(link) == "taken"
        took = time.monotonic() - began
        box.follow(link)
        print(f"        {box.ledger.head} entries in {took:.1f} s; feed {cursor} -> {box.cursor}")
        assert box.cursor > cursor
        head.check([box])


# --- the database


class Town:
    """Boxes that send from threads of their own, whatever happens, until all is acknowledged."""

    def __init__(self, heads, boxes, most=60, days=4):
        self.heads, self.most, self.wrong = heads, most, []
        self.boxes = [heads[n % len(heads)].box(f"shop-{n}", seed=n) for n in range(boxes)]
        for n, box in enumerate(self.boxes):
            lived(box, days=days, visits=12, seed=n)
        self.refused = 0
        self.threads = [threading.Thread(target=self.send, args=(n, box), daemon=True)
                        for n, box in enumerate(self.boxes)]

    def send(self, n, box):
        turn, link = n, None
        while box.acked < box.ledger.head:
            head = self.heads[turn % len(self.heads)]
            try:
                link = link or Link(head.url, timeout=20)
                word = box.send(link, self.most)
                if word not in ("taken", "gap"):
                    self.wrong.append(f"{box.shop}: {word}")
                    return
            except Refused as refused:
                self.refused += 1
                if refused.status != 503 or "retry-after" not in refused.headers:
                    self.wrong.append(f"{box.shop}: {refused}")
                    return
                self.pause.wait(0.05)
            except OSError:
                link, turn = None, turn + 1  # the other officed, on a new connection
                self.pause.wait(0.05)
            except Exception as error:  # pylint: disable=broad-except
                if "IncompleteRead" not in repr(error) and "http.client" not in repr(type(error)):
                    self.wrong.append(f"{box.shop}: {error!r}")
                    return
                link = None

    pause = threading.Event()  # never set: a wait with an end

    def acked(self):
        return sum(box.acked for box in self.boxes)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        for thread in self.threads:
            thread.join(1 if kind else 60)
        if not kind:
            assert not self.wrong, self.wrong
            assert all(b.acked == b.ledger.head for b in self.boxes)


def two_heads(stack, server):
    place = pathlib.Path(stack.enter_context(folder()))
    one = stack.enter_context(Head(place / "one", server.url))
    two = stack.enter_context(Head(place / "two", server.url, beside=one))
    return [one, two]


def killed(shares):
    """PostgreSQL dies when these shares of all entries are acknowledged, and comes up again."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Postgres())
        heads = two_heads(stack, server)
        with Town(heads, 6) as town:
            for share in shares:
                total = sum(box.ledger.head for box in town.boxes)
                until(lambda: town.acked() > share * total, 30, "a part of it")
                server.kill()
                server.start()
        heads[0].check(town.boxes)
        print(f"        {town.acked()} entries of 6 boxes, {town.refused} times 503")


def test_postgres_is_killed(start):
    killed([0.4])


@proof
def test_postgres_is_killed_again_and_again(start):
    killed([0.1, 0.3, 0.5, 0.7, 0.9])


FAILING = """
CREATE SEQUENCE failing;
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
 CASE nextval('failing') % 5
 WHEN 1 THEN RAISE EXCEPTION 'made up' USING ERRCODE = '40001';
 WHEN 3 THEN RAISE EXCEPTION 'made up' USING ERRCODE = '40P01';
 ELSE RETURN NULL;
 END CASE;
END $$;
CREATE TRIGGER fails AFTER INSERT ON arrival FOR EACH STATEMENT EXECUTE FUNCTION fails();
"""


def test_40001_and_40P01_are_tried_again(start):
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Postgres())
        heads = two_heads(stack, server)
        server.sql(FAILING)
        with Town(heads, 4, days=2) as town:
            pass
        heads[0].check(town.boxes)
        fails = int(server.sql("SELECT last_value FROM failing"))
        print(f"        {town.acked()} entries, {fails} commits of which two in five failed")
        assert fails >= 10, fails
        server.sql("DROP TRIGGER fails ON arrival")
        deadlock(server, heads)


def deadlock(server, heads):
    """A real one: we hold the counter that an intake takes last, and want its shop's row."""
    box = heads[0].box("knuten", seed=40)
    lived(box, days=1)
    before = int(server.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"))
    sql = """SET deadlock_timeout = '60s'; BEGIN;
        UPDATE counter SET n = n WHERE name = 'arrival'; SELECT 'held';
        """
    psql = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-d", server.url],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    psql.stdin.write(sql)
    psql.stdin.flush()
    assert psql.stdout.readline().strip() == "held"
    sender = threading.Thread(target=lambda: box.send_all(Link(heads[0].url)), daemon=True)
    sender.start()
    until(lambda: server.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
          != "0", 10, "an intake that waits for us")
    psql.stdin.write("UPDATE shop SET title = title WHERE shop = 'knuten'; SELECT 'got'; COMMIT;\n")
    psql.stdin.flush()
    assert psql.stdout.readline().strip() == "got"
    psql.stdin.close()
    assert psql.wait(10) == 0
    sender.join(20)
    assert box.acked == box.ledger.head
    until(lambda: int(server.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"))
          > before, 10, "the deadlock on record")
    heads[0].check([box])


def fill(path, but):
    """Leaves so many bytes free."""
    stat = os.statvfs(path.parent)
    path.write_bytes(bytes(stat.f_bavail * stat.f_frsize - but))


def test_the_office_is_full(start):
    with folder() as place:
        disk, room = pathlib.Path(place, "disk"), pathlib.Path(place, "disk", "filler")
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "office-full", disk], check=True)
        try:
            with Head(place, disk / "office.db") as head:
                box, link = head.box("norrby", seed=2), Link(head.url)
                lived(box, days=20, visits=40)
                assert box.send(link, 200) == "taken"
                fill(room, 256 * 1024)
                try:
                    box.send_all(link, 200)
                    raise AssertionError("all of it went into 256 KiB")
                except Refused as refused:
                    assert refused.status == 503 and refused.code == "full", refused
                    assert int(refused.headers["retry-after"]) > 0, refused.headers
                stood = box.acked
                head.check([box])
                room.unlink()
                assert box.send_all(link, 200) == "taken" and box.acked > stood
                head.check([box])
                print(f"        full after {stood} of {box.ledger.head} entries")
        finally:
            subprocess.run(["umount", "-l", disk], check=False)


@proof
def test_postgres_comes_back_from_an_old_backup(start):
    """The same for boxes and a PostgreSQL: a template made before, put in its place."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Postgres())
        server.sql("CREATE DATABASE office")
        url = server.url.replace("/postgres?", "/office?")
        place = pathlib.Path(stack.enter_context(folder()))
        head = Head(place, url).start()
        boxes = [head.box(f"shop-{n}", seed=n) for n in range(4)]
        for box in boxes:
            lived(box, days=2)
            assert box.send_all(Link(head.url)) == "taken"
            box.follow(Link(head.url))
        head.stop()
        server.sql("CREATE DATABASE backup TEMPLATE office")
        head.start()
        for box in boxes:
            lived(box, days=2)
            assert box.send_all(Link(head.url)) == "taken"
        head.stop()
        server.sql("DROP DATABASE office")
        server.sql("ALTER DATABASE backup RENAME TO office")
        head.start()
        for box in boxes:
            lived(box, days=1)
            assert box.send_all(Link(head.url)) == "taken"
            before = box.cursor
            assert box.follow(Link(head.url)) > before, "a number past all that it has seen"
        head.check(boxes)
        head.stop()


def test_the_office_comes_back_from_an_old_backup(start):
    with start("--office", "enrol") as shop, folder() as place:
        anna = known(shop, "Anna Exempla")
        keys = buy(shop, anna, COFFEE)
        shop.carried()
        file = pathlib.Path(database_of(shop))
        with dead(shop, "officed"):
            for path in file.parent.glob(file.name + "*"):
                shutil.copy2(path, place)
        until(lambda: serves(shop.office), 10, "officed is back")
        shop.office.must("PUT", f"/v1/products/{EGGS}/prices", {"price_minor": 12345})
        price_until(shop, EGGS, 12345)
        keys += buy(shop, anna, EGGS, BREAD)
        agree(shop)
        feed = shop.shopctl("status")["office"]["feed"]
        with dead(shop, "officed"):
            for path in file.parent.glob(file.name + "*"):
                path.unlink()
            for path in pathlib.Path(place).iterdir():
                shutil.copy2(path, file.parent)
        until(lambda: serves(shop.office), 10, "officed is back")
        # as many numbers are given anew as the shop has seen: it must not take these for those
        shop.office.must("PUT", f"/v1/products/{COFFEE}/prices", {"price_minor": 3456})

        def again():  # though nothing new happens at the shop
            return shop.office.must("GET", f"/v1/shops/{shop.name}")["head"]["seq"] >= shop.head()
        until(again, 30, "the shop sends again what the office has lost")
        agree(shop)
        sold = sorted(key for key, in Rows(file).ask("SELECT key FROM line"))
        assert sold == sorted(keys), (sold, keys)
        until(lambda: shop.shopctl("status")["office"]["feed"] > feed, 30, "a snapshot past its cursor")
        assert shop.shopctl("status")["office"]["epoch"] == 1
        status, product = shop.api("GET", f"/v1/products/{EGGS}")
        assert status == 200 and product["unit_price_minor"] != 12345, product
        price_until(shop, COFFEE, 3456)


if __name__ == "__main__":
    main(globals())
