"""netproxy.py: a bad road between a shop and its office: an HTTP proxy on loopback that loses answers
after the office has given them, sends requests twice, and tells a test what passes.

    with netproxy.Road(office_url) as road:      road.url: what the shop is enrolled at
        road.faults = lambda ask, n: "lose"      of each request, the nth to this path's last word:
                                                 "" well, "lose" its answer, "twice" sends it twice,
                                                 "cut" before the office hears of it
        road.passed("entries")                   how many of them the office has answered
"""

import collections
import http.client
import http.server
import threading
import urllib.parse

HOLD_S = 90


class Ask:
    """A request on its way."""

    def __init__(self, method, path, body):
        self.method, self.path, self.body = method, path, body
        self.what = urllib.parse.urlsplit(path).path.rsplit("/", 1)[1]


class Road:
    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.lock = threading.Condition()
        self.counts, self.answered = collections.Counter(), collections.Counter()
        self.faults = lambda ask, n: ""
        self.after = lambda ask, fault: None  # the office has answered, the shop not heard it yet
        self.statuses = collections.Counter()  # (what, status)

    def __enter__(self):
        road = self

        class Desk(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_any(self):
                road.carry(self)

            do_GET = do_POST = do_any

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, block_on_close = True, False

            def handle_error(self, request, client_address):
                pass  # who hangs up is no fault of the road's

        self.server = Server(("127.0.0.1", 0), Desk)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def passed(self, what):
        with self.lock:
            return self.answered[what]

    def forward(self, desk, ask):
        link = http.client.HTTPConnection(self.host, self.port, timeout=HOLD_S)
        try:
            headers = {k: v for k, v in desk.headers.items() if k.lower() not in ("host", "connection")}
            link.request(ask.method, ask.path, ask.body, headers)
            answer = link.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            link.close()

    def carry(self, desk):
        ask = Ask(desk.command, desk.path,
                  desk.rfile.read(int(desk.headers.get("Content-Length") or 0)) or None)
        with self.lock:
            self.counts[ask.what] += 1
            n = self.counts[ask.what]
        fault = self.faults(ask, n)
        desk.close_connection = True
        if fault == "cut":
            return
        try:
            status, headers, body = self.forward(desk, ask)
            if fault == "twice":
                status, headers, body = self.forward(desk, ask)
        except OSError:
            return  # the office is away: so is the road
        with self.lock:
            self.answered[ask.what] += 1
            self.statuses[ask.what, status] += 1
            self.lock.notify_all()
        self.after(ask, fault)
        if fault == "lose":
            return
        desk.send_response(status)
        for name, value in headers:
            if name.lower() not in ("connection", "content-length", "date", "transfer-encoding"):
                desk.send_header(name, value)
        desk.send_header("Content-Length", str(len(body)))
        desk.send_header("Connection", "close")
        desk.end_headers()
        desk.wfile.write(body)
