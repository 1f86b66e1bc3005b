#!/usr/bin/python3
"""The box against an office in memory: that the second implementation follows the contract itself,
before it is held against the first. Ends with N passed, N failed.
"""
import pathlib
import sys
import traceback

import cbor2
import zstandard

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from box import Answer, Box, Refused  # noqa: E402
from ledger import Ledger, NO_HASH, Wrong, varints  # noqa: E402
from said import Office, claim_parse, claim_text, kid_of, raw  # noqa: E402
from village import Village, gtin13  # noqa: E402

AT = 1795258800000
SECRET = bytes(range(10))


class Desk:
    """As much of an office as one shop needs; takes what a Link takes."""

    def __init__(self, shop):
        self.shop, self.office = shop, Office()
        self.key_set = self.office.keys(1, AT)
        self.ledger = Ledger(0)
        self.epoch, self.changes, self.doubts = 0, [], False
        self.code = claim_text(shop, SECRET, self.office.root_hash)

    def send(self, ask):
        path, _, query = ask.path.partition("?")
        query = dict(pair.split("=") for pair in query.split("&") if pair)
        what = path.rsplit("/", 1)[1]
        if self.doubts and ask.purpose:
            self.doubts = False
            return Answer(401, {"content-type": "application/problem+json"},
                          b'{"code": "stale", "nonce": "' + b"0f" * 16 + b'"}')
        return getattr(self, f"{ask.method.lower()}_{what}")(ask, query)

    @staticmethod
    def cose(data, status=200, **headers):
        return Answer(status, {"content-type": "application/cose", **headers}, data)

    def post_enrol(self, ask, _):
        word, code, _, _ = cbor2.loads(ask.body)
        assert word == "enrol" and code == self.code
        self.epoch += 1
        return self.cose(self.office.enrolled(self.shop, self.epoch, AT, self.key_set,
                                              self.ledger.head, self.ledger.head_hash))

    def ack(self, answer, status):
        return self.cose(self.office.ack(self.shop, self.epoch, self.ledger.head,
                                         self.ledger.head_hash, AT, answer), status)

    def post_entries(self, ask, query):
        data = zstandard.ZstdDecompressor().decompress(ask.body, max_output_size=1 << 21)
        if int(query["epoch"]) != self.epoch:
            return self.ack(3, 409)
        items = [item for item in self.items(data)]
        if items and items[0][1] != self.ledger.head + 1:
            return self.ack(1, 409)
        self.ledger.take(data)
        return self.ack(0, 200)

    @staticmethod
    def items(data):
        from ledger import sequence

        return sequence(data)[:-1]

    def get_entries(self, _, query):
        return Answer(200, {}, self.ledger.batch(int(query["after"]), 50)[0])

    def post_epoch(self, _ask, _query):
        self.epoch += 1
        return self.cose(self.office.grant(self.shop, self.epoch, self.ledger.head,
                                           self.ledger.head_hash, AT))

    def get_feed(self, _, query):
        to = len(self.changes)
        if "snapshot" in query:
            part = int(query.get("next", 1))
            last = part == 2
            one = self.changes[: to // 2] if part == 1 else self.changes[to // 2 :]
            more = {} if last else {"sk-next": "2"}
            return self.cose(self.office.feed(self.shop, self.epoch, 0, to, AT, one,
                                              -part if last else part), **more)
        after = int(query["after"])
        if after == to:
            return Answer(204, {}, b"")
        return self.cose(self.office.feed(self.shop, self.epoch, after, to, AT,
                                          self.changes[after:]))

    def get_time(self, _, query):
        return self.cose(self.office.time(bytes.fromhex(query["nonce"]), AT))


def house():
    desk = Desk("viken")
    box = Box("viken", seed=7, clock=lambda: AT)
    village = Village(7, members=5, articles=20)
    box.enrol(desk, desk.code)
    village.live(box.ledger, days=2, visits=8)
    return desk, box, village


def refused(error, work, *arguments):
    try:
        work(*arguments)
    except error:
        return
    raise AssertionError(f"{work.__name__} was not refused")


def test_entries_go_up_and_are_acked():
    desk, box, _ = house()
    assert box.send_all(desk, most=40) == "taken"
    assert box.acked == box.ledger.head == desk.ledger.head
    assert desk.ledger.head_hash == box.ledger.head_hash
    assert [e.kind for e in desk.ledger.entries][0] == 82


def test_a_doubted_clock_is_proven_with_the_nonce():
    desk, box, _ = house()
    desk.doubts = True
    assert box.send(desk) == "taken" and not desk.doubts


def test_a_gap_goes_back_to_where_the_office_stands():
    desk, box, _ = house()
    box.send_all(desk, most=40)
    desk.ledger.cut(30)
    box.ledger.add(60, AT, 1)
    assert box.send(desk) == "gap" and box.acked == 30
    assert box.send_all(desk) == "taken" and desk.ledger.head_hash == box.ledger.head_hash


def test_an_erased_body_keeps_its_hash():
    desk, box, village = house()
    box.forget(village.customers[0], AT)
    assert any(e.body is None for e in box.ledger.entries)
    assert box.send_all(desk) == "taken"


def test_a_card_restored_takes_back_its_tail():
    desk, box, _ = house()
    box.send_all(desk)
    box.ledger.cut(20)
    box.acked = 20
    box.ledger.add(60, AT, 3)
    assert box.new_epoch(desk) == 1
    assert box.epoch == 2 and box.ledger.entries[-2].kind == 82
    assert box.send_all(desk) == "taken" and desk.ledger.head_hash == box.ledger.head_hash


def test_a_clone_of_an_old_epoch_is_told_so():
    desk, box, _ = house()
    box.send_all(desk)
    clone = box.clone()
    box.new_epoch(desk)
    clone.ledger.add(60, AT, 1)
    assert clone.send(desk) == "epoch_old"
    assert clone.ledger.head != box.ledger.head or clone.ledger is not box.ledger


def test_the_feed_is_followed():
    desk, box, village = house()
    desk.changes = village.members() + village.goods()
    assert box.follow(desk) == 25
    assert len(box.roster.members) == 5 and len(box.roster.articles) == 20
    desk.changes += [[8, "occupancy_max", "8"], [2, village.customers[0]], [77, "newer"],
                     [10, 1, 1, "front", 0, AT + 1, "anna", "", ""],
                     [10, 2, 1, "front", 0, AT - 1, "anna", "", ""],
                     [11, "bank-1", village.customers[1], 0, 500, 20770]]
    box.follow(desk)
    assert box.roster.settings == {"occupancy_max": "8"} and len(box.roster.members) == 4
    box.work()
    assert [(e.kind, e.fields[2]) for e in box.ledger.entries[-3:]] == [(83, 0), (83, 2), (78, 0)]


def test_a_feed_that_does_not_follow_is_refused():
    desk, box, _ = house()
    feed = desk.office.feed
    refused(Wrong, box.feed_is, feed("viken", 1, 3, 4, AT, [[6, 1]]))
    refused(Wrong, box.feed_is, feed("other", 1, 0, 1, AT, [[6, 1]]))
    refused(Wrong, box.feed_is, feed("viken", 2, 0, 1, AT, [[6, 1]]))
    stranger = Office().feed("viken", 1, 0, 1, AT, [[6, 1]])
    refused(Wrong, box.feed_is, stranger)
    good = bytearray(feed("viken", 1, 0, 1, AT, [[6, 1]]))
    good[30] ^= 1
    refused((Wrong, Exception), box.feed_is, bytes(good))


def test_keys_change_by_the_root_alone():
    desk, box, _ = house()
    old, new = desk.office, Office(desk.office.root)
    refused(Wrong, box.keys.take, Office().keys(2, AT))
    refused(Wrong, box.keys.take, desk.key_set)
    desk.changes = [[9, old.keys(2, AT, [new.key])]]
    box.feed_is(old.feed("viken", 1, 0, 1, AT, desk.changes))
    refused(Wrong, box.said, old.ack("viken", 1, 0, NO_HASH, AT), "ack")
    assert box.said(new.ack("viken", 1, 0, NO_HASH, AT), "ack")


def test_a_code_of_another_office_is_refused():
    desk = Desk("viken")
    box = Box("viken", clock=lambda: AT)
    desk.code = claim_text("viken", SECRET, bytes(5))
    refused(Wrong, box.enrol, desk, desk.code)


def test_claim_codes():
    text = claim_text("a-b", SECRET, bytes(range(5)))
    assert claim_parse(text.lower()) == ("a-b", SECRET, bytes(range(5)))


def test_the_time_is_asked_with_a_nonce():
    desk, box, _ = house()
    assert box.time(desk) == AT


def test_a_problem_is_told_by_its_code():
    answer = Answer(403, {"content-type": "application/problem+json"}, b'{"code": "revoked"}')
    assert Refused(answer).code == "revoked"


def test_the_same_seed_is_the_same_village():
    heads = []
    for _ in range(2):
        box = Box("viken", seed=7, clock=lambda: AT)
        Village(7).live(box.ledger, days=3)
        heads.append(box.ledger.head_hash)
    assert heads[0] == heads[1]


def test_a_month_adds_up():
    ledger, village = Ledger(1), Village(3, members=8)
    village.live(ledger, days=31)
    lines = {e.seq: e.fields[7] for e in ledger.entries if e.kind == 50}
    voided = sum(e.fields[3] for e in ledger.entries if e.kind == 51)
    invoices = [e.fields for e in ledger.entries if e.kind == 73]
    assert sum(f[7] for f in invoices) + sum(
        total for rows in village.unbilled.values() for _, total, _ in rows
    ) == sum(lines.values()) - voided
    for f in invoices:
        assert f[9] % 100 == 0 and f[9] == sum(r[2] + r[3] for r in f[6]) + f[8]
        assert f[7] == sum(r[1] for r in f[6]) and abs(f[9] - f[7]) <= 50


def test_small_things():
    assert varints([1, 129, 130]) == bytes([1, 0x80, 1, 1])
    assert gtin13(731086500470) == 7310865004703
    office = Office()
    assert kid_of(raw(office.key)) == office.key.kid


def main():
    passed = failed = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        try:
            test()
            passed += 1
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f"FAILED  {name}")
            traceback.print_exc()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
