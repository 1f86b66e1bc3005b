"""faults.py: mistakes that books could have, each planted alone into books that hold.

A fault is a function of (books, draw): books is {file: [row, …]} with each row a dict, as read from
an export; draw a random.Random. It changes the rows as a bug or a forger would, everything near it
made to fit as well as it can be, and returns nothing; Nothing to plant it in: KeyError or IndexError.
FAULTS gives each the name under which audit.py has to tell of it.
"""

import csv

FILES = ("lines postings invoices invoice_rates invoice_lines payments closed chart tax").split()


def read(folder):
    books = {}
    for name in FILES:
        with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            books[name] = list(csv.DictReader(file))
    return books


def write(books, heads, folder):
    for name, rows in books.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, heads[name])
            out.writeheader()
            out.writerows(rows)


def heads(folder):
    found = {}
    for name in FILES:
        with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            found[name] = next(csv.reader(file))
    return found


def add(row, column, more):
    row[column] = str(int(row[column]) + more)


def posts(books, seq):
    return [p for p in books["postings"] if p["seq"] == str(seq)]


def account(books, role, bp=""):
    return next(c["account"] for c in books["chart"] if (c["role"], c["vat_bp"]) == (role, bp))


def move(books, seq, frm, to, amount):
    """Moves an amount between two accounts of one entry, so that it still sums to 0."""
    for p in posts(books, seq):
        if p["account"] == frm:
            add(p, "amount_minor", amount)
        elif p["account"] == to:
            add(p, "amount_minor", -amount)


def invoice(books, draw, least=1):
    return draw.choice([i for i in books["invoices"]
                        if i["kind"] == "invoice" and int(i["lines"]) > least])


def rates_of(books, i):
    return [r for r in books["invoice_rates"] if r["id"] == i["id"]]


def lines_of(books, i):
    return [r for r in books["invoice_lines"] if r["id"] == i["id"]]


def line(books, draw, good=lambda line: True):
    billed = {r["line"] for r in books["invoice_lines"]}
    return draw.choice([r for r in books["lines"] if r["seq"] in billed and int(r["total_minor"]) and
                        good(r)])


# --- lines and invoices


def a_line_on_two_invoices(books, draw):
    first, second = draw.sample([i for i in books["invoices"] if i["kind"] == "invoice"], 2)
    taken = draw.choice(lines_of(books, first))
    books["invoice_lines"].append({"id": second["id"], "line": taken["line"]})
    add(second, "lines", 1)


def a_line_twice_on_one_invoice(books, draw):
    books["invoice_lines"].append(dict(draw.choice(books["invoice_lines"])))


def a_line_that_an_invoice_lost(books, draw):
    books["invoice_lines"].remove(draw.choice(lines_of(books, invoice(books, draw))))


def a_sale_that_is_lost(books, draw):
    lost = line(books, draw)
    books["lines"].remove(lost)
    books["invoice_lines"] = [r for r in books["invoice_lines"] if r["line"] != lost["seq"]]


def an_ore_between_rates(books, draw):
    choices = [i for i in books["invoices"] if i["kind"] == "invoice" and
               len([r for r in rates_of(books, i) if r["vat_bp"] != "0"]) > 1]
    one, other = draw.sample([r for r in rates_of(books, draw.choice(choices))
                              if r["vat_bp"] != "0"], 2)
    add(one, "gross_minor", 1)
    add(other, "gross_minor", -1)


def a_wrong_net_base(books, draw):
    r = draw.choice([r for r in rates_of(books, invoice(books, draw)) if r["vat_bp"] != "0"])
    add(r, "base_minor", -1)
    add(r, "vat_minor", 1)


def vat_of_an_invoice(books, draw):
    i = invoice(books, draw)
    add(draw.choice(rates_of(books, i)), "vat_minor", 1)
    add(i, "rounding_minor", -1)


def a_wrong_rounding(books, draw):
    add(invoice(books, draw), "rounding_minor", 1)


def rounded_the_wrong_way(books, draw):
    i = draw.choice([i for i in books["invoices"]
                     if i["kind"] == "invoice" and int(i["gross_minor"]) % 100])
    up = 100 if int(i["payable_minor"]) < int(i["gross_minor"]) else -100
    add(i, "payable_minor", up)
    add(i, "rounding_minor", up)


def a_gap_in_the_numbers(books, draw):
    gone = draw.choice(books["invoices"][:-1])
    books["invoices"].remove(gone)
    for name in ("invoice_rates", "invoice_lines"):
        books[name] = [r for r in books[name] if r["id"] != gone["id"]]


def a_number_given_twice(books, draw):
    books["invoices"].append(dict(invoice(books, draw)))


def a_voided_line_billed(books, draw):
    voided = draw.choice([r for r in books["lines"] if r["voided"] != "0"])
    i = draw.choice([i for i in books["invoices"]
                     if i["kind"] == "invoice" and i["customer"] == voided["customer"]])
    books["invoice_lines"].append({"id": i["id"], "line": voided["seq"]})
    add(i, "lines", 1)


def a_line_on_anothers_invoice(books, draw):
    one = line(books, draw)
    one["customer"] = draw.choice([r["customer"] for r in books["lines"]
                                   if r["customer"] != one["customer"]])


def a_line_before_it_was_bought(books, draw):
    one = line(books, draw, lambda r: r["vat_class"] in ("standard", "none", "fixed"))
    one["bought"] = "2099-01-01"


# --- rates


def march_at_aprils_rate(books, draw):
    """The line and all that is posted for it are made to fit its wrong rate."""
    one = draw.choice([r for r in books["lines"] if r["vat_class"] == "food" and
                       r["vat_bp"] == "1200" and r["bought"][5:7] in ("03", "12") and
                       r["deposit_minor"] == "0" and int(r["total_minor"]) > 1000 and
                       (r["voided"], r["credited"]) == ("0", "0")])
    total = int(one["total_minor"])
    vat = (2 * total * 600 + 10600) // (2 * 10600)
    one["vat_bp"], one["vat_minor"] = "600", str(vat)
    for p in posts(books, one["seq"]):
        if p["account"] == account(books, "sales", "1200"):
            p["account"], p["amount_minor"] = account(books, "sales", "600"), str(vat - total)
        elif p["account"] == account(books, "vat", "1200"):
            p["account"], p["amount_minor"] = account(books, "vat", "600"), str(-vat)


def vat_of_a_line(books, draw):
    one = line(books, draw, lambda r: r["vat_bp"] != "0")
    add(one, "vat_minor", 1)
    bp = one["vat_bp"]
    move(books, one["seq"], account(books, "vat", bp), account(books, "sales", bp), -1)


def a_total_that_is_no_product(books, draw):
    add(line(books, draw), "unit_price_minor", 1)


# --- postings


def a_posting_off_by_one(books, draw):
    add(draw.choice(books["postings"]), "amount_minor", 1)


def two_postings_off_by_one(books, draw):
    one = line(books, draw, lambda r: r["vat_bp"] != "0")
    move(books, one["seq"], account(books, "vat", one["vat_bp"]),
         account(books, "sales", one["vat_bp"]), 1)


def accounts_swapped(books, draw):
    one = line(books, draw, lambda r: r["vat_bp"] == "600")
    for p in posts(books, one["seq"]):
        if p["account"] == account(books, "sales", "600"):
            p["account"] = account(books, "sales", "1200")


def receivable_to_bank(books, draw):
    one = line(books, draw)
    for p in posts(books, one["seq"]):
        if p["account"] == account(books, "receivable"):
            p["account"] = account(books, "bank")


def a_sale_not_posted(books, draw):
    gone = line(books, draw)["seq"]
    books["postings"] = [p for p in books["postings"] if p["seq"] != gone]


def a_sale_posted_twice(books, draw):
    seq = line(books, draw)["seq"]
    at = max(n for n, p in enumerate(books["postings"]) if p["seq"] == seq) + 1
    books["postings"][at:at] = [dict(p) for p in posts(books, seq)]


def a_posting_for_nothing(books, draw):
    seq = str(int(books["postings"][-1]["seq"]) + 1)
    amount = draw.randrange(1, 10000)
    for role, sign in (("bank", 1), ("own_use", -1)):
        books["postings"].append({"seq": seq, "kind": "door", "account": account(books, role),
                                  "amount_minor": str(sign * amount)})


def an_invoice_posted_otherwise(books, draw):
    """An öre that belongs to sales is called rounding."""
    seqs = {p["seq"] for p in books["postings"]
            if p["kind"] == "invoice" and p["account"] == account(books, "rounding")}
    seq = draw.choice(sorted(seqs))
    other = next(p for p in posts(books, seq) if p["account"] != account(books, "rounding"))
    move(books, seq, account(books, "rounding"), other["account"], 1)


# --- credit notes and payments


def a_note_that_recomputes(books, draw):
    note = draw.choice([i for i in books["invoices"] if i["kind"] == "credit_note"])
    r = draw.choice([r for r in rates_of(books, note)])
    add(r, "base_minor", 1)
    add(note, "rounding_minor", -1)


def a_note_twice(books, draw):
    note = draw.choice([i for i in books["invoices"] if i["kind"] == "credit_note"])
    newest = max(books["invoices"], key=lambda i: int(i["id"]))
    twice = dict(note, id=str(int(newest["id"]) + 1), issued=newest["issued"])
    twice["number"] = twice["number"].rsplit("-", 2)[0] + \
        f"-{twice['id'][:4]}-{int(twice['id']) % 1000000:06}"
    books["invoices"].append(twice)
    books["invoice_rates"] += [dict(r, id=twice["id"]) for r in rates_of(books, note)]


def a_payment_twice(books, draw):
    """With postings of its own, as if it had come in again."""
    payment = dict(draw.choice([p for p in books["payments"] if p["customer"]]))
    mine = posts(books, payment["seq"])
    payment["seq"] = str(int(books["postings"][-1]["seq"]) + 1)
    books["payments"].append(payment)
    books["postings"] += [dict(p, seq=payment["seq"]) for p in mine]


def a_payment_posted_twice(books, draw):
    payment = draw.choice([p for p in books["payments"] if p["customer"]])
    for p in posts(books, payment["seq"]):
        add(p, "amount_minor", int(p["amount_minor"]))


def an_assignment_twice(books, draw):
    one = draw.choice([p for p in books["postings"] if p["kind"] == "payment_assigned"])
    seq = str(int(books["postings"][-1]["seq"]) + 1)
    books["postings"] += [dict(p, seq=seq) for p in posts(books, one["seq"])]


def paid_without_money(books, draw):
    i = draw.choice([i for i in books["invoices"] if i["kind"] == "invoice"])
    came = sum(int(p["amount_minor"]) for p in books["payments"] if p["customer"] == i["customer"])
    i["paid_minor"] = str(max(came, 0) + 1)


# --- the month


def a_close_that_says_otherwise(books, draw):
    add(draw.choice(books["closed"]), draw.choice(["lines_minor", "invoiced_minor", "unbilled_minor",
                                                   "payable_minor", "receivable_minor",
                                                   "vat_minor", "invoices"]), 1)


def a_customer_never_billed(books, draw):
    """One invoice of the first month is gone, the numbers behind it moved up."""
    first = [i for i in books["invoices"] if i["kind"] == "invoice" and
             i["period"] == books["closed"][0]["period"] and int(i["gross_minor"]) > 50000]
    gone = draw.choice(first)
    books["invoices"].remove(gone)
    for name in ("invoice_rates", "invoice_lines"):
        books[name] = [r for r in books[name] if r["id"] != gone["id"]]


FAULTS = [
    (a_line_on_two_invoices, "line_doubled"),
    (a_line_twice_on_one_invoice, "line_doubled"),
    (a_line_that_an_invoice_lost, "line_lost"),
    (a_sale_that_is_lost, "line_lost"),
    (an_ore_between_rates, "ore_moved_between_rates"),
    (a_wrong_net_base, "net_base"),
    (vat_of_an_invoice, "rate_vat"),
    (a_wrong_rounding, "rounding"),
    (rounded_the_wrong_way, "payable"),
    (a_gap_in_the_numbers, "invoice_gap"),
    (a_number_given_twice, "invoice_number_twice"),
    (a_voided_line_billed, "line_voided_billed"),
    (a_line_on_anothers_invoice, "line_of_another"),
    (a_line_before_it_was_bought, "line_too_early"),
    (march_at_aprils_rate, "line_rate"),
    (vat_of_a_line, "line_vat"),
    (a_total_that_is_no_product, "line_total"),
    (a_posting_off_by_one, "entry_unbalanced"),
    (two_postings_off_by_one, "posting_amount"),
    (accounts_swapped, "account_swapped"),
    (receivable_to_bank, "account_swapped"),
    (a_sale_not_posted, "posting_absent"),
    (a_sale_posted_twice, "posting_doubled"),
    (a_posting_for_nothing, "posting_without_cause"),
    (an_invoice_posted_otherwise, "posting_amount"),
    (a_note_that_recomputes, "credit_not_mirrored"),
    (a_note_twice, "credited_twice"),
    (a_payment_twice, "payment_doubled"),
    (a_payment_posted_twice, "payment_doubled"),
    (an_assignment_twice, "payment_assigned"),
    (paid_without_money, "paid_without_money"),
    (a_close_that_says_otherwise, "closed_sum"),
    (a_customer_never_billed, "line_forgotten"),
]
