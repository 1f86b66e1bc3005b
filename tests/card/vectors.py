#!/usr/bin/python3
"""Writes tests/data/card-vectors.h: what NXP, the IETF and our own rules say of cards, each figure
computed here a second time before it is written. `vectors.py --check` only says whether the file is
what it would write.

Sources: AES-CMAC, RFC 4493 section 4. SUN, NXP AN12196: keys of zeros. Keys of cards, NXP AN10922:
AES-128.
"""
import pathlib
import sys

from card import (
    Card, cmac, crc, file_key, kid, master_key, meta_key, ndef, picc, session_keys, sun_mac, uncbc,
)

FILE = pathlib.Path(__file__).resolve().parent.parent / "data" / "card-vectors.h"
RFC_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
RFC_TEXT = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
RFC_MACS = {
    0: "bb1d6929e95937287fa37d129b756746",
    16: "070a16b46b4d4144f79bdd9dd04a287c",
    40: "dfa66747de9ae63030ca32611497c827",
    64: "51f0bebf7e3b9d92fc49741779363cfe",
}
AN10922_KEY = bytes.fromhex("00112233445566778899aabbccddeeff")
AN10922_INPUT = bytes.fromhex("0104782e21801d803042f54e585020416275")
AN10922_MAC = "a8dd63a3b89d54b37ca802473fda9175"
NXP_PICC = "ef963ff7828658a599f3041510671e88"
NXP_MAC = "94eed9ee65337086"
NXP_UID = "04de5f1eacc040"
NXP_COUNTER = 0x3D
NXP_RND_A = bytes.fromhex("13c5db8a5930439fc3def9a4c675360f")
NXP_RND_B = bytes.fromhex("b9e2fc789b64bf237cccaa20ec7e6e48")
NXP_ENC, NXP_SESSION_MAC = "1309c877509e5a215007ff0ed19ca564", "4c6626f5e72ea694202139295c7a7fc7"
NXP_NEW_KEY, NXP_CRC = bytes.fromhex("f3847d627727ed3bc9c4cc050489b966"), "789dfadc"
SHOP_KEY = bytes(range(0x40, 0x50))
UID = bytes.fromhex("04a1b2c3d4e580")


def same(made, said, what):
    if made != said:
        sys.exit(f"{what}: computed {made}, and the source says {said}")


def published():
    """Every figure of the sources, held against a computation of our own."""
    for size, mac in RFC_MACS.items():
        same(cmac(RFC_KEY, RFC_TEXT[:size]).hex(), mac, f"RFC 4493, {size} bytes")
        yield "cmac", RFC_KEY.hex(), RFC_TEXT[:size].hex(), mac
    same(cmac(AN10922_KEY, AN10922_INPUT).hex(), AN10922_MAC, "AN10922")
    yield "cmac", AN10922_KEY.hex(), AN10922_INPUT.hex(), AN10922_MAC
    plain = uncbc(bytes(16), bytes.fromhex(NXP_PICC))
    same(plain[:8].hex(), "c7" + NXP_UID, "AN12196, UID")
    same(int.from_bytes(plain[8:11], "little"), NXP_COUNTER, "AN12196, counter")
    same(sun_mac(bytes(16), bytes.fromhex(NXP_UID), NXP_COUNTER).hex(), NXP_MAC, "AN12196, MAC")
    enc, mac = session_keys(bytes(16), NXP_RND_A, NXP_RND_B)
    same((enc.hex(), mac.hex()), (NXP_ENC, NXP_SESSION_MAC), "AN12196, session keys")
    same(crc(NXP_NEW_KEY).hex(), NXP_CRC, "AN12196, CRC of a new key")
    yield "sun", bytes(16).hex(), NXP_PICC, NXP_MAC, NXP_UID, NXP_COUNTER


def own():
    """Counters at the edges of their three bytes, with the keys that a shop derives."""
    for counter in (1, 0xFF, 0x100, 0xFFFF, 0x10000, 0xFFFFFF):
        yield (counter, picc(meta_key(SHOP_KEY), UID, counter, b"\x9f\x01\x77\x20\xee").hex(),
               sun_mac(file_key(SHOP_KEY, UID), UID, counter).hex())


def text():
    rows = list(published())
    out = ["/* Written by tests/card/vectors.py: its own figures, and those of its sources that it",
           " * has computed again. */",
           "static const struct {", "\tconst char *key, *bytes, *mac;", "} cmac_vectors[] = {"]
    out += [f'\t{{"{row[1]}",\n\t "{row[2]}",\n\t "{row[3]}"}},' for row in rows
            if row[0] == "cmac"]
    sun = next(row for row in rows if row[0] == "sun")
    out += ["};", "static const char nxp_picc[] = \"%s\";" % sun[2],
            "static const char nxp_mac[] = \"%s\";" % sun[3],
            "static const char nxp_uid[] = \"%s\";" % sun[4],
            "static const unsigned nxp_counter = %d;" % sun[5],
            "static const char nxp_rnd_a[] = \"%s\";" % NXP_RND_A.hex(),
            "static const char nxp_rnd_b[] = \"%s\";" % NXP_RND_B.hex(),
            "static const char nxp_enc[] = \"%s\";" % NXP_ENC,
            "static const char nxp_session_mac[] = \"%s\";" % NXP_SESSION_MAC,
            "static const char nxp_new_key[] = \"%s\";" % NXP_NEW_KEY.hex(),
            "static const unsigned nxp_crc = 0x%08xU;"
            % int.from_bytes(bytes.fromhex(NXP_CRC), "little"),
            "static const char shop_key[] = \"%s\";" % SHOP_KEY.hex(),
            "static const char card_uid[] = \"%s\";" % UID.hex(),
            "static const char card_kid[] = \"%s\";" % kid(SHOP_KEY, UID).hex(),
            "static const char card_kid_elsewhere[] = \"%s\";"
            % kid(SHOP_KEY[:15] + bytes([SHOP_KEY[15] ^ 1]), UID).hex(),
            "static const char card_meta_key[] = \"%s\";" % meta_key(SHOP_KEY).hex(),
            "static const char card_file_key[] = \"%s\";" % file_key(SHOP_KEY, UID).hex(),
            "static const char card_master_key[] = \"%s\";" % master_key(SHOP_KEY, UID).hex(),
            "static const struct {", "\tunsigned counter;", "\tconst char *picc, *mac;",
            "} card_taps[] = {"]
    out += [f'\t{{{counter}, "{p}", "{m}"}},' for counter, p, m in own()]
    first = Card(SHOP_KEY, UID)
    out += ["};", "static const char card_ndef[] =", f'\t"{first.read().hex()}";', ""]
    return "\n".join(out)


def main():
    assert ndef(b"x")[2:4] == b"\xd1\x01"
    if "--check" not in sys.argv:
        FILE.write_text(text())
    elif FILE.read_text() != text():
        sys.exit(f"{FILE.name} is not what {sys.argv[0]} writes")


if __name__ == "__main__":
    main()
