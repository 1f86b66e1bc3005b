"""A village that shops: believable entries for a ledger, the same ones for the same seed.

    village = Village(seed=7, start=1793487600000)
    village.live(ledger, days=31)          # visits, deliveries, alarms, a month's invoices, payments

Amounts follow the books: a line's VAT at its rate, an invoice's base the nearest to its gross, the
whole rounded to kronor.
"""
import datetime
import random

from ledger import (
    ADMITTED, ALARM, INVOICE, INVOICE_LINES, LINE, LINE_VOIDED, PAYMENT, START, STOCK, TAX,
    VISIT_CLOSED, VISIT_OPENED, varints,
)

DAY_MS = 86400000
START_AT = 1793491200000  # 2026-11-01T00:00:00Z
FOOD, STANDARD = 2, 1
FOOD_BP, STANDARD_BP = 600, 2500
PACKED_MAX = 384
WORDS = (
    "Mjölk", "Bröd", "Smör", "Ost", "Kaffe", "Ägg", "Pasta", "Ris", "Äpplen", "Banan", "Potatis",
    "Lök", "Tomat", "Gurka", "Yoghurt", "Grädde", "Skinka", "Korv", "Havregryn", "Juice",
)
HOUSEHOLD = ("Diskmedel", "Toapapper", "Tvål", "Batterier", "Stearinljus")


def gtin13(number):
    digits = f"{number:012d}"
    odd = sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))
    return int(digits) * 10 + -odd % 10


def civil(at):
    return datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc).date()


def vat_of(gross, rate_bp):
    return (2 * gross * rate_bp + 10000 + rate_bp) // (2 * (10000 + rate_bp))


class Article:
    def __init__(self, gtin, name, price, rate_bp, vat_class):
        self.gtin, self.name, self.price = gtin, name, price
        self.rate_bp, self.vat_class = rate_bp, vat_class


class Village:
    def __init__(self, seed, members=40, articles=200, start=START_AT, name="viken"):
        self.random = random.Random(seed)
        self.name = name
        self.at = start
        self.customers = [self.random.randbytes(16) for _ in range(members)]
        self.kids = [self.random.randbytes(8) for _ in range(members)]
        self.articles = [self.article(n) for n in range(articles)]
        self.visits = self.alarms = self.invoices = self.keys = 0
        self.unbilled = {}  # customer: [(seq, total, rate_bp)]
        self.owed = []  # (invoice, customer, payable, due)

    def article(self, n):
        house = n % 8 == 7
        word = HOUSEHOLD[n // 8 % len(HOUSEHOLD)] if house else WORDS[n % len(WORDS)]
        price = self.random.randrange(990, 9990, 100) + 90
        gtin = gtin13(731000000000 + 97 * n)
        rate_bp, vat_class = (STANDARD_BP, STANDARD) if house else (FOOD_BP, FOOD)
        return Article(gtin, f"{word} {n}", price, rate_bp, vat_class)

    def key(self, what):
        self.keys += 1
        return f"{what}-{self.keys}-{self.random.getrandbits(32):08x}"

    # --- what happens

    def begin(self, ledger):
        """The first entries of a shop: it came up, and its VAT rates."""
        ledger.add(START, self.at, self.random.randbytes(16), 12345, True, True, 60)
        ledger.add(TAX, self.at, [[STANDARD, STANDARD_BP, 0], [FOOD, FOOD_BP, 0]])

    def visit(self, ledger, lines=None):
        """One visit, its lines and its end; how much was bought."""
        draw = self.random
        who = draw.randrange(len(self.customers))
        customer, at = self.customers[who], self.at
        self.visits += 1
        visit, total, count = self.visits, 0, 0
        ledger.add(ADMITTED, at, "front", 0, customer, self.kids[who], visit,
                   draw.randbytes(8), at // 1000, at // 1000 + 60)
        ledger.add(VISIT_OPENED, at, visit, customer, "front", 1)
        today = at // DAY_MS
        mine = self.unbilled.setdefault(customer, [])
        for _ in range(draw.randrange(1, 9) if lines is None else lines):
            at += draw.randrange(2000, 40000)
            a = self.articles[int(len(self.articles) * draw.random() ** 2)]
            pieces = 1 if draw.random() < 0.8 else draw.randrange(2, 5)
            key, gross = self.key("k"), a.price * pieces
            seq = ledger.add(
                LINE, at, visit, key, customer, a.gtin, a.name, 1000 * pieces, a.price, gross,
                a.rate_bp, 0, 1, at - 300, False, today, a.vat_class, 0, a.price, 0, 0, "",
            )
            if draw.random() < 0.03:
                ledger.add(LINE_VOIDED, at + 1500, visit, key, customer, gross)
                continue
            mine.append((seq, gross, a.rate_bp))
            total, count = total + gross, count + 1
        ledger.add(VISIT_CLOSED, at + 5000, visit, 0, count, total)
        self.at = at + 5000
        return total

    def delivery(self, ledger):
        a = self.random.choice(self.articles)
        ledger.add(STOCK, self.at, self.key("delivery"), 1, a.gtin,
                   1000 * self.random.randrange(6, 48), a.price * 6 // 10, 0,
                   self.at // DAY_MS + 30, "L7", self.at // DAY_MS, "", "owner")

    def alarm(self, ledger):
        """A door was held open, somebody was told, and it was shut."""
        self.alarms += 1
        code = self.random.randrange(100000, 1000000)
        for after, state, over, by in ((0, 0, False, ""), (900, 1, False, ""), (20000, 3, False, "owner"),
                                       (40000, 4, True, "owner")):
            ledger.add(ALARM, self.at + after, self.alarms, code, 1, "front", 2, state, over, by)
        self.at += 40000

    def invoice(self, ledger, customer, lines):
        """One household's month: which lines, then the invoice."""
        day = self.at // DAY_MS
        date = civil(self.at)
        self.invoices += 1
        number = date.year * 1000000 + self.invoices
        seqs, rest = sorted(seq for seq, _, _ in lines), []
        while seqs:
            rest, take = [], len(seqs)
            while len(varints(seqs[:take])) > PACKED_MAX:
                take -= 1
            seqs, rest = seqs[:take], seqs[take:]
            ledger.add(INVOICE_LINES, self.at, number, len(seqs), varints(seqs))
            seqs = rest
        rates, gross = [], 0
        for rate_bp in sorted({rate for _, _, rate in lines}, reverse=True):
            these = [total for _, total, rate in lines if rate == rate_bp]
            base = sum(these) - vat_of(sum(these), rate_bp)
            vat = (2 * base * rate_bp + 10000) // 20000
            rates.append([rate_bp, sum(these), base, vat, sum(vat_of(t, rate_bp) for t in these)])
            gross += sum(these)
        payable = (gross + 50) // 100 * 100
        rounding = payable - sum(rate[2] + rate[3] for rate in rates)
        before = date.replace(day=1) - datetime.timedelta(days=1)
        ledger.add(INVOICE, self.at, number, customer, before.year * 100 + before.month, day,
                   day + 30, len(lines), rates, gross, rounding, payable)
        self.owed.append((number, customer, payable, day + 30))
        return number

    def close_month(self, ledger):
        """Invoices for all that was bought; how many."""
        made = [
            self.invoice(ledger, customer, lines)
            for customer, lines in self.unbilled.items() if lines
        ]
        self.unbilled = {}
        return len(made)

    def payments(self, ledger, share=0.9):
        """Most of those who owe pay."""
        still = []
        for number, customer, payable, due in self.owed:
            if self.random.random() < share:
                ledger.add(PAYMENT, self.at, f"bank-{number}", customer, number, payable,
                           self.at // DAY_MS)
            else:
                still.append((number, customer, payable, due))
        self.owed = still

    def day(self, ledger, visits=None):
        """A day's visits, a delivery, now and then an alarm; on the 1st the month is closed."""
        draw, begin = self.random, self.at // DAY_MS * DAY_MS
        if civil(begin).day == 1 and any(self.unbilled.values()):
            self.at = begin + 3 * 3600000
            self.close_month(ledger)
        self.at = max(self.at, begin + 5 * 3600000)
        for n in range(draw.randrange(10, 30) if visits is None else visits):
            self.at += draw.randrange(60000, 1500000)
            self.visit(ledger)
            if n == 3:
                self.delivery(ledger)
        if draw.random() < 0.1:
            self.alarm(ledger)
        if civil(begin).day == 20:
            self.payments(ledger)
        self.at = max(self.at + 1, begin + DAY_MS)

    def live(self, ledger, days, visits=None):
        if ledger.head == 0 or self.visits == 0:
            self.begin(ledger)
        for _ in range(days):
            self.day(ledger, visits)
        return ledger.head

    # --- what an office would tell the shop, as changes of the feed

    def members(self):
        return [[1, customer, 0, 8, 200000] for customer in self.customers]

    def goods(self, valid_from=0):
        return [
            [5, a.gtin, valid_from, a.price, 0, 0, 0, 0, 0, a.vat_class, a.name]
            for a in self.articles
        ]
