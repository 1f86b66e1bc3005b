"""A village shop's money over the real programs, by the operator's hand: goods come in and go out, the
month is closed by itself, invoices are paid, credited, reminded of; who does not pay is told so at the
door; what has run low is told by text; and a close that is killed again and again goes on.

shopd's wall clock stands where the test puts it (otherday.c); every other clock is the machine's.
"""

import contextlib
import csv
import datetime
import os
import pathlib
import signal
import struct
import subprocess
import tempfile
import time
import zoneinfo

from shop import ROOT, main, until

BUILD = (ROOT / os.environ.get("SHOP_BUILD", "build/gcc")).resolve()
ZONE = zoneinfo.ZoneInfo("Europe/Stockholm")
SELLER = ROOT / "tests" / "data" / "parties" / "consumer.json"


def gtin(n):
    """A GTIN-13 of the test's own goods."""
    digits = f"73{n:010}"
    odd, even = sum(map(int, digits[0::2])), sum(map(int, digits[1::2]))
    return digits + str(-(odd + 3 * even) % 10)


MILK, COFFEE, SOAP, COLA = gtin(1), gtin(2), gtin(3), gtin(4)
PRICES = f"""gtin,name,price,vat,class,deposit,reorder
{MILK},Mjölk 1 l,17.90,food,grocery,,5
{COFFEE},"Kaffe, mörkrost",89.50,food,grocery,,
{SOAP},Tvål,35.00,standard,household,,
{COLA},Läsk 33 cl,12.00,food,grocery,1.00,
"""


def ahead_ms(when):
    """By how much a clock that says so is ahead of the machine's."""
    return int((when.timestamp() - time.time()) * 1000)


class Village:
    """A shop with goods and an owner, whose clock can be put elsewhere."""

    def __init__(self, shop, clock, ahead):
        self.shop, self.clock, self.ahead = shop, clock, ahead

    def now(self):
        """By the shop's clock, in its time zone."""
        return datetime.datetime.fromtimestamp(time.time() + self.ahead / 1000, ZONE)

    def set(self, when):
        """Puts the clock; shopd is started anew, as after the night's power cut."""
        self.ahead = ahead_ms(when)
        with open(self.clock, "r+b") as file:
            file.write(struct.pack("q", self.ahead))
        self.shop.kill("shopd", signal.SIGTERM)
        until(lambda: self.shop.shopctl_raw("status").returncode == 0, 15, "shopd is back")
        until(lambda: self.shop.api("GET", "/healthz", raw=True)[0] == 200, 15, "counterd found it")

    def token(self, member, purpose="till"):
        return member.token(purpose, iat=int(time.time() + self.ahead / 1000))

    def member(self, *options):
        return self.shop.member(*options)

    def buy(self, member, basket):
        """A visit of {gtin: pieces}, ended: (visit, what it came to)."""
        status, visit = self.shop.api("POST", "/v1/visits", self.token(member))
        assert status in (200, 201), (status, visit)
        path, total = f"/v1/visits/{visit['visit']}", 0
        for i, (article, pieces) in enumerate(basket.items()):
            status, line = self.shop.api("PUT", f"{path}/lines/line-{i}",
                                         {"gtin": article, "quantity": pieces * 1000}, visit["bearer"])
            assert status == 201, (status, line)
            total += line["total_minor"]
        status, receipt = self.shop.api("POST", f"{path}/close", bearer=visit["bearer"])
        assert status == 200 and receipt["total_minor"] == total, (status, receipt, total)
        return visit["visit"], total

    def refused(self, *args):
        """What shopctl says when it refuses."""
        done = self.shop.shopctl_raw(*args)
        assert done.returncode == 1, (args, done.returncode, done.stdout, done.stderr)
        return done.stderr

    def holds(self):
        """The books' sums hold, and they follow from the entries."""
        check = self.shop.shopctl("ledger", "check")
        assert check["ok"] is True, check
        again = self.shop.shopctl("ledger", "rebuild", timeout=60)
        assert again["ok"] is True and again["rows"] > 0, again


@contextlib.contextmanager
def village(start, *options, sync_ms=0):
    """A village on the tenth of last month; each sync of its disk takes so much longer."""
    with tempfile.TemporaryDirectory(prefix="money-") as folder:
        clock, prices = pathlib.Path(folder, "clock"), pathlib.Path(folder, "prices.csv")
        ahead = ahead_ms(last_month(10))
        clock.write_bytes(struct.pack("q", ahead))
        prices.write_text(PRICES, encoding="utf-8")
        preload = f"{BUILD}/otherday.so" + (f":{BUILD}/slowsync.so" if sync_ms else "")
        # a first night's run of these tests finds the hour come as well
        settings = ("books:close_at=00:00", *options)
        with start("--no-import", f"--preload=shopd:{preload}", f"--env=shopd:OTHERDAY={clock}",
                   f"--env=shopd:SLOWSYNC_MS={sync_ms}",
                   *(f"--set=shopd:{o}" for o in settings)) as shop:
            v = Village(shop, clock, ahead)
            v.folder = pathlib.Path(folder)
            shop.shopctl("product", "import", prices)
            yield v


def last_month(day, hour=12):
    """Noon of that day of the month before this one."""
    first = datetime.datetime.now(ZONE).replace(day=1)
    return (first - datetime.timedelta(days=1)).replace(day=day, hour=hour, minute=0, second=0)


def period(when):
    return when.strftime("%Y-%m")


def bank_file(folder, day, *payments):
    """A camt.054 with these (reference, kronor, bank's own reference)."""
    entries = "".join(
        f"""<Ntry><Amt Ccy="SEK">{kronor}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
        <BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{own}</AcctSvcrRef><NtryDtls><TxDtls>
        <Refs><AcctSvcrRef>{own}</AcctSvcrRef></Refs><Amt Ccy="SEK">{kronor}</Amt>
        <CdtDbtInd>CRDT</CdtDbtInd><RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>
        </RmtInf></TxDtls></NtryDtls></Ntry>""" for reference, kronor, own in payments)
    path = folder / "bank.xml"
    path.write_text(f"""<?xml version="1.0" encoding="UTF-8"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><BkToCstmrDbtCdtNtfctn>
    <GrpHdr><MsgId>M1</MsgId><CreDtTm>{day}T06:30:00+01:00</CreDtTm></GrpHdr>
    <Ntfctn><Id>1</Id><CreDtTm>{day}T06:30:00+01:00</CreDtTm><Acct><Id><Othr><Id>1234567</Id></Othr></Id>
    <Ccy>SEK</Ccy></Acct>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>""", encoding="utf-8")
    return path


def invoices_of(v, month):
    return [i for i in v.shop.shopctl("invoice", "list", month) if i["kind"] == "invoice"]


def rounded(minor):
    return (minor + 50) // 100 * 100


# --- a month, from the shelf to the bank


def open_month(v, month):
    """What cannot be closed says why."""
    assert "refused" in v.refused("invoice", "close", month)
    done = v.shop.shopctl_raw("invoice", "close", "2026-13")
    assert done.returncode == 2 and "2026-13" in done.stderr, done.stderr
    assert v.shop.shopctl("invoice", "list", month) == []


def close_by_itself(v, month, buyer, total, small):
    """The first start after the month's end makes its invoices; a small sum waits."""
    v.set(datetime.datetime.now(ZONE))
    until(lambda: invoices_of(v, month), 20, "the month's invoices")
    until(lambda: v.shop.shopctl_raw("invoice", "close", month).returncode == 0, 20, "the close")
    again = v.shop.shopctl("invoice", "close", month)
    assert again["closed_before"] is True and again["invoice_count"] == 2, again
    found = {i["customer"]: i for i in again["invoices"]}
    assert small.customer not in found
    invoice = found[buyer.customer]
    assert invoice["gross_minor"] == total and invoice["payable_minor"] == rounded(total), invoice
    assert invoice["number"].startswith("VIKEN-") and len(invoice["ocr"]) == 12, invoice
    v.holds()
    return invoice


def shown(v, invoice, total):
    """One invoice has every line that was bought, each VAT rate apart."""
    whole = v.shop.shopctl("invoice", "show", invoice["number"])
    assert {k: whole[k] for k in invoice} == invoice
    assert sum(line["goods_minor"] + line["deposit_minor"] for line in whole["lines"]) == total
    assert len({rate["vat_bp"] for rate in whole["vat"]}) == 2, whole["vat"]
    assert sum(r["base_minor"] + r["vat_minor"] for r in whole["vat"]) + whole["rounding_minor"] == \
        whole["payable_minor"]
    for rate in whole["vat"]:
        net = sum(line["goods_net_minor"] + line["deposit_net_minor"] for line in whole["lines"]
                  if line["vat_bp"] == rate["vat_bp"])
        assert net == rate["base_minor"], (rate, net)
    assert "no invoice" in v.refused("invoice", "show", "VIKEN-2026-999999")
    done = v.shop.shopctl_raw("invoice", "show", "ELSEWHERE-2026-000001")
    assert done.returncode == 2 and "VIKEN-2026-000123" in done.stderr, done.stderr


def credited(v, visit, invoice):
    """A line of it is credited once, under a number of its own."""
    args = ("invoice", "credit", visit, "line-1", "--reason", "broken", "--why", "krossad",
            "--key", "credit-1")
    note = v.shop.shopctl(*args)
    assert note["number"] and note["repeated"] is False, note
    assert v.shop.shopctl(*args) == {**note, "repeated": True}
    assert "refused" in v.refused("invoice", "credit", visit, "line-1", "--reason", "price")
    row = v.shop.shopctl("invoice", "show", note["number"])
    assert row["original"] == invoice["number"] and row["kind"] == "credit_note" and row["why"] == "krossad"
    left = v.shop.shopctl("invoice", "show", invoice["number"])
    assert left["credited_minor"] == row["payable_minor"] and len(left["lines"]) == invoice["line_count"]
    return left["left_minor"]


def paid(v, buyer, invoice, left):
    """Half, the rest, too much, and money that nobody knows: the same file again changes nothing."""
    day = datetime.date.today()
    half = left // 200
    one = bank_file(v.folder, day, (invoice["ocr"], half, "B1"), ("HEJ", 12, "B2"))
    first = v.shop.shopctl("payment", "import", one)
    assert (first["taken"], first["unclaimed"], first["refused"]) == (2, 1, 0), first
    assert [p["match"] for p in first["payments"]] == ["under", "unknown"], first
    again = v.shop.shopctl("payment", "import", one)
    assert (again["taken"], again["imported_before"]) == (0, 2), again
    rest = (left - half * 100) / 100
    v.shop.shopctl("payment", "import", bank_file(v.folder, day, (invoice["ocr"], f"{rest:.2f}", "B3")))
    assert v.shop.shopctl("invoice", "show", invoice["number"])["left_minor"] == 0
    lost = v.shop.shopctl("payment", "list", "--unclaimed")
    assert [p["amount_minor"] for p in lost] == [1200], lost
    v.shop.shopctl("payment", "assign", lost[0]["key"], buyer.customer)
    assert v.shop.shopctl("payment", "list", "--unclaimed") == []
    assert len(v.shop.shopctl("payment", "list")) == 3
    bad = v.folder / "bad.xml"
    bad.write_text("<Document>")
    assert "bad.xml" in v.refused("payment", "import", bad)


def reminded(v, debtor, month):
    """What an unpaid invoice calls for, day by day, and the door at the end of it."""
    invoice = next(i for i in invoices_of(v, month) if i["customer"] == debtor.customer)
    due = datetime.date.fromisoformat(invoice["due"])

    def calls(days):
        rows = v.shop.shopctl("reminder", "list", "--date", due + datetime.timedelta(days=days))
        return [(r["number"], r["reminder"], r["fee_minor"]) for r in rows]

    assert calls(0) == [] and calls(4) == []
    assert calls(5) == [(invoice["number"], "first", 0)]
    assert [c[1] for c in calls(15)] == ["second"] and calls(15)[0][2] == 6000
    assert [c[1] for c in calls(31)] == ["bar"]
    status, _ = v.shop.api("POST", "/v1/door/front/unlock", v.token(debtor, "front"))
    assert status == 200
    v.shop.door_until(15, mode="locked", strike="off")
    v.set(datetime.datetime.combine(due + datetime.timedelta(days=32), datetime.time(12), ZONE))
    status, problem = v.shop.api("POST", "/v1/door/front/unlock", v.token(debtor, "front"))
    assert status == 403 and problem["code"] == "overdue", (status, problem)
    assert "invoice" in problem["detail"].lower() or "faktura" in problem["detail"].lower(), problem
    kronor = invoice["payable_minor"] // 100
    v.shop.shopctl("payment", "import", bank_file(
        v.folder, datetime.date.today(), (invoice["ocr"], kronor, "B9")))
    status, _ = v.shop.api("POST", "/v1/door/front/unlock", v.token(debtor, "front"))
    assert status == 200, "who has paid comes in again"
    v.shop.door_until(15, mode="locked", strike="off")


def exported(v, month):
    """CSV of every table, and SIE whose verifications sum to 0."""
    folder = v.folder / "out"
    told = v.shop.shopctl("ledger", "export", folder)["rows"]
    for name, rows in told.items():
        with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            table = list(csv.DictReader(file))
        assert len(table) == rows, name
        if name == "postings":
            sums = {}
            for row in table:
                sums[row["seq"]] = sums.get(row["seq"], 0) + int(row["amount_minor"])
            assert sums and not any(sums.values()), sums
        if name == "lines":
            assert {row["customer"] for row in table} and {row["vat_class"] for row in table} == \
                {"food", "standard"}
        if name == "invoices":
            assert all(row["number"].startswith("VIKEN-") for row in table), table
    assert told["lines"] > 0 and told["invoices"] == 3 and told["closed"] >= 1, told
    audit = subprocess.run(["/usr/bin/python3", ROOT / "tests" / "audit" / "audit.py", folder],
                           capture_output=True, text=True, timeout=30, check=False)
    assert audit.returncode == 0, audit.stdout + audit.stderr  # by somebody else, in another language
    sie = v.folder / "month.se"
    v.shop.shopctl("ledger", "sie", month, "--seller", SELLER, "--out", sie)
    text = sie.read_bytes().decode("cp437")
    early = v.shop.shopctl_raw("ledger", "sie", "2099-12", "--seller", SELLER, "--out",
                               v.folder / "early.se")
    assert early.returncode == 0 and "not over" in early.stderr, early
    assert "#SIETYP 4" in text and "Försäljning" in text, text[:400]
    sums = [sum(float(line.split()[3]) for line in block.splitlines() if "#TRANS" in line)
            for block in text.split("#VER")[1:]]
    assert sums and all(abs(s) < 0.001 for s in sums), sums


def test_a_month_from_the_shelf_to_the_bank(start):
    with village(start) as v:
        month = period(v.now())
        buyer, debtor, small = v.member(), v.member(), v.member()
        v.shop.shopctl("stock", "deliver", MILK, 24, "--cost", "11.50", "--lot", "M1", "--use-by",
                       (v.now() + datetime.timedelta(days=5)).date())
        visit, total = v.buy(buyer, {MILK: 3, COFFEE: 2, SOAP: 1, COLA: 6})
        v.buy(debtor, {COFFEE: 3})
        v.buy(small, {MILK: 1})
        open_month(v, month)
        invoice = close_by_itself(v, month, buyer, total, small)
        shown(v, invoice, total)
        left = credited(v, visit, invoice)
        paid(v, buyer, invoice, left)
        exported(v, month)
        reminded(v, debtor, month)
        v.holds()


# --- the shelf


def scanned(v, text):
    done = subprocess.run([*v.shop.run["shopctl"], "--json", "stock", "scan", "deliver"], input=text,
                          capture_output=True, text=True, timeout=20, check=False)
    return done.returncode, done


def test_stock_in_and_out(start):
    with village(start) as v:
        shop, today = v.shop, v.now().date()
        soon = today + datetime.timedelta(days=3)
        args = ("stock", "deliver", MILK, 24, "--cost", "11.50", "--lot", "M1", "--use-by", soon,
                "--key", "delivery-1")
        first = shop.shopctl(*args)
        assert first["on_hand"] == 24000 and first["name"] == "Mjölk 1 l", first
        assert shop.shopctl(*args)["repeated"] is True
        assert "key" in v.refused(*[*args[:3], 25, *args[4:]])
        done = shop.shopctl_raw("stock", "deliver", COFFEE, 6)
        assert done.returncode == 2 and "--cost" in done.stderr, done.stderr
        for wrong in (("stock", "deliver", MILK, "-1", "--cost", "1"), ("stock", "count", "7310", 1),
                      ("stock", "deliver", MILK, "1e9", "--cost", "1"), ("stock", "waste", MILK, 1),
                      ("stock", "waste", MILK, 1, "--why", ""),
                      ("stock", "deliver", MILK, 1, "--use-by", "2026-02-30")):
            assert shop.shopctl_raw(*wrong).returncode == 2, wrong
        member = v.member()
        v.buy(member, {MILK: 4})
        shop.shopctl("stock", "waste", MILK, 2, "--why", "sur")
        shop.shopctl("stock", "own-use", MILK, 1)
        assert shop.shopctl("stock", "show", MILK)["on_hand"] == 17000
        shop.shopctl("stock", "count", MILK, 12)
        row = shop.shopctl("stock", "show", MILK)
        assert row["on_hand"] == 12000 and row["shrunk"] == 5000 and row["counted_at"], row
        shrunk = shop.shopctl("stock", "shrink")
        assert [(s["gtin"], s["missing"], s["visits"]) for s in shrunk] == [(MILK, 5000, 1)], shrunk
        kinds = [m["kind"] for m in shop.shopctl("stock", "movements", MILK)]
        assert kinds == ["delivery", "sale", "waste", "own_use", "count"], kinds
        lots = shop.shopctl("stock", "expiring", 7)
        assert [(x["lot"], x["use_by"]) for x in lots] == [("M1", str(soon))], lots
        assert shop.shopctl("stock", "value")["value_minor"] == 12 * 1150
        assert shop.shopctl("stock", "order") == []
        v.buy(member, {SOAP: 2})  # never delivered: the books know of fewer than none
        assert shop.shopctl("stock", "show", SOAP)["on_hand"] == -2000
        later = soon + datetime.timedelta(days=2)
        code, done = scanned(v, f"]d201{int(MILK):014}17{later:%y%m%d}10M2\n{MILK}\n{MILK}\nnonsense\n")
        assert code == 1 and "line 4" in done.stderr, (code, done.stderr)
        assert shop.shopctl("stock", "show", MILK)["on_hand"] == 15000
        lots = shop.shopctl("stock", "expiring")
        assert "M2" in {x["lot"] for x in lots}, lots
        v.holds()


def test_what_has_run_low_is_texted_once(start):
    with village(start, "stock:contact=owner", "stock:notice_at=08:00") as v:
        files = [v.shop.state / "etc" / f"{p}.conf" for p in ("shopd", "counterd", "courierd")]
        assert all(f["ok"] for f in v.shop.shopctl("config", "check", *files))
        other = v.folder / "shopd.conf"
        other.write_text(files[0].read_text().replace("contact = owner", "contact = oner"))
        assert "no [contact oner]" in v.refused("config", "check", other, *files[1:])
        v.shop.shopctl("stock", "deliver", MILK, 5, "--cost", "11")
        assert [o["gtin"] for o in v.shop.shopctl("stock", "order")] == [MILK]
        before = len(v.shop.texts())
        tomorrow = (v.now() + datetime.timedelta(days=1)).replace(hour=7, minute=59, second=53)
        v.set(tomorrow)
        text = v.shop.text_until("att beställa", before, 30)
        assert text["text"] == "Viken: 1 vara att beställa: Mjölk 1 l (5 kvar)", text
        assert len([t for t in v.shop.texts()[before:] if "beställa" in t["text"]]) == 1


# --- checks and reports


def test_a_visit_is_looked_at(start):
    with village(start) as v:
        member = v.member()
        visit, _ = v.buy(member, {COFFEE: 1})
        v.shop.shopctl("check", "pick", visit, "--why", "kameran")
        assert visit in [c["visit"] for c in v.shop.shopctl("check", "list")]
        assert v.shop.shopctl_raw("check", "record", visit, "fine").returncode == 2
        v.shop.shopctl("check", "record", visit, "passed", "--why", "allt med")
        assert visit not in [c["visit"] for c in v.shop.shopctl("check", "list")]
        done = [c for c in v.shop.shopctl("check", "list", "--all") if c["visit"] == visit]
        assert done[0]["state"] == "passed" and done[0]["why"] == "allt med", done
        assert "refused" in v.refused("check", "record", visit, "failed")
        assert v.shop.shopctl("report", "list") == []


# --- a close that is killed


def test_a_close_that_is_killed_goes_on(start):
    with village(start, "books:roll_below=0", sync_ms=20) as v:
        month, households = period(v.now()), 30
        for _ in range(households):
            v.buy(v.member(), {COFFEE: 2, SOAP: 1})
        v.ahead = 0
        with open(v.clock, "r+b") as file:
            file.write(struct.pack("q", 0))
        cut_off = 0
        for closes in range(1, 6):  # each start begins the close again, and is killed in it
            v.shop.kill("shopd")
            until(lambda n=closes: v.shop.console("shopd").count("books: closing") >= n or
                  "is closed" in v.shop.console("shopd"), 15, "the close begins")
            cut_off += "is closed" not in v.shop.console("shopd")
        assert cut_off > 0, "no close was cut off: nothing was tried"
        v.shop.kill("shopd")
        until(lambda: v.shop.shopctl_raw("invoice", "close", month).returncode == 0, 30, "the close")
        made = invoices_of(v, month)
        assert len(made) == len({i["customer"] for i in made}) == households, len(made)
        counters = sorted(int(i["number"].rsplit("-", 1)[1]) for i in made)
        assert counters == list(range(counters[0], counters[0] + households)), counters
        assert {i["gross_minor"] for i in made} == {2 * 8950 + 3500}
        v.holds()
        assert v.shop.shopctl("ledger", "verify")["ok"] is True


if __name__ == "__main__":
    main(globals())
