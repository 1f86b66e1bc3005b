"""test_office_codes.py: who tries codes at an office. A few wrong ones a minute are answered, then there
is a pause, for one shop and for no other.
"""

import base64
import pathlib
import tempfile

from shop import main, until
from headoffice import Box, Head, Link, Refused, party
from phone import Phone

PER_SHOP, OF_ALL = 10, 120


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


def test_invitations_cannot_be_tried_for_long(start):
    with tempfile.TemporaryDirectory() as folder, Head(pathlib.Path(folder)) as head:
        head.operator.claim("viken")
        phone = Phone()

        def try_one(code):
            token = base64.urlsafe_b64encode(phone.token("office/register")).decode().rstrip("=")
            return head.operator.ask("POST", "/v1/register", {
                "code": code, "key": phone.cose_key_hex, "token": token,
                "party": party("Anna Exempla")}, authorization="", raw=True)

        for turn in range(OF_ALL):
            assert try_one(f"AAAA-BBBB-C{turn:03d}")[0] == 403, turn
        status, headers, _ = try_one("AAAA-BBBB-CCCC")
        assert status == 429 and 1 <= int(headers["Retry-After"]) <= 60, (status, headers)
        assert head.operator.ask("GET", "/v1/shops")[0] == 200


if __name__ == "__main__":
    main(globals())
