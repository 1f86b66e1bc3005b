"""test_cards.py: a card from the factory becomes a shop's: written by `shopctl card write` through a real
pcscd with a virtual reader, or to the middle of it. The card is our own, in Python
(tests/card), and answers as an NTAG 424 DNA does."""

import os
import pathlib
import stat
import subprocess
import sys
import tempfile

from shop import ROOT, main, proof, until
import cards as reader  # the house with pcscd; shop.py says where

sys.path.insert(0, str(ROOT / "tests" / "card"))
import card as ntag  # noqa: E402

BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")
HOUSE = reader.House()
WRITER = f"{reader.READER} 00 01"  # beside the door's
UID = bytes.fromhex("04c0ffee0a0b80")
SHOP_KEY = bytes(range(16))
ADDRESS = "https://viken.example/card?shop=viken"


class Chip(reader.Card):
    """The chip, held to the virtual reader."""

    def __init__(self, chip):
        super().__init__()
        self.chip = chip
        chip.fields_off()

    def command(self, apdu):
        return self.chip.command(apdu)


def shopctl(*words, status=0):
    done = subprocess.run([BUILD / "shopctl", *map(str, words)], capture_output=True, text=True,
                          timeout=60, env={**os.environ, "PCSCLITE_CSOCK_NAME": f"{HOUSE.sockets}/pcscd.comm"})
    assert done.returncode == status, (words, done.returncode, done.stdout, done.stderr)
    return done


def key_file():
    path = pathlib.Path(tempfile.mkdtemp(dir=HOUSE.state)) / "card.key"
    said = shopctl("card", "key", path)
    text = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 and len(text) == 33, text
    assert text.strip() not in said.stdout + said.stderr, "the key was shown"
    assert "there already" in shopctl("card", "key", path, status=1).stderr
    return path, bytes.fromhex(text)


def write(path, chip, status=0, address=ADDRESS):
    with HOUSE.near(Chip(chip), slot=1):
        return shopctl("card", "write", "--reader", WRITER, "--key", path, "--address", address,
                       status=status)


def test_the_figures_of_its_sources(start):
    subprocess.run([sys.executable, ROOT / "tests/card/vectors.py", "--check"], check=True)


def test_from_the_factory_to_the_door(start):
    path, key = key_file()
    chip = ntag.Chip(UID)
    kid = write(path, chip).stdout.strip()
    assert kid == ntag.kid(key, UID).hex(), kid
    assert chip.keys[1] == ntag.file_key(key, UID) and chip.keys[2] == ntag.meta_key(key)
    assert chip.keys[0] == chip.keys[3] == chip.keys[4] == ntag.master_key(key, UID)
    assert chip.rights == (0xE, 0, 0, 0) and chip.versions == [1] * 5
    told = {chip.anticollision() for _ in range(3)}
    assert len(told) == 3 and UID not in told, told
    # what a phone would open
    chip.fields_off()
    chip.counted, chip.readings = False, 6
    file = chip.read(0, 256)[:-2]
    assert file[7:7 + 30].startswith(b"viken.example/card?shop=viken"), file
    p, m = (file.split(name)[1] for name in (b"&p=", b"&m="))
    plain = ntag.uncbc(ntag.meta_key(key), bytes.fromhex(p[:32].decode()))
    assert plain[:11] == b"\xc7" + UID + (7).to_bytes(3, "little"), plain.hex()
    assert bytes.fromhex(m[:16].decode()) == ntag.sun_mac(chip.keys[1], UID, 7)


def test_again_and_after_a_cut(start):
    path, key = key_file()
    chip = ntag.Chip(UID)
    for keys in range(1, 6):  # taken away after so many keys were changed: again, until it is whole
        fresh, changed = ntag.Chip(UID), []
        change = fresh.change_key

        def cut(data, change=change, changed=changed, keys=keys):
            answer = change(data)
            changed.append(data[0])
            return None if len(changed) == keys else answer
        fresh.change_key = cut
        fresh.native = lambda code, data, chip=fresh: cut_native(chip, code, data)
        write(path, fresh, status=1 if keys < 6 else 0)
        fresh.change_key = change
        write(path, fresh)
        assert fresh.keys[0] == ntag.master_key(key, UID), keys
        assert fresh.keys[1] == ntag.file_key(key, UID), keys
    write(path, chip)
    chip.random_id = False  # written before that was done: it is found by what it says
    write(path, chip, address="https://other.example/")
    assert chip.random_id
    assert b"other.example" in chip.file


def cut_native(chip, code, data):
    """As Chip.native, of a chip that may be torn away in the middle."""
    if code == 0xC4 and chip.session:
        return chip.change_key(data)
    return ntag.Chip.native(chip, code, data)


def test_cards_of_others(start):
    path, _ = key_file()
    chip = ntag.Chip(UID)
    chip.keys[0] = bytes(range(16))
    assert "keys of somebody else" in write(path, chip, status=1).stderr
    assert not any(chip.file), "something was written"
    for address in ("http://viken.example", "https://viken.example/?p=1", "https://" + "a" * 200):
        shopctl("card", "write", "--reader", WRITER, "--key", path, "--address", address,
                status=2)


def kids(shop):
    return {row["kid"]: row["customer"] for row in shop.shopctl("card", "list")}


def life_of_a_card(shop, card, *operator):
    """Somebody without a phone gets a card, comes in with it, and loses it."""
    made = shop.shopctl("card", "add", "--kid", card.kid.hex(), "--limit", "200", *operator)
    until(lambda: kids(shop) == {card.kid.hex(): made["customer"]}, 10, "the card in the shop's list")
    before = shop.head()
    with shop.eye() as eye, HOUSE.near(card):
        eye.wait("front-strike", True, 5)
        row = shop.row_until(before, kind="admitted", customer=made["customer"])
    assert "by nfc" in row["text"], row
    other = shop.member()
    words = ("card", "add", "--kid", card.kid.hex(), "--member", other.customer, *operator)
    shop.shopctl(*words, exits=1)  # it is another's
    shop.shopctl("card", "remove", card.kid.hex(), *operator)
    until(lambda: kids(shop) == {}, 10, "the card gone from the shop's list")
    shop.shopctl("card", "remove", card.kid.hex(), *operator, exits=1)
    before = shop.head()
    with HOUSE.near(card):
        row = shop.row_until(before, kind="refused", door="front")
    assert row["verdict"] == "unknown_key", row
    shop.shopctl(*words)  # found again, and given to somebody else: who had it before is forgotten
    until(lambda: kids(shop) == {card.kid.hex(): other.customer}, 10, "the card is the other's")


def test_given_and_lost(shop):
    life_of_a_card(shop, reader.Ntag424(SHOP_KEY, UID))


@proof
def test_given_and_lost_at_the_office(start):
    with start("--office", "enrol", *OPTIONS) as shop:
        until(lambda: shop.shopctl("status")["office"], 10, "enrolled")
        life_of_a_card(shop, reader.Ntag424(SHOP_KEY, UID),
                       "--operator", shop.run["operator_key"])


def test_counters_outlive_the_program_and_its_row(shop):
    member, card = shop.member(), reader.Ntag424(SHOP_KEY, bytes.fromhex("04c0ffee0c0d80"))
    shop.shopctl("card", "add", "--kid", card.kid.hex(), "--member", member.customer)
    card.counter = 70000
    before = shop.head()
    with HOUSE.near(card):
        shop.row_until(before, kind="admitted", customer=member.customer)
    seen = shop.console("shopd").count(f"front: NFC reader")
    shop.kill("shopd")
    until(lambda: shop.console("shopd").count(f"front: NFC reader") > seen, 10, "shopd again")
    before, card.counter = shop.head(), 69998
    with HOUSE.near(card):
        row = shop.row_until(before, kind="refused", customer=member.customer)
    assert row["verdict"] == "replayed", row
    card.counter = 70001
    with HOUSE.near(card):
        shop.row_until(before, kind="admitted", customer=member.customer)
    assert shop.shopctl("ledger", "rebuild")["ok"]


if __name__ == "__main__":
    with HOUSE:
        KEY = HOUSE.state / "card_key"
        KEY.write_text(SHOP_KEY.hex() + "\n")
        KEY.chmod(0o640)
        OPTIONS = [*HOUSE.options(door_front=0), "--set", f"shopd:card_key={KEY}"]
        main(globals(), OPTIONS)
