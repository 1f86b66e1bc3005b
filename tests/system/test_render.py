"""Documents of real books, by `shopctl invoice render`: a month is bought, closed and rendered for a
person and for a business; the schemas of OASIS hold the XML; every amount in it is reckoned again here,
in whole öre; and no name stays where the shop's own files are.

shopd's wall clock stands forty days back while the goods are bought, and is then put right.
"""

import contextlib
import csv
import io
import json
import os
import pathlib
import stat
import struct
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree

from shop import ROOT, main, until

BUILD = os.environ.get("SHOP_BUILD", "build/gcc")
BACK_S = 40 * 86400
DATA = ROOT / "tests" / "data"
CONSUMER, BUSINESS = DATA / "parties" / "consumer.json", DATA / "parties" / "business.json"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
PRICES = """gtin,name,price,vat,class,deposit
7300000000011,"Mjölk <1,5 %> & grädde",17.93,food,grocery,
7300000000028,Tvål,34.99,standard,household,
7300000000035,Läsk 33 cl,12.45,food,grocery,1.00
7300000000042,Frimärke,22.00,none,household,
"""


@contextlib.contextmanager
def closed_month(start):
    """A shop with one invoice and a credit note of one of its lines: (shop, invoice, note, folder)."""
    with tempfile.TemporaryDirectory(prefix="render-") as name:
        folder = pathlib.Path(name)
        clock, prices = folder / "clock", folder / "prices.csv"
        clock.write_bytes(struct.pack("q", -BACK_S * 1000))
        prices.write_text(PRICES, encoding="utf-8")
        then = int(time.time()) - BACK_S
        with start("--no-import", f"--preload=shopd:{BUILD}/otherday.so",
                   f"--env=shopd:OTHERDAY={clock}") as shop:
            shop.shopctl("product", "import", prices)
            visit = buy(shop, then)
            with open(clock, "r+b") as file:
                file.write(struct.pack("q", 0))
            month = time.strftime("%Y-%m", time.localtime(then))
            until(lambda: shop.shopctl_raw("invoice", "close", month).returncode == 0, 20, "the close")
            invoice = next(i for i in shop.shopctl("invoice", "list", month) if i["kind"] == "invoice")
            note = shop.shopctl("invoice", "credit", visit, "line-2", "--reason", "broken", "--why",
                                "läckte", "--key", "c-1")
            yield shop, invoice["number"], note["number"], folder


def buy(shop, then):
    member = shop.member()
    status, opened = shop.api("POST", "/v1/visits", member.token("till", iat=then))
    assert status == 201, (status, opened)
    path = f"/v1/visits/{opened['visit']}"
    for i, pieces in enumerate((3, 1, 6, 2)):
        gtin = PRICES.splitlines()[1 + i][:13]
        status, line = shop.api("PUT", f"{path}/lines/line-{i}", {"gtin": gtin, "quantity": pieces * 1000},
                                opened["bearer"])
        assert status == 201, (status, line)
    status, _ = shop.api("POST", f"{path}/close", bearer=opened["bearer"])
    assert status == 200
    return opened["visit"]


def valid(path):
    """xmllint's word, by the schema of the document's root."""
    root = ElementTree.parse(path).getroot()
    kind = root.tag.rpartition("}")[2]
    schema = DATA / "ubl21" / "maindoc" / f"UBL-{kind}-2.1.xsd"
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, path],
                          capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    return root


def minor(element):
    """An amount of two decimals as whole öre."""
    whole, _, ore = element.text.partition(".")
    assert len(ore) == 2 and element.get("currencyID") == "SEK", element.text
    return int(whole + ore)


def exact(root):
    """Everything that can be reckoned from the document alone; what is to be paid."""
    nets = {}
    for line in [*root.iter(CAC + "InvoiceLine"), *root.iter(CAC + "CreditNoteLine")]:
        tax = line.find(f"{CAC}Item/{CAC}ClassifiedTaxCategory")
        kind = (tax.find(CBC + "ID").text, tax.find(CBC + "Percent").text)
        nets[kind] = nets.get(kind, 0) + minor(line.find(CBC + "LineExtensionAmount"))
    total, vat = root.find(CAC + "LegalMonetaryTotal"), root.find(CAC + "TaxTotal")
    for part in vat.iter(CAC + "TaxSubtotal"):
        tax = part.find(CAC + "TaxCategory")
        base, percent = minor(part.find(CBC + "TaxableAmount")), int(tax.find(CBC + "Percent").text)
        assert nets.pop((tax.find(CBC + "ID").text, str(percent))) == base
        assert minor(part.find(CBC + "TaxAmount")) == (base * percent + 50) // 100
    assert not nets, nets
    base, gross = minor(total.find(CBC + "TaxExclusiveAmount")), minor(total.find(CBC + "TaxInclusiveAmount"))
    assert base == minor(total.find(CBC + "LineExtensionAmount"))
    assert gross == base + minor(vat.find(CBC + "TaxAmount"))
    rounding = total.find(CBC + "PayableRoundingAmount")
    payable = minor(total.find(CBC + "PayableAmount"))
    assert payable == gross + (minor(rounding) if rounding is not None else 0)
    return payable


def documents(shop, invoice, note, folder):
    out = folder / "out"
    out.mkdir()
    told = shop.shopctl("invoice", "render", invoice, "--party", CONSUMER, "--out", out)
    assert told["number"] == invoice and set(told["files"]) == {"ubl", "pdf", "csv"}, told
    assert sorted(p.name for p in out.iterdir()) == \
        sorted(f"{invoice.lower()}.{suffix}" for suffix in ("xml", "pdf", "csv"))
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.iterdir()} == {0o600}
    whole = shop.shopctl("invoice", "show", invoice)
    root = valid(told["files"]["ubl"])
    assert exact(root) == whole["payable_minor"]
    assert root.find(CBC + "ID").text == invoice
    names = [e.text for e in root.iter(CBC + "Name")]
    assert "Mjölk <1,5 %> & grädde" in names and names.count("Pant") == 1, names
    text = subprocess.run(["pdftotext", "-layout", told["files"]["pdf"], "-"], capture_output=True,
                          text=True, timeout=30, check=True).stdout
    assert invoice in text and "Exempla Testsdotter" in text and whole["ocr"] in text.replace(" ", ""), text
    rows = list(csv.DictReader(io.StringIO(pathlib.Path(told["files"]["csv"]).read_text(encoding="utf-8"))))
    assert len(rows) == 4 and {row["invoice"] for row in rows} == {invoice}
    told = shop.shopctl("invoice", "render", note, "--party", CONSUMER, "--format", "ubl", "--out", out)
    root = valid(told["files"]["ubl"])
    assert root.tag.endswith("}CreditNote") and exact(root) == 6 * 1245 + 600
    assert root.find(f"{CAC}BillingReference/{CAC}InvoiceDocumentReference/{CBC}ID").text == invoice
    assert "läckte" in root.find(CBC + "Note").text


def on_stdout(shop, invoice, folder):
    """A business's, from a party file on stdin: nothing but the document itself."""
    argv = [*shop.run["shopctl"], "invoice", "render", invoice.lower(), "--party", "-", "--format=ubl",
            "--out", "-"]
    with open(BUSINESS, "rb") as party:
        done = subprocess.run(argv, stdin=party, capture_output=True, timeout=30, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    path = folder / "business.xml"
    path.write_bytes(done.stdout)
    root = valid(path)
    exact(root)
    assert root.find(CBC + "BuyerReference").text == "Kontoret <fika>"
    assert "peppol" in root.find(CBC + "CustomizationID").text


def refused(shop, invoice, folder):
    out = folder / "none"
    out.mkdir()
    bare = json.loads(BUSINESS.read_text(encoding="utf-8"))
    del bare["buyer"]["endpoint"]
    (folder / "bare.json").write_text(json.dumps(bare), encoding="utf-8")
    (folder / "long.json").write_text(" " * 16385, encoding="utf-8")
    unknown = invoice[:-6] + "999999"
    for number, party, code, words in ((unknown, CONSUMER, 1, "there is no " + unknown),
                                       (invoice, folder / "bare.json", 1, "endpoint"),
                                       (invoice, folder / "long.json", 1, "16384"),
                                       (invoice, folder / "nobody.json", 1, "nobody.json"),
                                       ("ELSEWHERE-2026-000001", CONSUMER, 2, "ELSEWHERE"),
                                       ("nonsense", CONSUMER, 2, "nonsense")):
        done = shop.shopctl_raw("invoice", "render", number, "--party", party, "--out", out)
        assert done.returncode == code and words in done.stderr, (number, done.returncode, done.stderr)
    done = shop.shopctl_raw("invoice", "render", invoice, "--party", CONSUMER, "--out", folder / "gone")
    assert done.returncode == 1 and "gone" in done.stderr, done.stderr
    assert list(out.iterdir()) == []


def nothing_kept(shop):
    """No name of a party file is in any file of the shop."""
    state = pathlib.Path(shop.run["ledger"]).parent.parent
    words = [b"Exempla Testsdotter", "Fantasivägen".encode(), b"Uppdiktade", b"5599000014"]
    looked = 0
    for path in state.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes()
        looked += 1
        assert not any(word in content for word in words), path
    assert looked > 3


def test_a_month_on_paper(start):
    with closed_month(start) as (shop, invoice, note, folder):
        documents(shop, invoice, note, folder)
        on_stdout(shop, invoice, folder)
        refused(shop, invoice, folder)
        nothing_kept(shop)


if __name__ == "__main__":
    main(globals())
