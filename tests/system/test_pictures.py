"""test_pictures.py: /v1/pictures: what the cameras saw, as owner and staff may see it. The folder is
filled here as courierd would fill it; every status that the API names for it is brought about.
"""

import concurrent.futures
import contextlib
import os
import re
import shutil
import signal
import tempfile
import time

from openapi import Api
from shop import ROOT, main, until
from test_api_money import signed
from test_http import JSON, PICTURES, Caller as HttpCaller
from camera import Camera, jpeg  # found by shop

API = Api(ROOT / "include" / "api" / "shop.yaml")
LIST, ONE = "/v1/pictures", "/v1/pictures/{name}"
NAMES = ["20261120T090000000Z-entry-1234-front.jpg", "20261121T090000000Z-alarm-7-back.jpg",
         "20261121T090000001Z-alarm-7-front.jpg", "20261121T120000000Z-entry-4660-back.jpg",
         "20261122T080000000Z-request-0-front.jpg", "20261122T080000500Z-alarm-17-front.jpg",
         "20261122T101530123Z-alarm-7-back.jpg"]
STRANGERS = [".new", "notes.txt", "20261122T101530123Z-alarm-07-back.jpg", "x" * 200,
             "20261122T101530123Z-alarm-7-Back.jpg", "20261122T101530123Z-alarm-7-back.jpg.html"]


class Caller(HttpCaller):
    api = API

    def params(self, **more):
        return super().params(**{"name": NAMES[-1], **more})


@contextlib.contextmanager
def album(shop, names=NAMES):
    """The folder with these pictures, for as long as they are looked at."""
    folder = shop.state / "data" / "pictures"
    folder.mkdir(mode=0o750)
    try:
        for name in names:
            (folder / name).write_bytes(jpeg("0:0", name.encode()))
        yield folder
    finally:
        shutil.rmtree(folder)


def logged_in(shop):
    call = Caller(shop)
    call.owner = call.log_in()
    return call, {"Cookie": call.cookie}


def listed(call, cookie, query=""):
    page = call("GET", LIST, 200, query=query, headers=cookie)
    return [picture["name"] for picture in page["pictures"]], page


def test_no_folder_is_no_picture(shop):
    call, cookie = logged_in(shop)
    assert listed(call, cookie)[1] == {"pictures": [], "next": None, "truncated": False}
    assert call("GET", ONE, 404, headers=cookie)["code"] == "not_found"


def test_the_newest_first_a_page_at_a_time(shop):
    call, cookie = logged_in(shop)
    with album(shop, NAMES + STRANGERS):
        assert listed(call, cookie)[0] == NAMES[::-1]
        seen, after = [], ""
        while True:
            names, page = listed(call, cookie, f"?max=3{after}")
            seen += names
            assert len(names) <= 3 and page["truncated"] is False
            if not page["next"]:
                break
            after = f"&after={page['next']}"
        assert seen == NAMES[::-1]
        for query, wanted in (("alarm=7", [6, 2, 1]), ("alarm=17", [5]), ("alarm=1", []),
                              ("visit=00000000000004d2", [0]), ("visit=0000000000001234", [3]),
                              ("from=2026-11-22T08:00:00Z", [6, 5, 4]),
                              ("to=2026-11-21T09:00:00.001Z", [1, 0]),
                              ("from=2026-11-21T10:00:00%2B01:00", None),
                              ("from=2026-11-21T08:00:00-01:00&to=2026-11-22T00:00:00Z", [3, 2, 1]),
                              ("alarm=7&to=2026-11-22T00:00:00Z&max=1", [2]),
                              (f"alarm=7&after={NAMES[2]}", [1])):
            if wanted is None:  # nothing is percent-decoded
                call("GET", LIST, 400, query=f"?{query}", headers=cookie)
                continue
            assert listed(call, cookie, f"?{query}")[0] == [NAMES[i] for i in wanted], query
        pictures = listed(call, cookie)[1]["pictures"]
        assert pictures[0] == {"name": NAMES[6], "at": "2026-11-22T10:15:30.123Z", "kind": "alarm",
                               "alarm": 7, "visit": None, "camera": "back",
                               "href": f"/v1/pictures/{NAMES[6]}"}
        assert pictures[2]["alarm"] is pictures[2]["visit"] is None
        assert pictures[3]["visit"] == "0000000000001234"


def test_one_picture(shop):
    call, cookie = logged_in(shop)
    with album(shop) as folder:
        large = jpeg("1:1", weight=2 * 1024 * 1024 - 500)
        (folder / NAMES[0]).write_bytes(large)
        assert 2 * 1024 * 1024 - 300 < len(large) <= 2 * 1024 * 1024
        for name in NAMES:
            got = call("GET", ONE, 200, headers=cookie, name=name)
            assert got == (folder / name).read_bytes(), name
        assert call("GET", ONE, 200, headers=signed(call.owner)) == \
            (folder / NAMES[-1]).read_bytes()
        status, headers, data = shop.api("HEAD", f"/v1/pictures/{NAMES[0]}", headers=cookie, raw=True)
        assert (status, data, int(headers["Content-Length"])) == (200, b"", len(large))


def test_nothing_else_is_sent(shop):
    """No path, no link, no pipe, no file that is empty or larger than a picture may be."""
    call, cookie = logged_in(shop)
    with album(shop, NAMES + STRANGERS) as folder:
        secret = shop.state / "data" / "ledger.db"
        for number, make in enumerate((
                lambda path: path.symlink_to(secret), os.mkfifo, os.mkdir,
                lambda path: path.write_bytes(b""),
                lambda path: path.write_bytes(b"\xff" * (2 * 1024 * 1024 + 1)))):
            name = f"20261122T101530123Z-alarm-{number}-odd.jpg"
            make(folder / name)
            call("GET", ONE, 404, headers=cookie, name=name)
        for name in STRANGERS + ["..", ".", "..%2fledger.db", "%2e%2e", "../ledger.db", NAMES[0] + "x",
                                 NAMES[0] + "%00", "20261122T101530123Z-alarm-99-front.jpg"]:
            status, _, body = shop.api("GET", f"/v1/pictures/{name}", headers=cookie, raw=True)
            assert status == 404 and b"SQLite" not in body, name
        os.rename(folder, folder.with_name("elsewhere"))
        folder.symlink_to("elsewhere")  # nor a link in the folder's place
        try:
            call("GET", LIST, 503, headers=cookie)
            assert call("GET", ONE, 503, headers=cookie)["code"] == "unavailable"
        finally:
            folder.unlink()
            os.rename(folder.with_name("elsewhere"), folder)
        assert call("GET", ONE, 200, headers=cookie)


def test_who_may_not(shop):
    """A member's token, none at all, another's page; and what is no question."""
    call, cookie = logged_in(shop)
    member = shop.member()
    with album(shop):
        for path in (LIST, ONE):
            call("GET", path, 401)
            call("GET", path, 401, headers={"Cookie": "__Host-sk=" + "A" * 43})
            call("GET", path, 401, headers={"Authorization": "Bearer " + "A" * 43})
            assert call("GET", path, 403, headers=signed(member))["code"] in ("forbidden",
                                                                              "wrong_audience")
            call("GET", path, 413, body=b"x" * 20000, headers={**JSON, **cookie})
            call("GET", path, 421, headers={"Host": "elsewhere.test"})
            call("GET", path, 400, query="?surely=not", headers=cookie)
        for query in ("alarm=0", "alarm=x", "alarm=7&alarm=8", "visit=12", "max=0", "max=101",
                      "from=yesterday", "to=1969-01-01T00:00:00Z", "after=../x", f"after={NAMES[0]}x",
                      "alarm=7&visit=0000000000001234"):
            call("GET", LIST, 400, query=f"?{query}", headers=cookie)
        status, headers, _ = shop.api("DELETE", f"/v1/pictures/{NAMES[0]}", headers=cookie, raw=True)
        assert (status, headers["Allow"]) == (405, "GET, HEAD"), "nothing is removed from here"


def test_shopd_is_away(shop):
    """A token it must judge; a session lives on, and its pictures with it, for as long as it stands."""
    call, cookie = logged_in(shop)
    with album(shop):
        still = shop.pids()["shopd"]
        os.kill(still, signal.SIGSTOP)
        try:
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                for answer in [pool.submit(call, "GET", path, 503, headers=signed(call.owner))
                               for path in (LIST, ONE)]:
                    assert answer.result(20)["code"] == "unavailable"
            call("GET", ONE, 200, headers=cookie)
        finally:
            os.kill(still, signal.SIGCONT)
        until(lambda: shop.api("GET", "/healthz")[0] == 200, 10, "health")


def test_a_folder_of_tens_of_thousands_stalls_nobody(shop):
    call, cookie = logged_in(shop)
    with album(shop) as folder:
        for n in range(66000):
            os.close(os.open(folder / f"20261101T000000000Z-entry-{n + 1}-front.jpg",
                             os.O_CREAT | os.O_WRONLY, 0o640))
        took, statuses = [], []

        def look(_):
            status, headers, body = shop.api("GET", LIST, headers=cookie, raw=True)
            return status, API.answer(LIST, "GET", status, headers, body)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(look, n) for n in range(24)]
            while not all(one.done() for one in asked):
                began = time.monotonic()
                assert shop.api("GET", f"/v1/products/{shop.gtins()[0]}")[0] == 200
                took.append(time.monotonic() - began)
            for one in asked:
                status, page = one.result()
                statuses.append(status)
                assert status == 429 or page["truncated"] is True and page["next"]
        took.sort()
        print(f"        {statuses.count(200)} pages, {statuses.count(429)} refused; a phone meanwhile: "
              f"median {took[len(took) // 2] * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms")
        assert set(statuses) == {200, 429}, statuses
        assert took[len(took) // 2] < 0.25 and took[-1] < 1.5, took[-5:]
        for n in range(1000):
            (folder / f"20261101T000000000Z-entry-{n + 1}-front.jpg").unlink()
        names, page = listed(call, cookie)
        assert names[:len(NAMES)] == NAMES[::-1] and page["truncated"] is False


def test_from_the_door_to_the_owner(start):
    """All of it: somebody is let in, the door is forced, somebody wants to look; a camera sees it."""
    with Camera("eye", "hush-hush") as front, tempfile.NamedTemporaryFile("w") as secret:
        secret.write("hush-hush\n")
        secret.flush()
        settings = {"url": front.url, "user": "eye", "password_file": secret.name}
        with start(*(f"--set=courierd:camera front:{key}={value}"
                     for key, value in settings.items())) as shop:
            call, cookie = logged_in(shop)
            shop.shopctl("sim", "force")
            (alarm,) = until(lambda: [a["alarm"] for a in shop.shopctl("alarm", "list")
                                      if a["condition"] == "forced"], 5, "the alarm")
            (name,) = until(lambda: listed(call, cookie, f"?alarm={alarm}")[0], 10, "its picture")
            assert call("GET", ONE, 200, headers=cookie, name=name) in front.taken
            shop.shopctl("sim", "close")
            visit = call("POST", "/v1/door/{door}/unlock", 200, shop.member().token())["visit"]
            until(lambda: listed(call, cookie, f"?visit={visit}")[0], 10, "a picture of the entry")
            shop.shopctl("look")
            until(lambda: "-request-0-front.jpg" in listed(call, cookie, "?max=1")[0][0], 10, "a look")
            folder = shop.state / "data" / "pictures"
            assert folder.stat().st_mode & 0o7777 == 0o2750, oct(folder.stat().st_mode)


def test_nobody_is_named_in_the_log(shop):
    text = (shop.state / "log" / "counterd.log").read_text()
    assert not re.search(r"\d{8}T\d{9}Z", text), text


def test_every_status_was_seen(shop):
    """Runs last."""
    missing = {s for s in API.statuses() if PICTURES.match(s[0])} - API.seen
    assert not missing, sorted(missing)


if __name__ == "__main__":
    main(globals())
