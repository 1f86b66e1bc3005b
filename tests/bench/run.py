"""run.py: the numbers that Shopkeeper promises, measured on this machine in one run and printed as a table.

Every row is a ratio to a rival or a named limit, so that a noisy machine disturbs both sides alike.
The rivals (rival_*.c) are programs of at most 60 lines that call only the library they name.

    run.py --build build/gcc [ROW...]      rows: door refusals lines memory start close years office
                                           fleet alarms idle (all)
"""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import tty

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "tests/system"), str(ROOT / "tests/phone"), str(ROOT / "tests/standin")]

from alarms import bench_alarms  # noqa: E402
from fleet import bench_fleet  # noqa: E402
from intake import bench_intake  # noqa: E402
from money import bench_close, bench_years  # noqa: E402

ROWS = []
HURRY = ["--set", "shopd:realtime=yes"]  # as a shop is configured


def row(what, measured, bound, good):
    ROWS.append((what, measured, bound, good))
    print(f"  {'ok  ' if good else 'MISS'} {what}: {measured} (must be {bound})", flush=True)


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * q))]


class Bench:
    """Where programs, scratch space and the disk under test are."""

    def __init__(self, build, scratch):
        self.build, self.scratch = pathlib.Path(build).resolve(), pathlib.Path(scratch)

    def tool(self, name):
        return str(self.build / "bench" / name)

    @contextlib.contextmanager
    def shop(self, *options):
        """A shop by run.py, as a newcomer starts it, ready; ended at the end."""
        state = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        with self.shop_in(state, *options) as run:
            yield run

    @contextlib.contextmanager
    def shop_in(self, state, *options):
        argv = [sys.executable, str(ROOT / "tests/standin/run.py"), "--state", str(state), "--port", "0",
                "--build", str(self.build), *options]
        with open(state / "run.log", "w") as log:
            process = subprocess.Popen(argv, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 120
            while not (state / "run.json").exists():
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"the shop did not start:\n{(state / 'run.log').read_text()}")
                time.sleep(0.02)
            run = json.loads((state / "run.json").read_text())
            run["state"] = state
            run["pids"] = json.loads((state / "run/pids.json").read_text()) \
                if (state / "run/pids.json").exists() else {}
            yield run
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def shopctl(run, *args):
    out = subprocess.run([*run["shopctl"], *args, "--json"], capture_output=True, text=True, timeout=300)
    if out.returncode:
        raise SystemExit(f"shopctl {' '.join(args)}: {out.stderr}")
    return json.loads(out.stdout) if out.stdout.strip() else None


def run_dir(run):
    argv = run["shopctl"]
    return pathlib.Path(argv[argv.index("--run") + 1])


# --- the door -------------------------------------------------------------------------------------

class Pty:
    def __init__(self):
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)


def door_run(bench, count, pace_us, options, during=None, state=None):
    """`count` pairs: shopd's and the control's latencies in microseconds."""
    state = state or pathlib.Path(tempfile.mkdtemp(dir=bench.scratch))
    shop_pty, control_pty = Pty(), Pty()
    shm = bench.scratch / f"job-{time.monotonic_ns()}"
    shm.write_bytes(bytes(4096))
    key = subprocess.run([bench.tool("phones"), "keys", "1"], capture_output=True, text=True, check=True)
    private, cose = key.stdout.split()
    # deterministic COSE_Key: A4 01 02 20 01 21 58 20 <x> 22 58 20 <y>
    public = cose[16:80] + cose[86:150]
    with bench.shop_in(state, "--scanner", shop_pty.path, *HURRY, *options) as run, \
            contextlib.ExitStack() as stack:
        shopctl(run, "member", "add", "--key", cose)
        chip = bench.scratch / "ctl.sock"
        chip.unlink(missing_ok=True)
        simdoor = subprocess.Popen([str(bench.build / "simdoor"), str(chip), "ctl"])
        stack.callback(end, simdoor)
        until(chip.exists)
        control = subprocess.Popen([bench.tool("rival_verify"), control_pty.path, str(shm), str(chip),
                                    "ctl-strike"], preexec_fn=realtime)
        stack.callback(end, control)
        if during:
            stack.enter_context(during(run))
        out = subprocess.run(
            [bench.tool("door"), str(count), str(pace_us), str(shop_pty.master),
             str(run_dir(run) / "sim.sock"), str(control_pty.master), str(chip), str(shm),
             str(run_dir(run)), private, public, f"{run['shop']}/{run['door']}"],
            capture_output=True, text=True, pass_fds=(shop_pty.master, control_pty.master), timeout=900)
        if out.returncode:
            raise SystemExit(f"door: {out.stderr}")
    for pty in (shop_pty, control_pty):
        os.close(pty.master)
        os.close(pty.slave)
    pairs = [tuple(map(int, line.split())) for line in out.stdout.splitlines()]
    lost = sum(1 for a, b in pairs if not a or not b)
    if lost:
        print(f"  {lost} of {len(pairs)} tokens moved no strike", flush=True)
    return [a for a, b in pairs if a and b], [b for a, b in pairs if a and b], lost


def realtime():
    """The control gets what shopd's configuration asks for: the same scheduling."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))


def until(predicate, seconds=10):
    end_at = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > end_at:
            raise SystemExit("waited too long")
        time.sleep(0.01)


def end(process):
    process.terminate()
    process.wait(10)


def write_articles(path, count, price):
    with open(path, "w") as f:
        f.write("gtin,name,price,vat_bp,class\n")
        for i in range(count):
            body = f"73{i:010d}"
            digits = [int(c) for c in body]
            check = -sum(d * (3 if (len(digits) - j) % 2 else 1) for j, d in enumerate(digits)) % 10
            f.write(f"{body}{check},Vara nummer {i} i hyllan,{price // 100}.{price % 100:02d},600,grocery\n")


@contextlib.contextmanager
def imports(bench, run, count):
    """Imports `count` articles over and over, each time at another price, until the block ends."""
    stop, done = threading.Event(), []
    files = []
    for price in (1990, 2090):
        files.append(bench.scratch / f"articles-{price}.csv")
        write_articles(files[-1], count, price)

    def again():
        i = 0
        while not stop.is_set():
            out = subprocess.run([*run["shopctl"], "product", "import", str(files[i % 2])],
                                 capture_output=True, text=True)
            done.append(out.returncode)
            i += 1

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        print(f"  {len(done)} imports of {count} articles meanwhile, {sum(map(bool, done))} failed", flush=True)


def bench_door(bench, count):
    print("door: last byte of a token written -> strike line set", flush=True)
    shop, control, lost = door_run(bench, count, 2000, ["--no-import"])
    for name, q, bound in (("p50", 0.5, 1.2), ("p99", 0.99, 1.3)):
        a, b = quantile(shop, q), quantile(control, q)
        row(f"token -> strike {name}, against import+verify alone", f"{a / b:.2f}x ({a} us / {b} us)",
            f"<= {bound}x", a / b <= bound and not lost)
    slow = ["--no-import", "--preload", f"shopd:{bench.build / 'slowsync.so'}", "--env", "shopd:SLOWSYNC_MS=300"]
    busy, _, lost = door_run(bench, count, 2000, slow, lambda run: imports(bench, run, 50000))
    for name, q, bound in (("p50", 0.5, 1.2), ("p99", 0.99, 1.5)):
        a, b = quantile(busy, q), quantile(shop, q)
        row(f"the same {name} while fsync takes 300 ms and 50,000 articles are imported",
            f"{a / b:.2f}x ({a} us / {b} us)", f"<= {bound}x", a / b <= bound and not lost)
    row("the slowest of them", f"{max(busy) / 1000:.1f} ms", "<= 50 ms", max(busy) <= 50000)


# --- wrong tokens ----------------------------------------------------------------------------------

REFUSED = ["trailing_byte", "stranger", "signature_flipped", "other_audience", "life_of_121",
           "from_the_future", "stale"]


def bench_refusals(bench):
    """A wrong token of each kind at the scanner (past ten a minute they are only counted): from its last
    byte to the row on disk, as a reader of the file sees it, and to the line in the log."""
    from phone import Phone
    print("refusals: last byte of a wrong token -> row on disk and line in the log", flush=True)
    pty, phone, took = Pty(), Phone(), []
    with bench.shop("--no-import", "--scanner", pty.path, *HURRY) as run:
        shopctl(run, "member", "add", "--key", phone.cose_key_hex)
        db = sqlite3.connect(f"file:{run['ledger']}?mode=ro", uri=True)
        log = run["state"] / "log/shopd.log"
        audience = f"{run['shop']}/{run['door']}"
        wrong = [Phone.qr_of(phone.wrong(name, audience)) for name in REFUSED]
        wrong.append(phone.qr(audience, nonce=os.urandom(16)))
        for code in wrong:
            code = code if isinstance(code, bytes) else code.encode()
            head, size = db.execute("SELECT max(seq) FROM entry").fetchone()[0], log.stat().st_size
            began = time.monotonic_ns()
            os.write(pty.master, code + b"\r")
            end_at = time.monotonic() + 5
            while (db.execute("SELECT max(seq) FROM entry").fetchone()[0] == head
                   or log.stat().st_size == size):
                if time.monotonic() > end_at:
                    raise SystemExit("a wrong token got no row or no line")
            took.append((time.monotonic_ns() - began) / 1e6)
        db.close()
    row(f"a wrong token of {len(took)} kinds -> row on disk and line in the log, slowest",
        f"{max(took):.1f} ms (median {quantile(took, 0.5):.1f})", "< 5 ms", max(took) < 5)


# --- lines ----------------------------------------------------------------------------------------

def ledger_lines(bench, seconds, env=None):
    folder = tempfile.mkdtemp(dir=bench.scratch)
    out = subprocess.run([bench.tool("ledger_lines"), folder, str(seconds), "64"], capture_output=True,
                         text=True, env={**os.environ, **(env or {})})
    shutil.rmtree(folder)
    if out.returncode:
        raise SystemExit(out.stderr)
    lines, took, commits, p50, p99 = map(float, out.stdout.split())
    return lines / took, lines / commits, p50, p99


def rival_lines(bench, seconds):
    folder = tempfile.mkdtemp(dir=bench.scratch)
    out = subprocess.run([bench.tool("rival_commit"), folder, str(seconds)], capture_output=True, text=True,
                         check=True)
    shutil.rmtree(folder)
    return float(out.stdout)


def http_lines(bench, seconds, options, state=None):
    with bench.shop_in(state or pathlib.Path(tempfile.mkdtemp(dir=bench.scratch)), *options) as run:
        keys = bench.scratch / "phones.keys"
        keys.write_text(subprocess.run([bench.tool("phones"), "keys", "64"], capture_output=True, text=True,
                                       check=True).stdout)
        for line in keys.read_text().splitlines():
            shopctl(run, "member", "add", "--key", line.split()[1])
        gtins = bench.scratch / "gtins"
        db = sqlite3.connect(f"file:{pathlib.Path(run['ledger']).parent}/catalog.db?mode=ro", uri=True)
        gtins.write_text("\n".join(f"{g:013d}" for g, in db.execute(
            "SELECT gtin FROM article WHERE class = 0 AND until = 0 LIMIT 500")))
        db.close()
        before = shopctl(run, "status")
        out = subprocess.run([bench.tool("phones"), "run", run["api"].rsplit(":", 1)[1].strip("/"),
                              str(seconds), run["shop"], str(gtins), str(keys)],
                             capture_output=True, text=True)
        after = shopctl(run, "status")
        if out.returncode:
            raise SystemExit(out.stderr)
        print(out.stderr, end="")
        lines, took, p50, p99, slowest, refused = map(float, out.stdout.split())
        commits = after["commits"] - before["commits"]
        return lines / took, lines / commits, p50, p99, refused


def bench_lines(bench, seconds):
    print("lines: durable lines a second, 64 phones", flush=True)
    ratios = {"ledger": [], "http": []}
    for _ in range(3):  # in turn, so that a disk that changes its mind disturbs both
        rival = rival_lines(bench, seconds)
        rate, batch, p50, p99 = ledger_lines(bench, seconds)
        ratios["ledger"].append((rate / rival, rate, rival, batch))
        rate, batch, p50, p99, refused = http_lines(bench, seconds, HURRY)
        ratios["http"].append((rate / rival, rate, rival, batch))
    for name, bound in (("ledger", 5), ("http", 4)):
        ratio, rate, rival, batch = sorted(ratios[name])[1]
        row(f"durable lines/s at full speed, {'at the ledger' if name == 'ledger' else 'over HTTP'}, "
            "against one commit a line", f"{ratio:.1f}x ({rate:.0f}/s / {rival:.0f}/s, {batch:.0f} a commit)",
            f">= {bound}x", ratio >= bound)
    slow = {"LD_PRELOAD": str(bench.build / "slowsync.so"), "SLOWSYNC_MS": "5"}
    rate, batch, p50, p99 = ledger_lines(bench, seconds, slow)
    row("lines a commit at the ledger, each sync slowed to 5 ms", f"{batch:.0f} ({rate:.0f}/s)", ">= 50", batch >= 50)
    row("p99 of a line at the ledger then", f"{p99 / 1000:.1f} ms", "<= 5 syncs (25 ms)", p99 <= 25000)
    rate, batch, p50, p99, refused = http_lines(
        bench, seconds, [*HURRY, "--preload", f"shopd:{slow['LD_PRELOAD']}", "--env", "shopd:SLOWSYNC_MS=5"])
    row("lines a commit over HTTP, each sync slowed to 5 ms", f"{batch:.0f} ({rate:.0f}/s)", ">= 50", batch >= 50)
    row("p99 of a line over HTTP then", f"{p99 / 1000:.1f} ms", "<= 5 syncs (25 ms)", p99 <= 25000)


# --- memory and start -----------------------------------------------------------------------------

def pss_kib(pids):
    total = 0
    for pid in pids:
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M).group(1))
    return total


def fill_members(state, members):
    """So many members with a key each, straight into the catalogue of a shop that is shut."""
    db = sqlite3.connect(state / "data/catalog.db")
    with db:
        for _ in range(members):
            customer = os.urandom(16)
            db.execute("INSERT INTO member(customer, role, flags, credit_limit) VALUES(?, 0, 0, 0)", (customer,))
            db.execute("INSERT INTO member_key VALUES(?, ?, ?)", (os.urandom(8), customer, os.urandom(64)))
    db.close()


def shop_pids(run):
    return [run["pids"][name] for name in ("shopd", "counterd", "courierd")]


def bench_memory(bench):
    print("memory: 100,000 members, 50,000 articles", flush=True)
    state = pathlib.Path(tempfile.mkdtemp(dir=bench.scratch))
    with bench.shop_in(state, "--no-import"):
        pass  # makes the files
    fill_members(state, 100000)
    with bench.shop_in(state, "--no-import", *HURRY) as run:
        articles = bench.scratch / "articles.csv"
        write_articles(articles, 50000, 1990)
        shopctl(run, "product", "import", str(articles))
        status = shopctl(run, "status")
        assert status["members"] == 100000 and status["articles"] == 50000, status
        events(bench, run, articles, 2000)  # warm: every path once
        before = pss_kib(shop_pids(run))
        each = ", ".join(f"{name} {pss_kib([run['pids'][name]]) / 1024:.1f}"
                         for name in ("shopd", "counterd", "courierd"))
        row("memory (PSS) of shopd, counterd and courierd after an import", f"{before / 1024:.1f} MiB ({each})",
            "<= 40 MiB", before <= 40 * 1024)
        done = events(bench, run, articles, 100000)
        after = pss_kib(shop_pids(run))
        row(f"more after {done} events", f"{after - before} KiB", "< 1024 KiB", after - before < 1024)


def events(bench, run, articles, count):
    """At least `count` lines through counterd, by 16 phones."""
    keys = bench.scratch / "events.keys"
    if not keys.exists():
        keys.write_text(subprocess.run([bench.tool("phones"), "keys", "16"], capture_output=True, text=True,
                                       check=True).stdout)
        for line in keys.read_text().splitlines():
            shopctl(run, "member", "add", "--key", line.split()[1])
    gtins = bench.scratch / "event.gtins"
    gtins.write_text("\n".join(line.split(",")[0] for line in articles.read_text().splitlines()[1:500]))
    done = 0
    while done < count:
        out = subprocess.run([bench.tool("phones"), "run", run["api"].rsplit(":", 1)[1].strip("/"), "2",
                              run["shop"], str(gtins), str(keys)], capture_output=True, text=True)
        if out.returncode:
            raise SystemExit(out.stderr)
        done += int(out.stdout.split()[0])
    return done


def bench_start(bench, entries):
    print(f"start: exec to READY=1 with {entries} entries in the ledger", flush=True)
    state = pathlib.Path(tempfile.mkdtemp(dir=bench.scratch))
    (state / "data").mkdir(mode=0o2750)
    subprocess.run([bench.tool("ledger_lines"), str(state / "data"), "1", "500", str(entries)], check=True,
                   stdout=subprocess.DEVNULL)
    with bench.shop_in(state) as run:  # writes the configuration, imports the catalogue
        head = shopctl(run, "status")["head_seq"]
        conf = next((state / "etc").glob("shopd.conf"))
    took = []
    with tempfile.TemporaryDirectory(dir=bench.scratch) as folder:
        chip = run_dir(run) / "sim.sock"
        chip.parent.mkdir(parents=True, exist_ok=True)
        simdoor = subprocess.Popen([str(bench.build / "simdoor"), str(chip), run["door"]])
        until(chip.exists)
        try:
            for clean in (True, False) * 5:
                took.append(start_once(bench, conf, pathlib.Path(folder) / "notify", clean))
        finally:
            end(simdoor)
    row(f"start to door ready with {head} entries, median of {len(took)} (after clean stops and kills)",
        f"{quantile(took, 0.5):.0f} ms (slowest {max(took):.0f} ms)", "<= 300 ms", quantile(took, 0.5) <= 300)


def start_once(bench, conf, path, clean):
    path.unlink(missing_ok=True)
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(str(path))
    notify.settimeout(30)
    started = time.monotonic()
    process = subprocess.Popen([str(bench.build / "shopd"), "--config", str(conf)],
                               env={**os.environ, "NOTIFY_SOCKET": str(path)}, stderr=subprocess.DEVNULL)
    while b"READY=1" not in notify.recv(4096):
        pass
    took = (time.monotonic() - started) * 1000
    process.send_signal(signal.SIGTERM if clean else signal.SIGKILL)
    process.wait(10)
    notify.close()
    return took


# --- idle -----------------------------------------------------------------------------------------

def wakeups(pids):
    total = 0
    for pid in pids:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            total += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (task / "status").read_text(), re.M).group(1))
    return total


def written(pids):
    return sum(int(re.search(r"^write_bytes: (\d+)", pathlib.Path(f"/proc/{pid}/io").read_text(), re.M).group(1))
               for pid in pids)


def bench_idle(bench, seconds):
    print(f"idle: {seconds} s", flush=True)
    with bench.shop("--env", "shopd:WATCHDOG_USEC=20000000", "--env", "counterd:WATCHDOG_USEC=20000000",
                    "--env", "courierd:WATCHDOG_USEC=20000000") as run:
        time.sleep(20)  # what the start has left to do is done
        pids = shop_pids(run)
        woken, bytes_before, start = wakeups(pids), written(pids), time.monotonic()
        time.sleep(seconds)
        rate = (wakeups(pids) - woken) / (time.monotonic() - start)
        row(f"wake-ups a second of the three, idle for {seconds} s", f"{rate:.2f}", "<= 2", rate <= 2)
        row("bytes written meanwhile", f"{written(pids) - bytes_before}", "0", written(pids) == bytes_before)


# --- the table ------------------------------------------------------------------------------------

def machine():
    model = re.search(r"model name\s+: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1))
    return (f"{os.cpu_count()} x {model.group(1) if model else platform.machine()}, {memory / 1048576:.0f} GiB, "
            f"Linux {platform.release()}, {time.strftime('%Y-%m-%d')}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/gcc")
    parser.add_argument("--tokens", type=int, default=5000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--entries", type=int, default=1000000)
    parser.add_argument("--idle", type=int, default=600)
    parser.add_argument("--scratch", default=None, help="on the disk to measure; default: the build folder")
    parser.add_argument("rows", nargs="*",
                        default=["door", "refusals", "lines", "memory", "start", "close", "years", "office",
                                 "fleet", "alarms", "idle"])
    parser.add_argument("--close-members", type=int, default=10000)
    parser.add_argument("--close-lines", type=int, default=1000000)
    args = parser.parse_args()
    scratch = pathlib.Path(args.scratch or args.build).resolve() / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    bench = Bench(args.build, scratch)
    jobs = {"door": lambda: bench_door(bench, args.tokens), "refusals": lambda: bench_refusals(bench),
            "lines": lambda: bench_lines(bench, args.seconds), "memory": lambda: bench_memory(bench),
            "start": lambda: bench_start(bench, args.entries),
            "close": lambda: bench_close(bench, row, args.close_members, args.close_lines),
            "years": lambda: bench_years(
                bench, row,
                lambda state: quantile(door_run(bench, 1000, 2000, ["--no-import"], None, state)[0], 0.5),
                lambda state: http_lines(bench, 3, HURRY, state)[2]),
            "office": lambda: [bench_intake(bench.build, scratch, row, engine, args.entries)
                               for engine in ("sqlite", "postgres")],
            "fleet": lambda: bench_fleet(bench.build, scratch, row),
            "alarms": lambda: bench_alarms(bench, row),
            "idle": lambda: bench_idle(bench, args.idle)}
    print(machine(), flush=True)
    try:
        for name in args.rows:
            jobs[name]()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"\n{machine()}")
    wide = max(len(what) for what, *_ in ROWS)
    for what, measured, bound, good in ROWS:
        print(f"{what:<{wide}}  {measured:<44} {bound:<20} {'met' if good else 'NOT MET'}")
    misses = sum(not good for *_, good in ROWS)
    print(f"{len(ROWS) - misses} passed, {misses} failed")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
