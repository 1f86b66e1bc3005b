"""What an office says, made and read from the specification alone: statements (COSE_Sign1), acks,
key sets, feeds, and the claim code. `Office` signs, so that a shop's side can be tested without an
office; `KeySet` is what a box pins.
"""
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "phone"))

from phone import Key, array, bstr, integer, mapping, protected_header, sign1, to_be_signed  # noqa: E402

from ledger import NO_HASH, Wrong, sha256, strict  # noqa: E402

ANSWERS = ("taken", "gap", "fork", "epoch_old", "broken")
MEMBER, MEMBER_GONE, KEY, KEY_GONE, ARTICLE, ARTICLE_GONE, PASS = 1, 2, 3, 4, 5, 6, 7
SETTING, KEY_SET, COMMAND_ASKED, PAYMENT_IN, PAYMENT_OF, ERASE = 8, 9, 10, 11, 12, 13
CARD, CARD_GONE = 14, 15
VERBS = {"release": 1, "unlock": 2, "lock": 3, "prop": 4, "lockdown": 5, "set": 6,
         "acknowledge": 7}
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
OPENING = bytes.fromhex("d2844da201260448")


# --- claim codes


def base32(data):
    number = int.from_bytes(data, "big")
    letters = len(data) * 8 // 5
    return "".join(CROCKFORD[number >> 5 * (letters - 1 - i) & 31] for i in range(letters))


def base32_back(text):
    number = 0
    for letter in text.upper().translate(str.maketrans("ILO", "110")):
        number = number << 5 | CROCKFORD.index(letter)
    return number.to_bytes(len(text) * 5 // 8, "big")


def claim_text(shop, secret, root_hash):
    letters = base32(secret) + base32(root_hash)
    return "-".join([shop.upper()] + [letters[i : i + 4] for i in range(0, len(letters), 4)])


def claim_parse(text):
    """(shop, secret of 10 bytes, root_hash of 5)."""
    shop, *groups = text.rsplit("-", 6)
    data = base32_back("".join(groups))
    if len(data) != 15:
        raise Wrong("no claim code")
    return shop.lower(), data[:10], data[10:]


# --- statements


def raw(key):
    """x ‖ y."""
    return key.x + key.y


def kid_of(xy):
    cose = mapping(
        (
            (integer(1), integer(2)),
            (integer(-1), integer(1)),
            (integer(-2), bstr(xy[:32])),
            (integer(-3), bstr(xy[32:])),
        )
    )
    return sha256(cose)[:8]


def public_of(xy):
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + xy)


def sign_statement(key, payload):
    header = protected_header(key.kid)
    return sign1(header, payload, key.sign(to_be_signed(header, payload)))


def open_statement(data):
    """(kid, payload, signature); the signature is not looked at."""
    if data[:8] != OPENING or data[16:17] != b"\xa0" or data[-66:-64] != b"\x58\x40":
        raise Wrong("no statement")
    return data[8:16], strict(data[17:-66]), data[-64:]


def check_statement(data, public):
    kid, payload, signature = open_statement(data)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public.verify(
            encode_dss_signature(r, s),
            to_be_signed(protected_header(kid), payload),
            ec.ECDSA(hashes.SHA256()),
        )
    except InvalidSignature:
        raise Wrong("the signature does not hold") from None
    return payload


class KeySet:
    """The root that is pinned, and the newest set that it signed."""

    def __init__(self, root, statement):
        self.root = root
        self.version = 0
        self.take(statement)

    def take(self, statement):
        payload = strict(check_statement(statement, public_of(self.root)))
        if len(payload) != 4 or payload[0] != "keys" or payload[1] <= self.version:
            raise Wrong("no newer set of keys")
        self.version = payload[1]
        self.keys = {kid_of(xy): public_of(xy) for xy in payload[3]}

    def payload(self, statement):
        """The array that the statement is about, if one of the set has signed it."""
        kid = open_statement(statement)[0]
        if kid not in self.keys:
            raise Wrong("signed by a key that is not in the set")
        return strict(check_statement(statement, self.keys[kid]))


class Office:
    """Signs as an office does. Keeps no books: what it says is what the caller wants said."""

    def __init__(self, root=None, key=None):
        self.root, self.key = root or Key(), key or Key()

    @property
    def root_hash(self):
        return sha256(raw(self.root))[:5]

    def say(self, payload):
        data = payload if isinstance(payload, bytes) else cbor2.dumps(payload)
        return sign_statement(self.key, data)

    def keys(self, version, at, keys=None):
        payload = ["keys", version, at, [raw(key) for key in keys or [self.key]]]
        return sign_statement(self.root, cbor2.dumps(payload))

    def ack(self, shop, epoch, seq, hash_, at, answer=0):
        return self.say(["ack", shop, epoch, seq, hash_, at, answer])

    def grant(self, shop, epoch, seq, hash_, at):
        return self.say(["grant", shop, epoch, seq, hash_, at])

    def enrolled(self, shop, epoch, at, keys, seq=0, hash_=NO_HASH):
        return self.say(["enrolled", shop, epoch, seq, hash_, at, raw(self.root), keys])

    def time(self, nonce, at):
        return self.say(["time", nonce, at])

    def feed(self, shop, epoch, start, to, at, changes, part=0):
        return self.say(["feed", shop, epoch, start, to, at, part, changes])


__all__ = [name for name in dir() if not name.startswith("_")] + ["array"]
