"""test_office_month.py: a month that a shop closes, seen from its head office: the invoice arrives, is
joined with its member's name, goes out by mail with its PDF, is paid by a bank file, and the shop and
the office agree on what is left. The mail server is a real one, on loopback, and refuses at first.
"""

import contextlib
import datetime
import os
import pathlib
import subprocess
import tempfile
import time

from shop import ROOT, main, proof, until
import smtp
from headoffice import (COFFEE, EGGS, SELLER, ZONE, Basket, Postgres, agree, first_of_next_month,
                        known, set_clock)

BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")
ANNA = "anna@exempel.example"
FROM = "faktura@exempel.example"


@contextlib.contextmanager
def month(start, *options):
    """(shop, mail server, the file that sets shopd's clock)."""
    with smtp.Server() as post, tempfile.TemporaryDirectory() as folder:
        clock = pathlib.Path(folder, "clock")
        set_clock(clock, 0)
        with start("--office", "enrol", *options, "--set", f"officed:mail:server={post.url}",
                   "--set", f"officed:mail:from={FROM}",
                   "--preload", f"shopd:{BUILD / 'otherday.so'}",
                   "--env", f"shopd:OTHERDAY={clock}") as shop:
            yield shop, post, clock


def night_falls(shop, clock):
    """The first night of the next month; the shop closes this one by itself. How far ahead we are."""
    ahead = first_of_next_month() - datetime.datetime.now(ZONE)
    set_clock(clock, int(ahead.total_seconds() * 1000))
    shop.kill("shopd", 15)
    closed = datetime.datetime.now(ZONE).strftime("%Y-%m")
    until(lambda: f"books: {closed} is closed" in shop.console("shopd"), 20, f"{closed} closed")
    return int(ahead.total_seconds()), closed


def bgmax(giro, payments):
    """A file of Bankgiro Inbetalningar with these (reference, minor, the bank's number)."""
    total = sum(minor for _, minor, _ in payments)
    day = datetime.date.today().strftime("%Y%m%d")
    rows = [f"01BGMAX               01{day}173035010331T", f"05{giro:>010}          SEK"]
    rows += [f"20{'':0>10}{reference:>25}{minor:018}21{number:>012}0"
             for reference, minor, number in payments]
    rows += [f"15{'':0>26}123456789{day}00056{total:018}SEK{len(payments):08} ",
             f"70{len(payments):08}{0:08}{0:08}{1:08}"]
    return "".join(f"{row:<80}\r\n" for row in rows).encode("latin-1")


def bundle_until(shop, ready, seconds=20):
    def look():
        bundles = shop.office.must("GET", "/v1/bundles")["bundles"]
        return bundles and ready(bundles[0]) and bundles[0]
    return until(look, seconds, "the bundle")


def check_mail(mail, bundle, invoice, name):
    number = invoice["number"]
    text, files = smtp.text_of(mail), smtp.files_of(mail)
    assert mail["To"].addresses[0].addr_spec == ANNA and mail["From"].addresses[0].addr_spec == FROM
    assert SELLER["name"] in mail["Subject"], mail["Subject"]
    assert number in text and invoice["ocr"] in text, text
    kronor = f"{bundle['payable_minor'] // 100}"
    assert kronor in text.replace(" ", "").replace("\u00a0", ""), text
    (pdf,) = [data for data in files.values() if data.startswith(b"%PDF-")]
    paper = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True,
                           check=True).stdout.decode()
    for word in (number, name, SELLER["name"]):
        assert word in paper, (word, paper)


def month_is_billed_mailed_and_paid(start, *options):
    with month(start, *options) as (shop, post, clock):
        shop.office.must("PATCH", f"/v1/shops/{shop.name}", {"seller": SELLER})
        anna = known(shop, "Anna Testsdotter", mail=ANNA)
        basket = Basket(shop, anna)
        basket.take(COFFEE, 3000)
        basket.take(EGGS)
        basket.close()
        post.faults("451")
        ahead, closed = night_falls(shop, clock)
        agree(shop, 20)
        (invoice,) = shop.shopctl("invoice", "list", closed)
        page = shop.office.must("GET", "/v1/invoices")
        assert [i["number"] for i in page["invoices"]] == [invoice["number"]], page
        bundle = bundle_until(shop, lambda b: "451" in (b["outcome"] or ""))
        assert not post.mails() and bundle["payable_minor"] == invoice["payable_minor"], bundle
        post.faults("lost")  # taken, and nobody hears of it: the same mail goes again
        shop.office.must("POST", f"/v1/bundles/{bundle['bundle']}/mail")
        first = post.wait(ANNA)
        bundle_until(shop, lambda b: "response" in (b["outcome"] or ""))
        shop.office.must("POST", f"/v1/bundles/{bundle['bundle']}/mail")
        mail = post.wait(ANNA, already=1)
        assert mail["Message-ID"] == first["Message-ID"] and mail["Date"] == first["Date"]
        check_mail(mail, bundle, invoice, "Anna Testsdotter")
        bundle_until(shop, lambda b: b["mailed_at"])
        pay(shop, anna, bundle, invoice)
        assert till_of(shop, anna, ahead) == "joined"
        agree(shop)


def till_of(shop, member, ahead):
    status, answer = shop.api("POST", "/v1/visits",
                              member.token("till", iat=int(time.time()) + ahead + 9))
    return "joined" if status in (200, 201) else answer["code"]


def pay(shop, anna, bundle, invoice):
    """Half by the bundle's number, the rest by the invoice's own; the same file twice."""
    giro, half = SELLER["bankgiro"].replace("-", ""), invoice["payable_minor"] // 2
    rest = invoice["payable_minor"] - half
    files = [bgmax(giro, [(bundle["reference"], half, 70010)]),
             bgmax(giro, [(invoice["ocr"], rest, 70020)])]
    for data, repeated in ((files[0], 0), (files[0], 1), (files[1], 0)):
        said = shop.office.must("POST", "/v1/payments/import", data,
                                headers={"Content-Type": "application/octet-stream"})
        assert said["payments"] == 1 and said["repeated"] == repeated, said
        assert repeated or said["items"][0]["number"] == invoice["number"], said

    def paid():
        return shop.shopctl("invoice", "list", invoice["period"])[0]["left_minor"] == 0
    until(paid, 10, "the shop has booked both payments")
    shop.carried()
    view = shop.office.must("GET", f"/v1/members/{anna.number}/view")
    assert view["open_minor"] == 0 and len(view["payments"]) == 2, view["payments"]
    assert sum(p["amount_minor"] for p in view["payments"]) == invoice["payable_minor"]


def test_a_month_is_billed_mailed_and_paid(start):
    month_is_billed_mailed_and_paid(start)


@proof
def test_the_same_on_postgres(start):
    with Postgres() as server:
        month_is_billed_mailed_and_paid(start, "--office-database", server.url)


if __name__ == "__main__":
    main(globals())
