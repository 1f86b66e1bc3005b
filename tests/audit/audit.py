"""audit.py: a shop's books, recomputed to the öre by somebody else.

    audit.py DIR [--roll-least MINOR] [--roll-months N]

DIR holds what `shopctl ledger export` wrote: lines, postings, invoices, invoice_rates, invoice_lines,
payments, closed, chart and tax as CSV. Everything is computed again here from the design's section 4
("Money") alone, in another language, with none of the shop's own code:

  - a price includes VAT: of a gross amount at b basis points b / (10000 + b) is VAT, rounded half away
    from zero; a deposit takes the rate of what it holds; the rate is that of the goods' class on the
    day of purchase
  - every entry's postings sum to 0, and are those that such an entry has to make
  - every line is on exactly one invoice, or unbilled; a line that was taken back is on none
  - per rate an invoice has the net base whose base + VAT comes nearest to the lines' gross (of two as
    near the smaller), and the total is rounded once, to whole kronor
  - a credit note mirrors its invoice, or one line of it as the base was spread by largest remainder;
    of one line it has that base's VAT, and asks for the line's gross: never more than the notes
    before it left of what was payable, and all that is left with the invoice's last line
  - VAT accounts = VAT of invoices - of credit notes + of unbilled lines; receivable = what is payable
    - what was paid + unbilled gross; numbers have no gaps; small sums wait, but not too long

Each finding is one line, "NAME: where: what". Exit 0: none. 1: there are some. 2: DIR cannot be read.
"""

import argparse
import bisect
import collections
import csv
import datetime
import itertools
import operator
import pathlib
import sys

SHOWN = 20  # findings of one name that are told one by one

Line = collections.namedtuple("Line", "seq customer bought quantity unit list_price total deposit bp "
                              "vat_class vat cost voided credited")
Invoice = collections.namedtuple("Invoice", "id number kind customer period issued due lines gross "
                                 "rounding payable original line reason credited paid")
Rate = collections.namedtuple("Rate", "bp gross base vat posted")
Payment = collections.namedtuple("Payment", "seq key customer amount")


def divide(a, b):
    """a / b for b > 0, rounded half away from zero."""
    return (2 * a + b) // (2 * b) if a >= 0 else -((-2 * a + b) // (2 * b))


def vat_within(gross, bp):
    return divide(gross * bp, 10000 + bp)


def vat_upon(base, bp):
    return divide(base * bp, 10000)


def net_base(gross, bp):
    """The base whose base + VAT comes nearest to gross; of two as near the smaller."""
    about = gross * 10000 // (10000 + bp)
    return min(range(about - 2, about + 3), key=lambda s: (abs(s + vat_upon(s, bp) - gross), s))


def whole_kronor(amount):
    return divide(amount, 100) * 100


def spread(base, parts):
    """base over gross parts by largest remainder; of equal remainders the first wins."""
    whole = sum(parts)
    if whole == 0:
        return [0] * len(parts)
    nets = [base * part // whole for part in parts]
    by_rest = sorted(range(len(parts)), key=lambda i: (-(base * parts[i] % whole), i))
    for i in by_rest[:base - sum(nets)]:
        nets[i] += 1
    return nets


def taken(amounts):
    """Postings without what is nothing."""
    return {account: amount for account, amount in amounts.items() if amount}


class Findings:
    def __init__(self):
        self.count = collections.Counter()

    def __call__(self, name, where, what):
        self.count[name] += 1
        if self.count[name] <= SHOWN:
            print(f"{name}: {where}: {what}")


class Books:
    """The files as they are, numbers as numbers."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.lines = {}
        self.line_rows = collections.Counter()
        for r in self.rows("lines"):
            line = Line(int(r[0]), r[2], r[6], int(r[7]), int(r[8]), int(r[9]), int(r[10]),
                        int(r[11]), int(r[12]), r[13], int(r[14]), int(r[15]), int(r[17]),
                        int(r[18]))
            self.line_rows[line.seq] += 1
            self.lines[line.seq] = line
        self.invoices = [Invoice(int(r[0]), r[1], r[2], r[3], r[4], r[5], r[6],
                                 *(int(x) for x in r[7:13]), r[13], int(r[14]), int(r[15]))
                         for r in self.rows("invoices")]
        self.rates = collections.defaultdict(dict)
        for r in self.rows("invoice_rates"):
            n = [int(x) for x in r]
            self.rates[n[0]][n[1]] = Rate(*n[1:])
        self.on = collections.defaultdict(list)  # invoice -> its lines
        for invoice, line in self.rows("invoice_lines"):
            self.on[int(invoice)].append(int(line))
        self.payments = [Payment(int(r[0]), r[1], r[2], int(r[4])) for r in self.rows("payments")]
        self.closed = list(self.rows("closed"))
        self.role, self.sales, self.vat, self.deposit = {}, {}, {}, {}
        for role, bp, account in self.rows("chart"):
            by_rate = {"sales": self.sales, "vat": self.vat, "deposit": self.deposit}.get(role)
            if by_rate is None:
                self.role[role] = int(account)
            else:
                by_rate[int(bp)] = int(account)
        self.tax = collections.defaultdict(list)
        for vat_class, bp, first in self.rows("tax"):
            self.tax[vat_class].append((first if first > "1970-01-01" else "", int(bp)))
        for rates in self.tax.values():
            rates.sort()

    def rows(self, name):
        with open(self.folder / f"{name}.csv", newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            next(reader)
            yield from reader

    def rate_on(self, vat_class, day):
        found = None
        for first, bp in self.tax.get(vat_class, ()):
            if first <= day:
                found = bp
        return found

    def rates_ever(self, vat_class):
        return [bp for _, bp in self.tax.get(vat_class, ())]

    def vat_account(self, bp):
        """The account of a rate's VAT; a rate of 0 % has none."""
        return self.vat.get(bp, 0)


class Audit:
    def __init__(self, books, least, months):
        self.b = books
        self.least, self.months = least, months
        self.found = Findings()
        self.balance = collections.Counter()  # account -> sum of its postings
        self.receivable_at, self.vat_at = [], []  # (entry, sum up to it), for the closes
        self.entry_of = {}  # document -> its entry, where it posts something
        self.billed = {}  # line -> invoice
        self.by_id = {i.id: i for i in books.invoices}
        self.numbered = [i for i in books.invoices if i.kind == "invoice"]
        self.notes = [i for i in books.invoices if i.kind != "invoice"]

    def run(self):
        self.check_lines()
        self.check_invoices()
        self.check_numbers()
        self.check_notes()
        self.check_postings()
        self.check_sums()
        self.check_closed()
        self.check_waiting()
        return sum(self.found.count.values()) == 0

    # --- lines

    def check_lines(self):
        for seq, rows in self.b.line_rows.items():
            if rows > 1:
                self.found("line_doubled", f"line {seq}", f"stands {rows} times in the lines")
        for line in self.b.lines.values():
            where = f"line {line.seq}"
            goods = divide(line.unit * line.quantity, 1000)
            # a label with a price on it says it all, the deposit included
            if line.total != goods + line.deposit and not (line.quantity == 1000 and
                                                           line.total == line.unit):
                self.found("line_total", where,
                           f"total {line.total}, {line.quantity} x {line.unit} + deposit "
                           f"{line.deposit}")
            if line.vat != vat_within(line.total, line.bp):
                self.found("line_vat", where,
                           f"VAT {line.vat}, of {line.total} at {line.bp} it is "
                           f"{vat_within(line.total, line.bp)}")
            if line.vat_class != "fixed":
                rate = self.b.rate_on(line.vat_class, line.bought)
                # taken back before its day was put right, it stays as it was posted
                back = line.bp in self.b.rates_ever(line.vat_class) and \
                    (line.voided or line.credited)
                if rate != line.bp and not back:
                    self.found("line_rate", where, f"{line.bp} on {line.bought}; {line.vat_class} "
                                                   f"then has {rate}")
            if not 0 <= line.deposit <= line.total:
                self.found("line_deposit", where, f"deposit {line.deposit} of {line.total}")
            if line.voided and line.credited:
                self.found("line_taken_back_twice", where, "voided and credited")

    # --- invoices

    def check_invoices(self):
        for i in self.numbered:
            lines = []
            for seq in self.b.on[i.id]:
                if seq in self.billed:
                    self.found("line_doubled", f"line {seq}",
                               f"on {self.by_id[self.billed[seq]].number} and on {i.number}")
                self.billed[seq] = i.id
                line = self.b.lines.get(seq)
                if line is None:
                    self.found("line_unknown", i.number, f"bears line {seq}, which is none")
                    continue
                lines.append(line)
                self.check_line_on(i, line)
            self.check_counts(i, lines)
            self.check_rates(i, lines)
            self.check_total(i)
            self.check_age(i, lines)
        known = set(self.by_id)
        for stray in set(self.b.on) - known | set(self.b.rates) - known:
            self.found("invoice_unknown", f"invoice {stray}", "has lines or rates, and is none")
        for note in self.notes:
            if self.b.on.get(note.id):
                self.found("line_doubled", note.number, "a credit note bears lines")

    def check_line_on(self, i, line):
        where = f"line {line.seq} on {i.number}"
        if line.voided:
            self.found("line_voided_billed", where, f"it was voided by entry {line.voided}")
        if line.credited:
            self.found("line_credited_billed", where, f"it was credited by entry {line.credited}")
        if line.customer != i.customer:
            self.found("line_of_another", where, f"is {line.customer}'s, not {i.customer}'s")
        if line.bought[:7] > i.period:
            self.found("line_too_early", where, f"was bought on {line.bought}")

    def check_counts(self, i, lines):
        if len(lines) < i.lines:
            self.found("line_lost", i.number, f"{i.lines} lines, and {len(lines)} are known")
        elif len(lines) > i.lines:
            self.found("line_added", i.number, f"{i.lines} lines, and {len(lines)} are known")
        if i.due < i.issued or i.issued[:7] <= i.period:
            self.found("invoice_days", i.number, f"of {i.period}, issued {i.issued}, due {i.due}")
        if not lines:
            self.found("invoice_empty", i.number, "bears no line")

    def check_rates(self, i, lines):
        gross, posted = collections.Counter(), collections.Counter()
        for line in lines:
            gross[line.bp] += line.total
            posted[line.bp] += line.vat
        rates = self.b.rates[i.id]
        wrong = [bp for bp in {*rates, *gross}
                 if (rates[bp].gross if bp in rates else 0) != gross[bp]]
        if len(wrong) > 1 and sum(r.gross for r in rates.values()) == sum(gross.values()):
            self.found("ore_moved_between_rates", i.number, f"between {sorted(wrong)}")
        else:
            for bp in wrong:
                told = rates[bp].gross if bp in rates else None
                self.found("rate_gross", i.number, f"at {bp}: {told}, its lines are {gross[bp]}")
        for bp, r in rates.items():
            where = f"{i.number} at {bp}"
            if r.base != net_base(r.gross, bp):
                self.found("net_base", where, f"{r.base}, the nearest is {net_base(r.gross, bp)}")
            if r.vat != vat_upon(r.base, bp):
                self.found("rate_vat", where, f"{r.vat}, upon {r.base} it is "
                                              f"{vat_upon(r.base, bp)}")
            if r.posted != posted[bp]:
                self.found("rate_posted", where, f"{r.posted}, its lines posted {posted[bp]}")

    def check_total(self, i):
        rates = self.b.rates[i.id].values()
        gross = sum(r.gross for r in rates)
        with_vat = sum(r.base + r.vat for r in rates)
        if i.gross != gross:
            self.found("invoice_gross", i.number, f"{i.gross}, its rates are {gross}")
        if i.payable != whole_kronor(i.gross):
            self.found("payable", i.number, f"{i.payable}; {i.gross} is {whole_kronor(i.gross)}")
        if i.rounding != i.payable - with_vat:
            self.found("rounding", i.number, f"{i.rounding}; {i.payable} - {with_vat} is "
                                             f"{i.payable - with_vat}")

    # --- what waits

    def too_old(self, oldest, period):
        """Whether a line of that day has waited through `months` ends of month by this one's."""
        age = int(period[:4]) * 12 + int(period[5:7]) - int(oldest[:4]) * 12 - int(oldest[5:7])
        return age >= self.months

    def check_age(self, i, lines):
        """A small sum waits for the next month, unless its oldest line has waited long enough."""
        if lines and i.gross < self.least:
            oldest = min(line.bought for line in lines)
            if not self.too_old(oldest, i.period) and not self.near(oldest, i.period):
                self.found("billed_too_early", i.number, f"{i.gross} since {oldest}")

    def near(self, oldest, period):
        """Within the month in which "months old" can be told by days as well."""
        age = int(period[:4]) * 12 + int(period[5:7]) - int(oldest[:4]) * 12 - int(oldest[5:7])
        return age == self.months - 1

    def check_waiting(self):
        """Of what was bought before the last month but one that is closed, only small sums may
        still wait at the last close (visits that are open at a close wait for the next)."""
        if len(self.b.closed) < 2:
            return
        before, last = self.b.closed[-2], self.b.closed[-1]
        waiting, oldest = collections.Counter(), {}
        for line in self.b.lines.values():
            if line.seq in self.billed or line.seq > int(before[2]) or line.bought[:7] > before[0]:
                continue
            if 0 < line.voided or 0 < line.credited:
                continue
            waiting[line.customer] += line.total
            oldest[line.customer] = min(line.bought, oldest.get(line.customer, line.bought))
        for customer, gross in waiting.items():
            if gross >= self.least:
                self.found("line_forgotten", f"customer {customer[:8]}",
                           f"{gross} since {oldest[customer]} was on no invoice when {last[0]} closed")
            elif self.too_old(oldest[customer], last[0]):
                self.found("waited_too_long", f"customer {customer[:8]}",
                           f"{gross} since {oldest[customer]} at the close of {last[0]}")

    # --- numbers

    def check_numbers(self):
        by_year = collections.defaultdict(list)
        for i in self.b.invoices:
            by_year[i.id // 1000000].append(i.id % 1000000)
            year, counter = i.number.rsplit("-", 2)[1:]
            if (int(year), int(counter)) != (i.id // 1000000, i.id % 1000000):
                self.found("invoice_number", i.number, f"is written so for {i.id}")
            if i.issued[:4] != year:
                self.found("invoice_number", i.number, f"issued on {i.issued}")
        for year, counters in by_year.items():
            for counter, times in collections.Counter(counters).items():
                if times > 1:
                    self.found("invoice_number_twice", f"{year}-{counter:06}", f"{times} times")
            for counter in sorted(set(range(1, max(counters) + 1)) - set(counters)):
                self.found("invoice_gap", f"{year}-{counter:06}", "no invoice has this number")

    # --- credit notes

    def check_notes(self):
        credited, seen = collections.Counter(), set()
        self.noted = collections.defaultdict(lambda: (0, 0))  # invoice -> by the notes so far
        for note in sorted(self.notes, key=lambda note: note.id):
            original = self.by_id.get(note.original)
            if original is None or original.kind != "invoice":
                self.found("credit_original", note.number, f"credits {note.original}, no invoice")
                continue
            if note.customer != original.customer:
                self.found("credit_original", note.number, "is another customer's than its invoice")
            if (note.original, note.line) in seen or (note.original, 0) in seen:
                self.found("credited_twice", note.number, f"of {original.number}, line {note.line}")
            seen.add((note.original, note.line))
            credited[note.original] += note.payable
            self.check_mirror(note, original)
            gross, payable = self.noted[note.original]
            self.noted[note.original] = gross + note.gross, payable + note.payable
        for i in self.numbered:
            if i.credited != credited[i.id]:
                self.found("credited_sum", i.number, f"{i.credited}, its credit notes are "
                                                     f"{credited[i.id]}")
            if credited[i.id] > max(i.payable, i.gross):
                self.found("credited_too_much", i.number, f"{credited[i.id]} of {i.payable}")

    def check_mirror(self, note, original):
        rates = self.b.rates[note.id]
        if note.line == 0:
            wanted = {bp: r[1:4] for bp, r in self.b.rates[original.id].items()}
            amounts = (original.gross, original.rounding, original.payable)
        else:
            line = self.b.lines.get(note.line)
            if line is None or self.billed.get(note.line) != original.id:
                self.found("credit_original", note.number,
                           f"credits line {note.line}, which is not on {original.number}")
                return
            base = sum(self.line_nets(original, line))
            vat = vat_upon(base, line.bp)
            wanted = {line.bp: (line.total, base, vat)}
            gross, payable = self.noted[original.id]
            left = original.payable - payable  # of which the last note takes all
            due = left if gross + line.total == original.gross else min(line.total, left)
            amounts = (line.total, due - base - vat, due)
        have = {bp: r[1:4] for bp, r in rates.items()}
        if have != wanted or (note.gross, note.rounding, note.payable) != amounts:
            self.found("credit_not_mirrored", note.number,
                       f"{have} {(note.gross, note.rounding, note.payable)}, of "
                       f"{original.number} it is {wanted} {amounts}")

    def line_nets(self, invoice, line):
        """(net of the goods, net of the deposit) of one line, as its rate's base was spread."""
        lines = [self.b.lines[seq] for seq in sorted(self.b.on[invoice.id]) if seq in self.b.lines]
        same = [other for other in lines if other.bp == line.bp]
        rate = self.b.rates[invoice.id].get(line.bp)
        parts = [part for other in same for part in (other.total - other.deposit, other.deposit)]
        if rate is None or sum(parts) < rate.base:
            return 0, 0
        nets = spread(rate.base, parts)
        at = 2 * same.index(line)
        return nets[at], nets[at + 1]

    # --- postings

    def line_postings(self, line, bp):
        """What the sale of a line posts at a rate; its cost is what the line says."""
        b, vat = self.b, vat_within(line.total, bp)
        deposit = line.deposit - vat_within(line.deposit, bp) if line.deposit else 0
        posts = {b.role["receivable"]: line.total}
        for account, amount in ((b.vat_account(bp), -vat), (b.deposit.get(bp), -deposit),
                                (b.sales.get(bp), vat + deposit - line.total)):
            posts[account] = posts.get(account, 0) + amount
        return posts

    def cost_postings(self, line, against):
        if not line.cost or against == self.b.role["cost"]:
            return {}
        return {self.b.role["cost"]: line.cost, against: -line.cost}

    def check_postings(self):
        """Streamed: of a million lines there are five million."""
        self.back = collections.defaultdict(list)
        for line in self.b.lines.values():
            if line.voided:
                self.back[line.voided].append(line)
            if line.credited:
                self.back[line.credited].append(line)
        self.seen = collections.Counter()
        self.documents = {"invoice": iter(self.numbered), "credit_note": iter(self.notes)}
        self.document_posts = {"invoice": [], "credit_note": []}
        self.rerated = collections.Counter()
        self.rerates_wanted = collections.Counter()
        self.unclaimed = collections.Counter()
        self.payment = {p.seq: p for p in self.b.payments}
        rows = ((int(r[0]), r[1], int(r[2]), int(r[3])) for r in self.b.rows("postings"))
        receivable, vats = self.b.role["receivable"], set(self.b.vat.values()) - {0}
        for (seq, kind), group in itertools.groupby(rows, key=operator.itemgetter(0, 1)):
            posts, doubled = {}, False
            for _, _, account, amount in group:
                doubled = doubled or account in posts
                posts[account] = posts.get(account, 0) + amount
                self.balance[account] += amount
            if sum(posts.values()):
                self.found("entry_unbalanced", f"entry {seq}", f"{kind} {posts}")
            if receivable in posts:
                self.receivable_at.append((seq, self.balance[receivable]))
            if not vats.isdisjoint(posts):
                self.vat_at.append((seq, sum(self.balance[account] for account in vats)))
            self.seen[seq] += 1
            self.check_entry(seq, kind, posts, doubled)
        self.check_absent()

    def check_entry(self, seq, kind, posts, doubled):
        where = f"entry {seq} ({kind})"
        if kind in ("clock", "start"):
            for account, amount in posts.items():
                self.rerated[account] += amount
        elif self.seen[seq] > 1 or doubled:
            name = "payment_doubled" if kind == "payment" else "posting_doubled"
            self.found(name, where, "posts twice to one account")
        elif kind == "line":
            self.check_line_posts(seq, posts, where)
        elif kind in ("line_voided", "line_credited"):
            self.check_back(seq, kind, posts, where)
        elif kind in ("invoice", "credit_note"):
            self.document_posts[kind].append((seq, posts))
        elif kind == "payment":
            self.check_payment(seq, posts, where)
        elif kind == "payment_assigned":
            self.check_assigned(posts, where)
        elif kind == "stock":
            self.check_stock(posts, where)
        else:
            self.found("posting_without_cause", where, f"posts {posts}")

    def differ(self, where, posts, wanted):
        """Names what differs: another account with the same amounts, or an amount."""
        if sorted(posts.values()) == sorted(wanted.values()):
            self.found("account_swapped", where, f"{posts}, it should be {wanted}")
        else:
            self.found("posting_amount", where, f"{posts}, it should be {wanted}")

    def check_line_posts(self, seq, posts, where):
        line = self.b.lines.get(seq)
        if line is None:
            self.found("line_lost", where, "posts a sale that is among no lines")
            return
        cost = self.cost_postings(line, self.b.role["stock"])
        wanted = self.line_postings(line, line.bp)
        for account, amount in cost.items():
            wanted[account] = wanted.get(account, 0) + amount
        wanted = taken(wanted)
        if posts == wanted:
            return
        self.line_differs(line, posts, wanted, cost, where)

    def line_differs(self, line, posts, wanted, cost, where):
        for _, bp in self.b.tax.get(line.vat_class, ()):  # its day was put right later
            before = collections.Counter(self.line_postings(line, bp))
            both = before.copy()
            both.update(cost)
            if bp != line.bp and posts == taken(both):
                self.rerates_wanted.update(self.line_postings(line, line.bp))
                self.rerates_wanted.subtract(before)
                return
        self.differ(where, posts, wanted)

    def check_back(self, seq, kind, posts, where):
        lines = self.back.get(seq, [])
        if len(lines) != 1:
            self.found("posting_without_cause", where, f"takes back {len(lines)} lines")
            return
        wanted, ways = lines[0], []
        sale = self.line_postings(wanted, wanted.bp)
        role = self.b.role
        goods = [role["stock"]] if kind == "line_voided" else [role["stock"], role["waste"], None]
        for to in goods:
            whole = collections.Counter(sale)
            if to == role["waste"]:  # broken: what it cost is waste now
                whole.update({role["cost"]: wanted.cost, to: -wanted.cost})
            elif to:
                whole.update(self.cost_postings(wanted, to))
            ways.append(taken({account: -amount for account, amount in whole.items()}))
        if posts not in ways:
            self.differ(where, posts, ways[0])

    def check_payment(self, seq, posts, where):
        p, role = self.payment.get(seq), self.b.role
        if p is None:
            self.found("payment_unknown", where, f"posts {posts} for no payment")
            return
        claimed = {role["bank"]: p.amount, role["receivable"]: -p.amount}
        open_yet = {role["bank"]: p.amount, role["unassigned"]: -p.amount}
        if posts == open_yet:
            self.unclaimed[p.amount] += 1
        elif posts != claimed:
            twice = {account: 2 * amount for account, amount in claimed.items()}
            if posts == twice:
                self.found("payment_doubled", where, f"{posts} for one payment of {p.amount}")
            else:
                self.differ(where, posts, claimed)

    def check_assigned(self, posts, where):
        role = self.b.role
        amount = posts.get(role["unassigned"], 0)
        if posts != taken({role["unassigned"]: amount, role["receivable"]: -amount}) or \
                self.unclaimed[amount] <= 0:
            self.found("payment_assigned", where, f"{posts}: no such payment was unclaimed")
        self.unclaimed[amount] -= 1

    def check_stock(self, posts, where):
        role = self.b.role
        others = set(posts) - {role["stock"]}
        # delivered after it was sold: what the sales said of its cost is put right
        if role["received"] in others and others <= {role["received"], role["cost"]}:
            return
        if len(posts) != 2 or len(others) != 1 or \
                not others <= {role[r] for r in ("received", "waste", "shrink", "own_use")}:
            self.found("posting_stock", where, f"{posts}: stock against one account of its movements")

    def check_absent(self):
        """What posted nothing and should have; documents, in the order of their numbers."""
        for line in self.b.lines.values():
            if not self.seen[line.seq] and line.total:
                self.found("posting_absent", f"line {line.seq}", "its sale is not posted")
            for seq in filter(None, (line.voided, line.credited)):
                if not self.seen[seq] and line.total:
                    self.found("posting_absent", f"line {line.seq}", "is not taken back")
        keys = collections.Counter(p.key for p in self.b.payments)
        for key, times in keys.items():
            if times > 1:
                self.found("payment_doubled", f"payment {key}", f"stands {times} times")
        for p in self.b.payments:
            if not self.seen[p.seq] and p.amount:
                self.found("posting_absent", f"payment {p.key}", "is not posted")
        if taken(self.rerated) != taken(self.rerates_wanted):
            self.found("posting_amount", "lines whose day was put right",
                       f"{taken(self.rerated)}, it should be {taken(self.rerates_wanted)}")
        self.check_documents("invoice", self.numbered, self.invoice_postings)
        self.check_documents("credit_note", self.notes, self.note_postings)

    def check_documents(self, kind, documents, postings):
        """An invoice that posts nothing has no rows: the others follow each other as numbered."""
        posted = collections.deque(self.document_posts[kind])
        for i in documents:
            wanted = postings(i)
            if not any(wanted):
                continue
            if not posted:
                self.found("posting_absent", i.number, f"should post {wanted[0]}")
                continue
            seq, posts = posted.popleft()
            self.entry_of[i.id] = seq
            if posts not in wanted:
                self.differ(f"entry {seq} ({i.number})", posts, wanted[0])
        for seq, posts in posted:
            self.found("posting_without_cause", f"entry {seq} ({kind})", f"posts {posts}")

    def invoice_postings(self, i):
        """From what the lines posted to what the invoice says."""
        b, posts = self.b, collections.Counter()
        for bp, r in b.rates[i.id].items():
            posts[b.vat_account(bp)] -= r.vat - r.posted
            posts[b.sales.get(bp)] -= r.base - (r.gross - r.posted)
        posts[b.role["receivable"]] += i.payable - i.gross
        posts[b.role["rounding"]] -= i.rounding
        return [taken(posts)]

    def note_postings(self, note):
        """The other way round; the goods at cost back, to waste, or sold all the same."""
        b, sums = self.b, collections.Counter()
        seqs = [note.line] if note.line else b.on.get(note.original, [])
        lines = [b.lines[seq] for seq in seqs if seq in b.lines]
        sums[b.role["receivable"]] -= note.payable
        sums[b.role["rounding"]] += note.rounding
        for bp, r in b.rates[note.id].items():
            # what the sales had posted to deposits; the öre between is the sales account's
            deposit = sum(line.deposit - vat_within(line.deposit, bp) for line in lines
                          if line.bp == bp)
            sums[b.vat_account(bp)] += r.vat
            sums[b.deposit.get(bp)] += deposit
            sums[b.sales.get(bp)] += r.base - deposit
        cost = sum(line.cost for line in lines)
        to = {"wrong_line": b.role["stock"], "broken": b.role["waste"]}.get(note.reason)
        if to:
            sums[to] += cost
            sums[b.role["cost"]] -= cost
        return [taken(sums)]

    # --- the sums

    def holding(self):
        return (line for line in self.b.lines.values() if not line.voided and not line.credited)

    def check_sums(self):
        b = self.b
        lines, billed, unbilled, vat = (collections.Counter() for _ in range(4))
        for line in self.holding():
            lines[line.bp] += line.total
            if line.seq in self.billed:
                billed[line.bp] += line.total
            else:
                unbilled[line.bp] += line.total
                vat[b.vat_account(line.bp)] += line.vat
        on_invoices = collections.Counter()
        for i in self.numbered:
            for bp, r in b.rates[i.id].items():
                on_invoices[bp] += r.gross
                vat[b.vat_account(bp)] += r.vat
        for note in self.notes:
            for bp, r in b.rates[note.id].items():
                vat[b.vat_account(bp)] -= r.vat
        for bp in lines:
            if lines[bp] != on_invoices[bp] + unbilled[bp]:
                self.found("sum_of_lines", f"at {bp}", f"{lines[bp]} in all, {on_invoices[bp]} on "
                                                       f"invoices, {unbilled[bp]} on none")
        for account in set(b.vat.values()) - {0}:
            if -self.balance[account] != vat[account]:
                self.found("sum_of_vat", f"account {account}", f"{-self.balance[account]}, invoices "
                                                               f"and unbilled lines {vat[account]}")
        paid = sum(p.amount for p in b.payments if p.customer)
        payable = sum(i.payable for i in self.numbered) - sum(n.payable for n in self.notes)
        wanted = payable - paid + sum(unbilled.values())
        account = b.role["receivable"]
        if self.balance[account] != wanted:
            self.found("sum_of_receivable", f"account {account}",
                       f"{self.balance[account]}; payable {payable} - paid {paid} + unbilled "
                       f"{sum(unbilled.values())} is {wanted}")
        self.check_paid()

    def check_paid(self):
        came, set_against = collections.Counter(), collections.Counter()
        for p in self.b.payments:
            came[p.customer] += p.amount
        for i in self.numbered:
            set_against[i.customer] += i.paid
            if i.paid > max(0, i.payable - i.credited) and i.paid > 0 and i.credited == 0:
                self.found("paid_too_much", i.number, f"{i.paid} set against {i.payable}")
        for customer, amount in set_against.items():
            if amount > max(0, came[customer]):
                self.found("paid_without_money", f"customer {customer[:8]}",
                           f"{amount} set against invoices, {came[customer]} came in")

    # --- what each close said

    def made_by(self, document, period, upto):
        """Whether it was there at that close; one that posts nothing is known by its month."""
        seq = self.entry_of.get(document.id)
        return document.period <= period if seq is None else seq <= upto

    def sums_at(self, period, upto):
        """The sums of a close, over all entries up to it."""
        def before(taken_back):
            return 0 < taken_back <= upto
        invoices = [i for i in self.numbered if self.made_by(i, period, upto)]
        notes = [n for n in self.notes if self.made_by(n, period, upto)]
        there = {i.id for i in invoices}
        lines = [line for line in self.b.lines.values() if line.seq <= upto and
                 not before(line.voided) and not before(line.credited)]
        unbilled = sum(line.total for line in lines if self.billed.get(line.seq) not in there)
        credited = sum(n.gross for n in notes)
        every = sum(line.total for line in lines) - credited
        return {"invoices": sum(1 for i in invoices if i.period == period), "lines": every,
                "invoiced": every - unbilled, "unbilled": unbilled,
                "payable": sum(i.payable for i in invoices) - sum(n.payable for n in notes),
                "receivable": self.at(self.receivable_at, upto), "vat": -self.at(self.vat_at, upto)}

    @staticmethod
    def at(sums, upto):
        """What an account stood at after the entries up to `upto`."""
        found = bisect.bisect_right(sums, upto, key=operator.itemgetter(0))
        return sums[found - 1][1] if found else 0

    def check_closed(self):
        names = ("invoices", "lines", "invoiced", "unbilled", "payable", "paid", "receivable", "vat")
        previous = ""
        for row in self.b.closed:
            period, upto = row[0], int(row[2])
            told = dict(zip(names, map(int, row[3:])))
            for name, amount in self.sums_at(period, upto).items():
                if told[name] != amount:
                    self.found("closed_sum", f"close of {period}", f"{name} {told[name]}, "
                                                                   f"recomputed {amount}")
            if told["receivable"] != told["payable"] - told["paid"] + told["unbilled"]:
                self.found("closed_sum", f"close of {period}",
                           f"receivable {told['receivable']} is not payable - paid + unbilled")
            if period <= previous:
                self.found("closed_order", f"close of {period}", f"after {previous}")
            previous = period


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--roll-least", type=int, default=10000)
    parser.add_argument("--roll-months", type=int, default=3)
    args = parser.parse_args()
    began = datetime.datetime.now()
    try:
        books = Books(args.folder)
    except (OSError, ValueError, IndexError, StopIteration) as error:
        print(f"the books in {args.folder} cannot be read: {error!r}", file=sys.stderr)
        return 2
    audit = Audit(books, args.roll_least, args.roll_months)
    good = audit.run()
    for name, count in audit.found.count.items():
        if count > SHOWN:
            print(f"{name}: {count - SHOWN} more")
    seconds = (datetime.datetime.now() - began).total_seconds()
    print(f"{len(books.lines)} lines, {len(books.invoices)} invoices and credit notes, "
          f"{len(books.closed)} months closed: {'all hold' if good else 'WRONG'} ({seconds:.1f} s)",
          file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
