"""cards.py: phones and cards for a reader of NFC, which is pcscd with vsmartcard's virtual reader.

    with House() as house:                       pcscd in namespaces of its own (root)
        start(*house.options(front=0))           a shop whose door has the reader in slot 0
        with house.near(HcePhone(phone, …)):     held to the reader until the block ends

vsmartcard's driver listens on every address of the machine, so it lives in a network of its own, and
pcscd in a /run of its own. A card is a TCP client of the driver: lengths in two bytes; of length 1 are
what a reader does (power off and on, reset, "which ATR?"), all else is an APDU.

The cards are written from the specifications alone (include/nfc.md, ISO 7816-4, NXP's AN12196), and
share no code with the programs; only AES comes from a library.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

import netns

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PCSCD, DRIVER = "/usr/sbin/pcscd", "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
READER, PORT = "Virtual PCD", 35963  # of slot 0; slot 1 is on the port after it
APP = bytes.fromhex("f053484f504b454550")
NDEF_APPLICATION, NDEF_FILE = bytes.fromhex("d2760000850101"), b"\xe1\x04"
OK, NOT_FOUND = b"\x90\x00", b"\x6a\x82"
OFF, ON, RESET, ATR = range(3), 4, 4, 4  # of the driver's words only ATR wants an answer


class House:
    """pcscd and its virtual reader. `state` is a folder of its own."""

    def __init__(self):
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="cards-"))
        self.sockets = self.state / "pcscd"
        self.unplugged = self.state / "unplugged"
        self.driver = ROOT / os.environ.get("SHOP_BUILD", "build/gcc") / "unplug.so"
        self.process = self.namespace = None

    def __enter__(self):
        for need in (PCSCD, DRIVER, self.driver):
            if not os.path.exists(need):
                raise netns.Missing(f"{need} is not there: make deps all")
        self.sockets.mkdir()
        ours = netns.here()
        netns.enter()
        self.namespace = netns.here()
        netns.go(ours)
        os.close(ours)
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        os.close(self.namespace)
        shutil.rmtree(self.state, ignore_errors=True)

    @contextlib.contextmanager
    def inside(self):
        """This thread is in the network of the reader."""
        ours = netns.here()
        netns.go(self.namespace)
        try:
            yield
        finally:
            netns.go(ours)
            os.close(ours)

    def start(self, reader=True):
        """pcscd runs, with its reader or with none."""
        conf = self.state / "reader.conf"
        conf.write_text(f'FRIENDLYNAME "{READER}"\nDEVICENAME /dev/null:{PORT}\n'
                        f"LIBPATH {self.driver}\nCHANNELID {PORT}\n" if reader else "")
        script = ('mount -t tmpfs none /run && mkdir /run/pcscd && mount --bind "$1" /run/pcscd && '
                  f'exec {PCSCD} --foreground --error --config "$2"')
        with self.inside(), open(self.state / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh",
                 self.sockets, conf], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "CARDS": str(self.state)})
        end = time.monotonic() + 10
        while not (self.listens() if reader else self.answers()):
            if self.process.poll() is not None or time.monotonic() > end:
                raise netns.Missing(f"pcscd does not run here:\n{self.said()}")
            time.sleep(0.01)  # a poll, bounded above

    def answers(self):
        """Whether pcscd takes clients."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.sockets / "pcscd.comm")) == 0

    def listens(self):
        """Whether pcscd takes clients, and its reader takes cards."""
        listening = pathlib.Path(f"/proc/{self.process.pid}/net/tcp")
        with contextlib.suppress(OSError):
            return f":{PORT:04X} " in listening.read_text() and self.answers()
        return False

    def said(self):
        return (self.state / "log").read_text(errors="replace")[-2000:]

    def stop(self, kill=False):
        """Ends pcscd, or kills it."""
        if self.process.poll() is None:
            self.process.kill() if kill else self.process.terminate()
            self.process.wait(10)

    def plug(self, there):
        """The reader's cable is pulled out, or put in again: pcscd is told as udev would tell it."""
        self.unplugged.unlink(missing_ok=True) if there else self.unplugged.touch()
        self.process.send_signal(signal.SIGUSR1)

    def options(self, **places):
        """Options of run.py: options(door_front=0, till_till1=1), a slot a place."""
        words = ["--env", f"shopd:PCSCLITE_CSOCK_NAME={self.sockets}/pcscd.comm"]
        for place, slot in places.items():
            section = place.replace("_", " ", 1)
            words += ["--set", f"shopd:{section}:nfc={READER} 00 {slot:02}"]
        return words

    @contextlib.contextmanager
    def near(self, card, slot=0):
        """The card lies on the reader."""
        with self.inside():
            sock = socket.create_connection(("127.0.0.1", PORT + slot), 5)
        card.put_on(sock)
        try:
            yield card
        finally:
            card.take_away()
            self.gone(slot)

    def gone(self, slot):
        """Waits until the reader has seen that nothing lies there: the next one is another."""
        end = time.monotonic() + 5
        while (self.state / f"seen-{slot}").exists() and self.process.poll() is None:
            assert time.monotonic() < end, f"the reader still sees a card: {self.said()}"
            time.sleep(0.005)  # a poll, bounded above


class Card:
    """Something that lies on a reader. command(apdu) -> answer with its status word; None: it is torn
    away in the middle of it. What it was asked stands in `asked`, as (APDU, when it had its answer)."""

    atr = bytes.fromhex("3b8180018080")  # ISO 14443-4, type A, as a reader makes it up

    def __init__(self):
        self.asked = []
        self.answered = threading.Condition()
        self.sock = self.thread = self.error = None

    def command(self, apdu):
        raise NotImplementedError

    def put_on(self, sock):
        self.sock = sock
        # without these each APDU takes 44 ms: the driver writes length and body apart
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.put_on_at = time.monotonic()
        self.thread = threading.Thread(target=self.lie_there, daemon=True)
        self.thread.start()

    def take_away(self):
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.sock.close()
        if self.error:
            raise self.error

    def take(self, size):
        data = b""
        while len(data) < size:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self.sock.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def say(self, data):
        self.sock.sendall(struct.pack(">H", len(data)) + data)

    def lie_there(self):
        with contextlib.suppress(OSError, EOFError):
            while True:
                data = self.take(struct.unpack(">H", self.take(2))[0])
                if len(data) > 1:
                    self.hear(data)
                elif data == bytes([ATR]):
                    self.say(self.atr)

    def hear(self, apdu):
        try:
            answer = self.command(apdu)
        except Exception as error:  # told when it is taken away
            self.error, answer = error, None
        at = time.monotonic()
        if answer is None:
            self.sock.shutdown(socket.SHUT_RDWR)
        else:
            self.say(answer)
        with self.answered:
            self.asked.append((apdu, at))
            self.answered.notify_all()

    def wait_asked(self, count, seconds=5.0):
        """Until it was asked so often."""
        with self.answered:
            done = self.answered.wait_for(lambda: len(self.asked) >= count, seconds)
        assert done, f"asked {len(self.asked)} times of {count}: {[a.hex() for a, _ in self.asked]}"


def data_of(apdu):
    """Lc bytes of a short command."""
    return apdu[5:5 + apdu[4]] if len(apdu) > 5 else b""


def is_select(apdu, name):
    return apdu[:4] == b"\x00\xa4\x04\x00" and data_of(apdu) == name and apdu[-1] == 0


class HcePhone(Card):
    """A phone with the shop's app: `token(audience, nonce)` -> bytes, or a status word."""

    def __init__(self, token, hello=b"\x01"):
        super().__init__()
        self.token, self.hello = token, hello
        self.selected = False
        self.audience = self.nonce = self.verdict = None

    def command(self, apdu):
        if is_select(apdu, APP):
            self.selected = True
            return self.hello + OK
        if not self.selected or apdu[0] != 0x80:
            return NOT_FOUND
        assert len(apdu) == 6 + apdu[4] and apdu[2:4] == b"\0\0" and apdu[-1] == 0, apdu.hex()
        if apdu[1] == 0xC0:
            self.audience, self.nonce = challenge(data_of(apdu))
            answer = self.token(self.audience, self.nonce)
            return answer if answer is None or len(answer) == 2 else answer + OK
        if apdu[1] == 0xC2:
            self.verdict = verdict(data_of(apdu))
            return OK
        return b"\x6d\x00"


def challenge(data):
    """[aud, nonce] or [aud] -> (audience, nonce or None)."""
    items, rest = data[0] & 0x1F, data[1:]
    assert data[0] >> 5 == 4 and items in (1, 2), data.hex()
    size, rest = (rest[0] & 0x1F, rest[1:]) if rest[0] < 0x78 else (rest[1], rest[2:])
    audience, rest = rest[:size].decode(), rest[size:]
    assert rest == b"" if items == 1 else rest[0] == 0x50 and len(rest) == 17, data.hex()
    return audience, rest[1:] or None


def verdict(data):
    """[word, unlock_ms]."""
    assert data[0] == 0x82 and data[1] >> 5 == 3 and data[1] & 0x1F < 24, data.hex()
    size = data[1] & 0x1F
    word, number = data[2:2 + size].decode(), data[2 + size:]
    milliseconds = number[0] if len(number) == 1 else int.from_bytes(number[1:], "big")
    assert number[0] < 24 or number[0] in (0x18, 0x19, 0x1A), data.hex()
    return word, milliseconds


def cmac(key, data):
    mac = CMAC(algorithms.AES(key))
    mac.update(data)
    return mac.finalize()


class Ntag424(Card):
    """NTAG 424 DNA as a shop writes it (AN12196, and include/nfc.md): each time that its file is read
    the address in it bears the card's number and a counter, enciphered, and a MAC."""

    def __init__(self, shop_key, uid, counter=0, address="https://viken.example/c"):
        super().__init__()
        self.meta_key = cmac(shop_key, b"\x02SKMETA")
        self.file_key = cmac(shop_key, b"\x01" + uid + b"SKFILE")
        self.kid = cmac(shop_key, b"\x04" + uid + b"SKKID")[:8]
        self.uid, self.counter, self.address = uid, counter, address
        self.selected = None
        self.read = False

    def sun(self):
        """?p=…&m=… for the counter as it stands."""
        counter = self.counter.to_bytes(3, "little")
        plain = b"\xc7" + self.uid + counter + os.urandom(5)
        cipher = Cipher(algorithms.AES(self.meta_key), modes.CBC(bytes(16))).encryptor()
        picc = cipher.update(plain) + cipher.finalize()
        session = cmac(self.file_key, b"\x3c\xc3\x00\x01\x00\x80" + self.uid + counter)
        mac = cmac(session, b"")[1::2]
        return f"?p={picc.hex().upper()}&m={mac.hex().upper()}"

    def file(self):
        uri = b"\x04" + (self.address + self.sun()).removeprefix("https://").encode()
        record = b"\xd1\x01" + bytes([len(uri)]) + b"U" + uri
        return (len(record).to_bytes(2, "big") + record).ljust(256, b"\0")

    def command(self, apdu):
        if is_select(apdu, NDEF_APPLICATION):
            self.selected = "application"
            return OK
        if apdu == b"\x00\xa4\x00\x0c\x02" + NDEF_FILE and self.selected:
            self.selected = "file"
            self.read = False
            return OK
        if apdu[:2] == b"\x00\xb0" and self.selected == "file":
            if not self.read:
                self.counter += 1
            self.read = True
            self.image = self.file()
            start, size = int.from_bytes(apdu[2:4], "big"), apdu[4] or 256
            return self.image[start:start + size] + OK
        return NOT_FOUND


class Copy(Card):
    """Says again what another card has said once: a copy of what anybody may read off it."""

    def __init__(self, image):
        super().__init__()
        self.image = image

    def command(self, apdu):
        if apdu[1] == 0xA4:
            return NOT_FOUND if is_select(apdu, APP) else OK
        return self.image + OK


class Strange(Card):
    """Answers as told: a list of answers, the last one to all further commands."""

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)

    def command(self, apdu):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
