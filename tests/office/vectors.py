#!/usr/bin/python3
"""Writes tests/data/sync-vectors.json: what a shop and its office say to each other, made by
box.py's side of the house, each with what it means as one line of text; and what nobody may say.
Keys are fixed; signatures are random, so each run writes another file that says the same.
`vectors.py --check` makes them anew and only says whether the names are the same.
"""
import json
import pathlib
import random
import sys

import cbor2

from said import Key, Office, claim_text, raw, sign_statement
from ledger import DOOR, Ledger, sha256
from village import Village

FILE = pathlib.Path(__file__).resolve().parent.parent / "data" / "sync-vectors.json"
AT = 1795258800000  # 2026-11-21T21:00:00Z
WHO, OTHER = bytes(range(0xC0, 0xD0)), bytes(range(16))
HASH = bytes(range(32))
SECRET, ROOT_HASH = bytes(range(0xF0, 0xFA)), bytes(range(5))
BOX, SIGNER, ROOT = Key(0x5EED), Key(0xB0), Key(0x4007)
TOP = (1 << 63) - 1

MEMBER = [1, WHO, 2, 9, 200000]
ARTICLE = [5, 7310865004703, AT, 1590, 100, 0, 6, 0, 0, 2, "Mellanmjölk 1,5 l"]
PASS = [7, bytes(range(8)), True, False, bytes(16), HASH]
SETTING = [8, "hours.monday", "05:00-23:00"]
COMMAND = [10, 12, 4, "front", 90000, AT, "anna", "", ""]
COMMAND_SET = [10, 13, 6, "", 0, AT, "anna", "occupancy_max", "8"]
PAYMENT = [11, "b1946ac9", WHO, 2026000123, 2500, 20770]
ASSIGNED = [12, "b1946ac9", WHO, 0, "anna"]
CHANGES = {
    "member": MEMBER,
    "member_gone": [2, WHO],
    "key": [3, WHO, raw(BOX)],
    "key_gone": [4, WHO, raw(BOX)],
    "article": ARTICLE,
    "article_fixed": [5, 40000000, 0, 0, 0, 2500, 0, 4, 2, 0, "x"],
    "article_most": [5, 99999999999999, TOP, 10**9, 10**6, 10000, 65535, 4, 2, 0, "å" * 48],
    "article_gone": [6, 7310865004703],
    "pass": PASS,
    "pass_long": [7, bytes(16), False, True, HASH[:16], HASH],
    "setting": SETTING,
    "setting_empty": [8, "a" * 32, ""],
    "setting_most": [8, "barred", "v" * 128],
    "key_set": [9, b"statement"],
    "key_set_most": [9, bytes(1024)],
    "command": COMMAND,
    "command_set": COMMAND_SET,
    "command_bare": [10, TOP, 5, "", TOP, TOP, "", "", ""],
    "payment": PAYMENT,
    "payment_back": [11, "k", bytes(16), 0, -2500, 0],
    "assigned": ASSIGNED,
    "erase": [13, WHO],
    "card": [14, WHO, bytes(range(8))],
    "card_gone": [15, WHO, bytes(range(8))],
}
UNKNOWN = {
    "kind_16": [16],
    "kind_big": [1 << 63, "anything", [1, [2, {3: None}]], b"x" * 200],
    "verb_8": [10, 1, 8, "front", 0, AT, "anna", "", ""],
    "verb_8_longer": [10, 1, 700, ["of", "another", "shape"], None, 0, 0, 0, 0],
}


def but(good, **items):
    """`good` with item 3 as in _3=…; ... leaves it out."""
    out = list(good)
    for name, value in items.items():
        out[int(name[1:])] = value
    return [item for item in out if item is not ...]


BAD_CHANGES = {
    "no_array": 1,
    "empty": [],
    "kind_0": [0, WHO],
    "kind_negative": [-1, WHO],
    "kind_text": ["1", WHO],
    "customer_15": but(MEMBER, _1=WHO[:15]),
    "customer_17": but(MEMBER, _1=WHO + b"x"),
    "customer_text": but(MEMBER, _1="x" * 16),
    "role_4": but(MEMBER, _2=4),
    "role_negative": but(MEMBER, _2=-1),
    "flags_16": but(MEMBER, _3=16),
    "limit_negative": but(MEMBER, _4=-1),
    "limit_past_int64": but(MEMBER, _4=1 << 63),
    "limit_bool": but(MEMBER, _4=True),
    "member_short": but(MEMBER, _4=...),
    "member_long": MEMBER + [0],
    "key_63": [3, WHO, bytes(63)],
    "key_65": [3, WHO, bytes(65)],
    "card_7": [14, WHO, bytes(7)],
    "card_9": [14, WHO, bytes(9)],
    "card_text": [14, WHO, "12345678"],
    "card_long": [14, WHO, bytes(8), 0],
    "card_gone_short": [15, WHO],
    "gtin_0": but(ARTICLE, _1=0),
    "gtin_15_digits": but(ARTICLE, _1=10**14),
    "valid_from_negative": but(ARTICLE, _2=-1),
    "price_negative": but(ARTICLE, _3=-1),
    "price_past": but(ARTICLE, _3=10**9 + 1),
    "deposit_negative": but(ARTICLE, _4=-1),
    "deposit_past": but(ARTICLE, _4=10**6 + 1),
    "rate_beside_class": but(ARTICLE, _5=600),
    "rate_past": but(ARTICLE, _5=10001, _9=0),
    "reorder_past": but(ARTICLE, _6=65536),
    "class_5": but(ARTICLE, _7=5),
    "class_256": but(ARTICLE, _7=256),
    "state_3": but(ARTICLE, _8=3),
    "vat_class_6": but(ARTICLE, _9=6),
    "name_empty": but(ARTICLE, _10=""),
    "name_97": but(ARTICLE, _10="n" * 97),
    "name_control": but(ARTICLE, _10="a\nb"),
    "name_nul": but(ARTICLE, _10="a\0b"),
    "name_c1": but(ARTICLE, _10="a\u009bb"),
    "name_bytes": but(ARTICLE, _10=b"abc"),
    "article_gone_0": [6, 0],
    "cti_7": but(PASS, _1=bytes(7)),
    "cti_17": but(PASS, _1=bytes(17)),
    "cti_empty": but(PASS, _1=b""),
    "revoked_1": but(PASS, _2=1),
    "salt_15": but(PASS, _4=bytes(15)),
    "pin_hash_31": but(PASS, _5=bytes(31)),
    "setting_no_name": but(SETTING, _1=""),
    "setting_name_33": but(SETTING, _1="a" * 33),
    "setting_capital": but(SETTING, _1="Hours"),
    "setting_digit": but(SETTING, _1="a1"),
    "setting_space": but(SETTING, _1="a b"),
    "setting_value_129": but(SETTING, _2="v" * 129),
    "setting_value_newline": but(SETTING, _2="a\nb = c"),
    "key_set_empty": [9, b""],
    "key_set_1025": [9, bytes(1025)],
    "command_id_0": but(COMMAND, _1=0),
    "command_id_past": but(COMMAND, _1=1 << 63),
    "verb_0": but(COMMAND, _2=0),
    "verb_past_32": but(COMMAND, _2=1 << 32),
    "door_capital": but(COMMAND, _3="Front"),
    "door_17": but(COMMAND, _3="a" * 17),
    "hold_negative": but(COMMAND, _4=-1),
    "expires_negative": but(COMMAND, _5=-1),
    "by_65": but(COMMAND, _6="b" * 65),
    "by_escape": but(COMMAND, _6="\x1b[2J"),
    "setting_beside_verb": but(COMMAND, _7="barred"),
    "value_beside_verb": but(COMMAND, _8="x"),
    "set_nothing": but(COMMAND_SET, _7=""),
    "payment_key_empty": but(PAYMENT, _1=""),
    "payment_key_slash": but(PAYMENT, _1="a/b"),
    "payment_key_65": but(PAYMENT, _1="k" * 65),
    "payment_invoice_no_year": but(PAYMENT, _3=123),
    "payment_invoice_no_counter": but(PAYMENT, _3=2026000000),
    "payment_past": but(PAYMENT, _4=10**12 + 1),
    "payment_back_past": but(PAYMENT, _4=-(10**12) - 1),
    "payment_day_negative": but(PAYMENT, _5=-1),
    "payment_day_past": but(PAYMENT, _5=2932897),
    "payment_day_past_32": but(PAYMENT, _5=1 << 32),
    "assigned_by_control": but(ASSIGNED, _4="\x7f"),
    "erase_short": [13],
    "too_long": [16, bytes(2048)],
}

HEADS = {
    "ack": ["ack", "viken", 1, 42, HASH, AT, 0],
    "ack_nothing": ["ack", "a-2", 0, 0, bytes(32), 0, 1],
    "ack_most": ["ack", "b" * 16, (1 << 32) - 1, TOP, HASH, 253402300799999, 4],
    "grant": ["grant", "viken", 2, 42, HASH, AT],
    "enrolled": ["enrolled", "viken", 1, 0, bytes(32), AT, raw(ROOT), b"keys"],
}
KEYS = ["keys", 3, AT, [raw(SIGNER), raw(BOX)]]
TIME = ["time", bytes(range(16)), AT]
FEED = ["feed", "viken", 1, 5, 7, AT, 0, [MEMBER, ARTICLE]]
SNAPSHOT = ["feed", "viken", 1, 0, 7, AT, -2, [MEMBER, SETTING]]
ACK = HEADS["ack"]
BAD_SAID = {
    "no_array": {},
    "no_word": [],
    "other_word": but(ACK, _0="acks"),
    "word_bytes": but(ACK, _0=b"ack"),
    "shop_empty": but(ACK, _1=""),
    "shop_capital": but(ACK, _1="Viken"),
    "shop_17": but(ACK, _1="a" * 17),
    "shop_dots": but(ACK, _1="../x"),
    "epoch_past": but(ACK, _2=1 << 32),
    "epoch_negative": but(ACK, _2=-1),
    "seq_past": but(ACK, _3=1 << 63),
    "hash_31": but(ACK, _4=bytes(31)),
    "hash_33": but(ACK, _4=bytes(33)),
    "at_negative": but(ACK, _5=-1),
    "at_year_10000": but(ACK, _5=253402300800000),
    "answer_5": but(ACK, _6=5),
    "ack_short": but(ACK, _6=...),
    "ack_long": ACK + [0],
    "grant_long": HEADS["grant"] + [0],
    "root_63": but(HEADS["enrolled"], _6=bytes(63)),
    "keys_none": but(HEADS["enrolled"], _7=b""),
    "keys_1025": but(HEADS["enrolled"], _7=bytes(1025)),
    "key_set_version_0": but(KEYS, _1=0),
    "key_set_empty": but(KEYS, _3=[]),
    "key_set_9": but(KEYS, _3=[bytes(64)] * 9),
    "key_set_63": but(KEYS, _3=[bytes(63)]),
    "key_set_text": but(KEYS, _3="ab"),
    "nonce_15": but(TIME, _1=bytes(15)),
    "nonce_17": but(TIME, _1=bytes(17)),
    "time_negative": but(TIME, _2=-1),
    "feed_backwards": but(FEED, _3=8),
    "feed_to_past": but(FEED, _4=1 << 63),
    "feed_part_past": but(FEED, _6=1 << 31),
    "feed_part_least": but(FEED, _3=0, _6=-(1 << 31)),
    "feed_changes_1001": but(FEED, _7=[[6, 1]] * 1001),
    "feed_change_bad": but(FEED, _7=[MEMBER, [6, 0]]),
    "feed_short": but(FEED, _7=...),
    "feed_long": FEED + [0],
    "snapshot_from": but(SNAPSHOT, _3=1),
    "snapshot_command": but(SNAPSHOT, _7=[COMMAND]),
}

BEAT = ["heartbeat", 1, 100, 90, 7, AT, True, True, False, 60000, 2, 1,
        [["front", 1, 2, 0, False], ["lager-2", 0, 0, 2, True]], "1.0"]
BEATS = {
    "beat": BEAT,
    "beat_bare": but(BEAT, _12=[], _13="", _5=-1),
    "beat_most": but(BEAT, _1=(1 << 32) - 1, _2=TOP, _3=TOP, _4=TOP, _5=TOP, _9=TOP,
                     _10=(1 << 32) - 1, _11=(1 << 32) - 1, _12=[["d" * 16, 5, 3, 2, True]] * 4,
                     _13="v" * 32),
}
BAD_BEATS = {
    "word": but(BEAT, _0="heart"),
    "epoch": but(BEAT, _1=1 << 32),
    "head": but(BEAT, _2=1 << 63),
    "acked": but(BEAT, _3=-1),
    "feed": but(BEAT, _4="7"),
    "at": but(BEAT, _5=1 << 63),
    "flag": but(BEAT, _6=1),
    "up": but(BEAT, _9=-1),
    "visits": but(BEAT, _10=1 << 32),
    "doors": but(BEAT, _12=[["front", 1, 2, 0, False]] * 5),
    "door_name": but(BEAT, _12=[["Front", 1, 2, 0, False]]),
    "door_none": but(BEAT, _12=[["", 1, 2, 0, False]]),
    "door_mode": but(BEAT, _12=[["front", 6, 2, 0, False]]),
    "door_physical": but(BEAT, _12=[["front", 1, 4, 0, False]]),
    "door_alarm": but(BEAT, _12=[["front", 1, 2, 3, False]]),
    "door_tamper": but(BEAT, _12=[["front", 1, 2, 0, 1]]),
    "door_short": but(BEAT, _12=[["front", 1, 2, 0]]),
    "version_33": but(BEAT, _13="v" * 33),
    "version_control": but(BEAT, _13="1\n"),
    "short": but(BEAT, _13=...),
    "long": BEAT + [0],
}
ENROL = ["enrol", claim_text("viken", SECRET, ROOT_HASH), raw(BOX), "1.0"]
BAD_ENROLS = {
    "word": but(ENROL, _0="enroll"),
    "code_empty": but(ENROL, _1=""),
    "code_65": but(ENROL, _1="c" * 65),
    "key_63": but(ENROL, _2=bytes(63)),
    "version_33": but(ENROL, _3="v" * 33),
    "short": but(ENROL, _3=...),
    "long": ENROL + [0],
}
EPOCH = ["epoch", 1, 42, HASH]
BAD_EPOCHS = {
    "word": but(EPOCH, _0="epochs"),
    "epoch": but(EPOCH, _1=-1),
    "seq": but(EPOCH, _2=1 << 63),
    "hash": but(EPOCH, _3=bytes(31)),
    "long": EPOCH + [0],
}
ENTRY = [1, 42, AT, 50, b"body"]
BAD_ENTRIES = {
    "hash": HASH,
    "seq_0": but(ENTRY, _1=0),
    "seq_past": but(ENTRY, _1=1 << 63),
    "epoch_past": but(ENTRY, _0=1 << 32),
    "at_past": but(ENTRY, _2=1 << 63),
    "kind_past": but(ENTRY, _3=65536),
    "body_4097": but(ENTRY, _4=bytes(4097)),
    "body_text": but(ENTRY, _4="body"),
    "erased_31": but(ENTRY, _4=[bytes(31)]),
    "erased_two": but(ENTRY, _4=[HASH, HASH]),
    "erased_none": but(ENTRY, _4=[]),
    "short": but(ENTRY, _4=...),
    "long": ENTRY + [0],
}
CLAIMS = {
    "plain": ("viken", SECRET, ROOT_HASH),
    "zeros": ("a", bytes(10), bytes(5)),
    "ones": ("byabutiken-viken", b"\xff" * 10, b"\xff" * 5),
    "hyphens": ("a-b-1", SECRET, ROOT_HASH),
}


def text(value):
    """What the C test prints of its structs: items in order, lists unrolled."""
    if isinstance(value, list) and value[:1] == ["feed"] and len(value) == 8:
        return text(value[:7]) + f" {len(value[7])}"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        items = (f"<{item}>" if isinstance(item, str) else text(item) for item in value)
        return " ".join(item for item in items if item)
    return str(value)


def rows(what, good):
    for name, value in good.items():
        yield {"what": what, "name": name, "bytes": cbor2.dumps(value).hex(), "text": text(value)}


def mangled(name, value):
    """One value in forms that are not the one."""
    data = cbor2.dumps(value)
    yield name + "_trailing", data + b"\0"
    if data[0] >> 5 == 4 and data[0] & 31 < 24:
        yield name + "_indefinite", bytes([0x9F]) + data[1:] + b"\xff"
        yield name + "_not_shortest", bytes([0x98, data[0] & 31]) + data[1:]
        yield name + "_promises_more", bytes([data[0] + 1]) + data[1:]
    yield name + "_tagged", b"\xc1" + data


def refused(what, bad, *good):
    for name, value in bad.items():
        yield {"what": what, "name": "bad_" + name, "bytes": cbor2.dumps(value).hex()}
    for name, value in good:
        for other, data in mangled(name, value):
            yield {"what": what, "name": "bad_" + other, "bytes": data.hex()}


def chain_rows():
    """A few days of a village; one body is erased, one is of a kind that nobody knows."""
    ledger = Ledger(1, random.Random(7))
    village = Village(7, members=3, articles=9)
    village.live(ledger, days=1, visits=3)
    village.close_month(ledger)
    village.payments(ledger, share=1)
    village.alarm(ledger)
    ledger.add(DOOR, village.at, "front", 0, 1, True, village.customers[0])
    ledger.erase(ledger.head)
    ledger.epoch = 2
    ledger.add(82, village.at, 1, 2, ledger.head, 0, 1)
    ledger.add(83, village.at, 9, 1, 0, "front", 0, "anna", "", "")
    ledger.add(84, village.at, 1, 9, 1, True, village.customers[0])
    ledger.add(999, village.at, "of a later program", [1, 2])
    data, last = ledger.batch(0)
    yield {"what": "batch", "name": "village", "bytes": data.hex(), "text": f"{last} 1"}
    lying = data[:-32] + sha256(data)
    yield {"what": "batch", "name": "village_lies", "bytes": lying.hex(), "text": f"{last} 0"}


def statement_rows():
    office = Office(ROOT, SIGNER)
    for name, value in (("ack", ACK), ("keys", KEYS), ("time", TIME), ("feed", FEED)):
        payload = cbor2.dumps(value)
        yield {
            "what": "statement", "name": name, "payload": payload.hex(),
            "bytes": sign_statement(office.root if name == "keys" else office.key, payload).hex(),
            "key": raw(office.root if name == "keys" else office.key).hex(),
        }


def made():
    yield from rows("change", CHANGES)
    yield from rows("change_unknown", UNKNOWN)
    # a change stands in a row of others: what comes behind it is not its own
    some = (("member", MEMBER), ("command", COMMAND))
    for row in refused("change", BAD_CHANGES, *some):
        if not row["name"].endswith("_trailing"):
            yield row
    yield from rows("head", HEADS)
    yield from rows("keys", {"keys": KEYS, "keys_most": but(KEYS, _3=[raw(BOX)] * 8)})
    yield from rows("time", {"time": TIME})
    yield from rows("feed", {"feed": FEED, "snapshot": SNAPSHOT, "feed_empty": but(FEED, _7=[]),
                             "feed_unknown": but(FEED, _7=[MEMBER, [16, "x"], ARTICLE])})
    yield from refused("said", BAD_SAID, ("ack", ACK), ("keys", KEYS), ("time", TIME), ("feed", FEED))
    yield from rows("beat", BEATS)
    yield from refused("beat", BAD_BEATS, ("beat", BEAT))
    yield from rows("enrol", {"enrol": ENROL})
    yield from refused("enrol", BAD_ENROLS, ("enrol", ENROL))
    yield from rows("epoch", {"epoch": EPOCH})
    yield from refused("epoch", BAD_EPOCHS, ("epoch", EPOCH))
    yield from rows("entry", {"entry": ENTRY, "erased": but(ENTRY, _4=[HASH]),
                              "entry_most": [(1 << 32) - 1, TOP, -TOP - 1, 65535, bytes(4096)]})
    for row in refused("entry", BAD_ENTRIES, ("entry", ENTRY)):
        if not row["name"].endswith("_trailing"):
            yield row
    yield from chain_rows()
    yield from statement_rows()
    for name, (shop, secret, root_hash) in CLAIMS.items():
        yield {"what": "claim", "name": name, "bytes": (secret + root_hash).hex(),
               "text": claim_text(shop, secret, root_hash), "shop": shop}


def main():
    vectors = list(made())
    if "--check" in sys.argv:
        kept = json.loads(FILE.read_text())
        same = [(v["what"], v["name"]) for v in kept] == [(v["what"], v["name"]) for v in vectors]
        sys.exit(0 if same else "tests/data/sync-vectors.json has other vectors: make it anew")
    FILE.write_text("[\n" + ",\n".join(json.dumps(v, ensure_ascii=False) for v in vectors) + "\n]\n")
    print(f"{len(vectors)} vectors")


if __name__ == "__main__":
    main()
