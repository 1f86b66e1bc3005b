"""monthbooks.py: what the exported books add up to, in whole öre, for the table that ends month.py.

Read from the CSV of `shopctl ledger export` alone. The whole check, written apart from all of this,
is tests/audit/audit.py.
"""

import collections
import csv


def kronor(minor):
    sign, minor = "-" if minor < 0 else "", abs(minor)
    whole = f"{minor // 100:,}".replace(",", " ")
    return f"{sign}{whole}.{minor % 100:02}"


def percent(bp):
    return f"{bp // 100:2} %" if bp % 100 == 0 else f"{bp / 100:g} %"


def vat_within(gross, bp):
    """The VAT in an amount that includes it, rounded half away from zero."""
    return (2 * abs(gross) * bp + 10000 + bp) // (2 * (10000 + bp)) * (-1 if gross < 0 else 1)


class Books:
    """The tables, and the four sums that have to hold."""

    def __init__(self, folder):
        self.table = {}
        for path in sorted(folder.glob("*.csv")):
            with open(path, newline="", encoding="utf-8") as file:
                self.table[path.stem] = [{k: number(v) for k, v in row.items()}
                                         for row in csv.DictReader(file)]
        self.lines = [line for line in self.table["lines"] if not line["voided"] and not line["credited"]]
        self.billed = {row["line"] for row in self.table["invoice_lines"]}
        self.sign = {i["id"]: -1 if i["kind"] == "credit_note" else 1 for i in self.table["invoices"]}
        self.balance = collections.Counter()
        for row in self.table["postings"]:
            self.balance[row["account"]] += row["amount_minor"]

    def rates(self):
        return sorted({line["vat_bp"] for line in self.lines})

    def account(self, role, bp=None):
        return next(row["account"] for row in self.table["chart"]
                    if row["role"] == role and bp in (None, row["vat_bp"]))

    def of_rate(self, bp):
        """(lines, gross, VAT of the lines, gross on invoices, VAT of invoices, gross and VAT unbilled)."""
        lines = [line for line in self.lines if line["vat_bp"] == bp]
        on = [row for row in self.table["invoice_rates"]
              if row["vat_bp"] == bp and self.sign[row["id"]] > 0]
        left = [line for line in lines if line["seq"] not in self.billed]
        return (len(lines), total(lines, "total_minor"), total(lines, "vat_minor"),
                total(on, "gross_minor"), total(on, "vat_minor"),
                total(left, "total_minor"), total(left, "vat_minor"))

    def vat_posted(self, bp):
        return -self.balance[self.account("vat", bp)]

    def payable(self):
        return sum(self.sign[i["id"]] * i["payable_minor"] for i in self.table["invoices"])

    def paid(self):
        return sum(p["amount_minor"] for p in self.table["payments"] if p["customer"])

    def unbilled(self):
        return sum(self.of_rate(bp)[5] for bp in self.rates())

    def receivable(self):
        return self.balance[self.account("receivable")]

    def four_sums(self):
        """[(what, whether it holds)]"""
        rows = {bp: self.of_rate(bp) for bp in self.rates()}
        entries = collections.Counter()
        for row in self.table["postings"]:
            entries[row["seq"]] += row["amount_minor"]
        told = [row["line"] for row in self.table["invoice_lines"] if self.sign[row["id"]] > 0]
        return [
            ("Lines = lines on invoices + lines on none, per rate; each on one invoice at most",
             all(r[1] == r[3] + r[5] for r in rows.values()) and len(told) == len(set(told))),
            (f"Debit = credit in each of the {len(entries)} entries that post",
             bool(entries) and not any(entries.values())),
            ("VAT accounts = VAT on invoices + VAT of the lines on none, per rate",
             all(self.vat_posted(bp) == r[4] + r[6] for bp, r in rows.items())),
            ("Receivable = invoiced - paid + lines on no invoice",
             self.receivable() == self.payable() - self.paid() + self.unbilled()),
        ]


def number(text):
    try:
        return int(text)
    except ValueError:
        return text


def total(rows, column):
    return sum(row[column] for row in rows)
