"""smsgateway.py: an SMS gateway on loopback, in the shapes of 46elks and of Twilio.

    smsgateway.py --out FILE [--port N] [--port-file FILE] [--user U --password P]
                  [--requests FILE] [--faults PLAN]

Each text it takes is one line of JSON in FILE: {"at", "to", "from", "text"} (contracts 8). What it
was asked, word for word, is one line each in the requests file: {"path", "headers", "body"}.

PLAN is what happens to the next requests, in order, separated by commas; after it all is well:
    500        answers that status (any from 300 to 599)
    429:2      the same with "Retry-After: 2"
    hang       takes the request and answers nothing
    early      takes the text, says that it works on it (102) and nothing more
    mute       takes the text, sends the head of its answer and nothing more
    cut        closes the connection without a word
    lost       takes the text and loses it: it is "sent" for ever, and in no phone
    lie        takes the text, loses it and says that it was delivered
    failed     takes the text and says soon that it could not be delivered
    nameless   takes and delivers it, and gives it no name to ask for
A name with "*" behind it ("500*", "lost*") holds for all requests from then on; one behind a number
("+46701234567=lost") for all texts to that number, whatever else is planned.
PUT /faults with a plan as its body replaces it while it runs; GET /faults shows what is left.

FILE is what the phones have. What was asked for a text later, GET on its name, is answered in both
shapes; GET on the list shows what came in, newest first. A phone answers by
PUT /inbox {"from", "text"[, "to"][, "at"]}. While the file named by --deaf exists no GET is answered.
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
ELKS_ONE = re.compile(r"/a1/sms/(s[0-9a-f]+)$")
TWILIO = re.compile(r"/2010-04-01/Accounts/([^/]+)/Messages\.json$")
TWILIO_ONE = re.compile(r"/2010-04-01/Accounts/([^/]+)/Messages/(SM[0-9a-f]+)\.json$")
LISTED_MAX = 100
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}$")


class Plan:
    """The faults still to come."""

    def __init__(self, text):
        self.lock = threading.Lock()
        self.set(text)

    def set(self, text):
        with self.lock:
            self.steps = [step.strip() for step in text.split(",") if step.strip()]

    def next(self, to):
        with self.lock:
            for step in self.steps:
                number, is_for, fault = step.partition("=")
                if is_for and number == to:
                    return fault
            if not self.steps or "=" in self.steps[0]:
                return ""
            if self.steps[0].endswith("*"):
                return self.steps[0][:-1]
            return self.steps.pop(0)

    def __str__(self):
        with self.lock:
            return ",".join(self.steps)


class Texts:
    """What has become of each text, and what came in."""

    def __init__(self):
        self.lock = threading.Lock()
        self.status, self.inbox = {}, []

    def take(self, status):
        with self.lock:
            name = f"{len(self.status) + 1:032x}"
            self.status[name] = status
        return name

    def came(self, text):
        with self.lock:
            text["id"] = f"{0xabc0000 + len(self.inbox):032x}"
            self.inbox.insert(0, text)


class Gateway(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    options = plan = None
    texts = Texts()
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
        now = now_utc()
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
        form = dict(urllib.parse.parse_qsl(body.decode("latin-1")))
        fault = self.plan.next(form.get("to") or form.get("To"))
        if fault == "hang":
            return self.wait_for_hangup()
        if fault == "cut":
            self.close_connection = True
            return None
        if fault in ("lost", "lie", "failed", "nameless", "early", "mute"):
            return self.text(body, fault)
        if fault:
            status, _, pause = fault.partition(":")
            return self.answer(int(status), {"message": "a fault was asked for"},
                               {"Retry-After": pause} if pause else None)
        return self.text(body, "")

    def text(self, body, fault):
        if not ELKS.match(self.path) and not TWILIO.match(self.path):
            return self.answer(404, {"message": "no such place"})
        if not self.authorized():
            return self.answer(401, {"message": "who are you?"}, {"WWW-Authenticate": "Basic"})
        try:
            shape, sender, to, text = self.fields(body)
        except (ValueError, UnicodeDecodeError) as wrong:
            return self.answer(400, {"message": str(wrong)})
        if fault not in ("lost", "lie", "failed"):
            self.take(sender, to, text)
        name = self.texts.take({"lost": "sent", "failed": "failed"}.get(fault, "delivered"))
        if fault == "early":
            self.send_response_only(102)
            self.end_headers()
            return self.wait_for_hangup()
        if fault == "mute":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            return self.wait_for_hangup()
        if shape == "twilio":
            return self.answer(201, {"status": "queued"} if fault == "nameless" else
                               {"sid": "SM" + name, "status": "queued"})
        return self.answer(200, {"status": "created"} if fault == "nameless" else
                           {"id": "s" + name, "status": "created"})

    def do_PUT(self):
        body = self.body()
        if body is None or self.path not in ("/faults", "/inbox"):
            return self.answer(404, {"message": "no such place"})
        if self.path == "/inbox":
            self.texts.came(json.loads(body))
            return self.answer(200, {})
        self.plan.set(body.decode())
        return self.answer(200, str(self.plan))

    def do_GET(self):
        if self.path == "/faults":
            return self.answer(200, str(self.plan))
        self.record(b"")
        if self.options.deaf and os.path.exists(self.options.deaf):
            return self.wait_for_hangup()
        path, _, query = self.path.partition("?")
        if not self.authorized():
            return self.answer(401, {"message": "who are you?"}, {"WWW-Authenticate": "Basic"})
        elks, twilio = ELKS_ONE.match(path), TWILIO_ONE.match(path)
        if elks or twilio:
            name = elks.group(1)[1:] if elks else twilio.group(2)[2:]
            status = self.texts.status.get(name)
            if status is None:
                return self.answer(404, {"message": "no such text"})
            return self.answer(200, {"id": name, "status": status})
        asked = dict(urllib.parse.parse_qsl(query))
        if ELKS.match(path):
            return self.answer(200, {"data": [self.elks_text(text)
                                              for text in self.listed(asked.get("limit"))]})
        if TWILIO.match(path):
            ours = asked.get("To")
            return self.answer(200, {"messages": [
                self.twilio_text(text) for text in self.listed(asked.get("PageSize"))
                if text.get("to", ours) == ours]})
        return self.answer(404, {"message": "no such place"})

    # --- what came in

    def listed(self, limit):
        with self.texts.lock:
            return self.texts.inbox[:min(int(limit or 10), LISTED_MAX)]

    def elks_text(self, text):
        return {"id": "s" + text["id"], "direction": "incoming", "from": text["from"],
                "to": text.get("to", self.options.number), "message": text["text"],
                "created": text.get("at") or now_utc().strftime("%Y-%m-%dT%H:%M:%S.%f")}

    def twilio_text(self, text):
        return {"sid": "SM" + text["id"], "direction": "inbound", "from": text["from"],
                "to": text.get("to", self.options.number), "body": text["text"],
                "status": "received",
                "date_sent": text.get("at") or now_utc().strftime("%a, %d %b %Y %H:%M:%S +0000")}


def now_utc():
    return datetime.datetime.now(datetime.timezone.utc)


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
    parser.add_argument("--number", default="+46766861000", help="of the account, for answers")
    parser.add_argument("--deaf", help="while this file exists no GET is answered")
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
