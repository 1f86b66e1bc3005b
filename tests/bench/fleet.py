"""fleet.py: ten thousand shops on one officed and one PostgreSQL, through nginx and TLS, all of it and
the shops themselves on this machine (the head office's promise).

    fleet.py --build build/gcc [--sizes 100,1000,10000] [--seconds 30,30,90]

nginx runs with etc/nginx/office.conf as it is, but for names, files and the port. Shops are written
straight into the database as enrolled, for enrolling is not what is measured; everything else goes by
the public API. A trigger of PostgreSQL keeps each row that officed writes of a heartbeat. One officed
serves the sizes one after the other, so that its cost a shop is compared within one run.
"""

import argparse
import base64
import contextlib
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time

import cbor2

from intake import ROOT, write_conf

sys.path.insert(0, str(ROOT / "tests/office"))
from checker import Checker  # noqa: E402
from office import Files  # noqa: E402
from postgres import Postgres  # noqa: E402

KEPT = struct.Struct("<QQ32s32sQQqqQQQQ")  # struct kept of fleet_shop.h
PROCESS_SHOPS = 5000  # of one simulator: two files a shop, and `ulimit -n`
RAMP_S = 0.008  # between two shops' first polls
BEAT_S = 15  # all have beaten once before anything is measured
WAVE_S = 30  # between two price changes
CHECKED = 100  # shops that the checker takes apart
START_S = 30

WATCH = """
CREATE UNLOGGED TABLE bench_beat(shop TEXT, seen_at BIGINT, written_at BIGINT, said BYTEA);
CREATE FUNCTION bench_beat() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
 INSERT INTO bench_beat VALUES(NEW.shop, NEW.seen_at,
  (extract(epoch FROM clock_timestamp()) * 1000)::BIGINT, NEW.said); RETURN NULL; END $$;
CREATE TRIGGER bench_beat AFTER INSERT OR UPDATE OF seen_at ON shop_seen
 FOR EACH ROW EXECUTE FUNCTION bench_beat();
"""
ENROL = """
COPY bench_shop FROM STDIN WITH (DELIMITER ' ');
INSERT INTO shop SELECT name, '', name, 'sv', 'SEK', '{}', 1, decode(key, 'hex'), 1, 0, 0, '', 0, 0,
 1, 1, (SELECT n FROM counter WHERE name = 'fleet') + row_number() OVER () FROM bench_shop;
INSERT INTO box_key SELECT name, decode(key, 'hex'), 0, 0, 0 FROM bench_shop;
UPDATE counter SET n = (SELECT max(changed) FROM shop) WHERE name = 'fleet';
TRUNCATE bench_shop;
"""


class Kept:
    """What a shop of the simulator knows of itself."""

    def __init__(self, record):
        (self.seq, self.acked, _, self.hash, self.cursor, self.visits, self.told_at, self.offset_ms,
         self.beats, self.lines, self.acks, _) = record


def kept_of(path):
    data = path.read_bytes()
    return [Kept(record) for record in KEPT.iter_unpack(data)]


# --- what is measured of a process ----------------------------------------------------------------

def with_children(pid):
    """It and all that stem from it."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += with_children(int(child))
    return found


def cpu_s(pids):
    """Seconds that their threads have run, by the scheduler's own account."""
    total = 0
    for pid in pids:
        for task in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):
                total += int(task.read_text().split()[0])
    return total / 1e9


def pss_kib(pids):
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M).group(1))
    return total


# --- the parts ------------------------------------------------------------------------------------

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true, what, seconds=START_S):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} took more than {seconds} s")
        time.sleep(0.05)


def healthy(path):
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(path))
        probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: office\r\n\r\n")
        return b" 200 " in probe.recv(100)
    return False


class Https(http.client.HTTPSConnection):
    """To office.example, wherever it is."""

    def __init__(self, port, cert):
        self.office = ssl.create_default_context(cafile=cert)
        super().__init__("office.example", port, context=self.office, timeout=60)

    def connect(self):
        self.sock = self.office.wrap_socket(socket.create_connection(("127.0.0.1", self.port)),
                                            server_hostname=self.host)


class Run:
    """PostgreSQL, officed and nginx, ready; ended at the end."""

    def __init__(self, build, scratch, most):
        self.build, self.most = pathlib.Path(build).resolve(), most
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=scratch))
        self.folder.chmod(0o755)
        self.stack = contextlib.ExitStack()
        self.state = self.folder / "kept"
        self.state.touch()
        self.shops = 0

    def __enter__(self):
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        try:
            self.postgres = self.stack.enter_context(Postgres())
            self.files = Files(self.folder / "office", self.build / "shopctl")
            self.start_officed()
            self.start_nginx()
            return self
        except BaseException:
            self.stack.close()
            raise

    def __exit__(self, *_):
        self.stack.close()

    def start(self, argv, name):
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen(argv, stdout=log, stderr=log)
        self.stack.callback(self.end, process)
        return process

    @staticmethod
    def end(process):
        process.send_signal(signal.SIGTERM)
        process.wait(60)

    def start_officed(self):
        path = self.folder / "http.sock"
        sections = self.files.conf(0, {}, self.postgres.url)
        del sections["gateway"]
        sections[""].update(listen=f"unix:{path}", url="https://office.example",
                            shops_max=max(100, self.most + self.most // 5))
        conf = write_conf(self.folder / "officed.conf", sections)
        self.officed = self.start([self.build / "officed", "--config", conf], "officed")
        until(lambda: healthy(path), "officed's start")
        path.chmod(0o666)  # nginx's workers are nobody's
        self.postgres.sql("CREATE TABLE bench_shop(name TEXT, key TEXT);" + WATCH)

    def start_nginx(self):
        self.port, self.cert = free_port(), self.folder / "cert.pem"
        key = self.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-days", "2", "-subj", "/CN=office.example", "-addext",
                        "subjectAltName=DNS:office.example", "-keyout", key, "-out", self.cert],
                       check=True, capture_output=True)
        site = (ROOT / "etc/nginx/office.conf").read_text()
        site = re.sub(r"server \{\n\tlisten 80;.*?\n\}\n", "", site, flags=re.S)
        for old, new in ((r"\tlisten \[::\].*\n", ""), (r"listen 443", f"listen 127.0.0.1:{self.port}"),
                         (r"unix:\S*http\.sock", f"unix:{self.folder}/http.sock"),
                         (r"/\S*fullchain\.pem", str(self.cert)), (r"/\S*key\.pem", str(key))):
            site = re.sub(old, new, site)
        (self.folder / "site.conf").write_text(site)
        # listening for each worker by itself shares ten thousand connections out evenly
        site = site.replace(f"{self.port} ssl default_server", f"{self.port} ssl default_server reuseport")
        (self.folder / "site.conf").write_text(site)
        files = min(65536, resource_files())
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\nworker_processes 2;\nworker_rlimit_nofile {files};\npid {self.folder}/nginx.pid;\n"
            f"error_log {self.folder}/nginx.error warn;\n"
            f"events {{ worker_connections {min(32768, files - 100)}; }}\n"
            "http {\n" + "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in
                                 ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) +
            f"include {self.folder}/site.conf;\n}}\n")
        self.nginx = self.start(["nginx", "-p", self.folder, "-e", self.folder / "nginx.error",
                                 "-c", self.folder / "nginx.conf"], "nginx")
        until(lambda: socket.socket().connect_ex(("127.0.0.1", self.port)) == 0, "nginx's start")

    def parts(self):
        return {"officed": [self.officed.pid], "nginx": with_children(self.nginx.pid),
                "postgres": with_children(self.postgres.process.pid)}

    # --- the office's side

    def ask(self, method, path, body, content_type="application/json"):
        """By an operator, through nginx."""
        with contextlib.closing(Https(self.port, self.cert)) as connection:
            connection.request(method, path, body, {"Content-Type": content_type,
                                                    "Authorization": "SK1 " + signed(self.files.operator)})
            answer = connection.getresponse()
            said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:300]}")
        return said

    def furnish(self):
        self.ask("POST", "/v1/products/import?rule=1", (ROOT / "tests/data/products-se.csv").read_bytes(),
                 "text/csv")
        listed = json.loads(self.postgres.sql("SELECT gtin FROM product ORDER BY gtin LIMIT 1"))
        self.gtin = f"{listed:013d}"

    def enrol_to(self, shops):
        """More shops, as rows."""
        made = subprocess.run([self.build / "bench/fleet", "keys", str(self.shops), str(shops - self.shops)],
                              capture_output=True, check=True).stdout
        command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.postgres.url]
        copy, _, rest = ENROL.strip().partition("\n")
        subprocess.run([*command, "-c", copy], input=made, check=True)
        subprocess.run([*command, "-1", "-c", rest], check=True)
        self.shops = shops
        until(lambda: self.postgres.sql("SELECT count(*) FROM shop") == str(shops), "enrolling")

    def price(self, minor):
        """A new price for all shops: when it was asked for, UTC ms."""
        at = time.time()
        self.ask("PUT", f"/v1/products/{self.gtin}/prices", json.dumps(
            {"scope": "", "price_minor": minor}).encode())
        return at * 1000, time.time() * 1000

    # --- one size

    def simulate(self, start_ms, seconds):
        """A simulator for every PROCESS_SHOPS shops."""
        office = (self.files.key.x + self.files.key.y).hex()
        return [subprocess.Popen(
            [self.build / "bench/fleet", "run", str(self.port), office, self.state, str(first),
             str(min(PROCESS_SHOPS, self.shops - first)), str(start_ms), str(seconds)],
            stdout=subprocess.PIPE, text=True) for first in range(0, self.shops, PROCESS_SHOPS)]

    def measure(self, shops, seconds):
        self.enrol_to(shops)
        start = time.time() + BEAT_S + min(shops, PROCESS_SHOPS) * RAMP_S
        before_kept = kept_of(self.state)
        load = self.simulate(int(start * 1000), seconds)
        wait_for(start)
        before = {name: cpu_s(pids) for name, pids in self.parts().items()}
        load_before = cpu_s([p.pid for p in load])
        waves = []
        for nth in range(max(1, seconds // WAVE_S)):
            wait_for(start + nth * WAVE_S + WAVE_S / 3)
            waves.append(self.wave(900 + shops % 97 + nth, shops))
        wait_for(start + seconds - 0.5)
        parts = self.parts()
        found = {"shops": shops, "seconds": seconds, "waves": waves,
                 "cpu_s": {name: cpu_s(pids) - before[name] for name, pids in parts.items()},
                 "pss_kib": {name: pss_kib(pids) for name, pids in parts.items()},
                 "load_cpu_s": cpu_s([p.pid for p in load]) - load_before, "loadavg": os.getloadavg()[0]}
        said = [json.loads(p.communicate(timeout=seconds + 60)[0]) for p in load]
        found["load"] = {key: max(one[key] for one in said) if "_ms" in key else
                         sum(one[key] for one in said) for key in said[0]}
        found["start_ms"] = start * 1000
        found["beats"] = sum(kept.beats for kept in kept_of(self.state)) - sum(k.beats for k in before_kept)
        return found

    def wave(self, minor, shops):
        """How long a price took to all shops, from the moment at which it was asked for."""
        asked, answered = self.price(minor)
        told = []

        def all_told():
            nonlocal told
            told = [kept.told_at for kept in kept_of(self.state)[:shops]]
            return min(told) >= asked - 1

        with contextlib.suppress(RuntimeError):
            until(all_told, "a price", 15)
        late = sorted(at - asked for at in told if at >= asked - 1)
        return {"answered_ms": answered - asked, "told": len(late),
                "p50_ms": late[len(late) // 2] if late else None, "max_ms": late[-1] if late else None}

    # --- what is proven at the end

    def beats(self):
        """(rows, latest note, latest row, of which shop) of heartbeats against when they were due."""
        kept, rows, noted, written, by_shop = kept_of(self.state), 0, 0, 0, {}
        out = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", " ", "-d", self.postgres.url, "-c",
                              "SELECT shop, seen_at, written_at, encode(said, 'hex') FROM bench_beat"],
                             capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            shop, seen_at, written_at, said = line.split()
            n = int(shop.split("-")[1])
            due = cbor2.loads(bytes.fromhex(said))[5] - kept[n].offset_ms
            noted, written = max(noted, int(seen_at) - due), max(written, int(written_at) - due)
            by_shop[n] = by_shop.get(n, 0) + 1
            rows += 1
        missing = sum(by_shop.get(n, 0) < shop.beats for n, shop in enumerate(kept))
        return rows, noted, written, missing

    def wrong(self):
        """Whether what was acknowledged is there, once: every shop by its sums, some entry by entry."""
        out = self.postgres.sql(
            "SELECT s.shop, s.head_seq, encode(s.head_hash, 'hex'), count(e.seq), count(DISTINCT e.seq),"
            " coalesce(max(e.seq), 0), (SELECT count(*) FROM line l WHERE l.shop = s.shop) FROM shop s"
            " LEFT JOIN entry e ON e.shop = s.shop GROUP BY s.shop")
        kept, checker, found = kept_of(self.state), Checker(self.postgres.url), []
        for row in out.splitlines():
            shop, *rest = row.split("|")
            mine = kept[int(shop.split("-")[1])]
            head, count, distinct, last, lines = (int(rest[i]) for i in (0, 2, 3, 4, 5))
            if not head == count == distinct == last == mine.acked == mine.seq or lines != mine.lines or \
                    (head and bytes.fromhex(rest[1]) != mine.hash):
                found.append(f"{shop}: has {row}, but acknowledged {mine.acked} with {mine.lines} lines")
        some = [n for n, mine in enumerate(kept) if mine.acked][::max(1, len(kept) // CHECKED)][:CHECKED]
        for n in some:
            checker.check_shop(f"shop-{n}", kept[n].acked, kept[n].hash, {kept[n].acked: kept[n].hash})
        return found + checker.wrong


def signed(key):
    return base64.urlsafe_b64encode(key.token("office/admin")).decode().rstrip("=")


def resource_files():
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def wait_for(at):
    time.sleep(max(0, at - time.time()))


# --- the rows -------------------------------------------------------------------------------------

def rows_of(run, sizes, row):
    big, small = sizes[-1], sizes[0]
    rows, noted, written, missing = run.beats()
    load = big["load"]
    row(f"{rows} heartbeats of up to {big['shops']} shops through nginx: the latest, as officed wrote it down",
        f"{noted / 1000:.2f} s after it was due (row on disk {written / 1000:.2f} s)", "<= 5 s",
        noted <= 5000 and missing == 0 and rows > 0)
    held = (big["pss_kib"]["officed"] - small["pss_kib"]["officed"]) / (big["shops"] - small["shops"])
    row("memory (PSS) of officed a shop, its poll held", f"{held:.1f} KiB", "<= 16 KiB", held <= 16)
    cost = [1000 * one["cpu_s"]["officed"] / one["shops"] / one["seconds"] * 60 for one in sizes]
    row("CPU of officed a shop and minute, with " + ", ".join(str(one["shops"]) for one in sizes),
        ", ".join(f"{ms:.2f}" for ms in cost) + " ms", "the last <= 1.25 x any", cost[-1] <= 1.25 * min(cost))
    wave = max((wave for wave in big["waves"]), key=lambda wave: wave["max_ms"] or 1e9)
    row(f"a price to {big['shops']} shops: half of them, all of them",
        f"{(wave['p50_ms'] or 0) / 1000:.2f} s, {(wave['max_ms'] or 0) / 1000:.2f} s", "all <= 10 s",
        wave["told"] == big["shops"] and wave["max_ms"] <= 10000)
    silent = run.postgres.sql("SELECT count(*) FROM notice WHERE kind = 1")
    row("shops called silent that were not", silent, "0", silent == "0")
    wrong = run.wrong()
    row(f"{load['lines']} lines in {load['batches']} batches: acknowledged and not there, or twice",
        str(len(wrong)), "0", not wrong and not load["unsent"] and load["lines"] > 0)
    for line in wrong[:5]:
        print(f"    {line}")


def bench_fleet(build, scratch, row, sizes=(100, 1000, 10000), seconds=(30, 30, 90)):
    print("fleet: " + ", ".join(map(str, sizes)) + " shops on one officed", flush=True)
    with Run(build, scratch, sizes[-1]) as run:
        run.furnish()
        found = []
        for shops, span in zip(sizes, seconds):
            found.append(run.measure(shops, span))
            print(f"    {json.dumps(found[-1])}", flush=True)
        rows_of(run, found, row)
        for one in found:
            print("    {} shops, {} s: CPU ".format(one["shops"], one["seconds"]) + ", ".join(
                f"{name} {one['cpu_s'][name] / one['seconds']:.2f}" for name in one["cpu_s"]) +
                f", the shops themselves {one['load_cpu_s'] / one['seconds']:.2f} cores (load average "
                f"{one['loadavg']:.1f}); PSS " + ", ".join(
                    f"{name} {kib / 1024:.0f} MiB" for name, kib in one["pss_kib"].items()), flush=True)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/gcc")
    parser.add_argument("--scratch")
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--seconds", default="30,30,90")
    args = parser.parse_args()

    def row(what, measured, bound, good):
        print(f"  {'ok  ' if good else 'MISS'} {what}: {measured} (must be {bound})", flush=True)

    bench_fleet(args.build, args.scratch, row, [int(n) for n in args.sizes.split(",")],
                [int(n) for n in args.seconds.split(",")])


if __name__ == "__main__":
    main()
