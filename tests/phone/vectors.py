#!/usr/bin/python3
"""Writes tests/data/token-vectors.json: good tokens and one of each wrong kind, with what is to
become of them. The keys are fixed; signatures are random, so each run writes another file that says
the same. `vectors.py --check` makes them anew and only says whether the names are the same.
"""
import json
import pathlib
import sys

from phone import WRONG, Office, Phone, base45_encode, array, bstr, deserved, other_s, tstr

NOW = 1795258800  # 2026-11-21T21:00:00Z
AUD = "viken/front"
SUB = "000102030405060708090a0b0c0d0e0f"
NONCE = bytes(range(16))
CTI = bytes(range(0xC0, 0xC8))
FILE = pathlib.Path(__file__).resolve().parent.parent / "data" / "token-vectors.json"


def low_x_phone():
    """A key whose x begins with a zero byte: where a careless big number loses it."""
    secret = 2
    while Phone(secret).x[0] != 0:
        secret += 1
    return Phone(secret)


def short_signature(phone, half):
    """A token whose r (0) or s (1) begins with a zero byte."""
    while True:
        token = phone.token(AUD, iat=NOW, cti=CTI)
        if token[-64 + 32 * half] == 0:
            return token


def row(name, token, verdict, **more):
    return {"name": name, "token": token.hex(), "verdict": verdict, **more}


def claims(aud=AUD, iat=NOW, exp=NOW + 60, cti=CTI, **more):
    return {"aud": aud, "iat": iat, "exp": exp, "cti": cti.hex(), **more}


def good_rows(phone, office, low):
    good = "good"
    plain = phone.token(AUD, iat=NOW, cti=CTI)
    with_nonce = phone.token(AUD, iat=NOW, cti=CTI, nonce=NONCE)
    yield row("plain", plain, good, claims=claims())
    yield row("other_s", plain[:-64] + other_s(plain[-64:]), good, claims=claims())
    yield row("with_nonce", with_nonce, good, nonce=NONCE.hex(), claims=claims(nonce=NONCE.hex()))
    yield row("cti_of_16", phone.token(AUD, iat=NOW, cti=SUB.encode()[:16]), good,
              claims=claims(cti=SUB.encode()[:16]))
    yield row("ten_seconds_ahead", phone.token(AUD, iat=NOW + 10, cti=CTI), good,
              claims=claims(iat=NOW + 10, exp=NOW + 70))
    yield row("last_second", phone.token(AUD, iat=NOW - 119, exp=NOW + 1, cti=CTI), good,
              claims=claims(iat=NOW - 119, exp=NOW + 1))
    yield row("longest_life", phone.token(AUD, iat=NOW, exp=NOW + 120, cti=CTI), good,
              claims=claims(exp=NOW + 120))
    yield row("wrong_clock_with_nonce", phone.token(AUD, iat=0, exp=60, cti=CTI, nonce=NONCE), good,
              nonce=NONCE.hex(), claims=claims(iat=0, exp=60, nonce=NONCE.hex()))
    yield row("low_x", low.token(AUD, iat=NOW, cti=CTI), good, key="low_x", claims=claims())
    yield row("short_r", short_signature(phone, 0), good, claims=claims())
    yield row("short_s", short_signature(phone, 1), good, claims=claims())
    for name, iat in (("pass", None), ("pass_with_iat", NOW - 5)):
        token = office.pass_token("viken", SUB, NOW, NOW + 86400, CTI, iat)
        yield row(name, token, good, key="office",
                  claims=claims("viken", iat or 0, NOW + 86400, sub=SUB, nbf=NOW))


def refused_rows(phone, office):
    for name in WRONG:
        token = phone.wrong(name, AUD, iat=NOW, cti=CTI)
        yield row(name, token, deserved(name))
    with_nonce = phone.token(AUD, iat=NOW, cti=CTI, nonce=NONCE)
    yield row("nonce_unasked", with_nonce, "nonce_unknown")
    yield row("nonce_of_another", with_nonce, "nonce_unknown", nonce=bytes(16).hex())
    late = office.pass_token("viken", SUB, NOW - 60, NOW, CTI)
    early = office.pass_token("viken", SUB, NOW + 1, NOW + 60, CTI)
    yield row("pass_expired", late, "expired", key="office")
    yield row("pass_to_come", early, "not_yet_valid", key="office")
    yield row("pass_elsewhere", office.pass_token("mölle", SUB, NOW), "wrong_audience", key="office")
    yield row("pass_for_a_door", office.pass_token(AUD, SUB, NOW), "wrong_audience", key="office")
    yield row("pass_by_a_member", Office(0x1234).pass_token("viken", SUB, NOW), "unknown_key")
    yield row("token_by_the_office", Phone(0x0FF1CE).token(AUD, iat=NOW), "unknown_key",
              key="office")


def vectors():
    phone, office, low = Phone(0x1234), Office(0x0FF1CE), low_x_phone()
    keys = {"phone": phone, "office": office, "low_x": low}
    plain = phone.token(AUD, iat=NOW, cti=CTI)
    return {
        "about": "made by tests/phone/vectors.py; every token but its one fault is as it should be",
        "now": NOW,
        "audience": AUD,
        "keys": {
            name: {
                "private": key.secret.hex(),
                "x": key.x.hex(),
                "y": key.y.hex(),
                "kid": key.kid.hex(),
                "cose_key": key.cose_key.hex(),
                "cose_secret": key.cose_secret.hex(),
            }
            for name, key in keys.items()
        },
        "texts": [{"token": plain.hex(), "text": Phone.qr_of(plain)}],
        "challenge": {
            "audience": AUD,
            "nonce": NONCE.hex(),
            "text": "SKN1:" + base45_encode(array(tstr(AUD), bstr(NONCE))),
        },
        "tokens": [*good_rows(phone, office, low), *refused_rows(phone, office)],
    }


def main():
    made = vectors()
    if "--check" in sys.argv[1:]:
        kept = json.loads(FILE.read_text())
        shape = [[(row["name"], row["verdict"]) for row in v["tokens"]] for v in (kept, made)]
        sys.exit(0 if shape[0] == shape[1] and kept["keys"] == made["keys"] else 1)
    FILE.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
