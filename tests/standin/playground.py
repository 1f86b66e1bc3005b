"""playground.py: a page on which a newcomer plays shopper, burglar and owner of the shop that `make
run` started (playhouse.py does what the page asks for).

    playground.py --run-json FILE [--port N]

It opens doors, so it answers nobody but its own page on this machine: the Host must be loopback, a
write must be JSON from the page's own origin, and nothing is readable from another.

    GET /          the page and its parts           GET /state   all that it shows, once
    GET /events    the same for as long as somebody looks (server-sent), at each change
    POST /do       {"do": "hand", "hand": "open"}: playhouse's do_*, its members by name -> what it
                   answers, or 409 {"why"}
"""

import argparse
import http.server
import inspect
import json
import pathlib
import signal
import subprocess
import sys
import threading

import playhouse

FOLDER = pathlib.Path(__file__).resolve().parent / "playground"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
FILES = {f"/{path.name}": path for path in FOLDER.iterdir() if path.suffix in TYPES}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
          "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
BODY_MAX = 8192
COMMENT_S = 15
LOOKERS_MAX = 32


class Desk(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    house = None
    port = 0

    def log_message(self, *_):
        pass  # what is scanned and texted is nobody's to read

    # --- answers

    def head(self, status, kind, length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in (("Content-Security-Policy", POLICY), ("Cache-Control", "no-store"),
                            ("X-Content-Type-Options", "nosniff"),
                            ("Referrer-Policy", "no-referrer"),
                            ("Cross-Origin-Opener-Policy", "same-origin"),
                            ("Cross-Origin-Resource-Policy", "same-origin")):
            self.send_header(name, value)
        self.end_headers()

    def answer(self, status, body, kind="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        if status >= 400:
            self.close_connection = True
        self.head(status, kind + "; charset=utf-8", len(data))
        self.wfile.write(data)

    def refuse(self, status, why):
        self.answer(status, {"why": why})

    # --- who asks

    def is_ours(self):
        """Asked as this machine, by whoever is at it: a page elsewhere that points its name here is
        not."""
        hosts = self.headers.get_all("Host") or []
        return len(hosts) == 1 and hosts[0] in (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    def is_own_page(self):
        """A write: JSON, by a page of this very origin."""
        return (self.headers.get("Origin") == f"http://{self.headers['Host']}" and
                self.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and
                self.headers.get("Content-Type", "").split(";")[0] == "application/json")

    # --- what is asked

    def do_GET(self):
        path = self.path.partition("?")[0]
        if not self.is_ours():
            return self.refuse(421, "This page is for this machine alone.")
        file = FILES.get("/index.html" if path == "/" else path)
        if file:
            return self.answer(200, file.read_bytes(), TYPES[file.suffix])
        try:
            if path == "/state":
                self.house.facts()
                self.house.look()
                return self.answer(200, self.house.state())
            if path == "/events":
                return self.tell()
        except playhouse.Refused as why:
            return self.refuse(503, str(why))
        return self.refuse(404, "There is nothing here.")

    def tell(self):
        """The state at each change, for as long as somebody listens."""
        house = self.house
        house.facts()
        with house.change:
            if house.lookers >= LOOKERS_MAX:
                return self.refuse(429, "Too many pages look on already.")
            house.lookers += 1
            house.change.notify_all()
        self.close_connection = True
        try:
            self.head(200, "text/event-stream")
            last = None
            while True:
                seen = house.changes
                state = json.dumps(house.state(), ensure_ascii=False)
                self.wfile.write(f"data: {state}\n\n".encode() if state != last else b":\n\n")
                last = state
                with house.change:
                    house.change.wait_for(lambda: house.changes != seen, COMMENT_S)
        except OSError:
            return None  # nobody looks any more
        finally:
            with house.change:
                house.lookers -= 1

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not self.is_ours():
            return self.refuse(421, "This page is for this machine alone.")
        if self.path != "/do":
            return self.refuse(404, "There is nothing here.")
        if not self.is_own_page():
            return self.refuse(403, "Only the playground's own page may do that.")
        if not length.isdigit() or int(length) > BODY_MAX:
            return self.refuse(413, "That is too long.")
        try:
            asked = json.loads(self.rfile.read(int(length)))
            return self.answer(200, self.act(asked) or {})
        except playhouse.Refused as why:
            return self.refuse(409, str(why))
        except (ValueError, TypeError):
            return self.refuse(400, "That cannot be read.")
        except (OSError, subprocess.SubprocessError) as error:
            return self.refuse(409, f"It did not work: {error}")

    def act(self, asked):
        """Calls the house's do_NAME with exactly the members that it takes, texts or truths."""
        if not isinstance(asked, dict):
            raise ValueError
        hand = getattr(self.house, f"do_{asked.pop('do', '')}", None)
        if hand is None or set(asked) != set(inspect.signature(hand).parameters) or any(
                not isinstance(value, (str, bool)) for value in asked.values()):
            raise ValueError
        self.house.facts()
        try:
            return hand(**asked)
        finally:
            self.house.changed()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description="A page to play with a shop.")
    parser.add_argument("--run-json", required=True)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    options = parser.parse_args()
    server = Server(("127.0.0.1", options.port), Desk)
    Desk.port, Desk.house = server.server_address[1], playhouse.House(options.run_json)
    print(f"http://127.0.0.1:{Desk.port}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    Desk.house.close()


if __name__ == "__main__":
    main()
