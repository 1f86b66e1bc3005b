"""The playground of `make run`: what its page may ask for, and that nobody else may. Its looks and its
buttons are tried in a real browser (tests/web).
"""

import contextlib
import http.client
import json
import socket

from shop import Phone, main, until

WAITS = True
HERE = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}


class Page:
    """The playground's own page."""

    def __init__(self, shop):
        self.shop = shop
        self.base = shop.run["playground"]
        self.host = self.base.split("//")[1]

    def ask(self, method, path, body=None, host=None, **headers):
        connection = http.client.HTTPConnection(self.host, timeout=20)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", host or self.host)
            data = json.dumps(body).encode() if body is not None else b""
            for name, value in headers.items():
                if value is not None:
                    connection.putheader(name.replace("_", "-"), value)
            connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def do(self, what, want=200, **more):
        status, _, body = self.ask("POST", "/do", {"do": what, **more}, Origin=self.base, **{
            name.replace("-", "_"): value for name, value in HERE.items()})
        assert status == want, (what, more, status, body)
        return json.loads(body)

    def state(self):
        status, _, body = self.ask("GET", "/state")
        assert status == 200, (status, body)
        return json.loads(body)

    def until(self, what, seconds=10, words="the state"):
        return until(lambda: (state := self.state()) and what(state) and state, seconds, words)


def test_a_day_on_the_playground(start):
    with start("--playground") as shop:
        page = Page(shop)
        state = page.state()
        assert (state["shop"], state["up"], state["enrolled"], state["net"]) == (
            "viken", True, False, True), state
        assert state["links"]["kiosk"] == shop.run["api"] + "/kiosk" and not state["links"]["office"]
        assert not state["parts"]["contact"] and state["says"]["physical"] == "closed"

        # the shopper, whose phone shows its key; its own token at the door's scanner
        phone = Phone()
        customer = page.do("let_in", key=phone.cose_key_hex, role="member")["customer"]
        line = f" shopctl member add --key {phone.cose_key_hex} --role owner\n"
        assert page.do("let_in", key=line, role="member")["customer"] == customer
        page.do("hand", want=409, hand="open")  # the strike is off
        page.do("scan", at="door", text=phone.qr("viken/front"))
        page.until(lambda s: s["parts"]["strike"] and s["parts"]["light_yes"], words="the strike")
        page.do("hand", hand="open")
        page.until(lambda s: s["parts"]["contact"] and s["says"]["physical"] == "open")
        page.do("hand", hand="close")
        page.until(lambda s: s["says"]["physical"] == "closed")
        page.do("scan", at="till", text=phone.qr("viken/till"))
        already = shop.head()
        page.do("scan", at="till", text="7300156480903")
        shop.row_until(already, kind="line")
        page.until(lambda s: any("gg" in row["text"] for row in s["log"]), words="the log")

        # Anna, who needs no browser
        for at, word in (("door", "admitted"), ("till", "admitted")):
            already = shop.head()
            page.do("anna", at=at)
            shop.row_until(already, kind=word)
        page.until(lambda s: not s["parts"]["strike"], 20, "the strike off again")

        # the burglar, and the owner who answers
        until(lambda: shop.still_for() > 1.2, 5, "the door settled")  # contracts 2: settle 1 s
        page.do("hand", hand="force")
        state = page.until(lambda s: s["alarms"] and s["texts"], words="the alarm's text")
        assert state["alarms"][0]["condition"] == "forced", state["alarms"]
        assert state["texts"][-1]["to"] == shop.run["owner_phone"], state["texts"]
        page.do("answer", text=str(state["alarms"][0]["code"]))
        page.until(lambda s: not s["alarms"] or s["alarms"][0]["acknowledged_by"], 30,
                   "the acknowledgement")
        page.do("hand", hand="close")

        # the room
        page.do("sensor", sensor="fridge", value="15")
        page.until(lambda s: next(x for x in s["sensors"] if x["sensor"] == "fridge")
                   ["value_milli"] == 15000, words="the fridge")
        page.do("sensor", sensor="floor", value="on")
        page.do("sensor", want=409, sensor="cellar", value="on")

        # bad luck: the shop comes back by itself, and what stood still goes on
        before = shop.pids()["shopd"]
        page.do("power")
        page.until(lambda s: s["up"] and shop.pids().get("shopd") not in (None, before), 20,
                   "the shop after the power cut")
        assert shop.shopctl("ledger", "verify")["ok"]
        page.do("net", on=False)
        assert not page.state()["net"]
        gateway = shop.pids()["smsgateway"]
        until(lambda: " T" in open(f"/proc/{gateway}/stat", encoding="ascii").read().split(")")[1][:3],
              5, "the gateway to stand still")
        page.do("net", on=True)
        assert page.state()["net"]
        shop.quiet()
        page.do("net", on=False)  # and left so: it is made to go on when the shop closes


def test_codes_of_the_office(start):
    with start("--playground", "--office=enrol") as shop:
        page = Page(shop)
        page.until(lambda s: s["enrolled"], words="the enrolment")
        for role, where in (("member", "/#/join/"), ("owner", "/owner#/join/")):
            made = page.do("invite", role=role)
            assert len(made["code"].replace("-", "")) == 12, made
            assert made["link"] == shop.run["api"] + where + made["code"], made
        made = page.do("invite", role="operator")
        assert made["link"] == f"{shop.run['office']}/#/operator/{made['code']}", made
        page.do("invite", want=409, role="king")
        phone = Phone()
        assert page.do("let_in", key=phone.cose_key_hex, role="member")["customer"]
        already = shop.head()
        page.do("anna", at="door")
        shop.row_until(already, kind="admitted")


def test_nobody_else_may(start):
    with start("--playground", "--no-import") as shop:
        page = Page(shop)
        good = {"Origin": page.base, "Content_Type": "application/json",
                "Sec_Fetch_Site": "same-origin"}
        force = {"do": "hand", "hand": "force"}
        wrong = [({"Origin": "http://elsewhere.test"}, 403), ({"Origin": None}, 403),
                 ({"Origin": "null"}, 403), ({"Origin": shop.run["api"]}, 403),
                 ({"Origin": "https" + page.base[4:]}, 403), ({"Sec_Fetch_Site": "cross-site"}, 403),
                 ({"Sec_Fetch_Site": "same-site"}, 403), ({"Content_Type": "text/plain"}, 403),
                 ({"Content_Type": None}, 403),
                 ({"host": "elsewhere.test", "Origin": "http://elsewhere.test"}, 421),
                 ({"host": "127.0.0.1"}, 421), ({"host": page.host + ".elsewhere.test"}, 421)]
        for change, want in wrong:
            status, _, body = page.ask("POST", "/do", force, **{**good, **change})
            assert status == want, (change, status, body)
        for body in ([], {}, {"do": "hand"}, {"do": "hand", "hand": "open", "more": "x"},
                     {"do": "hand", "hand": 1}, {"do": "close"}, {"do": "state"}, {"do": "__init__"},
                     {"do": "scan", "at": "door", "text": None}):
            assert page.ask("POST", "/do", body, **good)[0] == 400, body
        for what, more in (("hand", {"hand": "kick"}), ("scan", {"at": "door", "text": ""}),
                           ("scan", {"at": "till", "text": "1" * 600}),
                           ("let_in", {"key": "ab", "role": "member"}),
                           ("let_in", {"key": "a" * 154, "role": "king"}),
                           ("let_in", {"key": "0" * 154, "role": "member"}),
                           ("invite", {"role": "member"}), ("sensor", {"sensor": "-x", "value": "1"})):
            assert page.do(what, want=409, **more)["why"], (what, more)
        assert page.ask("POST", "/do", {"do": "scan", "at": "till", "text": "1" * 9000},
                        **good)[0] == 413
        assert page.ask("POST", "/state", force, **good)[0] == 404
        for path in ("/../run.json", "/playground.py", "/%2e%2e/run.py", "/etc", "/index"):
            assert page.ask("GET", path)[0] == 404, path
        for host in ("elsewhere.test", shop.run["api"].split("//")[1]):
            assert page.ask("GET", "/state", host=host)[0] == 421
        status, headers, body = page.ask("GET", "/", host=page.host.replace("127.0.0.1", "localhost"))
        assert status == 200 and b"playground.js" in body
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert "Access-Control-Allow-Origin" not in headers
        assert shop.door_now()["physical"] == "closed" and not shop.shopctl("alarm", "list")


def test_the_page_hears_at_once(start):
    with start("--playground", "--no-import") as shop:
        page = Page(shop)
        page.state()
        with contextlib.closing(socket.create_connection(page.host.split(":"), 10)) as sock:
            sock.sendall(f"GET /events HTTP/1.1\r\nHost: {page.host}\r\n\r\n".encode())
            said = b""

            def heard(what):
                nonlocal said
                while what not in said:
                    more = sock.recv(65536)
                    assert more, said
                    said += more
                said = said.rpartition(what)[2]
            heard(b'"contact": false')
            shop.hand("force")
            heard(b'"contact": true')
            heard(b'"alarm": "forced"')
        shop.quiet()


if __name__ == "__main__":
    main(globals())
