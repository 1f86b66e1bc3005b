"""month.py: a village shop's money from the first delivery to the unpaid invoice, told with its figures
(`make demo-month`).

A shop of its own runs in --state, all its programs real but the door, the bank and the clock: shopd is
told another day (otherday.c), so that a spring is over in half a minute. What is bought is bought over
HTTP by phones; what stands behind `$ shopctl` is what that command prints. Every figure is held against
what the story has itself added up, and at the end against the exported books (monthbooks.py); what is
not as told ends the story with exit code 1. The folder stays, for whoever wants to look closer.
"""

import argparse
import contextlib
import csv
import datetime
import fcntl
import os
import pathlib
import re
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import time
import zoneinfo

from monthbooks import Books, kronor, percent, vat_within

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "system"))
import shop as shops  # noqa: E402  (tests/system/shop.py)

ZONE = zoneinfo.ZoneInfo("Europe/Stockholm")
DATA = ROOT / "tests" / "data"
PARTY = DATA / "parties" / "consumer.json"
SCHEMA = DATA / "ubl21" / "maindoc" / "UBL-Invoice-2.1.xsd"
MARK = "demo-month"  # a file by which the folder is known as ours, and may be emptied
TOLD, PRINTED = 11, 4  # columns before what is told, and before what a command prints


def in_store(prefix, item, value):
    """The label that the shop's scale prints: 23 weight in grams, 20 price in öre, 0 the article."""
    digits = f"{prefix}{item:06}{value:04}"
    odd, even = sum(map(int, digits[0::2])), sum(map(int, digits[1::2]))
    return digits + str(-(odd + 3 * even) % 10)


MILK, COFFEE, EGGS, BREAD = "7300156486325", "7310700661023", "7300156480903", "7311041062722"
SAUSAGE, KETCHUP, PASTE = "7300201321007", "7310240060072", "7311041014226"
COLA, ROLL = "7311100069006", "7322540408560"
CHEESE, BUN = in_store(23, 101, 0), in_store(20, 102, 0)
OWN = [{"gtin": CHEESE, "name": "Prästost, bit (kg)", "price": "129.00", "vat": "food"},
       {"gtin": BUN, "name": "Kanelbulle", "price": "12.00", "vat": "food"},
       {"gtin": COFFEE, "name": "Bryggkaffe 450 g", "price": "76.90", "vat": "food"},
       {"gtin": KETCHUP, "name": "Tomatketchup", "price": "41.90", "vat": "food"}]
REORDER = {COFFEE: 8, COLA: 24}
DELIVERED = [(COFFEE, "12", "41.00"), (EGGS, "10", "17.50"), (BREAD, "12", "15.20"),
             (SAUSAGE, "10", "21.00"), (KETCHUP, "8", "19.90"), (PASTE, "10", "14.00"),
             (COLA, "48", "6.80"), (ROLL, "12", "22.00"), (CHEESE, "6", "78.00"), (BUN, "20", "4.50")]


def at(day, month, hour, minute=0, second=0):
    return datetime.datetime(2026, month, day, hour, minute, second, tzinfo=ZONE)


def near(path):
    """A path as a person would write it here."""
    here = os.path.relpath(path)
    return str(path) if here.startswith("..") else here


def cut_ids(lines):
    """Customers' keys and hashes are read by nobody: eight and sixteen digits of them are shown."""
    head = next((line for line in lines if "  customer " in line), None)
    if head:
        at_key = head.index("  customer ") + 2
        keys = re.compile(r"[0-9a-f]{32}")
        lines = [line[:at_key + 8] + ("…" if keys.match(line, at_key) else line[at_key + 8:at_key + 9]) +
                 line[at_key + 32:] if line is head or keys.match(line, at_key) else line
                 for line in lines]
    return [re.sub(r"\b([0-9a-f]{16})[0-9a-f]{48}\b", r"\1…", line) for line in lines]


def expect(true, what):
    if not true:
        raise AssertionError(what)


class Month:
    """The shop, its clock, and the story told of it."""

    def __init__(self, shop, state):
        self.shop, self.state = shop, state
        self.ahead_ms = 0
        self.spent = {}  # customer -> [(rate, total)] of what was told as bought
        self.buys = 0

    # --- telling

    def now(self):
        return datetime.datetime.fromtimestamp(time.time() + self.ahead_ms / 1000, ZONE)

    def chapter(self, title):
        print(f"\n{self.now():%A %-d %B}: {title}", flush=True)

    def tell(self, text):
        print(f"  {self.now():%H:%M}    {text}", flush=True)

    def note(self, text):
        print(" " * TOLD + text, flush=True)

    def ctl(self, *args, show=True, stdin=None):
        """Runs shopctl as a person does, and shows what it prints; long ids are cut."""
        words = [str(a) for a in args]
        done = subprocess.run([*self.shop.run["shopctl"], *words], input=stdin, text=True, timeout=60,
                              capture_output=True, check=False, env={**os.environ, "TZ": ZONE.key})
        said = (done.stderr or done.stdout).strip()
        expect(done.returncode == 0, f"shopctl {shlex.join(words)} says: {said}")
        if show:
            print(f"{'':{PRINTED}}$ shopctl {shlex.join(words)}")
            for line in cut_ids(done.stdout.rstrip().splitlines()):
                print(f"{'':{PRINTED + 2}}{line}".rstrip(), flush=True)
        return done.stdout

    # --- time

    def set(self, when, restart=False):
        """Puts the shop's clock. What is due by itself is looked for when shopd starts."""
        self.ahead_ms = int((when.timestamp() - time.time()) * 1000)
        set_clock(self.state / "clock", self.ahead_ms)
        if restart:
            self.shop.kill("shopd", signal.SIGTERM)
            shops.until(lambda: self.shop.shopctl_raw("status").returncode == 0, 20, "shopd is back")
            shops.until(lambda: self.shop.api("GET", "/healthz", raw=True)[0] == 200, 20, "health")

    def night(self, when, month):
        """Lives through the moment in which the month is closed; nobody asks for it."""
        self.set(when - datetime.timedelta(seconds=2), restart=True)
        told = f"books: {month} is closed"
        shops.until(lambda: told in self.shop.console("shopd"), 30, f"the close of {month}")
        return [i for i in self.shop.shopctl("invoice", "list", month) if i["kind"] == "invoice"]

    def said(self, words):
        """What shopd logged, behind its time."""
        line = next(s for s in self.shop.console("shopd").splitlines() if words in s)
        return line[line.index("books:"):]

    # --- people

    def token(self, member, purpose):
        return member.token(purpose, iat=int(time.time() + self.ahead_ms / 1000))

    def enter(self, member, name):
        status, visit = self.shop.api("POST", "/v1/visits", self.token(member, "till"))
        expect(status in (200, 201), f"{name}'s visit: {status} {visit}")
        return Basket(self, member, name, visit)


class Basket:
    """One visit, from the first scan to the receipt."""

    def __init__(self, month, member, name, visit):
        self.month, self.member, self.name = month, member, name
        self.path, self.bearer = f"/v1/visits/{visit['visit']}", visit["bearer"]
        self.total = 0

    def take(self, scanned, pieces=0, **more):
        """Scans an article, and tells what the shop answered."""
        m, body = self.month, {"gtin": scanned, **more}
        if pieces:
            body["quantity"] = pieces * 1000
        m.buys += 1
        key = f"line-{m.buys}"
        status, line = m.shop.api("PUT", f"{self.path}/lines/{key}", body, self.bearer)
        expect(status == 201, f"{self.name} scans {scanned}: {status} {line}")
        self.total += line["total_minor"]
        expect(line["visit_total_minor"] == self.total, f"the visit's total: {line}")
        vat = vat_within(line["total_minor"], line["vat_bp"])
        many = f"{line['quantity'] / 1000:g}" if line["quantity"] % 1000 == 0 else \
            f"{line['quantity'] // 1000}.{line['quantity'] % 1000:03} kg"
        deposit = f"   pant {kronor(line['deposit_minor'])}" if line.get("deposit_minor") else ""
        m.tell(f"{self.name + ':':9}{line['name'][:29]:29}{many:>9}{kronor(line['total_minor']):>10}"
               f"   VAT {percent(line['vat_bp'])} {kronor(vat):>6}{deposit}")
        m.spent.setdefault(self.member.customer, {})[key] = (line["vat_bp"], line["total_minor"])
        return key, line

    def back(self, key):
        m = self.month
        status, line = m.shop.api("DELETE", f"{self.path}/lines/{key}", bearer=self.bearer)
        expect(status == 200 and line["voided"], f"the void: {status} {line}")
        self.total -= m.spent[self.member.customer].pop(key)[1]
        m.tell(f"{self.name + ':':9}puts {line['name']} back: the line stays on record, as voided")

    def close(self):
        m = self.month
        status, receipt = m.shop.api("POST", f"{self.path}/close", bearer=self.bearer)
        expect(status == 200 and receipt["total_minor"] == self.total, f"receipt: {status} {receipt}")
        m.note(f"  {'to the monthly invoice':>47}{kronor(self.total):>10}")


# --- the chapters


def opening(m):
    m.set(at(30, 3, 7, 2))
    m.chapter("the shop gets its price list and its first goods")
    done = m.shop.shopctl("product", "import", m.state / "prices.csv", timeout=60)
    expect(done["rows"] > 2000, f"the price list: {done}")
    m.tell(f"{done['rows']:,} articles from a list; cheese by weight and buns by price are the shop's own")
    m.tell("the driver's boxes are scanned in: lot and best-before stand in the milk's code")
    milk = f"]d201{int(MILK):014}1526040810M0330\n" * 12
    m.ctl("stock", "scan", "deliver", "--cost", "9.50", stdin=milk)
    for gtin, many, cost in DELIVERED:
        m.ctl("stock", "deliver", gtin, many, "--cost", cost, show=gtin in (COFFEE, CHEESE))
    m.tell(f"{len(DELIVERED) - 2} more are booked in the same way")
    m.ctl("stock", "value")
    return {name: m.shop.member() for name in ("Anna", "Exempla", "Cilla")}


def march(m, people):
    m.set(at(30, 3, 17, 31))
    m.chapter("two members shop; food bears 12 % VAT for one more day")
    anna = m.enter(people["Anna"], "Anna")
    anna.take(COFFEE, 2)
    anna.take(in_store(23, 101, 412))
    key, _ = anna.take(in_store(20, 102, 1250))
    anna.take(ROLL, 1)
    anna.take(COLA, 6)
    anna.back(key)
    anna.close()
    cilla = m.enter(people["Cilla"], "Cilla")
    for gtin in (EGGS, SAUSAGE, PASTE, KETCHUP, MILK):
        cilla.take(gtin, 1)
    cilla.close()
    m.set(at(31, 3, 19, 4))
    m.chapter("the cellar has no signal")
    anna = m.enter(people["Anna"], "Anna")
    anna.take(MILK, 2)
    scanned = m.now().astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    anna.close()
    m.tell("Anna scans a sausage too, but her phone hears nothing: it keeps the line for later")
    return anna, scanned


def midnight(m, people):
    m.set(at(31, 3, 23, 59, 55))
    m.chapter("a visit over midnight, into the day on which food goes from 12 % to 6 %")
    visit = m.enter(people["Exempla"], "Exempla")
    _, before = visit.take(MILK, 1)
    visit.take(BREAD, 1)
    shops.until(lambda: m.now() >= at(1, 4, 0), 10, "midnight")
    _, after = visit.take(MILK, 1)
    visit.close()
    expect((before["vat_bp"], after["vat_bp"]) == (1200, 600), "the rates around midnight")
    m.note("the same milk at the same price: the shelf's price holds, the VAT in it is April's")


def first_night(m, people):
    bills = m.night(at(1, 4, 3), "2026-03")
    m.chapter("the first night of the month: the shop closes March by itself")
    m.ctl("invoice", "list", "2026-03")
    by = {i["customer"]: i for i in bills}
    expect(set(by) == {people["Anna"].customer, people["Cilla"].customer}, f"March's invoices: {bills}")
    for i in bills:
        expect(i["gross_minor"] == sum(t for _, t in m.spent[i["customer"]].values()),
               f"{i['number']} is not what was bought: {i}")
    small = sum(t for bp, t in m.spent[people["Exempla"].customer].values() if bp == 1200)
    m.tell(f"nobody asked for it; the log says “{m.said('2026-03 is closed')}”")
    m.note(f"Exempla's {kronor(small)} of March are less than 100 kr: they wait for the next invoice")


def april(m, people, anna, scanned):
    m.set(at(2, 4, 8, 12))
    m.chapter("the line from the cellar arrives")
    _, line = anna.take(SAUSAGE, 1, scanned_at=scanned)
    expect(line["vat_bp"] == 1200, f"the late line's rate: {line}")
    m.note("bought on 31 March, so at 12 %; March is closed, so it will stand on April's invoice")
    m.ctl("stock", "expiring", 7)
    m.set(at(9, 4, 7, 40))
    m.chapter("the owner walks along the shelves")
    milk = m.shop.shopctl("stock", "show", MILK)["on_hand"]
    m.tell(f"{milk // 1000} milk are past their best-before day, and are thrown away")
    m.ctl("stock", "waste", MILK, milk // 1000, "--why", "past best-before")
    m.ctl("stock", "scan", "deliver", "--cost", "9.50",
          stdin=f"]d201{int(MILK):014}1526042010M0409\n" * 12)
    cola = m.shop.shopctl("stock", "show", COLA)["on_hand"] // 1000
    m.tell(f"the books know of {cola} cans of cola; she counts them")
    m.ctl("stock", "count", COLA, cola - 2)
    m.ctl("stock", "shrink")
    m.set(at(14, 4, 18, 20))
    m.chapter("all three shop again; food bears 6 % now")
    for name, basket in (("Exempla", [(in_store(23, 101, 655), 0), (ROLL, 1), (COLA, 4),
                                      (in_store(20, 102, 1250), 0)]),
                         ("Anna", [(MILK, 2), (EGGS, 1), (BREAD, 1), (COFFEE, 1)]),
                         ("Cilla", [(COFFEE, 1), (SAUSAGE, 1), (PASTE, 1)])):
        visit = m.enter(people[name], name)
        for scanned_code, pieces in basket:
            visit.take(scanned_code, pieces)
        visit.close()


def second_night(m, people):
    bills = m.night(at(1, 5, 3), "2026-04")
    m.chapter("April is closed")
    m.ctl("invoice", "list", "2026-04")
    by = {i["customer"]: i for i in bills}
    expect(len(by) == 3 and len(bills) == 3, f"April's invoices: {bills}")
    invoice = by[people["Exempla"].customer]
    m.tell(f"the log says “{m.said('2026-04 is closed')}”")
    m.tell("one of them whole: March's lines at 12 %, April's at 6 %, the kitchen roll at 25 %")
    m.ctl("invoice", "show", invoice["number"])
    whole = m.shop.shopctl("invoice", "show", invoice["number"])
    bought = m.spent[people["Exempla"].customer].values()
    wanted = {bp: sum(t for b, t in bought if b == bp) for bp in (600, 1200, 2500)}
    expect({r["vat_bp"]: r["gross_minor"] for r in whole["vat"]} == wanted, f"its rates: {whole['vat']}")
    expect(whole["payable_minor"] == (sum(wanted.values()) + 50) // 100 * 100, "what is to be paid")
    return invoice


def documents(m, invoice):
    m.chapter("the invoice becomes paper; who sells and who pays comes from a file of made-up people")
    folder = m.state / "invoices"
    m.ctl("invoice", "render", invoice["number"], "--party", near(PARTY), "--out", near(folder))
    base = folder / invoice["number"].lower()
    for suffix in (".xml", ".pdf", ".csv"):
        expect(base.with_suffix(suffix).stat().st_size > 0, f"no {suffix}")
    expect(base.with_suffix(".pdf").read_bytes()[:5] == b"%PDF-", "the PDF is none")
    if shutil.which("xmllint"):
        done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", SCHEMA,
                               base.with_suffix(".xml")], capture_output=True, text=True, check=False)
        expect(done.returncode == 0, f"the XML is not valid UBL 2.1: {done.stderr}")
        m.tell("xmllint holds the XML against the schema of UBL 2.1: valid")
    else:
        m.tell("no xmllint here: the XML was not held against its schema")
    m.tell("the PDF is worth a look: it bears the QR code by which her bank's app pays")


def bank(m, people):
    m.set(at(22, 5, 6, 30))
    m.chapter("the bank's file comes (camt.054, made up for the story)")
    paying = [people[name].customer for name in ("Anna", "Exempla")]
    rows = [i for i in m.shop.shopctl("invoice", "list") if i["customer"] in paying]
    path = m.state / "bank" / "camt054-2026-05-22.xml"
    path.parent.mkdir()
    path.write_text(camt(m.now().date(), [(i["ocr"], i["payable_minor"]) for i in rows]),
                    encoding="utf-8")
    m.ctl("payment", "import", near(path))
    for i in m.shop.shopctl("invoice", "list"):
        left = 0 if i["customer"] in paying else i["payable_minor"]
        expect(i["left_minor"] == left, f"what is left of {i['number']}: {i['left_minor']}, not {left}")
    m.tell("Anna and Exempla have paid by the OCR number on their invoices; Cilla has not")


def camt(day, payments):
    entries = "".join(f"""
  <Ntry><Amt Ccy="SEK">{minor // 100}.{minor % 100:02}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
   <BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>MAY{n}</AcctSvcrRef>
   <NtryDtls><TxDtls><Refs><AcctSvcrRef>MAY{n}</AcctSvcrRef></Refs>
    <Amt Ccy="SEK">{minor // 100}.{minor % 100:02}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
    <RmtInf><Strd><CdtrRefInf><Ref>{ocr}</Ref></CdtrRefInf></Strd></RmtInf>
   </TxDtls></NtryDtls></Ntry>""" for n, (ocr, minor) in enumerate(payments, 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><BkToCstmrDbtCdtNtfctn>
 <GrpHdr><MsgId>MAY</MsgId><CreDtTm>{day}T06:00:00+02:00</CreDtTm></GrpHdr>
 <Ntfctn><Id>1</Id><CreDtTm>{day}T06:00:00+02:00</CreDtTm>
  <Acct><Id><Othr><Id>9912346</Id></Othr></Id><Ccy>SEK</Ccy></Acct>{entries}
 </Ntfctn></BkToCstmrDbtCdtNtfctn></Document>
"""


def unpaid(m, people):
    m.set(at(5, 6, 7, 59, 53), restart=True)
    text = m.shop.text_until(m.shop.name, 0, 20)
    m.chapter("35 days after the first invoices were due")
    m.tell(f"coffee has run low; the owner's phone: “{text['text']}”")
    m.set(at(5, 6, 16, 45))
    m.ctl("reminder", "list")
    status, answer = m.shop.api("POST", "/v1/door/front/unlock", m.token(people["Cilla"], "front"),
                                headers={"Accept-Language": "en"})
    expect(status == 403 and answer["code"] == "overdue", f"Cilla at the door: {status} {answer}")
    m.tell("Cilla stands at the door. It stays shut, and her phone says:")
    m.note(f"  “{answer['detail']}”")
    status, answer = m.shop.api("POST", "/v1/door/front/unlock", m.token(people["Exempla"], "front"))
    expect(status == 200, f"Exempla at the door: {status} {answer}")
    m.tell("Exempla, who has paid, is let in; what is bought now will be on June's invoice")
    visit = m.enter(people["Exempla"], "Exempla")
    visit.take(COFFEE, 1)
    visit.take(COLA, 2)
    visit.close()


def shelves(m):
    m.set(at(5, 6, 18, 0))
    m.chapter("what is left on the shelves")
    m.ctl("stock", "list")
    m.ctl("stock", "order")
    m.ctl("stock", "value")


def closing_the_books(m):
    m.chapter("the books are looked at")
    m.ctl("ledger", "check")
    m.ctl("ledger", "verify")
    m.ctl("ledger", "rebuild")
    for month in ("2026-03", "2026-04", "2026-05"):
        m.ctl("ledger", "sie", month, "--seller", near(PARTY), "--out",
              near(m.state / "invoices" / f"{month}.se"))
    folder = m.state / "books"
    m.ctl("ledger", "export", near(folder))
    audit = ROOT / "tests" / "audit" / "audit.py"
    if audit.exists():
        done = subprocess.run([sys.executable, audit, folder], capture_output=True, text=True, check=False)
        expect(done.returncode == 0, f"the independent check finds: {done.stdout}{done.stderr}")
        m.tell("a second program, in another language, has recomputed it to the öre: no finding")
    return Books(folder)


def told_apart(title):
    print(f"\n{title}\n" + "-" * len(title))


def row_of(name, count, *amounts):
    print(f"  {name:>6}{count:>7}" + "".join(f"{kronor(minor):>13}" for minor in amounts))


def rates_table(m, books):
    """Per rate, held against what the phones were told."""
    told = [pair for lines in m.spent.values() for pair in lines.values()]
    told_apart("The VAT of all that was bought, in kronor")
    print(f"  {'rate':>6}{'lines':>7}" + "".join(f"{head:>13}" for head in (
        "bought", "VAT in it", "invoiced", "VAT in it", "not yet", "VAT posted")))
    sums = [0] * 7
    for bp in books.rates():
        n, gross, vat, billed, billed_vat, left, _ = books.of_rate(bp)
        mine = [t for b, t in told if b == bp]
        expect((n, gross) == (len(mine), sum(mine)), f"at {bp}: {n} lines of {gross}, told {mine}")
        row = (n, gross, vat, billed, billed_vat, left, books.vat_posted(bp))
        sums = [a + b for a, b in zip(sums, row)]
        row_of(percent(bp), *row)
    row_of("sum", *sums)
    if sums[2] != sums[6]:
        print("  An invoice's VAT is reckoned once a rate, a line's for itself: each close posts the öre between.")


def balance_table(m, books):
    names = dict(re.findall(r'#KONTO (\d+) "(.*)"',
                            (m.state / "invoices" / "2026-04.se").read_text(encoding="cp437")))
    told_apart("The accounts, in kronor")
    print(f"  {'':41}{'debit':>13}{'credit':>13}")
    debit = credit = 0
    for account, minor in sorted(books.balance.items()):
        debit, credit = debit + max(minor, 0), credit + max(-minor, 0)
        if minor:
            sides = f"{kronor(minor):>13}" if minor > 0 else f"{'':13}{kronor(-minor):>13}"
            print(f"  {account:<6}{names[str(account)]:35}{sides}")
    print(f"  {'sum':41}{kronor(debit):>13}{kronor(credit):>13}")


def receivable_table(books):
    told_apart("What members owe, in kronor")
    for what, minor in (("invoices", books.payable()), ("paid", -books.paid()),
                        ("bought since", books.unbilled()), ("receivable", books.receivable())):
        print(f"  {what:41}{kronor(minor):>13}")


def four_sums(books):
    told_apart("The four sums")
    for what, holds in books.four_sums():
        print(f"  {'holds' if holds else 'FAILS':7}{what}")
    expect(all(holds for _, holds in books.four_sums()), "one of the four sums does not hold")


def live(m):
    people = opening(m)
    anna, scanned = march(m, people)
    midnight(m, people)
    first_night(m, people)
    april(m, people, anna, scanned)
    documents(m, second_night(m, people))
    bank(m, people)
    unpaid(m, people)
    shelves(m)
    books = closing_the_books(m)
    rates_table(m, books)
    balance_table(m, books)
    receivable_table(books)
    four_sums(books)


# --- the shop


def set_clock(path, ahead_ms):
    with open(path, "r+b" if path.exists() else "wb") as file:
        file.write(struct.pack("q", ahead_ms))


def prepare(state):
    """An empty folder; what an earlier run left is removed, what is not ours is not touched."""
    if state.exists() and any(state.iterdir()):
        expect((state / MARK).is_file(), f"{state} holds something else: name another, STATE=dir")
        with open(state / "lock", "a", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise AssertionError(f"another shop is running in {state}") from None
        shutil.rmtree(state)
    (state / "invoices").mkdir(parents=True)
    (state / MARK).write_text("made by make demo-month, which removes it when it is run again\n")
    set_clock(state / "clock", int((at(30, 3, 7).timestamp() - time.time()) * 1000))
    columns = ("gtin", "name", "price", "vat", "reorder")
    with open(DATA / "products-se.csv", encoding="utf-8", newline="") as file:
        own = {row["gtin"] for row in OWN}
        goods = [{"gtin": row["gtin"], "name": row["name"]} for row in csv.DictReader(file)
                 if row["gtin"] not in own]
    with open(state / "prices.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows({**row, "reorder": REORDER.get(row["gtin"], "")} for row in [*OWN, *goods])


@contextlib.contextmanager
def running(state, build):
    """The shop in this folder, while the block lasts; the folder stays."""
    preload = (ROOT / build / "otherday.so").resolve()
    options = [f"--{what}=shopd:{value}" for what, value in
               (("preload", preload), ("env", f"OTHERDAY={state / 'clock'}"),
                ("set", "books:close_at=03:00"), ("set", "stock:contact=owner"), ("set", "stock:language=en"))]
    with open(state / "console", "wb") as log:
        runner = subprocess.Popen([sys.executable, HERE / "run.py", "--state", state, "--port", "0",
                                   "--build", build, "--no-import", *options], cwd=ROOT,
                                  stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        run_json = state / "run.json"
        shops.until(lambda: run_json.exists() or runner.poll() is not None, 60, "the shop's start")
        said = (state / "console").read_text(errors="replace").strip()
        expect(runner.poll() is None, said)
        shop = shops.Shop(run_json, runner)
        yield shop
        shop.stop()
    finally:
        if runner.poll() is None:
            runner.terminate()
            runner.wait(30)


def ending(state, build, began):
    print(f"\nThe end, after {time.monotonic() - began:.0f} s: everything above was seen to happen. The shop "
          "is closed; what it left is in")
    for where, what in (("invoices/*.pdf", "the invoice on paper; beside it as XML and CSV"),
                        ("invoices/*.se", "three months for the bookkeeper's program"),
                        ("books/", "every table of the books as CSV"), ("bank/", "the bank's file"),
                        ("log/", "what each program said")):
        print(f"  {near(state / where):36}{what}")
    ctl = near((ROOT / build / "shopctl").resolve())
    print(f"and the books themselves can still be read:  {ctl} --state {near(state / 'data')} invoice list")


def main():
    parser = argparse.ArgumentParser(description="A month of the shop's money, told as a story.")
    parser.add_argument("--state", default="state-month", type=pathlib.Path)
    parser.add_argument("--build", default="build/gcc")
    options = parser.parse_args()
    state, began = options.state.resolve(), time.monotonic()
    prepare(state)
    print("A month of a village shop's money. The shop, its books and its papers are real; door, bank\n"
          "and calendar are played, and so are the people. Times are the shop's own.", flush=True)
    with running(state, options.build) as shop:
        live(Month(shop, state))
    ending(state, options.build, began)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\nThe month is interrupted; the shop is closed.", flush=True)
        sys.exit(1)
    except Exception as failure:  # whatever stopped it, the story says so and fails
        print(f"\nThe month breaks off here: {failure}", flush=True)
        sys.exit(1)
