"""test_office_codes.py: who tries codes at an office. A few wrong ones a minute are answered, then there
is a pause, for one shop and for no other.
"""

import base64
import pathlib
import tempfile

from shop import main, until
from headoffice import Box, Head, Link, Refused, party
from phone import Phone

PER_SHOP, PER_ASKER, OF_ALL, MAILS_PER_ASKER = 10, 20, 120, 5


def wrong(code, turn):
    """A code of the same shop and office, which nobody was given."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    groups = code.split("-")
    groups[1] = letters[turn % 32] + letters[turn // 32] + groups[1][2:]
    other = "-".join(groups)
    return other if other != code else wrong(code, turn + 32)


def refusal(link, shop, code):
    try:
        Box(shop).enrol(link, code)
    except Refused as refused:
        return refused
    return None


def test_claim_codes_cannot_be_tried_for_long(start):
    with tempfile.TemporaryDirectory() as folder, Head(pathlib.Path(folder)) as head:
        code, other, link = head.operator.claim("viken"), head.operator.claim("falun"), Link(head.url)
        # the loop has seen the new shops when it counts: at most five times a second
        until(lambda: refusal(link, "viken", wrong(code, 0)).status == 403
              and refusal(link, "falun", wrong(other, 0)).status == 403, 5, "both are known")
        said = []
        for turn in range(1, 40):
            said.append(refusal(link, "viken", wrong(code, turn)))
            if said[-1].status != 403:
                break
        assert PER_SHOP - 2 <= len(said) <= PER_SHOP + 1, [r.status for r in said]
        assert said[-1].status == 429 and said[-1].code == "too_many", said[-1]
        assert 1 <= int(said[-1].headers["retry-after"]) <= 60, said[-1].headers
        assert refusal(link, "viken", code).status == 429, "also the right one waits"
        assert refusal(link, "falun", other) is None, "another shop does not"


def test_good_codes_do_not_count(start):
    with tempfile.TemporaryDirectory() as folder, Head(pathlib.Path(folder)) as head:
        code, link, box = head.operator.claim("viken"), Link(head.url), Box("viken")
        for _ in range(2 * PER_SHOP):  # its answer is lost, again and again
            answer = link.send(box.ask_enrol(code))
            assert answer.status == 200, answer


def register(head, phone, code, **headers):
    token = base64.urlsafe_b64encode(phone.token("office/register")).decode().rstrip("=")
    return head.operator.ask("POST", "/v1/register", {
        "code": code, "key": phone.cose_key_hex, "token": token,
        "party": party("Anna Exempla")}, authorization="", raw=True, headers=headers)


def from_(address, **more):
    """As the proxy in front of the office says it; behind that what the asker says himself."""
    return {"X-Forwarded-For": address, **more}


def test_invitations_cannot_be_tried_for_long(start):
    with tempfile.TemporaryDirectory() as folder, Head(pathlib.Path(folder)) as head:
        head.operator.claim("viken")
        phone = Phone()
        for turn in range(PER_ASKER):
            said = register(head, phone, f"AAAA-BBBB-C{turn:03d}", **from_("203.0.113.7"))
            assert said[0] == 403, (turn, said)
        status, headers, _ = register(head, phone, "AAAA-BBBB-CCCC", **from_("203.0.113.7"))
        assert status == 429 and 1 <= int(headers["Retry-After"]) <= 60, (status, headers)
        assert register(head, phone, "AAAA-BBBB-CCCC", **from_("203.0.113.8"))[0] == 403, \
            "who tries for long keeps nobody else out"
        assert head.operator.ask("GET", "/v1/shops")[0] == 200


def test_many_askers_cannot_try_for_long_either(start):
    with tempfile.TemporaryDirectory() as folder, Head(pathlib.Path(folder)) as head:
        head.operator.claim("viken")
        phone = Phone()
        for turn in range(OF_ALL):
            said = register(head, phone, f"AAAA-BBBB-C{turn:03d}",
                            **from_(f"198.51.100.{turn // 10}"))
            assert said[0] == 403, (turn, said)
        assert register(head, phone, "AAAA-BBBB-CCCC", **from_("203.0.113.9"))[0] == 429


def test_what_an_asker_says_of_himself_makes_nobody_else_of_him(start):
    with tempfile.TemporaryDirectory() as folder, Head(pathlib.Path(folder)) as head:
        def recover(**headers):
            return head.operator.ask("POST", "/v1/recover", {"email": "anna@exempel.example"},
                                     authorization="", raw=True, headers=headers)[0]

        said = [recover(**from_("203.0.113.7", **{"Forwarded": f"for=192.0.2.{n}",
                                                  "X-Real-IP": f"192.0.2.{n}"}))
                for n in range(MAILS_PER_ASKER + 2)]
        assert said == [503] * MAILS_PER_ASKER + [429] * 2, said
        # who has one IPv6 address has all of its network
        said = [recover(**from_(f"2001:db8:1:2:{n:x}::7")) for n in range(MAILS_PER_ASKER + 2)]
        assert said == [503] * MAILS_PER_ASKER + [429] * 2, said
        assert recover(**from_("2001:db8:1:3::7")) == 503


if __name__ == "__main__":
    main(globals())
