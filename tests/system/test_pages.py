"""The pages and their servers: what a browser is given in the shop and at the office, what it is not,
and whose pages the office answers. The folder holds pages made up here: what counts is how they are
served, whatever is in them. That of the real ones is seen in a real browser (tests/web).
"""

import contextlib
import gzip
import http.client
import json
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile

from shop import ROOT, main, until

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
                             ("GET", "/v1/kiosk/events"), ("GET", "/v1/now"),
                             ("GET", "/v1/pictures/x"), ("GET", "/v1/settings")):
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


# --- behind nginx, with its files as they are but for names, ports and places


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def nginx(folder, site, changes):
    """A server by etc/nginx/SITE.conf, which is changed by (pattern, text); ended at the end."""
    text = (ROOT / "etc" / "nginx" / f"{site}.conf").read_text()
    for pattern, new in ((r"server \{\n\tlisten 80;[\s\S]*?\n\}\n", ""), (r"\tlisten \[::\].*\n", ""),
                         (r"/\S*fullchain\.pem", f"{folder}/cert.pem"),
                         (r"/\S*/key\.pem", f"{folder}/key.pem"), *changes):
        text, n = re.subn(pattern, new, text)
        assert n or site == "kiosk", (site, pattern)
    (folder / f"{site}.site").write_text(text)
    (folder / f"{site}.conf").write_text(
        f"daemon off;\npid {folder}/{site}.pid;\nerror_log {folder}/{site}.error warn;\n"
        "events {}\nhttp {\n" + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in
                                      ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) +
        f"include {folder}/{site}.site;\n}}\n")
    server = subprocess.Popen(["nginx", "-p", folder, "-e", folder / f"{site}.error", "-c",
                               folder / f"{site}.conf"])
    try:
        yield server
    finally:
        server.terminate()
        server.wait(10)


def certificate(folder, *names):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={names[0]}",
                    "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names),
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)


@contextlib.contextmanager
def by_tls(port, folder, name):
    """A connection to a server that bears this name."""
    context = ssl.create_default_context(cafile=folder / "cert.pem")
    with socket.create_connection(("127.0.0.1", port), 10) as plain, \
            context.wrap_socket(plain, server_hostname=name) as sock:
        connection = http.client.HTTPConnection(name)
        connection.sock = sock
        yield connection


def secure(port, folder, name, path, **headers):
    """As get(), by TLS."""
    with by_tls(port, folder, name) as connection:
        connection.request("GET", path, headers={k.replace("_", "-"): v
                                                 for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def statuses(port, folder, name, path, times):
    """What is answered to so many at once."""
    seen = set()
    with by_tls(port, folder, name) as connection:
        for _ in range(times):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            seen.add(answer.status)
    return seen


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_by_tls_and_on_the_box_itself(start):
    with house(start, "--set=counterd:hosts=viken.example") as (shop, web), \
            tempfile.TemporaryDirectory(prefix="nginx-") as made:
        furnish(web)
        folder, port, own = pathlib.Path(made), free_port(), free_port()
        folder.chmod(0o755)
        certificate(folder, "viken.example")
        counterd = shop.run["api"].split("//")[1]
        with nginx(folder, "shopkeeper", ((r"listen 443", f"listen 127.0.0.1:{port}"),
                                          (r"unix:\S*http\.sock", counterd))), \
                nginx(folder, "kiosk", ((r"127\.0\.0\.1:18080", f"127.0.0.1:{own}"),
                                        (r"unix:\S*http\.sock:", counterd))):
            until(lambda: listens(port) and listens(own), 10, "nginx's start")
            status, headers, body = secure(port, folder, "viken.example", "/", Accept_Encoding="gzip")
            assert (status, gzip.decompress(body)) == (200, FILES["phone.html"])
            assert headers["ETag"].endswith('-gz"') and headers["Cache-Control"] == "no-cache"
            assert headers["Strict-Transport-Security"] and headers["Content-Security-Policy"]
            assert secure(port, folder, "viken.example", "/", Accept_Encoding="gzip",
                          If_None_Match=headers["ETag"])[0] == 304
            for path in ("/v1/kiosk/events", "/v1/till/till1/visit", "/metrics"):
                assert secure(port, folder, "viken.example", path)[0] == 404, path
            assert secure(port, folder, "viken.example", "/", Host="elsewhere.test")[0] in (421, 404)
            try:
                secure(port, folder, "elsewhere.test", "/")
                raise AssertionError("a name that is not ours was answered")
            except OSError:
                pass
            kiosk = f"http://127.0.0.1:{own}"
            is_page(get(kiosk, "/kiosk"), "kiosk.html", POLICY % "")
            assert get(kiosk, "/v1/place")[0] == 200
            with contextlib.closing(socket.create_connection(("127.0.0.1", own), 10)) as sock:
                sock.sendall(f"GET /v1/kiosk/events HTTP/1.1\r\nHost: 127.0.0.1:{own}\r\n\r\n".encode())
                said = b""
                while b"event: place" not in said:  # it comes at once, or the time is up
                    more = sock.recv(4096)
                    assert more, said
                    said += more
            assert get(kiosk, "/metrics")[0] == 404
            assert get(kiosk, "/kiosk", Host="elsewhere.test")[0] == 421
            for path, want in (("/assets/phone-1A2B3C4D.js", {200}), ("/v1/place", {200, 429})):
                assert statuses(port, folder, "viken.example", path, 300) == want, path


def test_the_office_behind_tls(start):
    with house(start, "--office=enrol", "--set=officed:page_hosts={shop}.example",
               "--set=officed:url=https://office.example") as (shop, web), \
            tempfile.TemporaryDirectory(prefix="nginx-") as made:
        furnish(web)
        folder, port = pathlib.Path(made), free_port()
        folder.chmod(0o755)
        certificate(folder, "office.example", "viken.example")
        with nginx(folder, "office", ((r"listen 443", f"listen 127.0.0.1:{port}"),
                                      (r"unix:\S*http\.sock", shop.run["office"].split("//")[1]))):
            until(lambda: listens(port), 10, "nginx's start")
            is_page(secure(port, folder, "office.example", "/"), "office.html", POLICY % "")
            is_page(secure(port, folder, "viken.example", "/"), "phone.html",
                    POLICY % " https://office.example")
            is_page(secure(port, folder, "viken.example", "/assets/reader-11.wasm"),
                    "assets/reader-11.wasm", POLICY % " https://office.example")
            is_problem(secure(port, folder, "viken.example", "/v1/visits"), 404, "not_here")
            status, headers, _ = secure(port, folder, "office.example", "/v1/shops",
                                        Origin="https://viken.example")
            assert (status, headers["Access-Control-Allow-Origin"]) == (401, "https://viken.example")
            for path, want in (("/assets/phone-1A2B3C4D.js", {200}), ("/v1/place", {200, 429})):
                assert statuses(port, folder, "viken.example", path, 300) == want, path


if __name__ == "__main__":
    main(globals())
