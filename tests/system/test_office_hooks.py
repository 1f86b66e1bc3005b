"""test_office_hooks.py: an accounting system that is told by webhooks and pulls by cursor, against a real
officed: signatures after the Standard Webhooks specification, computed here once more; a receiver that
fails is told again, with the same id.
"""

import base64
import hashlib
import hmac
import http.server
import json
import tempfile
import threading
import time

from shop import main, until
from headoffice import Head, Link, Village


class Receiver:
    """Takes what is posted; answers with the next of `answers`, then 204."""

    def __init__(self, answers):
        self.calls, self.answers, receiver = [], list(answers), self

        class Desk(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append((dict(self.headers.items()), body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/told"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def verify(secret, headers, body):
    """As the specification says: v1, HMAC-SHA-256 of id.timestamp.body."""
    head = {name.lower(): value for name, value in headers.items()}
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    good = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert good in head["webhook-signature"].split(), head
    assert abs(int(head["webhook-timestamp"]) - time.time()) < 60, head
    return head["webhook-id"]


def test_invoices_are_told_and_pulled(start):
    with tempfile.TemporaryDirectory(prefix="office-") as folder, \
            Head(folder, private_webhooks="yes") as head, Receiver([500]) as receiver:
        hook = head.operator.must("POST", "/v1/webhooks",
                                  {"url": receiver.url, "kinds": "invoice.created"})
        box, village = head.box("norrby", seed=12), Village(12, members=3)
        village.live(box.ledger, days=2, visits=4)
        made = village.close_month(box.ledger)
        assert box.send_all(Link(head.url)) == "taken" and made
        until(lambda: len(receiver.calls) >= made + 1, 45, "a call for each invoice, one of them twice")
        ids = [verify(hook["secret"], *call) for call in receiver.calls]
        assert ids.count(ids[0]) == 2 and len(set(ids)) == made, ids
        said = [json.loads(body) for _, body in receiver.calls]
        assert {s["type"] for s in said} == {"invoice.created"}, said
        page = head.operator.must("GET", "/v1/invoices")
        assert len(page["invoices"]) == made and page["up_to_date"], page
        pulled = {i["number"] for i in page["invoices"]}
        assert {s["data"]["number"] for s in said} == pulled, (said[0], pulled)
        status, headers, _ = head.operator.ask("GET", "/v1/invoices", raw=True)
        again = head.operator.ask("GET", "/v1/invoices", raw=True,
                                  headers={"If-None-Match": headers["ETag"]})
        assert status == 200 and again[0] == 304 and not again[2], again
        nothing = head.operator.must("GET", f"/v1/invoices?after={page['next']}")
        assert nothing["invoices"] == [] and nothing["up_to_date"], nothing
        head.check([box])


if __name__ == "__main__":
    main(globals())
