"""money.py: the rows of run.py about the books: a month's close against plain text accounting, and what ten
years of entries do to the door and to a scan."""

import collections
import datetime
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time

RIVALS = {
    "hledger": ["hledger", "-f", "{journal}", "balance", "--flat", "--no-total", "-O", "csv"],
    "ledger": ["ledger", "-f", "{journal}", "balance", "--flat", "--no-total", "--format",
               "\"%(account)\",\"%(display_total)\"\n"],
}
RIVAL_SECONDS_MAX = 900  # a rival that takes longer has lost by more than the bound
CLOSE_PERIOD = "2026-10"


def tool(bench, *args, output=None):
    out = subprocess.run([bench.tool("close"), *map(str, args)], stdout=output or subprocess.PIPE, text=True)
    if out.returncode:
        raise SystemExit(f"close {' '.join(map(str, args))}: exit {out.returncode}")
    return out.stdout


def rival_balances(command, journal):
    """What a rival says each account holds, in öre, and how long it took."""
    argv = [word.replace("{journal}", str(journal)) for word in command]
    began = time.monotonic()
    out = subprocess.run(argv, capture_output=True, text=True, timeout=RIVAL_SECONDS_MAX)
    took = time.monotonic() - began
    if out.returncode:
        raise SystemExit(f"{argv[0]}: {out.stderr[:400]}")
    balances = {}
    for account, sign, kronor, ore in re.findall(r'"([0-9A-Za-z:]+)","(-?)(\d+)\.(\d\d) SEK"', out.stdout):
        balances[account] = int(sign + "1") * (int(kronor) * 100 + int(ore))
    return balances, took


def closed_balances(path):
    """The same accounts, from the invoices that the close has made and what it left unbilled."""
    db = sqlite3.connect(f"file:{path}/ledger.db?mode=ro", uri=True)
    balances = collections.Counter()
    for customer, gross in db.execute("SELECT hex(customer), sum(gross) FROM invoice GROUP BY customer"):
        balances[f"1510:{customer}"] += gross
    for customer, unbilled in db.execute("SELECT hex(customer), unbilled FROM balance WHERE unbilled <> 0"):
        balances[f"1510:{customer}"] += unbilled
    left = "line WHERE seq NOT IN (SELECT line FROM invoice_line)"
    for rate, account, vat in ((2500, 0, "2611"), (600, 1, "2631")):
        posted, gross = db.execute("SELECT sum(posted), sum(gross) FROM invoice_rate WHERE vat_bp = ?",
                                   (rate,)).fetchone()
        more = db.execute(f"SELECT coalesce(sum(vat), 0), coalesce(sum(total), 0) FROM {left} AND vat_bp = ?",
                          (rate,)).fetchone()
        balances[vat] -= posted + more[0]
        balances[f"sales and deposits at {rate}"] -= gross + more[1] - posted - more[0]
    db.close()
    return {account: amount for account, amount in balances.items() if amount}


def joined(balances):
    """A rival's accounts, sales and deposits of a rate together, as an invoice tells them."""
    out = collections.Counter()
    for account, amount in balances.items():
        name = {"3001": 2500, "3591": 2500, "3003": 600, "3593": 600}.get(account)
        out[f"sales and deposits at {name}" if name else account] += amount
    return {account: amount for account, amount in out.items() if amount}


def bench_close(bench, row, members, lines):
    print(f"close: {members} members, {lines} lines", flush=True)
    folder = pathlib.Path(tempfile.mkdtemp(dir=bench.scratch))
    tool(bench, "make", folder, CLOSE_PERIOD, 1, members, lines)
    journal = folder / "lines.journal"
    with open(journal, "w") as f:
        tool(bench, "journal", folder, output=f)
    took, invoices, peak = tool(bench, "run", folder, CLOSE_PERIOD).split()
    took, peak = float(took), int(peak)
    ours, rivals = closed_balances(folder), {}
    for name, command in RIVALS.items():
        if not shutil.which(name):
            continue
        try:
            theirs, seconds = rival_balances(command, journal)
        except subprocess.TimeoutExpired:
            theirs, seconds = None, RIVAL_SECONDS_MAX
        print(f"  {name}: {seconds:.1f} s", flush=True)
        if theirs is not None:
            row(f"balances that differ from {name}'s, of {len(ours)}",
                str(sum(joined(theirs).get(a) != v for a, v in ours.items())
                    + sum(a not in ours for a in joined(theirs))), "0", joined(theirs) == ours)
        rivals[name] = seconds
    shutil.rmtree(folder)
    fastest = min(rivals, key=rivals.get)
    row(f"close of {lines} lines of {members} members, against {fastest}, the faster of {' and '.join(rivals)}",
        f"{rivals[fastest] / took:.1f}x ({took:.2f} s, {invoices} invoices / {rivals[fastest]:.1f} s)", ">= 10x",
        rivals[fastest] >= 10 * took)
    row("memory of the close at its peak", f"{peak / 1024:.1f} MiB", "<= 64 MiB", peak <= 64 * 1024)


def ten_years(bench, state):
    """A shop that has been open for ten years up to the end of last month: 300 members, 10,000 lines a month."""
    today = datetime.date.today()
    last = today.replace(day=1) - datetime.timedelta(days=1)
    (state / "data").mkdir(mode=0o2750)
    tool(bench, "make", state / "data", f"{last.year - 10}-{last.month:02d}", 121, 300, 10000)
    tool(bench, "run", state / "data", f"{last.year}-{last.month:02d}")


def bench_years(bench, row, measure_door, measure_lines):
    """measure_door(state), measure_lines(state): the medians of a door and of a scan, in microseconds."""
    print("years: door and scan of a shop ten years old, against a new one", flush=True)
    new, old = (pathlib.Path(tempfile.mkdtemp(dir=bench.scratch)) for _ in range(2))
    ten_years(bench, old)
    entries = sqlite3.connect(f"file:{old}/data/ledger.db?mode=ro", uri=True).execute(
        "SELECT max(seq) FROM entry").fetchone()[0]
    for what, measure, bound in (("token -> strike p50", measure_door, 1.2), ("scan p50", measure_lines, 1.2)):
        ratios = []
        for _ in range(3):  # in turn: a machine that changes its mind disturbs both
            a, b = measure(new), measure(old)
            ratios.append((b / a, b, a))
        ratio, b, a = sorted(ratios)[1]
        row(f"{what} with {entries} entries of ten years, against a new ledger",
            f"{ratio:.2f}x ({b:.0f} us / {a:.0f} us)", f"<= {bound}x", ratio <= bound)
