"""A card of our own, in Python: what an NTAG 424 DNA answers by SUN (NXP AN12196), and the shop's
way to its keys. It shares no code with the C one; AES and CMAC are those of `cryptography`.
"""
import os
import zlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

HTTPS = 0x04


def cmac(key, data=b""):
    mac = CMAC(algorithms.AES(key))
    mac.update(data)
    return mac.finalize()


def cbc(key, data, iv=bytes(16)):
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def uncbc(key, data, iv=bytes(16)):
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def meta_key(shop_key):
    return cmac(shop_key, b"\x02SKMETA")


def file_key(shop_key, uid):
    return cmac(shop_key, b"\x01" + uid + b"SKFILE")


def master_key(shop_key, uid):
    return cmac(shop_key, b"\x03" + uid + b"SKMAST")


def kid(shop_key, uid):
    return cmac(shop_key, b"\x04" + uid + b"SKKID")[:8]


def truncated(mac):
    return mac[1::2]


def sun_mac(key, uid, counter):
    sv2 = bytes.fromhex("3cc300010080") + uid + counter.to_bytes(3, "little")
    return truncated(cmac(cmac(key, sv2)))


def session_keys(key, rnd_a, rnd_b):
    """Of AuthenticateEV2First: (for enciphering, for MACs)."""
    mixed = bytes(a ^ b for a, b in zip(rnd_a[2:8], rnd_b[:6]))
    tail = rnd_a[:2] + mixed + rnd_b[6:] + rnd_a[8:]
    return tuple(cmac(key, bytes.fromhex(label) + b"\0\x01\0\x80" + tail)
                 for label in ("a55a", "5aa5"))


def crc(key):
    """CRC-32 without its last complement, as ChangeKey has it."""
    return (zlib.crc32(key) ^ 0xFFFFFFFF).to_bytes(4, "little")


def picc(key, uid, counter, padding=bytes(5)):
    return cbc(key, b"\xc7" + uid + counter.to_bytes(3, "little") + padding)


def ndef(uri, prefix=HTTPS):
    payload = bytes([prefix]) + uri
    record = bytes([0xD1, 1, len(payload)]) + b"U" + payload
    return len(record).to_bytes(2, "big") + record


class Card:
    """One card; each `read()` counts, as each real reading does."""

    def __init__(self, shop_key, uid, counter=0, address="viken.example/k"):
        assert len(uid) == 7
        self.uid, self.counter, self.address = uid, counter, address
        self.meta, self.file = meta_key(shop_key), file_key(shop_key, uid)
        self.kid = kid(shop_key, uid)

    def query(self):
        p = picc(self.meta, self.uid, self.counter).hex().upper()
        m = sun_mac(self.file, self.uid, self.counter).hex().upper()
        return f"p={p}&m={m}"

    def read(self):
        """The NDEF file as a reader gets it."""
        self.counter += 1
        return ndef(f"{self.address}?{self.query()}".encode())


FILE_SIZE, NDEF_FILE = 256, 2
OK, MORE, AUTHENTICATION, BOUNDARY, INTEGRITY, PERMISSION = (
    b"\x91" + bytes([n]) for n in (0x00, 0xAF, 0xAE, 0xBE, 0x1E, 0x9D))


def turned(data):
    return data[1:] + data[:1]


class Chip:
    """An NTAG 424 DNA as far as it is written and then read: `command(apdu)` -> answer. As it comes
    from the factory: five keys of zeros, an empty NDEF file that anybody may write."""

    def __init__(self, uid):
        self.uid = uid
        self.keys, self.versions = [bytes(16)] * 5, [0] * 5
        self.file, self.readings = bytearray(FILE_SIZE), 0
        self.option, self.rights = 0, (0xE, 0xE, 0xE, 0)  # read, write, both, change
        self.random_id = False  # for ever, once it is on
        self.mirror = None  # offsets of p= and m=, and the keys of both
        self.fields_off()

    def fields_off(self):
        """Taken out of the field: no session outlives that."""
        self.application = self.open = self.rnd_a = self.rnd_b = self.session = None
        self.counted = False

    # --- the session

    def authenticate(self, data):
        number = data[0]
        self.session = None
        self.rnd_b, self.number = os.urandom(16), number
        return cbc(self.keys[number], self.rnd_b) + MORE

    def prove(self, data):
        key, rnd_b, self.rnd_b = self.keys[self.number], self.rnd_b, None
        if rnd_b is None or len(data) != 32:
            return INTEGRITY
        plain = uncbc(key, data)
        if plain[16:] != turned(rnd_b):
            return AUTHENTICATION
        self.transaction, self.counter = os.urandom(4), 0
        self.session = session_keys(key, plain[:16], rnd_b)
        return cbc(key, self.transaction + turned(plain[:16]) + bytes(12)) + OK

    def counted_bytes(self):
        return self.counter.to_bytes(2, "little")

    def iv(self, label):
        plain = bytes.fromhex(label) + self.transaction + self.counted_bytes() + bytes(8)
        return cbc(self.session[0], plain)

    def mac(self, first, data):
        return truncated(cmac(self.session[1],
                              bytes([first]) + self.counted_bytes() + self.transaction + data))

    def opened(self, code, data, head):
        """A command's data deciphered, behind `head` bytes in the plain; None: the MAC is wrong."""
        body, mac = data[:-8], data[-8:]
        if self.mac(code, body) != mac:
            return None
        if len(body) == head:
            return b""
        plain = uncbc(self.session[0], body[head:], self.iv("a55a")).rstrip(b"\0")
        return plain[:-1] if plain[-1:] == b"\x80" else None

    def answer(self, data=b""):
        self.counter += 1
        if data and len(data) > 1:
            data = data + b"\x80" + bytes(15 - len(data) % 16)
            data = cbc(self.session[0], data, self.iv("5aa5"))
        return data + self.mac(0, data) + OK

    # --- its commands

    def uid_is(self, data):
        return INTEGRITY if self.opened(0x51, data, 0) is None else self.answer(self.uid)

    def version_is(self, data):
        if self.opened(0x64, data, 1) is None:
            return INTEGRITY
        return self.answer(bytes([self.versions[data[0]]]))

    def write(self, data):
        start, size = (int.from_bytes(data[i:i + 3], "little") for i in (1, 4))
        if data[0] != NDEF_FILE or len(data) != 7 + size or start + size > FILE_SIZE:
            return BOUNDARY
        if self.rights[1] != 0xE and self.rights[1] != self.number:
            return PERMISSION
        self.file[start:start + size] = data[7:]
        self.counter += 1
        return OK

    def settings(self, data):
        plain = self.opened(0x5F, data, 1)
        if plain is None or data[0] != NDEF_FILE:
            return INTEGRITY
        if self.rights[3] != self.number:
            return PERMISSION
        option, low, high, sdm, sdm_low, sdm_high = plain[:6]
        offsets = [int.from_bytes(plain[i:i + 3], "little") for i in range(6, len(plain), 3)]
        if option != 0x40 or sdm != 0xC1 or sdm_low != 0xFF or len(offsets) != 3:
            return b"\x91\x9e"
        p, m_from, m = offsets
        if m_from != m or m + 16 > FILE_SIZE or p + 32 > FILE_SIZE:
            return BOUNDARY
        self.option, self.rights = option, (high >> 4, high & 15, low >> 4, low & 15)
        self.mirror = (p, m, sdm_high >> 4, sdm_high & 15)
        return self.answer()

    def configure(self, data):
        plain = self.opened(0x5C, data, 1)
        if plain is None:
            return INTEGRITY
        if self.number != 0:
            return PERMISSION
        if data[0] != 0 or len(plain) != 1 or plain[0] & ~2:
            return b"\x91\x9e"
        self.random_id |= plain == b"\x02"
        return self.answer()

    def anticollision(self):
        """What any reader is told before the first command."""
        return b"\x08" + os.urandom(3) if self.random_id else self.uid

    def change_key(self, data):
        plain, number = self.opened(0xC4, data, 1), data[0]
        if plain is None or self.number != 0:
            return INTEGRITY
        if number == 0:
            self.keys[0], self.versions[0] = plain[:16], plain[16]
            self.session = None
            return OK
        new = bytes(a ^ b for a, b in zip(plain, self.keys[number]))
        if plain[17:] != crc(new):
            return INTEGRITY
        self.keys[number], self.versions[number] = new, plain[16]
        return self.answer()

    # --- what anybody reads

    def image(self):
        image = bytearray(self.file)
        if self.mirror:
            p, m, meta, file = self.mirror
            counter = self.readings
            image[p:p + 32] = picc(self.keys[meta], self.uid, counter,
                                   os.urandom(5)).hex().upper().encode()
            image[m:m + 16] = sun_mac(self.keys[file], self.uid, counter).hex().upper().encode()
        return bytes(image)

    def read(self, start, size):
        if not self.counted:
            self.readings, self.counted = self.readings + 1, True
            self.said = self.image()
        return self.said[start:start + size] + b"\x90\0"

    def native(self, code, data):
        if code == 0x71:
            return self.authenticate(data)
        if code == 0xAF:
            return self.prove(data)
        if not self.session:
            return AUTHENTICATION
        commands = {0x51: self.uid_is, 0x64: self.version_is, 0x8D: self.write,
                    0x5C: self.configure, 0x5F: self.settings, 0xC4: self.change_key}
        answer = commands[code](data)
        if answer[-2:] != OK:
            self.session = None
        return answer

    def command(self, apdu):
        data = apdu[5:5 + apdu[4]] if len(apdu) > 5 else b""
        if apdu[:2] == b"\x00\xa4":
            self.open = data == b"\xe1\x04" and self.application
            if data == bytes.fromhex("d2760000850101"):
                self.application = True
            self.counted = False
            return b"\x90\0" if self.application and (self.open or len(data) == 7) else b"\x6a\x82"
        if apdu[:2] == b"\x00\xb0" and self.open:
            return self.read(int.from_bytes(apdu[2:4], "big"), apdu[4] or FILE_SIZE)
        if apdu[0] == 0x90 and self.application:
            return self.native(apdu[1], data)
        return b"\x6d\0"
