"""A shop's box of its own: the second implementation that an office is held against.

It shares no code with the C one. A `Box` has a key, a ledger and what the feed told it; each
`ask_…` makes a request (nothing is sent), each `…_is` reads its answer, so that ten thousand boxes
can be driven from one loop. `Link` sends over HTTP, and `Box.do` goes through one request with it,
the second try with the office's nonce included.

    box = Box("viken", seed=7)
    link = Link("http://127.0.0.1:18100")
    box.enrol(link, "VIKEN-…")
    Village(seed=7).live(box.ledger, days=3)
    box.send_all(link)
    box.follow(link)                       # feed: snapshot and changes
"""
import base64
import copy
import http.client
import os
import random
import ssl
import threading
import time
import urllib.parse
from collections import namedtuple

import cbor2
import zstandard

from said import (
    ANSWERS, ARTICLE, ARTICLE_GONE, CARD, CARD_GONE, COMMAND_ASKED, ERASE, KEY, KEY_GONE, KEY_SET,
    KeySet, MEMBER, MEMBER_GONE, PASS, PAYMENT_IN, PAYMENT_OF, SETTING, claim_parse, kid_of, open_statement, raw,
    sha256,
)
from phone import Phone
from ledger import (
    BATCH_BYTES, BATCH_ENTRIES, COMMAND, ERASED, Ledger, NO_HASH, OFFICE, PAYMENT,
    PAYMENT_ASSIGNED, Wrong, strict,
)
from village import Village

Ask = namedtuple("Ask", "method path headers body purpose")
Answer = namedtuple("Answer", "status headers body")

ZSTD = threading.local()  # neither of its two may be used by two threads at once
COSE, CBOR, SEQUENCE = "application/cose", "application/cbor", "application/cbor-seq"


def pack(data):
    if not hasattr(ZSTD, "pack"):
        ZSTD.pack = zstandard.ZstdCompressor(level=1, write_content_size=True)
    return ZSTD.pack.compress(data)


def unpack(data):
    if not hasattr(ZSTD, "unpack"):
        ZSTD.unpack = zstandard.ZstdDecompressor()
    return ZSTD.unpack.decompress(data, max_output_size=4 * BATCH_BYTES)


class Refused(Exception):
    """The office said no: `status`, and `code` of its problem."""

    def __init__(self, answer):
        self.status, self.headers, self.body = answer
        self.problem = {}
        if "json" in self.headers.get("content-type", ""):
            import json

            self.problem = json.loads(self.body)
        self.code = self.problem.get("code")
        super().__init__(f"{self.status} {self.code}: {self.problem.get('detail', '')}")


class Link:
    """One connection that is kept open. `cafile`: whom to trust with https."""

    def __init__(self, url, cafile=None, timeout=70):
        parts = urllib.parse.urlsplit(url)
        self.prefix = parts.path.rstrip("/")
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=cafile)
            self.http = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=timeout, context=context
            )
        else:
            self.http = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)

    def send(self, ask):
        try:
            return self.send_once(ask)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.http.close()  # it was idle for too long: once more on a new one
            return self.send_once(ask)

    def send_once(self, ask):
        self.http.request(ask.method, self.prefix + ask.path, body=ask.body, headers=ask.headers)
        response = self.http.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        body = response.read()
        if headers.get("content-encoding") == "zstd":
            body = unpack(body)
        return Answer(response.status, headers, body)

    def close(self):
        self.http.close()


class Roster:
    """What the feed has told, as it holds now."""

    def __init__(self):
        self.members, self.keys, self.articles = {}, {}, {}
        self.cards = {}
        self.passes, self.settings = {}, {}

    def change(self, kind, *fields):
        if kind == MEMBER:
            self.members[fields[0]] = fields[1:]
        elif kind == MEMBER_GONE:
            self.members.pop(fields[0], None)
            self.keys = {xy: who for xy, who in self.keys.items() if who != fields[0]}
            self.cards = {kid: who for kid, who in self.cards.items() if who != fields[0]}
        elif kind == KEY:
            self.keys[fields[1]] = fields[0]
        elif kind == KEY_GONE:
            self.keys.pop(fields[1], None)
        elif kind == CARD:
            self.cards[fields[1]] = fields[0]
        elif kind == CARD_GONE:
            if self.cards.get(fields[1]) == fields[0]:
                del self.cards[fields[1]]
        elif kind == ARTICLE:
            self.articles.setdefault(fields[0], {})[fields[1]] = fields[2:]
        elif kind == ARTICLE_GONE:
            self.articles.pop(fields[0], None)
        elif kind == PASS:
            self.passes[fields[0]] = fields[1:]
        elif kind == SETTING:
            self.settings[fields[0]] = fields[1]


class Box:
    """A shop's box. `clock` gives UTC milliseconds; tests hand in a wrong one."""

    def __init__(self, shop, seed=None, key=None, clock=None, version="box.py"):
        self.shop, self.version = shop, version
        self.random = random.Random(seed) if seed is not None else random.Random()
        self.key = key or Phone()
        self.clock = clock or (lambda: time.time_ns() // 1000000)
        self.ledger = Ledger(0, self.random)
        self.keys = None  # KeySet, once enrolled
        self.epoch = 0
        self.acked = 0
        self.cursor = 0
        self.heard = 0  # when the newest batch of the feed was signed
        self.roster = Roster()
        self.todo = []  # (kind, *fields): commands, payments, erasures
        self.kept = {}  # alarms, commands and payments that are on record, by their key

    def clone(self):
        """Another box with the same card: the same key, ledger and epoch."""
        other = copy.deepcopy(
            {k: v for k, v in vars(self).items() if k not in ("key", "clock", "keys")}
        )
        box = Box.__new__(Box)
        vars(box).update(other, key=self.key, clock=self.clock, keys=self.keys)
        return box

    # --- requests

    def token(self, purpose, nonce=None):
        token = self.key.token(f"office/{purpose}", iat=self.clock() // 1000, nonce=nonce)
        return "SK1 " + base64.urlsafe_b64encode(token).rstrip(b"=").decode()

    def ask(self, method, path, purpose, body=None, kind=None, packed=False, nonce=None):
        headers = {"Authorization": self.token(purpose, nonce)} if purpose else {}
        if kind:
            headers["Content-Type"] = kind
        if packed:
            headers["Content-Encoding"] = "zstd"
            body = pack(body)
        return Ask(method, f"/v1/shops/{self.shop}/{path}", headers, body, purpose)

    def again(self, ask, nonce):
        """The same, proven with the office's nonce."""
        headers = {**ask.headers, "Authorization": self.token(ask.purpose, nonce)}
        return ask._replace(headers=headers)

    def do(self, link, ask, good=(200, 204)):
        answer = link.send(ask)
        if answer.status == 401 and ask.purpose:
            refused = Refused(answer)
            if refused.code == "stale":
                answer = link.send(self.again(ask, bytes.fromhex(refused.problem["nonce"])))
        if answer.status not in good:
            raise Refused(answer)
        return answer

    def said(self, statement, word):
        """The fields of a statement by the pinned set, about this shop, after its word."""
        payload = self.keys.payload(statement)
        if payload[0] != word:
            raise Wrong(f"it says {payload[0]!r}, not {word!r}")
        if word not in ("time", "keys") and payload[1] != self.shop:
            raise Wrong("it is about another shop")
        return payload[1:]

    # --- enrolment

    def ask_enrol(self, code):
        body = cbor2.dumps(["enrol", code, raw(self.key), self.version])
        return self.ask("POST", "enrol", "enrol", body, CBOR)

    def enrolled_is(self, code, statement):
        shop, _, root_hash = claim_parse(code)
        payload = strict(open_statement(statement)[1])
        word, said_shop, epoch, seq, hash_, _, root, keys = payload
        if word != "enrolled" or said_shop != self.shop or shop != self.shop:
            raise Wrong("no enrolment of this shop")
        if sha256(root)[:5] != root_hash:
            raise Wrong("not the office that the code is of")
        self.keys = KeySet(root, keys)
        self.said(statement, "enrolled")
        self.epoch, self.office_head = epoch, (seq, hash_)
        return seq, hash_

    def enrol(self, link, code):
        """Enrols; a box with an empty ledger that the office knows entries of takes them back."""
        answer = self.do(link, self.ask_enrol(code))
        seq, hash_ = self.enrolled_is(code, answer.body)
        own = list(self.ledger.entries)
        if seq:
            self.take_back(link, seq, hash_, common=0, own=own)
        self.ledger.epoch = self.epoch
        self.ledger.add(OFFICE, self.clock(), 0, self.epoch, seq, 0, self.keys.version)
        for entry in own if seq else ():
            self.ledger.add_body(entry.kind, entry.at, entry.body, entry.body_hash)
        return self.epoch

    # --- entries

    def ask_entries(self, most=BATCH_ENTRIES, room=BATCH_BYTES, batch=None):
        data = batch if batch is not None else self.ledger.batch(self.acked, most, room)[0]
        return self.ask(
            "POST", f"entries?epoch={self.epoch}", "entries", data, SEQUENCE, packed=True
        )

    def ack_is(self, statement):
        """Moves our mark; the office's answer as a word."""
        _, epoch, seq, hash_, _, answer = self.said(statement, "ack")
        word = ANSWERS[answer]
        if word == "taken":
            if seq > self.ledger.head or self.ledger.hash_of(seq) != hash_:
                raise Wrong("the office acks what we have not sent")
            self.acked = seq
        if word == "gap" and self.ledger.dropped <= seq <= self.ledger.head:
            if self.ledger.hash_of(seq) == (hash_ if seq else NO_HASH):
                self.acked = seq
        self.office_epoch, self.office_head = epoch, (seq, hash_)
        return word

    def send(self, link, most=BATCH_ENTRIES):
        answer = self.do(link, self.ask_entries(most), good=(200, 409))
        return self.ack_is(answer.body)

    def send_all(self, link, most=BATCH_ENTRIES):
        gaps = 0
        while self.acked < self.ledger.head:
            word = self.send(link, most)
            gaps = gaps + 1 if word == "gap" else 0
            if word not in ("taken", "gap") or gaps > 2:
                return word
        return "taken"

    def ask_tail(self, after):
        return self.ask("GET", f"entries?after={after}", "entries")

    # --- epochs

    def ask_epoch(self, seq):
        body = cbor2.dumps(["epoch", self.epoch, seq, self.ledger.hash_of(seq)])
        return self.ask("POST", "epoch", "epoch", body, CBOR)

    def new_epoch(self, link, common=None):
        """A new epoch: takes back what the office has after `common`, goes on from there, and
        appends again what we had made since. How many that were."""
        common = self.acked if common is None else common
        answer = self.do(link, self.ask_epoch(common))
        _, epoch, seq, hash_, _ = self.said(answer.body, "grant")
        own = [entry for entry in self.ledger.entries if entry.seq > common]
        self.epoch = epoch
        self.take_back(link, seq, hash_, common, own)
        self.ledger.epoch = epoch
        self.ledger.add(OFFICE, self.clock(), 1, epoch, seq, len(own), 0)
        for entry in own:
            self.ledger.add_body(entry.kind, entry.at, entry.body, entry.body_hash)
        return len(own)

    def take_back(self, link, seq, hash_, common, own):
        self.ledger.cut(common)
        while self.ledger.head < seq:
            answer = self.do(link, self.ask_tail(self.ledger.head))
            if self.ledger.take(answer.body) == 0:
                break
        if self.ledger.head != seq or self.ledger.head_hash != hash_:
            raise Wrong("the tail does not lead to the head that the office has signed")
        held = {entry.body_hash for entry in self.ledger.entries if entry.seq > common}
        own[:] = [entry for entry in own if entry.body_hash not in held]
        self.acked = seq

    # --- the feed

    def ask_feed(self, wait=0):
        return self.ask("GET", f"feed?after={self.cursor}&wait={wait}", "feed")

    def ask_snapshot(self, more=None):
        tail = f"&next={urllib.parse.quote(more)}" if more else ""
        return self.ask("GET", f"feed?snapshot=1{tail}", "feed")

    def feed_is(self, statement):
        """Applies changes; how many there were."""
        _, epoch, start, to, at, part, changes = self.said(statement, "feed")
        if part != 0 or start != self.cursor or to < start or len(changes) > 1000:
            raise Wrong(f"a feed of {start}..{to}, part {part}, does not follow {self.cursor}")
        if epoch != self.epoch:
            raise Wrong("a feed for another epoch")
        for change in changes:
            self.change(self.roster, change)
        self.cursor, self.heard = to, at
        return len(changes)

    def snapshot_is(self, statement, staged, number):
        """One part into `staged`; whether it was the last. The caller starts with Roster(), 1."""
        _, epoch, start, to, at, part, changes = self.said(statement, "feed")
        if start != 0 or abs(part) != number or epoch != self.epoch or to < self.cursor:
            raise Wrong(f"part {part} of a snapshot is not number {number} of ours")
        if getattr(staged, "to", to) != to:
            raise Wrong("the parts are of different snapshots")
        staged.to = to
        for change in changes:
            if change[0] == COMMAND_ASKED:
                raise Wrong("a command in a snapshot")
            self.change(staged, change)
        if part < 0:
            self.roster, self.cursor, self.heard = staged, to, at
        return part < 0

    def change(self, roster, change):
        kind, *fields = change
        if kind == KEY_SET:
            payload = strict(open_statement(fields[0])[1])
            if payload[1] > self.keys.version:
                self.keys.take(fields[0])
                self.ledger.add(OFFICE, self.clock(), 2, self.epoch, 0, 0, self.keys.version)
        elif kind in (COMMAND_ASKED, PAYMENT_IN, PAYMENT_OF, ERASE):
            self.todo.append(change)
        else:
            roster.change(kind, *fields)

    def snapshot(self, link):
        staged, number, more = Roster(), 1, None
        while True:
            answer = self.do(link, self.ask_snapshot(more))
            if self.snapshot_is(answer.body, staged, number):
                return number
            more, number = answer.headers["sk-next"], number + 1

    def follow(self, link, wait=0):
        """All changes that there are; begins with a snapshot where nothing is known."""
        if self.cursor == 0:
            self.snapshot(link)
        while True:
            try:
                answer = self.do(link, self.ask_feed(wait))
            except Refused as refused:
                if refused.code != "must_refetch":
                    raise
                self.snapshot(link)
                continue
            if answer.status == 204:
                return self.cursor
            self.feed_is(answer.body)
            wait = 0

    def work(self, outcome=0):
        """Puts on record what the feed asked for: commands with this outcome, payments, erasures."""
        now, made = self.clock(), []
        todo, self.todo = self.todo, []
        for kind, *f in todo:
            name = (kind, f[0])
            if name in self.kept and kind != ERASE:
                continue
            self.kept[name] = True
            if kind == COMMAND_ASKED:
                late = 2 if f[4] <= now else outcome
                made.append(self.ledger.add(COMMAND, now, f[0], f[1], late, f[2], f[3], f[5], f[6], f[7]))
            elif kind == PAYMENT_IN:
                made.append(self.ledger.add(PAYMENT, now, *f))
            elif kind == PAYMENT_OF:
                made.append(self.ledger.add(PAYMENT_ASSIGNED, now, *f))
            else:
                made.append(self.forget(f[0], now))
        return made

    def forget(self, customer, now):
        """Erases the door log of a person, as the shop would."""
        seqs = [
            e.seq for e in self.ledger.entries
            if e.kind in (10, 11, 20) and e.body is not None and customer in e.fields
        ]
        for seq in seqs:
            self.ledger.erase(seq)
        first, last = (seqs[0], seqs[-1]) if seqs else (1, max(1, self.ledger.head))
        return self.ledger.add(ERASED, now, first, last, len(seqs), True, customer)

    # --- heartbeat and time

    def heartbeat(self, **said):
        """The body; any of its fields may be said otherwise."""
        one = {
            "epoch": self.epoch, "head_seq": self.ledger.head, "acked_seq": self.acked,
            "feed": self.cursor, "at": self.clock(), "clock_trusted": True, "ledger_ok": True,
            "sms_ok": True, "up_ms": 60000, "visits_open": 0, "alarms_open": 0,
            "doors": [["front", 0, 2, 0, False]], "version": self.version,
        }
        one.update(said)
        return cbor2.dumps(["heartbeat", *one.values()])

    def ask_heartbeat(self, **said):
        return self.ask("POST", "heartbeat", "heartbeat", self.heartbeat(**said), CBOR)

    def beat(self, link, **said):
        return self.do(link, self.ask_heartbeat(**said), good=(204,))

    def ask_time(self, nonce):
        return self.ask("GET", f"time?nonce={nonce.hex()}", "time")

    def time(self, link):
        """The office's clock, by its own signature over a nonce of ours."""
        nonce = os.urandom(16)
        said_nonce, at = self.said(self.do(link, self.ask_time(nonce)).body, "time")
        if said_nonce != nonce:
            raise Wrong("the answer to another question")
        return at


__all__ = ["Answer", "Ask", "Box", "Ledger", "Link", "Refused", "Roster", "Village", "Wrong", "kid_of"]
