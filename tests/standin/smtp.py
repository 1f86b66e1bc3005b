"""smtp.py: a real SMTP server on loopback (aiosmtpd), that can refuse, hang and drop.

    with smtp.Server() as post:                  post.url: smtp://127.0.0.1:PORT
        post.faults("451", "hang")               what befalls the next mails, in order
        mail = post.wait(to="anna@example.com")  the first one taken for her: an email.message
        smtp.text_of(mail), smtp.files_of(mail)  its words; {name: bytes}

Faults, one a mail: a status such as 451 or 550 answers the recipient (RCPT) with it; "data:452" the
same after its words have come; "hang" says nothing any more; "drop" hangs up; "lost" takes the mail
and hangs up before it says so. After them all is well.
"""

import asyncio
import contextlib
import email
import email.policy
import threading
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

HANG_S = 120
MAIL_MAX = 32 * 1024 * 1024


class Post:
    """What the server does with a mail."""

    def __init__(self):
        self.lock = threading.Condition()
        self.steps, self.mails, self.tried = [], [], 0
        self.now = {}  # session -> the fault of the mail under way

    def begin(self, session):
        """The fault of the mail that begins now, once a mail."""
        with self.lock:
            self.tried += 1
            self.now[session] = self.steps.pop(0) if self.steps else ""
            self.lock.notify_all()
            return self.now[session]

    # --- aiosmtpd's hooks

    async def handle_MAIL(self, _server, session, envelope, address, options):
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        fault = self.begin(session)
        if fault == "hang":  # nobody ever sets it: the other side gives up first, or we at the end
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), HANG_S)
        if fault == "drop":
            raise ConnectionResetError
        return "250 OK"

    async def handle_RCPT(self, _server, session, envelope, address, options):
        fault = self.now.get(session, "")
        if fault.isdigit():
            return fault + " a fault was asked for"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):
        fault = self.now.pop(session, "")
        if fault.startswith("data:"):
            return fault[5:] + " a fault was asked for"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self.lock:
            self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), mail))
            self.lock.notify_all()
        if fault == "lost":
            raise ConnectionResetError
        return "250 taken"

    async def handle_exception(self, error):
        if isinstance(error, ConnectionResetError):
            raise error
        return "451 " + type(error).__name__


class Talk(SMTP):
    """One connection; a fault that hangs up hangs up."""

    async def _handle_client(self):
        try:
            await super()._handle_client()
        except ConnectionResetError:
            if self.transport:
                self.transport.abort()


class Loopback(Controller):
    def factory(self):
        return Talk(self.handler, enable_SMTPUTF8=True, data_size_limit=MAIL_MAX, ident="loopback")


class Server:
    """The server in threads of this process, on a port of its own."""

    def __init__(self):
        self.post = Post()
        self.controller = Loopback(self.post, hostname="127.0.0.1", port=0)

    def __enter__(self):
        # aiosmtpd tries its own port, and does not look which one it got
        self.controller.port = self._free_port()
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    @staticmethod
    def _free_port():
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.controller.port}"

    @property
    def tried(self):
        """How many mails were begun."""
        return self.post.tried

    def faults(self, *steps):
        with self.post.lock:
            self.post.steps = list(steps)

    def mails(self, to=None):
        """[(from, [to], mail)] taken so far."""
        with self.post.lock:
            return [m for m in self.post.mails if to is None or to in m[1]]

    def wait(self, to=None, already=0, seconds=20.0):
        """The mail that follows the first `already` for `to`."""
        end = time.monotonic() + seconds
        with self.post.lock:
            while True:
                found = [m for m in self.post.mails if to is None or to in m[1]]
                if len(found) > already:
                    return found[already][2]
                left = end - time.monotonic()
                assert left > 0, f"no mail for {to or 'anybody'} within {seconds:g} s"
                self.post.lock.wait(left)

    def wait_tried(self, count, seconds=20.0):
        """Until `count` mails were begun."""
        with self.post.lock:
            done = self.post.lock.wait_for(lambda: self.post.tried >= count, seconds)
        assert done, f"{self.post.tried} mails were begun, not {count}, within {seconds:g} s"


def text_of(mail):
    """The words of a mail."""
    return mail.get_body(("plain",)).get_content()


def files_of(mail):
    """{name: bytes} of what is attached."""
    return {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
