"""office_many.py: a month with five hundred shoppers behind it, for the views of head office's page that
list invoices and payments: each is registered at the office, buys enough for an invoice, and leaves.
Everything is done over the programs' own interfaces.

    office_many.py RUN.JSON --members 500
"""
import argparse
import concurrent.futures
import json
import pathlib
import sys
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "standin"), str(HERE.parent / "phone")]
import office  # noqa: E402
from phone import Phone  # noqa: E402

EGGS = "7300156480903"
NAME = "Anna-Karin Östergötlandsson Gyllenstierna-Wachtmeister af Björneborg"
HANDS = 8
local = threading.local()


def ask(run, method, path, body, headers):
    request = urllib.request.Request(run["api"] + path, data=body, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def till(run, phone):
    """The till knows a member as soon as the office has told it."""
    end = time.monotonic() + 60
    while True:
        try:
            return ask(run, "POST", "/v1/visits", phone.token(f"{run['shop']}/till"),
                       {"Content-Type": "application/cose"})
        except urllib.error.HTTPError as error:
            if time.monotonic() > end:
                raise SystemExit(f"{error.code} {error.read().decode()}") from None
            time.sleep(0.05)  # a poll, bounded above


def shopper(run, n):
    if not hasattr(local, "operator"):
        local.operator = office.Operator(run["office"],
                                         office.read_key(pathlib.Path(run["operator_key"]), Phone))
    phone = Phone()
    status, answer = local.operator.ask("POST", "/v1/members", {
        "shop": run["shop"], "key": phone.cose_key_hex,
        "party": {"name": f"{NAME} {n}" if n % 5 == 0 else f"Bo Ek {n}", "street": "Storgatan 1",
                  "postcode": "263 62", "city": "Viken", "country": "SE"}})
    assert status == 201, (status, answer)
    visit = till(run, phone)
    at, bearer = f"/v1/visits/{visit['visit']}", {"Authorization": f"Bearer {visit['bearer']}"}
    ask(run, "PUT", f"{at}/lines/many-{n}", json.dumps(
        {"gtin": EGGS, "quantity": 1000 * (9 + n % 7)}).encode(),
        {**bearer, "Content-Type": "application/json"})
    ask(run, "POST", f"{at}/close", b"", bearer)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=pathlib.Path)
    parser.add_argument("--members", type=int, default=500)
    o = parser.parse_args()
    run = json.loads(o.run.read_text())
    with concurrent.futures.ThreadPoolExecutor(HANDS) as pool:
        for done in [pool.submit(shopper, run, n) for n in range(o.members)]:
            done.result()


if __name__ == "__main__":
    main()
