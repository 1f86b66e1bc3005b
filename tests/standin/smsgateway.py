"""smsgateway.py: an SMS gateway on loopback, in the shapes of 46elks and of Twilio.

    smsgateway.py --out FILE [--port N] [--port-file FILE] [--user U --password P]
                  [--requests FILE] [--faults PLAN]

Each text it takes is one line of JSON in FILE: {"at", "to", "from", "text"} (contracts 8). What it
was asked, word for word, is one line each in the requests file: {"path", "headers", "body"}.

PLAN is what happens to the next requests, in order, separated by commas; after it all is well:
    500        answers that status (any from 300 to 599)
    429:2      the same with "Retry-After: 2"
    hang       takes the request and answers nothing
    mute       takes the text, sends the head of its answer and nothing more
    cut        closes the connection without a word
PUT /faults with a plan as its body replaces it while it runs; GET /faults shows what is left.
"""

import argparse
import base64
import datetime
import http.server
import json
import os
import re
import select
import sys
import threading
import urllib.parse

BODY_MAX = 8192
HANG_S = 60
ELKS = re.compile(r"/a1/sms$")
TWILIO = re.compile(r"/2010-04-01/Accounts/([^/]+)/Messages\.json$")
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}$")


class Plan:
    """The faults still to come."""

    def __init__(self, text):
        self.lock = threading.Lock()
        self.set(text)

    def set(self, text):
        with self.lock:
            self.steps = [step.strip() for step in text.split(",") if step.strip()]

    def next(self):
        with self.lock:
            return self.steps.pop(0) if self.steps else ""

    def __str__(self):
        with self.lock:
            return ",".join(self.steps)


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    options = plan = None
    lock = threading.Lock()

    def log_message(self, *_):
        pass  # a text holds people's numbers

    def answer(self, status, value, headers=None):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        length = int(self.headers.get("Content-Length", "0"))
        return self.rfile.read(length) if 0 <= length <= BODY_MAX else None

    def wait_for_hangup(self):
        """Until the other side has enough of it."""
        select.select([self.connection], [], [], HANG_S)
        self.close_connection = True

    # --- what it does to a text

    def authorized(self):
        user, password = self.options.user, self.options.password
        if user is None:
            return self.headers.get("Authorization", "").startswith("Basic ")
        want = base64.b64encode(f"{user}:{password}".encode()).decode()
        return self.headers.get("Authorization") == "Basic " + want

    def fields(self, body):
        """(shape, from, to, text) of a request; ValueError says what is wrong with it."""
        if self.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            raise ValueError("not a form")
        form = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True,
                                           keep_blank_values=True))
        shape, names = "46elks", ("from", "to", "message")
        account = TWILIO.match(self.path)
        if account:
            shape, names = "twilio", ("From", "To", "Body")
            if self.options.user not in (None, urllib.parse.unquote(account.group(1))):
                raise ValueError("another's account")
        missing = [name for name in names if not form.get(name)]
        if missing:
            raise ValueError("missing " + " ".join(missing))
        sender, to, text = (form[name] for name in names)
        if not NUMBER.match(to):
            raise ValueError("to: no E.164 number")
        return shape, sender, to, text

    def take(self, sender, to, text):
        now = datetime.datetime.now(datetime.timezone.utc)
        line = json.dumps({"at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                           "to": to, "from": sender, "text": text}, ensure_ascii=False)
        self.append(self.options.out, line)

    def append(self, path, line):
        with self.lock, open(path, "a", encoding="utf-8") as out:
            out.write(line + "\n")  # one write: a reader never sees half a line

    def record(self, body):
        if self.options.requests:
            self.append(self.options.requests, json.dumps(
                {"path": self.path, "headers": dict(self.headers.items()),
                 "body": body.decode("latin-1")}))

    # --- requests

    def do_POST(self):
        body = self.body()
        if body is None:
            self.close_connection = True
            return self.answer(413, {"message": "too large"})
        self.record(body)
        fault = self.plan.next()
        if fault == "hang":
            return self.wait_for_hangup()
        if fault == "cut":
            self.close_connection = True
            return None
        if fault and fault != "mute":
            status, _, pause = fault.partition(":")
            return self.answer(int(status), {"message": "a fault was asked for"},
                               {"Retry-After": pause} if pause else None)
        return self.text(body, mute=fault == "mute")

    def text(self, body, mute):
        if not ELKS.match(self.path) and not TWILIO.match(self.path):
            return self.answer(404, {"message": "no such place"})
        if not self.authorized():
            return self.answer(401, {"message": "who are you?"}, {"WWW-Authenticate": "Basic"})
        try:
            shape, sender, to, text = self.fields(body)
        except (ValueError, UnicodeDecodeError) as wrong:
            return self.answer(400, {"message": str(wrong)})
        self.take(sender, to, text)
        if mute:
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            return self.wait_for_hangup()
        if shape == "twilio":
            return self.answer(201, {"sid": "SM0", "status": "queued"})
        return self.answer(200, {"id": "s0", "status": "created"})

    def do_PUT(self):
        body = self.body()
        if self.path != "/faults" or body is None:
            return self.answer(404, {"message": "no such place"})
        self.plan.set(body.decode())
        return self.answer(200, str(self.plan))

    def do_GET(self):
        if self.path != "/faults":
            return self.answer(404, {"message": "no such place"})
        return self.answer(200, str(self.plan))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description="An SMS gateway on loopback.")
    parser.add_argument("--out", required=True)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--port-file", help="appears, by rename, once it answers")
    parser.add_argument("--requests")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    parser.add_argument("--faults", default="")
    options = parser.parse_args()
    Gateway.options, Gateway.plan = options, Plan(options.faults)
    server = Server(("127.0.0.1", options.port), Gateway)
    port = server.server_address[1]
    if options.port_file:
        with open(options.port_file + ".new", "w", encoding="ascii") as out:
            out.write(f"{port}\n")
        os.rename(options.port_file + ".new", options.port_file)
    print(f"http://127.0.0.1:{port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
