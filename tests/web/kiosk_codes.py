"""kiosk_codes.py: what people hold before the kiosk's scanners, for its tests. One JSON object a line
in, one out, until the input ends. Phones have names; the office's key for passes is one of them.

    {"do": "key", "name": "anna"}                                  -> {hex}: made at the first time
    {"do": "token", "name": "anna", "aud": "viken/front"}          -> {text}; "wrong": one of phone.WRONG
    {"do": "answer", "name": "anna", "challenge": "SKN1:…"}        -> {text}: a token with its nonce
    {"do": "pass", "shop": "viken", "customer": "…"}               -> {text, cti}
    {"do": "basket", "lines": [["7300…", 1000], …], "from": 1}     -> {text}: keys count up from there
"""
import json
import os
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "phone"))
from phone import Office, Phone, array, base45_encode, bstr, challenge_parse, integer


def basket(asked):
    now, first = int(time.time()), asked["from"]
    lines = [array(bstr((first + i).to_bytes(8, "big")), integer(int(gtin)), integer(quantity),
                   integer(now)) for i, (gtin, quantity) in enumerate(asked["lines"])]
    return {"text": "SKB1:" + base45_encode(array(*lines))}


def answer(asked, phones, office):
    if asked["do"] == "basket":
        return basket(asked)
    if asked["do"] == "pass":
        cti = os.urandom(16)
        made = office.pass_token(asked["shop"], asked["customer"], cti=cti)
        return {"text": office.qr_of(made), "cti": cti.hex()}
    phone = office if asked.get("name") == "office" else phones.setdefault(asked["name"], Phone())
    if asked["do"] == "key":
        return {"hex": phone.cose_key_hex}
    if asked["do"] == "answer":
        aud, nonce = challenge_parse(asked["challenge"])
        return {"text": phone.qr(aud, nonce=nonce)}
    if "wrong" in asked:
        return {"text": phone.qr_of(phone.wrong(asked["wrong"], asked["aud"]))}
    return {"text": phone.qr(asked["aud"])}


def main():
    phones, office = {}, Office()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), phones, office)), flush=True)


if __name__ == "__main__":
    main()
