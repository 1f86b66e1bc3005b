"""A shop's ledger made from the specification alone: bodies, chain and batches.

Nothing of the C code is shared. CBOR comes from cbor2, which writes the shortest form of everything
that stands in a body (integers, byte and text strings, booleans, arrays).

    ledger = Ledger(epoch=1, random=random.Random(7))
    seq = ledger.add(VISIT_OPENED, at, visit, customer, "front", price_version)
    data, last = ledger.batch(after=0)      # what is posted, before zstd
"""
import hashlib
import io
import random as randoms
import struct

import cbor2

START, STOP, CLOCK, ADMITTED, REFUSED, REFUSALS, DOOR, ALARM = 1, 2, 3, 10, 11, 12, 20, 30
VISIT_OPENED, VISIT_JOINED, VISIT_CLOSED, LINE, LINE_VOIDED, LOST = 40, 41, 42, 50, 51, 60
TAX, CHART, INVOICE_LINES, INVOICE, CREDIT_NOTE, LINE_CREDITED = 70, 71, 72, 73, 74, 75
PERIOD_CLOSED, STOCK, PAYMENT, PAYMENT_ASSIGNED, CHECK, REPORTED = 76, 77, 78, 79, 80, 81
OFFICE, COMMAND, ERASED, TOLD = 82, 83, 84, 85

BATCH_BYTES, BATCH_ENTRIES = 1 << 20, 4096
NO_HASH = bytes(32)
CHAIN = struct.Struct(">4sIQqH32s32s")


class Wrong(Exception):
    """The other side said what it may not say."""


def sha256(data):
    return hashlib.sha256(data).digest()


def chain_hash(epoch, seq, at, kind, body_hash, before):
    return sha256(CHAIN.pack(b"SKL1", epoch, seq, at, kind, body_hash, before))


def strict(data):
    """One CBOR item, all of the bytes, in the one form that is allowed."""
    value = cbor2.loads(data)
    if cbor2.dumps(value) != data:
        raise Wrong("not deterministic CBOR")
    return value


def sequence(data):
    """A CBOR sequence as a list."""
    stream, items = io.BytesIO(data), []
    decoder = cbor2.CBORDecoder(stream)
    while stream.tell() < len(data):
        items.append(decoder.decode())
    if b"".join(map(cbor2.dumps, items)) != data:
        raise Wrong("not deterministic CBOR")
    return items


def varints(numbers):
    """Ascending numbers as LEB128 of each less the one before it: an invoice's lines."""
    out, last = bytearray(), 0
    for number in numbers:
        value, last = number - last, number
        while value > 127:
            out.append(value & 127 | 128)
            value >>= 7
        out.append(value)
    return bytes(out)


class Entry:
    """One row; `body` None where it was erased."""

    __slots__ = ("epoch", "seq", "at", "kind", "body", "body_hash", "hash")

    def __init__(self, epoch, seq, at, kind, body, body_hash, before):
        self.epoch, self.seq, self.at, self.kind = epoch, seq, at, kind
        self.body, self.body_hash = body, body_hash
        self.hash = chain_hash(epoch, seq, at, kind, body_hash, before)

    @property
    def fields(self):
        """Without the salt."""
        return cbor2.loads(self.body)[1:]

    @property
    def wire(self):
        body = [self.body_hash] if self.body is None else self.body
        return cbor2.dumps([self.epoch, self.seq, self.at, self.kind, body])


class Ledger:
    """Entries in order. What is acked may be dropped from memory (`forget`)."""

    def __init__(self, epoch=1, random=None):
        self.epoch = epoch
        self.random = random or randoms.Random()
        self.entries = []
        self.dropped = 0  # entries no longer in memory
        self.base_hash = NO_HASH  # of the last one dropped

    @property
    def head(self):
        return self.dropped + len(self.entries)

    @property
    def head_hash(self):
        return self.entries[-1].hash if self.entries else self.base_hash

    def hash_of(self, seq):
        if seq == self.dropped:
            return self.base_hash
        return self.entry(seq).hash

    def entry(self, seq):
        if not self.dropped < seq <= self.head:
            raise IndexError(f"no entry {seq} in memory")
        return self.entries[seq - self.dropped - 1]

    def body(self, *fields):
        return cbor2.dumps([self.random.randbytes(16), *fields])

    def add(self, kind, at, *fields):
        return self.add_body(kind, at, self.body(*fields))

    def add_body(self, kind, at, body, body_hash=None):
        """A body as it is: also of a kind that nobody knows, or (None) an erased one."""
        seq = self.head + 1
        body_hash = body_hash or sha256(body)
        self.entries.append(
            Entry(self.epoch, seq, at, kind, body, body_hash, self.head_hash)
        )
        return seq

    def erase(self, seq):
        self.entry(seq).body = None

    def cut(self, seq):
        """As if the card had been restored from a backup made after entry `seq`."""
        del self.entries[seq - self.dropped :]
        self.epoch = self.entries[-1].epoch if self.entries else self.epoch

    def forget(self, upto):
        if upto > self.dropped:
            self.base_hash = self.entry(upto).hash
            del self.entries[: upto - self.dropped]
            self.dropped = upto

    def batch(self, after, most=BATCH_ENTRIES, room=BATCH_BYTES):
        """(bytes, the last seq in it): entries after `after`, then the hash of the last."""
        parts, size, last = [], 0, after
        for entry in self.entries[after - self.dropped : after - self.dropped + most]:
            wire = entry.wire
            if size + len(wire) > room:
                break
            parts.append(wire)
            size += len(wire)
            last = entry.seq
        parts.append(cbor2.dumps(self.hash_of(last)))
        return b"".join(parts), last

    def take(self, batch):
        """Appends the office's entries; the chain has to go on from ours. How many they were."""
        items = sequence(batch)
        if not items or not isinstance(items[-1], bytes):
            raise Wrong("a batch ends with a hash")
        for epoch, seq, at, kind, body in items[:-1]:
            if seq != self.head + 1 or epoch < self.epoch:
                raise Wrong(f"entry {seq} does not follow {self.head}")
            self.epoch = epoch
            if isinstance(body, list):
                self.add_body(kind, at, None, body[0])
            else:
                self.add_body(kind, at, body)
        if self.head_hash != items[-1]:
            raise Wrong("the hashes do not follow from the entries")
        return len(items) - 1
