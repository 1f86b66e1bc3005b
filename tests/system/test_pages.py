"""The pages and their servers: what a browser is given in the shop and at the office, what it is not,
and whose pages the office answers. The folder holds pages made up here: what counts is how they are
served, whatever is in them. That of the real ones is seen in a real browser (tests/web).
"""

import contextlib
import gzip
import http.client
import json
import pathlib
import shutil
import tempfile

from shop import main, until

POLICY = ("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' "
          "blob: data:; connect-src 'self'%s; media-src 'self' blob:; manifest-src 'self'; worker-src "
          "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
FILES = {"phone.html": b"<title>phone</title>" * 50, "kiosk.html": b"<title>kiosk</title>",
         "owner.html": b"<title>owner</title>", "office.html": b"<title>office</title>",
         "sw.js": b"worker", "manifest.webmanifest": b"{}", "icon-192.png": b"png",
         "assets/phone-1A2B3C4D.js": b"code " * 1000, "assets/reader-11.wasm": b"\0asm" * 300000}
PACKED = ("phone.html", "assets/phone-1A2B3C4D.js")
FOR_EVER = "public, max-age=31536000, immutable"


def furnish(web):
    (web / "assets").mkdir(parents=True)
    for name, content in FILES.items():
        (web / name).write_bytes(content)
        if name in PACKED:
            (web / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))


@contextlib.contextmanager
def house(start, *options):
    """A shop with an office, and pages in a folder of its own: (shop, the folder)."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pages-"))
    web = folder / "web"
    try:
        office = [f"--set=officed:web={web}"] if "--office=enrol" in options else []
        with start(f"--set=counterd:web={web}", "--no-import", *office, *options) as shop:
            yield shop, web
    finally:
        shutil.rmtree(folder)


def get(base, path, method="GET", **headers):
    """(status, headers, body) of a path, byte for byte as it stands here."""
    connection = http.client.HTTPConnection(base.split("//")[1], timeout=10)
    with contextlib.closing(connection):
        connection.request(method, path, headers={k.replace("_", "-"): v
                                                  for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def is_page(answer, name, policy):
    status, headers, body = answer
    assert (status, body) == (200, FILES[name]), (name, status, body[:200])
    assert headers["Content-Security-Policy"] == policy, headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=(self), microphone=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    wanted = FOR_EVER if name.startswith("assets/") else "no-cache"
    assert headers["Cache-Control"] == wanted, (name, headers["Cache-Control"])
    assert "Set-Cookie" not in headers
    return headers


def is_problem(answer, status, code):
    assert answer[0] == status, answer
    problem = json.loads(answer[2])
    assert (problem["status"], problem["code"]) == (status, code), problem
    return problem


def test_what_the_shop_shows(start):
    with house(start, "--set=counterd:office=https://office.example") as (shop, web):
        api, policy = shop.run["api"], POLICY % " https://office.example"
        status, headers, body = get(api, "/")  # the program runs, the pages lack
        assert status == 503 and b"make web" in body, (status, body)
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        furnish(web)
        for path, name in (("/", "phone.html"), ("/?from=text", "phone.html"),
                           ("/kiosk", "kiosk.html"), ("/owner", "owner.html"), ("/a/17", "owner.html"),
                           ("/sw.js", "sw.js"), ("/manifest.webmanifest", "manifest.webmanifest"),
                           ("/icon-192.png", "icon-192.png"),
                           ("/assets/phone-1A2B3C4D.js", "assets/phone-1A2B3C4D.js"),
                           ("/assets/reader-11.wasm", "assets/reader-11.wasm")):
            headers = is_page(get(api, path), name, policy)
            head = get(api, path, "HEAD")
            assert (head[0], head[2]) == (200, b""), head
            assert int(head[1]["Content-Length"]) == len(FILES[name])
            assert get(api, path, If_None_Match=headers["ETag"])[0] == 304
        assert get(api, "/owner", Host="localhost")[0] == 200
        is_problem(get(api, "/owner", Host="elsewhere.test"), 421, "wrong_host")
        status, headers, body = get(api, "/owner", "POST")
        assert (status, headers["Allow"]) == (405, "GET, HEAD"), (status, headers["Allow"])
        place = json.loads(get(api, "/v1/place")[2])
        assert place == {"here": "shop", "shop": "viken", "doors": ["front"], "tills": ["till1"],
                         "office": "https://office.example", "currency": "SEK", "language": "sv",
                         "time_zone": "Europe/Stockholm"}, place


def test_packed_or_not_and_never_twice(start):
    with house(start) as (shop, web):
        furnish(web)
        api = shop.run["api"]
        for name in PACKED:
            path = "/" if name == "phone.html" else f"/{name}"
            plain = is_page(get(api, path), name, POLICY % "")
            status, headers, body = get(api, path, Accept_Encoding="br, gzip;q=0.8")
            assert (status, headers["Content-Encoding"]) == (200, "gzip")
            assert gzip.decompress(body) == FILES[name]
            assert plain["Vary"] == headers["Vary"] == "Accept-Encoding"
            assert plain["ETag"] != headers["ETag"]
            status, again, body = get(api, path, Accept_Encoding="gzip",
                                      If_None_Match=f'"other", {headers["ETag"]}')
            assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
            assert get(api, path, Accept_Encoding="gzip", If_None_Match=plain["ETag"])[0] == 200
            assert get(api, path, Accept_Encoding="gzip;q=0")[1]["Content-Encoding"] is None
        before = get(api, "/")[1]["ETag"]
        (web / "phone.html").write_bytes(b"<title>phone</titel>" * 50)  # as long, and another
        after = get(api, "/", If_None_Match=before)
        assert after[0] == 200 and after[1]["ETag"] != before, after[:2]


def test_nothing_but_the_folder(start):
    with house(start) as (shop, web):
        furnish(web)
        (web / "notes.txt").write_text("of whoever built it")
        (web / ".git").write_text("nobody's")
        (web / "assets" / "link.js").symlink_to(shop.state / "etc" / "counterd.conf")
        (web / "assets" / "folder.js").mkdir()
        for path in ("/assets/../phone.html", "/assets/..", "/assets/%2e%2e/phone.html",
                     "/assets/..%2fphone.html", "/assets/%2e%2e%2fphone.html", "/../etc/passwd",
                     "/assets/../../etc/counterd.conf", "//etc/passwd", "/assets//etc/passwd",
                     "/assets/link.js", "/assets/folder.js", "/assets/", "/assets", "/.git",
                     "/assets/.", "/phone.html", "/notes.txt", "/index.html", "/kiosk/", "/a/",
                     "/a/1/2", "/assets/phone-1A2B3C4D.js.gz", "/assets/" + "a" * 4000,
                     "/assets/a%00.js", "/assets/phone-1A2B3C4D.js%00", "/%2e%2e/phone.html"):
            is_problem(get(shop.run["api"], path), 404, "not_found")


def test_what_the_office_shows(start):
    with house(start, "--office=enrol") as (shop, web):
        furnish(web)
        office = shop.run["office"]
        port = office.rsplit(":", 1)[1]
        viken = {"Host": f"viken.localhost:{port}"}
        is_page(get(office, "/"), "office.html", POLICY % "")
        is_page(get(office, "/assets/reader-11.wasm"), "assets/reader-11.wasm", POLICY % "")
        for path in ("/kiosk", "/owner", "/sw.js"):
            is_problem(get(office, path), 404, "not_found")
        for path, name in (("/", "phone.html"), ("/owner", "owner.html"), ("/a/3", "owner.html"),
                           ("/sw.js", "sw.js")):
            is_page(get(office, path, **viken), name, POLICY % f" {office}")
        for method, path in (("POST", "/v1/door/front/unlock"), ("POST", "/v1/visits"),
                             ("PUT", "/v1/visits/1/lines/k"), ("POST", "/v1/session"),
                             ("GET", "/v1/kiosk/events")):
            detail = is_problem(get(office, path, method, **viken), 404, "not_here")["detail"]
            assert "Wi-Fi" in detail, detail
            assert get(office, path, method)[0] == 404
        for host in ("nowhere.localhost", "falun.localhost:80"):
            for path in ("/", "/v1/place", "/v1/shops"):
                is_problem(get(office, path, Host=host), 421, "wrong_host")
        place = json.loads(get(office, "/v1/place")[2])
        assert (place["here"], place["shop"], place["doors"]) == ("office", None, []), place
        there = until(lambda: json.loads(get(office, "/v1/place", **viken)[2])["doors"] and
                      json.loads(get(office, "/v1/place", **viken)[2]), 20, "a heartbeat")
        assert there == {"here": "office", "shop": "viken", "doors": ["front"], "tills": [],
                         "office": office, "currency": "SEK", "language": "sv",
                         "time_zone": "Europe/Stockholm"}, there


def test_whose_pages_the_office_answers(start):
    with house(start, "--office=enrol") as (shop, _):
        office, api = shop.run["office"], shop.run["api"]
        known = (api, "http://viken.localhost:1", "https://viken.localhost")
        unknown = ("https://elsewhere.test", "null", "*", api + "/", "http://127.0.0.1:1",
                   "https://falun.localhost", "https://viken.localhost.elsewhere.test",
                   office.replace("127.0.0.1", "localhost"))
        for origin in known:
            status, headers, body = get(office, "/v1/shops", "OPTIONS", Origin=origin,
                                        Access_Control_Request_Method="GET",
                                        Access_Control_Request_Headers="authorization")
            assert (status, body) == (204, b""), (origin, status)
            assert headers["Access-Control-Allow-Origin"] == origin
            allowed = {h.strip().lower() for h in headers["Access-Control-Allow-Headers"].split(",")}
            assert allowed >= {"authorization", "content-type", "accept-language"}, allowed
            assert {"GET", "POST", "PUT", "DELETE"} <= set(
                headers["Access-Control-Allow-Methods"].split(", "))
            for path, want in (("/v1/place", 200), ("/v1/shops", 401), ("/v1/nothing", 404)):
                status, headers, _ = get(office, path, Origin=origin)
                assert status == want, (path, status)
                assert headers["Access-Control-Allow-Origin"] == origin
                assert {"ETag", "Retry-After"} <= set(
                    headers["Access-Control-Expose-Headers"].split(", "))
                assert headers["Vary"] == "Origin"
                assert headers["Access-Control-Allow-Credentials"] is None
        for origin in unknown:
            for method, path in (("GET", "/v1/place"), ("OPTIONS", "/v1/shops")):
                status, headers, _ = get(office, path, method, Origin=origin)
                assert status == (405 if method == "OPTIONS" else 200), (origin, status)
                named = [h for h in headers if h.lower().startswith("access-control-")]
                assert not named, (origin, named)
        assert get(office, "/v1/place")[1]["Access-Control-Allow-Origin"] is None
        assert get(api, "/v1/place", Origin=office)[1]["Access-Control-Allow-Origin"] is None


if __name__ == "__main__":
    main(globals())
