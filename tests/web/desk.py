"""desk.py: what people beside the pages do, for the browser tests: the office's operator, a phone
that is a program, the token of a card. One JSON object a line in, one out, until the input ends.

    {"do": "office", "method": "POST", "path": "/v1/invitations", "json": {…}}  -> {status, json}
    {"do": "phone", "name": "anna"}                    -> {hex}: a key, made at the first time
    {"do": "qr", "name": "anna", "aud": "viken/till"}  -> {text}: a token for a scanner
    {"do": "token", …}                                 -> {hex}: the same as bytes
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "standin"), str(HERE.parent / "phone")]
import office
from phone import Phone


def main():
    url, key_file = sys.argv[1:3] if len(sys.argv) > 2 else (None, None)
    operator = office.Operator(url, office.read_key(pathlib.Path(key_file), Phone)) if url else None
    phones = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "office":
            body = asked.get("text", "").encode() if "text" in asked else asked.get("json")
            headers = {"Content-Type": asked["type"]} if "type" in asked else None
            status, answer = operator.ask(asked["method"], asked["path"], body, headers, timeout=60)
            answer = {"status": status, "json": answer}
        else:
            phone = phones.setdefault(asked["name"], None) or Phone()
            phones[asked["name"]] = phone
            if asked["do"] == "phone":
                answer = {"hex": phone.cose_key_hex}
            elif asked["do"] == "qr":
                answer = {"text": phone.qr(asked["aud"])}
            else:
                answer = {"hex": phone.token(asked["aud"]).hex()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
