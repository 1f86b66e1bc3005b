"""A phone of its own: tokens, keys and QR texts made from the specification alone.

This is the second implementation that the tests hold the C one against. It shares no code with it:
CBOR (RFC 8949), COSE (RFC 9052), base45 (RFC 9285) and the thumbprint (RFC 9679) are written out by
hand here, and only the arithmetic of P-256 and SHA-256 comes from a library. It is also the
adversary: every way in which a token can be wrong has a name in WRONG, and Phone.wrong() makes it.

    phone = Phone()                                   # a new key
    phone.cose_key_hex                                # what `shopctl member add --key` takes
    phone.qr("viken/front")                           # "SK1:…" for now, good for a minute
    phone.qr_of(phone.wrong("trailing_byte", "viken/front"))
"""
import hashlib
import os
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SUB, AUD, EXP, NBF, IAT, CTI, NONCE = 2, 3, 4, 5, 6, 7, 10


# --- CBOR, as bytes ------------------------------------------------------------------------------


def head(major, argument):
    """The shortest first bytes of an item (RFC 8949 3)."""
    for info, width, limit in ((None, 0, 24), (24, 1, 1 << 8), (25, 2, 1 << 16), (26, 4, 1 << 32)):
        if argument < limit:
            first = major << 5 | (argument if info is None else info)
            return bytes([first]) + argument.to_bytes(width, "big") if width else bytes([first])
    return bytes([major << 5 | 27]) + argument.to_bytes(8, "big")


def longer_head(major, argument):
    """The same, one size longer than needed."""
    shortest = len(head(major, argument)) - 1
    width = {0: 1, 1: 2, 2: 4, 4: 8}[shortest]
    info = {1: 24, 2: 25, 4: 26, 8: 27}[width]
    return bytes([major << 5 | info]) + argument.to_bytes(width, "big")


def integer(value):
    return head(0, value) if value >= 0 else head(1, -1 - value)


def bstr(value):
    return head(2, len(value)) + value


def tstr(value):
    encoded = value if isinstance(value, bytes) else value.encode()
    return head(3, len(encoded)) + encoded


def array(*items):
    return head(4, len(items)) + b"".join(items)


def mapping(pairs):
    """Pairs of encoded key and encoded value, written in the order given."""
    pairs = list(pairs)
    return head(5, len(pairs)) + b"".join(key + value for key, value in pairs)


# --- base45 --------------------------------------------------------------------------------------


def base45_encode(data):
    text = ""
    for at in range(0, len(data), 2):
        group = data[at : at + 2]
        value = int.from_bytes(group, "big")
        for _ in range(3 if len(group) == 2 else 2):
            value, digit = divmod(value, 45)
            text += BASE45[digit]
    return text


def base45_decode(text):
    out = b""
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        value = sum(BASE45.index(char) * 45**power for power, char in enumerate(group))
        if len(group) == 1 or value >= (1 << 16 if len(group) == 3 else 1 << 8):
            raise ValueError("no base45")
        out += value.to_bytes(2 if len(group) == 3 else 1, "big")
    return out


def challenge_parse(text):
    """A door's "SKN1:" text -> (audience, nonce)."""
    if not text.startswith("SKN1:"):
        raise ValueError("no challenge")
    data = base45_decode(text[5:])
    length = data[1] - 0x60 if data[1] < 0x78 else data[2]
    start = 2 if data[1] < 0x78 else 3
    audience = data[start : start + length].decode()
    if data != array(tstr(audience), bstr(data[-16:])):
        raise ValueError("no challenge")
    return audience, data[-16:]


# --- keys and signatures -------------------------------------------------------------------------


class Key:
    """A P-256 key pair; `secret` (an integer) makes a given one."""

    def __init__(self, secret=None):
        self.pair = (
            ec.derive_private_key(secret, ec.SECP256R1())
            if secret
            else ec.generate_private_key(ec.SECP256R1())
        )
        numbers = self.pair.private_numbers()
        self.secret = numbers.private_value.to_bytes(32, "big")
        self.x = numbers.public_numbers.x.to_bytes(32, "big")
        self.y = numbers.public_numbers.y.to_bytes(32, "big")

    @property
    def cose_key(self):
        """The deterministic public COSE_Key: kty EC2, crv P-256, x, y."""
        return mapping(
            (
                (integer(1), integer(2)),
                (integer(-1), integer(1)),
                (integer(-2), bstr(self.x)),
                (integer(-3), bstr(self.y)),
            )
        )

    @property
    def cose_secret(self):
        """The same with its private part, which nobody may be given."""
        return bytes([0xA5]) + self.cose_key[1:] + integer(-4) + bstr(self.secret)

    @property
    def cose_key_hex(self):
        return self.cose_key.hex()

    @property
    def kid(self):
        return hashlib.sha256(self.cose_key).digest()[:8]

    def sign(self, message, algorithm=None):
        der = self.pair.sign(message, ec.ECDSA(algorithm or hashes.SHA256()))
        r, s = decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def other_s(signature):
    """The other of the two values of s under which a signature holds."""
    s = ORDER - int.from_bytes(signature[32:], "big")
    return signature[:32] + s.to_bytes(32, "big")


# --- tokens --------------------------------------------------------------------------------------


def protected_header(kid, alg=-7):
    return mapping(((integer(1), integer(alg)), (integer(4), bstr(kid))))


def to_be_signed(protected, payload, context="Signature1", aad=b""):
    return array(tstr(context), bstr(protected), bstr(aad), bstr(payload))


def sign1(protected, payload, signature, unprotected=b"\xa0", tag=b"\xd2"):
    return tag + array(bstr(protected), unprotected, bstr(payload), bstr(signature))


def claim_items(aud, exp, iat=None, cti=None, nonce=None, sub=None, nbf=None):
    """Claims -> {number: encoded value}, with what is None left out."""
    items = {AUD: tstr(aud), EXP: integer(exp)}
    if sub is not None:
        items[SUB] = tstr(sub)
    if nbf is not None:
        items[NBF] = integer(nbf)
    if iat is not None:
        items[IAT] = integer(iat)
    items[CTI] = bstr(os.urandom(8) if cti is None else cti)
    if nonce is not None:
        items[NONCE] = bstr(nonce)
    return items


def claim_map(items):
    return mapping((integer(number), items[number]) for number in sorted(items))


class Phone(Key):
    """A member's phone."""

    def seal(self, payload, protected=None, signature=None, **envelope):
        """Signs a payload as it is, and puts it into its envelope."""
        protected = protected_header(self.kid) if protected is None else protected
        if signature is None:
            signature = self.sign(to_be_signed(protected, payload))
        return sign1(protected, payload, signature, **envelope)

    def items(self, aud, iat=None, exp=None, cti=None, nonce=None):
        iat = int(time.time()) if iat is None else iat
        return claim_items(aud, iat + 60 if exp is None else exp, iat, cti, nonce)

    def token(self, aud, iat=None, exp=None, cti=None, nonce=None):
        """A good token; iat is now and exp a minute later unless said."""
        return self.seal(claim_map(self.items(aud, iat, exp, cti, nonce)))

    def wrong(self, name, aud, **claims):
        """A token with exactly the fault that WRONG has by this name, else as token() makes it."""
        return WRONG[name][1](self, aud, claims)

    @staticmethod
    def qr_of(token):
        return "SK1:" + base45_encode(token)

    def qr(self, aud, **claims):
        return self.qr_of(self.token(aud, **claims))


class Office(Key):
    """Head office: signs passes."""

    seal = Phone.seal
    qr_of = staticmethod(Phone.qr_of)

    def pass_token(self, shop, sub, nbf=None, exp=None, cti=None, iat=None):
        """A pass for the customer key `sub` (32 hex digits), by default from now for a day."""
        nbf = int(time.time()) if nbf is None else nbf
        exp = nbf + 86400 if exp is None else exp
        cti = os.urandom(16) if cti is None else cti
        return self.seal(claim_map(claim_items(shop, exp, iat, cti, None, sub, nbf)))


# --- the adversary -------------------------------------------------------------------------------
#
# Each makes a token that a careless reader would take, wrong in one way only, and signed where that
# way leaves something to sign. Most are `malformed`; the others say which verdict they deserve.


def changed(**values):
    """Claims with some encoded values put in place, added, or (None) taken out."""

    def make(phone, aud, claims):
        items = phone.items(aud, **claims)
        for name, value in values.items():
            number = int(name[1:])
            if value is None:
                items.pop(number, None)
            else:
                items[number] = value(items) if callable(value) else value
        return phone.seal(claim_map(items))

    return make


def payload(change):
    """The encoded payload, changed, then signed as it came out."""

    def make(phone, aud, claims):
        return phone.seal(change(phone.items(aud, **claims)))

    return make


def protected(change):
    """The protected header, changed, then signed as it came out."""

    def make(phone, aud, claims):
        return phone.seal(claim_map(phone.items(aud, **claims)), protected=change(phone))

    return make


def envelope(**parts):
    def make(phone, aud, claims):
        return phone.seal(claim_map(phone.items(aud, **claims)), **parts)

    return make


def token(change):
    """The finished bytes, changed: where the fault lies outside what is signed."""

    def make(phone, aud, claims):
        return change(phone.token(aud, **claims))

    return make


def signed_as(sign):
    def make(phone, aud, claims):
        body = claim_map(phone.items(aud, **claims))
        header = protected_header(phone.kid)
        return sign1(header, body, sign(phone, header, body))

    return make


def fixed_signature(r=None, s=None):
    def sign(phone, header, body):
        good = phone.sign(to_be_signed(header, body))
        half_r = good[:32] if r is None else r.to_bytes(32, "big")
        half_s = good[32:] if s is None else s.to_bytes(32, "big")
        return half_r + half_s

    return signed_as(sign)


def timed(offset_iat, life):
    def make(phone, aud, claims):
        now = claims.pop("iat", None)
        now = int(time.time()) if now is None else now
        claims.pop("exp", None)
        iat = now + offset_iat
        return phone.token(aud, iat=iat, exp=iat + life, **claims)

    return make


def pairs_of(items, order=sorted):
    return [(integer(number), items[number]) for number in order(items)]


def indefinite_map(items):
    return b"\xbf" + b"".join(key + value for key, value in pairs_of(items)) + b"\xff"


def duplicate_key(items):
    pairs = pairs_of(items)
    return mapping([pairs[0]] + pairs)


def longer(major, argument, rest=b""):
    return longer_head(major, argument) + rest


def chunks(data, major):
    half = len(data) // 2
    parts = data[:half], data[half:]
    return bytes([major << 5 | 31]) + b"".join(head(major, len(p)) + p for p in parts) + b"\xff"


def text_of(items):
    return items[AUD][1:] if items[AUD][0] < 0x78 else items[AUD][2:]


def number_of(items, number):
    return int.from_bytes(items[number][1:], "big")


def long_payload(phone, aud, claims):
    """Past 512 bytes in all, every part of it well formed."""
    items = phone.items(aud, **claims)
    items[AUD] = tstr("a" * 420)
    return phone.seal(claim_map(items))


def stranger(phone, aud, claims):
    return Phone(0x5EED).token(aud, **claims)


def stolen_kid(phone, aud, claims):
    thief = Phone(0x7417EF)
    body = claim_map(thief.items(aud, **claims))
    return thief.seal(body, protected=protected_header(phone.kid))


def other_audience(phone, aud, claims):
    return phone.token(aud + "x", **claims)


def signed_over(**parts):
    return signed_as(lambda phone, header, body: phone.sign(to_be_signed(header, body, **parts)))


M = "malformed"
WRONG = {
    # the envelope
    "untagged": (M, envelope(tag=b"")),
    "wrong_tag": (M, envelope(tag=b"\xd1")),
    "tag_not_shortest": (M, envelope(tag=b"\xd8\x12")),
    "tagged_twice": (M, envelope(tag=b"\xd2\xd2")),
    "tagged_cwt": (M, envelope(tag=b"\xd8\x3d\xd2")),
    "trailing_byte": (M, token(lambda t: t + b"\x00")),
    "trailing_newline": (M, token(lambda t: t + b"\n")),
    "leading_byte": (M, token(lambda t: b"\x00" + t)),
    "twice": (M, token(lambda t: t + t)),
    "cut_by_one": (M, token(lambda t: t[:-1])),
    "cut_in_half": (M, token(lambda t: t[: len(t) // 2])),
    "array_of_3": (M, token(lambda t: b"\xd2\x83" + t[2:])),
    "array_of_5": (M, token(lambda t: b"\xd2\x85" + t[2:] + b"\xf6")),
    "array_indefinite": (M, token(lambda t: b"\xd2\x9f" + t[2:] + b"\xff")),
    "array_not_shortest": (M, token(lambda t: b"\xd2\x98\x04" + t[2:])),
    "empty": (M, token(lambda t: b"")),
    "oversize": (M, long_payload),
    "text_not_cose": (M, token(lambda t: b"'; DROP TABLE members; --")),
    "all_zero": (M, token(lambda t: bytes(len(t)))),
    "jwt": (M, token(lambda t: b"eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJ2aWtlbi9mcm9udCJ9.AAAA")),
    # headers
    "unprotected_kid": (M, envelope(unprotected=bytes.fromhex("a104480102030405060708"))),
    "unprotected_null": (M, envelope(unprotected=b"\xf6")),
    "unprotected_indefinite": (M, envelope(unprotected=b"\xbf\xff")),
    "alg_none": (M, protected(lambda p: mapping(((integer(4), bstr(p.kid)),)))),
    "alg_es384": (M, protected(lambda p: protected_header(p.kid, -35))),
    "alg_eddsa": (M, protected(lambda p: protected_header(p.kid, -8))),
    "alg_hmac": (M, protected(lambda p: protected_header(p.kid, 5))),
    "alg_es256k": (M, protected(lambda p: protected_header(p.kid, -47))),
    "alg_text": (
        M,
        protected(lambda p: mapping(((integer(1), tstr("ES256")), (integer(4), bstr(p.kid))))),
    ),
    "alg_not_shortest": (
        M,
        protected(
            lambda p: mapping(((integer(1), longer(1, 6)), (integer(4), bstr(p.kid))))
        ),
    ),
    "no_kid": (M, protected(lambda p: mapping(((integer(1), integer(-7)),)))),
    "kid_of_7": (M, protected(lambda p: protected_header(p.kid[:7]))),
    "kid_of_9": (M, protected(lambda p: protected_header(p.kid + b"\x00"))),
    "kid_text": (
        M,
        protected(lambda p: mapping(((integer(1), integer(-7)), (integer(4), tstr("abcdefgh"))))),
    ),
    "headers_unsorted": (
        M,
        protected(lambda p: mapping(((integer(4), bstr(p.kid)), (integer(1), integer(-7))))),
    ),
    "header_extra": (
        M,
        protected(
            lambda p: mapping(
                ((integer(1), integer(-7)), (integer(3), integer(61)), (integer(4), bstr(p.kid)))
            )
        ),
    ),
    "header_critical": (
        M,
        protected(
            lambda p: mapping(
                (
                    (integer(1), integer(-7)),
                    (integer(2), array(integer(10))),
                    (integer(4), bstr(p.kid)),
                )
            )
        ),
    ),
    "header_empty": (M, protected(lambda p: b"")),
    "header_not_shortest": (M, token(lambda t: t[:2] + longer(2, 13) + t[3:])),
    "header_map_not_wrapped": (M, token(lambda t: t[:2] + t[3:])),
    # the payload as a whole
    "map_unsorted": (M, payload(lambda i: mapping(pairs_of(i, lambda n: sorted(n)[::-1])))),
    "map_last_two_swapped": (
        M,
        payload(lambda i: mapping(pairs_of(i, lambda n: sorted(n)[:-2] + sorted(n)[:-3:-1]))),
    ),
    "map_duplicate_key": (M, payload(duplicate_key)),
    "map_indefinite": (M, payload(indefinite_map)),
    "map_not_shortest": (M, payload(lambda i: longer(5, len(i), claim_map(i)[1:]))),
    "map_one_too_few": (M, payload(lambda i: head(5, len(i) - 1) + claim_map(i)[1:])),
    "map_one_too_many": (M, payload(lambda i: head(5, len(i) + 1) + claim_map(i)[1:])),
    "map_empty": (M, payload(lambda i: b"\xa0")),
    "map_huge": (M, payload(lambda i: b"\xbb" + b"\xff" * 8 + claim_map(i)[1:])),
    "payload_trailing": (M, payload(lambda i: claim_map(i) + b"\x00")),
    "payload_array": (M, payload(lambda i: array(*[i[n] for n in sorted(i)]))),
    "payload_empty": (M, payload(lambda i: b"")),
    "payload_wrapped_twice": (M, payload(lambda i: bstr(claim_map(i)))),
    "payload_tagged": (M, payload(lambda i: b"\xd8\x3d" + claim_map(i))),
    "payload_nested": (M, payload(lambda i: b"\x81" * 200)),
    "payload_null": (M, token(lambda t: t[:17] + b"\xf6" + t[-66:])),
    "payload_chunks": (
        M,
        token(lambda t: t[:17] + chunks(t[19:-66], 2) + t[-66:]),
    ),
    "payload_not_shortest": (
        M,
        token(lambda t: t[:17] + longer(2, len(t) - 66 - 19) + t[19:]),
    ),
    "payload_length_lies": (M, token(lambda t: t[:17] + b"\x5b" + b"\xff" * 8 + t[19:])),
    # claims
    "no_aud": (M, changed(_3=None)),
    "no_exp": (M, changed(_4=None)),
    "no_iat": (M, changed(_6=None)),
    "no_cti": (M, changed(_7=None)),
    "extra_iss": (M, changed(_1=tstr("me"))),
    "extra_sub": (M, changed(_2=tstr("0" * 32))),
    "extra_nbf": (M, changed(_5=integer(0))),
    "extra_8": (M, changed(_8=mapping(()))),
    "extra_11": (M, changed(_11=integer(1))),
    "extra_24": (M, changed(_24=integer(1))),
    "extra_text_key": (
        M,
        payload(lambda i: mapping(pairs_of(i) + [(tstr("role"), tstr("owner"))])),
    ),
    "extra_negative_key": (
        M,
        payload(lambda i: mapping(pairs_of(i) + [(integer(-1), integer(1))])),
    ),
    "key_not_shortest": (
        M,
        payload(
            lambda i: head(5, len(i))
            + longer(0, 3)
            + i[3]
            + b"".join(k + v for k, v in pairs_of(i)[1:])
        ),
    ),
    "pass_with_nonce": (
        M,
        changed(_2=tstr("0" * 32), _5=integer(0), _6=None, _10=bstr(bytes(16))),
    ),
    "pass_sub_capitals": (M, changed(_2=tstr("A" * 32), _5=integer(0), _6=None)),
    "pass_sub_of_31": (M, changed(_2=tstr("a" * 31), _5=integer(0), _6=None)),
    "pass_sub_of_34": (M, changed(_2=tstr("a" * 34), _5=integer(0), _6=None)),
    "pass_sub_no_hex": (M, changed(_2=tstr("g" * 32), _5=integer(0), _6=None)),
    "pass_sub_bytes": (M, changed(_2=bstr(bytes(16)), _5=integer(0), _6=None)),
    "pass_without_nbf": (M, changed(_2=tstr("a" * 32), _6=None)),
    "aud_bytes": (M, changed(_3=lambda i: bstr(text_of(i)))),
    "aud_array": (M, changed(_3=lambda i: array(i[AUD]))),
    "aud_chunks": (M, changed(_3=lambda i: chunks(text_of(i), 3))),
    "aud_not_shortest": (M, changed(_3=lambda i: longer(3, len(text_of(i)), text_of(i)))),
    "aud_not_utf8": (M, changed(_3=tstr(b"viken/fr\xffnt"))),
    "aud_overlong_utf8": (M, changed(_3=tstr(b"viken\xc0\xaffront"))),
    "aud_surrogate": (M, changed(_3=tstr(b"viken/\xed\xa0\x80"))),
    "exp_negative": (M, changed(_4=integer(-1))),
    "exp_text": (M, changed(_4=tstr("4102444800"))),
    "exp_float": (M, changed(_4=b"\xfb\x41\xee\x90\xab\x80\x00\x00\x00")),
    "exp_bignum": (M, changed(_4=b"\xc2\x44\x65\x00\x00\x00")),
    "exp_tagged": (M, changed(_4=lambda i: b"\xc1" + i[EXP])),
    "exp_past_2_53": (M, changed(_4=integer((1 << 53) + 1))),
    "exp_all_ones": (M, changed(_4=integer((1 << 64) - 1))),
    "exp_not_shortest": (M, changed(_4=lambda i: longer(0, number_of(i, EXP)))),
    "iat_negative": (M, changed(_6=integer(-1))),
    "iat_past_2_53": (M, changed(_6=integer((1 << 53) + 1))),
    "iat_not_shortest": (M, changed(_6=lambda i: longer(0, number_of(i, IAT)))),
    "iat_bool": (M, changed(_6=b"\xf5")),
    "cti_of_7": (M, changed(_7=bstr(bytes(7)))),
    "cti_of_17": (M, changed(_7=bstr(bytes(17)))),
    "cti_empty": (M, changed(_7=bstr(b""))),
    "cti_text": (M, changed(_7=tstr("abcdefgh"))),
    "cti_not_shortest": (M, changed(_7=longer(2, 8, bytes(8)))),
    "nonce_of_15": (M, changed(_10=bstr(bytes(15)))),
    "nonce_of_17": (M, changed(_10=bstr(bytes(17)))),
    "nonce_text": (M, changed(_10=tstr("0" * 16))),
    "nonce_empty": (M, changed(_10=bstr(b""))),
    # the signature
    "signature_of_63": (M, token(lambda t: t[:-66] + bstr(t[-64:-1]))),
    "signature_of_65": (M, token(lambda t: t[:-66] + bstr(t[-64:] + b"\x00"))),
    "signature_empty": (M, token(lambda t: t[:-66] + b"\x40")),
    "signature_text": (M, token(lambda t: t[:-66] + tstr("a" * 64))),
    "signature_not_shortest": (M, token(lambda t: t[:-66] + longer(2, 64, t[-64:]))),
    "signature_der": (
        M,
        signed_as(
            lambda p, header, body: p.pair.sign(
                to_be_signed(header, body), ec.ECDSA(hashes.SHA256())
            )
        ),
    ),
    # well formed, and refused for what they are
    "stranger": ("unknown_key", stranger),
    "stolen_kid": ("bad_signature", stolen_kid),
    "signature_flipped": ("bad_signature", token(lambda t: t[:-1] + bytes([t[-1] ^ 1]))),
    "payload_flipped": (
        "bad_signature",
        token(lambda t: t[:-67] + bytes([t[-67] ^ 1]) + t[-66:]),
    ),
    "signature_zero": ("bad_signature", fixed_signature(0, 0)),
    "signature_r_zero": ("bad_signature", fixed_signature(r=0)),
    "signature_s_zero": ("bad_signature", fixed_signature(s=0)),
    "signature_r_order": ("bad_signature", fixed_signature(r=ORDER)),
    "signature_s_order": ("bad_signature", fixed_signature(s=ORDER)),
    "signature_all_ones": ("bad_signature", fixed_signature((1 << 256) - 1, (1 << 256) - 1)),
    "signature_of_one": ("bad_signature", fixed_signature(1, 1)),
    "signature_halves_swapped": (
        "bad_signature",
        token(lambda t: t[:-64] + t[-32:] + t[-64:-32]),
    ),
    "signed_payload_only": (
        "bad_signature",
        signed_as(lambda phone, header, body: phone.sign(body)),
    ),
    "signed_other_context": ("bad_signature", signed_over(context="Signature")),
    "signed_with_aad": ("bad_signature", signed_over(aad=b"viken")),
    "signed_sha384": (
        "bad_signature",
        signed_as(
            lambda phone, header, body: phone.sign(to_be_signed(header, body), hashes.SHA384())
        ),
    ),
    "other_audience": ("wrong_audience", other_audience),
    "aud_shop_only": ("wrong_audience", lambda p, aud, c: p.token(aud.split("/")[0], **c)),
    "aud_capitals": ("wrong_audience", lambda p, aud, c: p.token(aud.upper(), **c)),
    "aud_empty": ("wrong_audience", lambda p, aud, c: p.token("", **c)),
    "aud_long": ("wrong_audience", lambda p, aud, c: p.token(aud + "/" * 100, **c)),
    "aud_nul": ("wrong_audience", lambda p, aud, c: p.token(aud + "\0", **c)),
    "aud_nul_first": ("wrong_audience", lambda p, aud, c: p.token("\0" + aud, **c)),
    "aud_space": ("wrong_audience", lambda p, aud, c: p.token(aud + " ", **c)),
    "life_of_121": ("too_long_lived", timed(0, 121)),
    "life_of_years": ("too_long_lived", timed(-60, 1 << 40)),
    "stale": ("expired", timed(-121, 120)),
    "expired_just_now": ("expired", timed(-60, 60)),
    "ends_before_it_begins": ("expired", timed(0, -1)),
    "from_the_future": ("not_yet_valid", timed(3600, 60)),
    "eleven_seconds_ahead": ("not_yet_valid", timed(11, 60)),
}

# names, by verdict: what a system test shows to a door and expects back
WRONG_NAMES = sorted(WRONG)


def deserved(name):
    """The verdict that contracts 1 gives to the wrong token of this name."""
    return WRONG[name][0]
