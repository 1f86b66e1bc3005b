"""A card of our own, in Python: what an NTAG 424 DNA answers by SUN (NXP AN12196), and the shop's
way to its keys. It shares no code with the C one; AES and CMAC are those of `cryptography`.
"""
import hashlib

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


def kid(uid):
    return hashlib.sha256(b"SKC1" + uid).digest()[:8]


def truncated(mac):
    return mac[1::2]


def sun_mac(key, uid, counter):
    sv2 = bytes.fromhex("3cc300010080") + uid + counter.to_bytes(3, "little")
    return truncated(cmac(cmac(key, sv2)))


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

    @property
    def kid(self):
        return kid(self.uid)

    def query(self):
        p = picc(self.meta, self.uid, self.counter).hex().upper()
        m = sun_mac(self.file, self.uid, self.counter).hex().upper()
        return f"p={p}&m={m}"

    def read(self):
        """The NDEF file as a reader gets it."""
        self.counter += 1
        return ndef(f"{self.address}?{self.query()}".encode())
