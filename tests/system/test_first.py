"""test_first.py: the first hour of a box: the code on its console makes one phone the owner, once, and
stands in no log. Every status that the API names for it is brought about.
"""

import os
import re
import signal
import stat

from openapi import Api
from shop import ROOT, Member, main, until
from test_http import JSON, Caller as HttpCaller, raw

API = Api(ROOT / "include" / "api" / "shop.yaml")
PATH = "/v1/first-owner"
PAGE = "https://viken.example"
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}")
WRONG = "0000-0000-0000-0000"


class Caller(HttpCaller):
    api = API

    def bring(self, want, code, member):
        return self("POST", PATH, want, {"code": code, "key": member.phone.cose_key_hex}, headers=JSON)


def fresh(start):
    return start("--no-import", "--set", f"shopd:page={PAGE}")


def issue(shop):
    """The file that the console's login prompt prints, or None."""
    files = list(shop.state.rglob("first-owner.issue"))
    assert len(files) <= 1, files
    return files[0] if files else None


def everywhere(shop, code):
    """The files in the shop's folder that hold this code."""
    found = []
    for path in shop.state.rglob("*"):
        try:
            if path.is_file() and code.encode() in path.read_bytes():
                found.append(path.name)
        except OSError:  # a socket, or gone meanwhile
            pass
    return found


def test_first_hour(start):
    with fresh(start) as shop:
        call, member, other = Caller(shop), Member(shop), Member(shop)
        path = issue(shop)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, oct(path.stat().st_mode)
        shown = path.read_text()
        code = CODE.search(shown).group()
        assert f"{PAGE}/#/first/{code}" in shown and "█" in shown, shown
        assert max(map(len, shown.splitlines())) < 80 and len(shown.splitlines()) < 32, shown
        said = shop.shopctl("owner", "code")
        assert said == {"code": code, "address": f"{PAGE}/#/first/{code}"}, said
        refusals(shop, call, member)

        assert call.bring(404, WRONG, member)["code"] == "unknown_code"
        made = call.bring(201, code.lower().replace("-", ""), member)
        assert made["role"] == "owner", made
        # at once, and no code is left anywhere
        assert shop.api("POST", "/v1/session", member.token("owner"))[0] == 200
        assert issue(shop) is None and everywhere(shop, code) == [], everywhere(shop, code)
        rows = shop.shopctl("member", "list")
        assert [(r["customer"], r["role"]) for r in rows] == [(made["customer"], "owner")], rows

        for who, what in ((member, code), (other, code), (other, WRONG)):
            assert call.bring(409, what, who)["code"] == "has_owner"
        assert "owner" in shop.shopctl("owner", "code", exits=1)["message"]


def refusals(shop, call, member):
    key = member.phone.cose_key_hex
    for body in ({}, {"code": WRONG}, {"code": WRONG, "key": key, "more": 1}, {"code": 1, "key": key},
                 {"code": "x" * 65, "key": key}, {"code": WRONG, "key": key[:-2]},
                 {"code": WRONG, "key": member.phone.cose_key_hex.replace("a4", "a5", 1)}, []):
        call("POST", PATH, 400, body, headers=JSON)
    call("POST", PATH, 400, {"code": WRONG, "key": key}, query="?a=1", headers=JSON)
    call("POST", PATH, 413, b"x" * 20000, headers=JSON)
    call("POST", PATH, 415, b"{}", headers={"Content-Type": "text/plain"})
    call("POST", PATH, 421, {"code": WRONG, "key": key}, headers={**JSON, "Host": "elsewhere.test"})
    twice = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert raw(shop, twice.encode(), PATH, "POST")[0] == 400


def guess(shop, call, member):
    """So often that the next wrong code is told to wait."""
    for _ in range(5):
        call.bring(404, WRONG, member)
    status, headers, data = shop.api("POST", PATH, {"code": WRONG, "key": member.phone.cose_key_hex},
                                     raw=True)
    assert API.answer(PATH, "POST", status, headers, data)["code"] == "busy"
    assert 50 <= int(headers["Retry-After"]) <= 60, headers["Retry-After"]


def test_who_guesses_keeps_nobody_out(start):
    with fresh(start) as shop:
        call, guesser, owner = Caller(shop), Member(shop), Member(shop)
        guess(shop, call, guesser)
        call.bring(429, WRONG, guesser)
        made = call.bring(201, shop.shopctl("owner", "code")["code"], owner)
        assert made["role"] == "owner", made


def test_guessing_and_restart(start):
    with fresh(start) as shop:
        call, member = Caller(shop), Member(shop)
        code = shop.shopctl("owner", "code")["code"]
        guess(shop, call, member)
        # killed, it shows another: the old one holds no more
        shop.kill("shopd")
        again = until(lambda: (now := shop.shopctl_raw("owner", "code")).returncode == 0 and now.stdout,
                      10, "shopd back")
        assert code not in again, "the same code after a restart"
        until(lambda: shop.api("GET", "/healthz")[0] == 200, 10, "health")
        assert call.bring(404, code, member)["code"] == "unknown_code"
        assert everywhere(shop, code) == [], everywhere(shop, code)
        still = shop.pids()["shopd"]
        os.kill(still, signal.SIGSTOP)
        try:
            call.bring(503, code, member)
        finally:
            os.kill(still, signal.SIGCONT)


def test_every_status_was_seen(start):
    del start
    missing = {s for s in API.statuses() if s[0] == PATH} - API.seen
    assert not missing, sorted(missing)


if __name__ == "__main__":
    main(globals())
