"""The month that `make demo-month` tells (tests/standin/month.py): it ends well, in time, with words for
people; and what its tables say is added up again here from the books that it left, in whole öre.
"""

import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

from shop import ROOT, main

BUILD = os.environ.get("SHOP_BUILD", "build/gcc")
MONTH = ROOT / "tests" / "standin" / "month.py"
TAKES_S = 60
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
AMOUNT = re.compile(r"-?\d{1,3}(?: \d{3})*\.\d\d")


def tell(state, seconds=TAKES_S):
    """(exit code, what was said)."""
    done = subprocess.run([sys.executable, MONTH, "--state", state, "--build", BUILD], cwd=ROOT,
                          capture_output=True, text=True, timeout=seconds, check=False)
    return done.returncode, done.stdout + done.stderr


def minor(text):
    whole, ore = text.replace(" ", "").split(".")
    return int(whole + ore)


def amounts(story, start):
    """The amounts of the only line that starts so."""
    found = [line for line in story.splitlines() if line.startswith(start)]
    assert len(found) == 1, (start, found)
    return [minor(amount) for amount in AMOUNT.findall(found[0][len(start):])]


def table(state, name):
    with open(state / "books" / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def check_rates(story, state):
    """The table of rates is the lines', by three ways to add them up."""
    lines = [line for line in table(state, "lines") if line["voided"] == line["credited"] == "0"]
    billed = {row["line"] for row in table(state, "invoice_lines")}
    rates = table(state, "invoice_rates")
    accounts = {row["vat_bp"]: row["account"] for row in table(state, "chart") if row["role"] == "vat"}
    assert {line["vat_bp"] for line in lines} == {"600", "1200", "2500"}
    for bp in ("600", "1200", "2500"):
        mine = [line for line in lines if line["vat_bp"] == bp]
        bought, vat = (sum(int(line[c]) for line in mine) for c in ("total_minor", "vat_minor"))
        invoiced, invoiced_vat = (sum(int(row[c]) for row in rates if row["vat_bp"] == bp)
                                  for c in ("gross_minor", "vat_minor"))
        left = sum(int(line["total_minor"]) for line in mine if line["seq"] not in billed)
        posted = -sum(int(row["amount_minor"]) for row in table(state, "postings")
                      if row["account"] == accounts[bp])
        told = amounts(story, f"  {int(bp) // 100:>4} %{len(mine):>7}")
        assert told == [bought, vat, invoiced, invoiced_vat, left, posted], (bp, told)
        assert bought == invoiced + left


def check_balance(story, state):
    """The accounts, and what members owe."""
    sums, entries = {}, {}
    for row in table(state, "postings"):
        value = int(row["amount_minor"])
        sums[row["account"]] = sums.get(row["account"], 0) + value
        entries[row["seq"]] = entries.get(row["seq"], 0) + value
    assert entries and not any(entries.values()), entries
    for account, balance in sums.items():
        if balance:
            assert amounts(story, f"  {account}  ") == [abs(balance)], account
    invoices = table(state, "invoices")
    assert len(invoices) == 5 and {i["kind"] for i in invoices} == {"invoice"}
    numbers = sorted(i["number"] for i in invoices)
    assert numbers == [f"VIKEN-2026-{n:06}" for n in range(1, 6)], numbers
    payable = sum(int(i["payable_minor"]) for i in invoices)
    paid = sum(int(p["amount_minor"]) for p in table(state, "payments"))
    billed = {row["line"] for row in table(state, "invoice_lines")}
    since = sum(int(line["total_minor"]) for line in table(state, "lines")
                if line["voided"] == "0" and line["seq"] not in billed)
    assert payable % 100 == 0 and 0 < paid < payable and since > 0
    for what, value in (("invoices", payable), ("paid", -paid), ("bought since", since),
                        ("receivable", sums["1510"])):
        assert amounts(story, f"  {what:41}") == [value], what
    assert sums["1510"] == payable - paid + since


def check_papers(story, state):
    """One invoice over the change of rate, on paper and as XML; SIE of three months."""
    papers = {p.suffix: p for p in (state / "invoices").glob("viken-*")}
    assert set(papers) == {".xml", ".pdf", ".csv"} and len(list((state / "invoices").iterdir())) == 6
    assert papers[".pdf"].read_bytes().startswith(b"%PDF-")
    root = ElementTree.parse(papers[".xml"]).getroot()
    number = root.find(CBC + "ID").text
    invoice = next(i for i in table(state, "invoices") if i["number"] == number)
    assert minor(next(root.iter(CBC + "PayableAmount")).text) == int(invoice["payable_minor"])
    rates = {row["vat_bp"]: int(row["base_minor"]) for row in table(state, "invoice_rates")
             if row["id"] == invoice["id"]}
    bases = sorted(minor(e.text) for e in root.iter(CBC + "TaxableAmount"))
    assert bases == sorted(rates.values()) and {"600", "1200"} <= set(rates), (bases, rates)
    for month in ("2026-03", "2026-04", "2026-05"):
        text = (state / "invoices" / f"{month}.se").read_bytes().decode("cp437")
        sums = [sum(minor(line.split()[3]) for line in block.splitlines() if "#TRANS" in line)
                for block in text.split("#VER")[1:]]
        assert sums and not any(sums), (month, sums)
    owed = sum(minor(line.split()[3])
               for line in (state / "invoices" / "2026-03.se").read_text(encoding="cp437").splitlines()
               if "#TRANS 1510" in line)
    in_time = [line for line in table(state, "lines")
               if line["bought"] < "2026-04" and line["late"] == line["voided"] == "0"]
    assert owed == sum(int(line["total_minor"]) for line in in_time), "March was handed over already"
    assert "UBL 2.1: valid" in story or "no xmllint here" in story, story


def test_the_month_is_told(start):
    with tempfile.TemporaryDirectory(prefix="month-") as folder:
        state, began = pathlib.Path(folder, "month"), time.monotonic()
        code, story = tell(state)
        assert code == 0, story
        assert time.monotonic() - began < TAKES_S
        assert "Traceback" not in story and "FAILS" not in story and "breaks off" not in story
        assert story.count("\n  holds ") == 4, story
        assert "An invoice is overdue" in story and "2026-03 is closed" in story, story
        looked_at = re.search(r"(\d+) lines, 5 invoices .*, (\d+) postings: every sum holds", story)
        assert looked_at and list(map(int, looked_at.groups())) == \
            [len(table(state, "lines")), len(table(state, "postings"))], looked_at
        check_rates(story, state)
        check_balance(story, state)
        check_papers(story, state)
        late = [line for line in table(state, "lines") if line["late"] == "1"]
        assert [(line["bought"], line["vat_bp"]) for line in late] == [("2026-03-31", "1200")], late
        closed = {row["period"]: row["invoices"] for row in table(state, "closed")}
        assert closed == {"2026-03": "2", "2026-04": "3", "2026-05": "0"}, closed


def test_a_folder_with_something_else_is_left_alone(start):
    with tempfile.TemporaryDirectory(prefix="month-") as folder:
        mine = pathlib.Path(folder, "mine.txt")
        mine.write_text("mine")
        code, story = tell(folder)
        assert code == 1 and "holds something else" in story and "Traceback" not in story, story
        assert [p.name for p in pathlib.Path(folder).iterdir()] == ["mine.txt"]


if __name__ == "__main__":
    main(globals())
