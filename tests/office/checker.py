#!/usr/bin/python3
"""checker.py: what an office has of its shops, held against what the shops believe it has.

    checker.py OFFICE [SHOP=LEDGER.DB ...] [--acked SHOP=FILE ...]

OFFICE is officed's SQLite file or a postgresql:// string; a LEDGER.DB a shop's own; a FILE lines of
`SEQ HASH`, one for each acknowledgement that a box was given. Proves, shop by shop:

    the chain is whole from the first entry on, each once, and ends at the head that is written down
    every entry that a shop believes acknowledged is there, hash by hash
    the derived tables say what the entries say: lines and who took them back, visits, invoices and
    what is paid on them, payments, stock, what could not be read

Ends with `N shops, N entries: good`, or a line for each thing that is wrong and status 1. Shares no
code with the office: decoding, hashing and every rule are written down here once more.

    from checker import check
    wrong = check(office, ledgers={"viken": path}, acked={"viken": [(seq, hash), ...]})
"""
import argparse
import collections
import hashlib
import io
import re
import sqlite3
import struct
import subprocess
import sys

import cbor2

START, CLOCK = 1, 3
ERASABLE = {10, 11, 12, 20, 85}
VISIT_OPENED, VISIT_CLOSED, LINE, LINE_VOIDED = 40, 42, 50, 51
INVOICE_LINES, INVOICE, CREDIT_NOTE, LINE_CREDITED = 72, 73, 74, 75
STOCK, PAYMENT, PAYMENT_ASSIGNED = 77, 78, 79
KINDS = {1, 2, 3, 10, 11, 12, 20, 30, 40, 41, 42, 50, 51, 60, *range(70, 86)}
DELIVERY, COUNT, WASTE, OWN_USE = 1, 2, 3, 4
WRONG_LINE = 0
NOBODY = bytes(16)
AMOUNT_MAX = 10**12
CHAIN = struct.Struct(">4sIQqH32s32s")
WRONG_MAX = 50


class Office:
    """Rows of officed's database, from either engine."""

    def __init__(self, where):
        self.where = where
        self.sqlite = None
        if not re.match(r"postgres(ql)?://", where):
            self.sqlite = sqlite3.connect(f"file:{where}?mode=ro", uri=True)

    def rows(self, sql, *columns):
        """`columns`: i a number, t text, b bytes (None where there are none)."""
        if self.sqlite:
            for row in self.sqlite.execute(sql):
                yield tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            return
        command = ["psql", "-X", "-q", "-d", self.where, "-v", "ON_ERROR_STOP=1", "-c",
                   f"COPY ({sql}) TO STDOUT"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as psql:
            for line in io.TextIOWrapper(psql.stdout, "utf-8", newline="\n"):
                yield tuple(map(self.value, line.rstrip("\n").split("\t"), columns))
        if psql.returncode:
            raise RuntimeError(f"psql: status {psql.returncode}")

    @staticmethod
    def value(text, column):
        if text == r"\N":
            return None
        if column == "i":
            return int(text)
        text = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), text)
        return bytes.fromhex(text[2:]) if column == "b" else text


def fields_of(kind, body):
    """What a body says, without its salt; None where nobody can read it."""
    if body is None or kind not in KINDS:
        return None
    try:
        fields = cbor2.loads(body)
    except (cbor2.CBORDecodeError, ValueError):
        return None
    if not isinstance(fields, list) or not fields or len(fields[0]) != 16:
        return None
    fields = fields[1:]
    if kind == LINE and max(abs(n) for n in (fields[6], fields[7])) > AMOUNT_MAX:
        return None
    return fields


def varints(packed):
    number, shift, last = 0, 0, 0
    for byte in packed:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            last += number
            yield last
            number = shift = 0


class Books:
    """What follows from a shop's entries, in their order."""

    def __init__(self):
        self.lines = {}  # seq: [visit, key, gtin, quantity, total, voided, credited]
        self.open_lines = {}  # (visit, key): seq
        self.visits = {}  # id: [customer, opened, closed]
        self.invoices = {}  # id: dict
        self.of_customer = collections.defaultdict(list)
        self.bears = collections.defaultdict(list)
        self.payments = {}  # key: [customer, invoice, amount]
        self.came_in = collections.Counter()  # customer: all that is theirs
        self.set_against = collections.Counter()  # customer: all that is paid on invoices
        self.shelf = collections.Counter()
        self.unread = {}
        self.work = {
            VISIT_OPENED: self.opened, VISIT_CLOSED: self.closed, LINE: self.line,
            LINE_VOIDED: self.voided, LINE_CREDITED: self.credited, STOCK: self.stock,
            INVOICE_LINES: self.invoice_lines, INVOICE: self.invoice, CREDIT_NOTE: self.note,
            PAYMENT: self.payment, PAYMENT_ASSIGNED: self.assigned,
        }

    def add(self, seq, at, kind, body):
        if kind not in self.work:
            if kind not in KINDS or (body is None and kind not in ERASABLE):
                self.unread[seq] = kind
            return
        try:
            fields = fields_of(kind, body)
            if fields is None:
                self.unread[seq] = kind
            else:
                self.work[kind](seq, at, *fields)
        except (IndexError, TypeError):  # too few fields, or others: nobody can read it
            self.unread[seq] = kind

    # --- visits and lines

    def opened(self, _seq, at, visit, customer, *_):
        self.visits.setdefault(visit, [customer, at, 0])

    def closed(self, _seq, at, visit, *_):
        if visit in self.visits:
            self.visits[visit][2] = at

    def line(self, seq, _at, visit, key, _customer, gtin, _name, quantity, _unit, total, *_):
        self.lines[seq] = [visit, key, gtin, quantity, total, 0, 0]
        self.open_lines[visit, key] = seq
        self.shelf[gtin] -= quantity

    def put_back(self, seq):
        _, _, gtin, quantity, *_ = self.lines[seq]
        self.shelf[gtin] += quantity

    def voided(self, seq, _at, visit, key, *_):
        line = self.open_lines.pop((visit, key), None)
        if line and not self.lines[line][5] and not self.lines[line][6]:
            self.lines[line][5] = seq
            self.put_back(line)

    def credited(self, seq, _at, line, _customer, _total, reason, *_):
        if line in self.lines and not self.lines[line][5] and not self.lines[line][6]:
            self.lines[line][6] = seq
            if reason == WRONG_LINE:
                self.put_back(line)

    def stock(self, _seq, _at, _key, kind, gtin, quantity, *_):
        if kind == COUNT:
            self.shelf[gtin] = quantity
        elif kind == DELIVERY:
            self.shelf[gtin] += quantity
        elif kind in (WASTE, OWN_USE):
            self.shelf[gtin] -= quantity

    # --- money

    def invoice_lines(self, _seq, _at, invoice, _lines, packed, *_):
        self.bears[invoice] += varints(packed)

    def invoice(self, _seq, _at, number, customer, _period, _issued, due, _lines, _rates, _gross,
                _rounding, payable, *_):
        if number in self.invoices:
            return
        self.invoices[number] = {"customer": customer, "payable": payable, "due": due,
                                 "paid": 0, "credited": 0, "note": False}
        self.of_customer[customer].append(number)
        self.settle(customer, number)

    def note(self, _seq, _at, number, original, line, customer, _issued, _rates, _gross, _rounding,
             payable, reason, *_):
        self.invoices.setdefault(number, {"customer": customer, "payable": payable, "due": 0,
                                          "paid": 0, "credited": 0, "note": True})
        if reason == WRONG_LINE:
            for seq in [line] if line else self.bears[original]:
                if seq in self.lines:
                    self.put_back(seq)
        paper = self.invoices.get(original)
        if paper and not paper["note"]:
            paper["credited"] += payable
            over = min(paper["credited"] + paper["paid"] - paper["payable"], paper["paid"])
            if over > 0:
                self.pay(original, -over)
        self.settle(customer, 0)

    def pay(self, number, amount):
        self.invoices[number]["paid"] += amount
        self.set_against[self.invoices[number]["customer"]] += amount

    def payment(self, _seq, _at, key, customer, invoice, amount, *_):
        if key in self.payments:
            return
        self.payments[key] = [customer, invoice, amount]
        if customer != NOBODY:
            self.came_in[customer] += amount
            self.settle(customer, invoice)

    def assigned(self, _seq, _at, key, customer, invoice, *_):
        payment = self.payments.get(key)
        if not payment or payment[0] != NOBODY or customer == NOBODY:
            return
        payment[0] = customer
        payment[1] = invoice or payment[1]
        self.came_in[customer] += payment[2]
        self.settle(customer, payment[1])

    def settle(self, customer, first):
        """The named invoice, then the oldest; what goes back, off the named one, then the newest."""
        free = self.came_in[customer] - self.set_against[customer]
        papers = [(n, self.invoices[n]) for n in self.of_customer[customer]]
        if free > 0:
            for n, p in sorted(papers, key=lambda x: (x[0] != first, x[1]["due"], x[0])):
                part = min(free, p["payable"] - p["credited"] - p["paid"])
                if part > 0:
                    self.pay(n, part)
                    free -= part
        elif free < 0:
            for n, p in sorted(papers, key=lambda x: (x[0] != first, -x[1]["due"], -x[0])):
                part = min(-free, p["paid"])
                if part > 0:
                    self.pay(n, -part)
                    free += part


class Checker:
    def __init__(self, office):
        self.office = Office(office)
        self.wrong = []
        self.shops = self.entries = 0

    def say(self, shop, what):
        if len(self.wrong) < WRONG_MAX:
            self.wrong.append(f"{shop}: {what}")

    def check_shop(self, shop, head_seq, head_hash, believed):
        """`believed`: seq: hash that the shop takes for acknowledged."""
        before, expect, books = bytes(32), 1, Books()
        epoch_before, wanted = 0, dict(believed)
        for seq, epoch, at, kind, body, body_hash, hash_ in self.office.rows(
                "SELECT seq, epoch, at, kind, body, body_hash, hash FROM entry"
                f" WHERE shop = '{shop}' ORDER BY seq", *"iiiibbb"):
            if seq != expect:
                self.say(shop, f"after entry {expect - 1} comes entry {seq}")
            expect = seq + 1
            if epoch < epoch_before:
                self.say(shop, f"entry {seq}: epoch {epoch} after {epoch_before}")
            epoch_before = epoch
            digest = body_hash if body is None else hashlib.sha256(body).digest()
            if hashlib.sha256(CHAIN.pack(b"SKL1", epoch, seq, at, kind, digest, before)
                              ).digest() != hash_:
                self.say(shop, f"entry {seq}: its hash does not follow")
            before = hash_
            if wanted.pop(seq, hash_) != hash_:
                self.say(shop, f"entry {seq}: acknowledged with another hash")
            books.add(seq, at, kind, body)
            self.entries += 1
        for seq in sorted(wanted)[:3]:
            self.say(shop, f"entry {seq} was acknowledged and is not there")
        if (head_seq, head_hash or bytes(32)) != (expect - 1, before) and head_seq + expect > 1:
            self.say(shop, f"its head is written down as {head_seq}, its entries end at "
                           f"{expect - 1}")
        self.check_tables(shop, books)

    def same(self, shop, table, ours, sql, columns):
        theirs = {row[0]: row[1:] for row in self.office.rows(sql, *columns)}
        if theirs == ours:
            return
        for key in sorted(set(ours) | set(theirs), key=str):
            if ours.get(key) != theirs.get(key):
                self.say(shop, f"{table} {key}: {theirs.get(key)} in the table, {ours.get(key)} "
                               f"by the entries")
                return

    def check_tables(self, shop, b):
        of = f"WHERE shop = '{shop}'"
        self.same(shop, "line", {seq: tuple(line) for seq, line in b.lines.items()},
                  f"SELECT seq, visit, key, gtin, quantity_milli, total, voided, credited FROM line"
                  f" {of}", "iitiiiii")
        self.same(shop, "visit", {n: tuple(v) for n, v in b.visits.items()},
                  f"SELECT visit, customer, opened_at, closed_at FROM visit {of}", "ibii")
        self.same(shop, "invoice",
                  {n: (p["customer"], p["payable"], p["paid"], p["credited"], int(p["note"]))
                   for n, p in b.invoices.items()},
                  f"SELECT id, customer, payable, paid, credited, credit_note FROM invoice {of}",
                  "ibiiii")
        self.same(shop, "payment", {k: tuple(p) for k, p in b.payments.items()},
                  f"SELECT key, customer, invoice, amount FROM payment {of}", "tbii")
        self.same(shop, "stock", {g: (n,) for g, n in b.shelf.items()},
                  f"SELECT gtin, on_hand_milli FROM stock {of}", "ii")
        self.same(shop, "unread", {s: (k,) for s, k in b.unread.items()},
                  f"SELECT seq, kind FROM unread {of}", "ii")

    def check(self, ledgers, acked):
        heads = {name: (seq, head) for name, seq, head in self.office.rows(
            "SELECT shop, head_seq, head_hash FROM shop", *"tib")}
        for shop in sorted(set(ledgers) | set(acked)):
            if shop not in heads:
                self.say(shop, "the office does not know this shop")
        for shop, (seq, head) in sorted(heads.items()):
            believed = believed_by(ledgers[shop]) if shop in ledgers else {}
            believed.update(acked.get(shop, {}))
            self.shops += 1
            self.check_shop(shop, seq, head, believed)
        return self.wrong


def believed_by(ledger):
    """seq: hash of all that a shop's own ledger has below its acknowledged mark."""
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as db:
        mark = db.execute("SELECT value FROM meta WHERE name = 'acked'").fetchone()
        return dict(db.execute("SELECT seq, hash FROM entry WHERE seq <= ?",
                               (mark[0] if mark else 0,)))


def acked_in(path):
    with open(path, encoding="ascii") as file:
        return {int(seq): bytes.fromhex(head) for seq, head in map(str.split, file)}


def check(office, ledgers=None, acked=None):
    """What is wrong, in sentences; empty: nothing. `acked`: shop: pairs or a dict of seq, hash."""
    return Checker(office).check(ledgers or {}, {s: dict(a) for s, a in (acked or {}).items()})


def pair(text):
    name, _, path = text.partition("=")
    if not path:
        raise argparse.ArgumentTypeError("want SHOP=PATH")
    return name, path


def main():
    parser = argparse.ArgumentParser(description="an office held against its shops")
    parser.add_argument("office")
    parser.add_argument("ledger", nargs="*", type=pair)
    parser.add_argument("--acked", action="append", type=pair, default=[])
    args = parser.parse_args()
    checker = Checker(args.office)
    wrong = checker.check(dict(args.ledger), {name: acked_in(path) for name, path in args.acked})
    for line in wrong:
        print(line)
    if wrong:
        sys.exit(1)
    print(f"{checker.shops} shops, {checker.entries} entries: good")


if __name__ == "__main__":
    main()
