"""intake.py: how fast a shop that was away catches up with its office, over HTTP, into either
database (the head office's promise).

    intake.py --build build/gcc [--entries 1000000] [sqlite] [postgres]
"""

import argparse
import contextlib
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in
                ("tests/office", "tests/standin", "tests/phone", "tests/system")]

from box import Box, Link  # noqa: E402
from checker import check  # noqa: E402
from office import Files, Operator  # noqa: E402
from postgres import Postgres  # noqa: E402

SHOP = "viken"
ENTRIES = 1000000
RATES = {"sqlite": 80000, "postgres": 60000}  # entries a second
WIRE_MAX = 120  # bytes a line
START_S = 30


def write_conf(path, sections):
    text = ""
    for name, values in sections.items():
        text += f"[{name}]\n" if name else ""
        text += "".join(f"{key} = {value}\n" for key, value in values.items())
    path.write_text(text)
    return path


@contextlib.contextmanager
def officed(build, folder, database):
    """A head office on a free port: (its process, its URL, its operator)."""
    files = Files(folder, build / "shopctl")
    sections = files.conf(0, {}, database)
    del sections["gateway"]
    conf = write_conf(folder / "officed.conf", sections)
    log = folder / "officed.log"
    with open(log, "wb") as out:
        process = subprocess.Popen([build / "officed", "--config", conf], stdout=out, stderr=out)
    try:
        url = f"http://127.0.0.1:{port_of(process, log)}"
        yield process, url, Operator(url, files.operator)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def port_of(process, log):
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        said = re.search(r"\(port (\d+)\)", log.read_text())
        if said:
            return int(said[1])
        time.sleep(0.02)
    raise RuntimeError(f"officed did not start: {log.read_text()}")


def memory_kib(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])


def catch_up(build, folder, database, entries):
    """A box enrols, and what it has is sent: what office_intake measured, and the office's peak."""
    with officed(build, folder, database) as (process, url, operator):
        box, link = Box(SHOP), Link(url)
        box.enrol(link, operator.claim(SHOP))
        if box.send_all(link) != "taken":
            raise RuntimeError("the office does not take a box's first entry")
        done = subprocess.run(
            [build / "bench/office_intake", "send", url.split("//")[1], SHOP, str(box.epoch),
             box.key.secret.hex(), str(box.acked), box.ledger.head_hash.hex(), str(entries)],
            capture_output=True, text=True, check=True)
        return {**json.loads(done.stdout), "memory_kib": memory_kib(process)}


def prove(database, entries):
    """That the office has it all, by the checker."""
    wrong = check(str(database))
    if wrong:
        raise RuntimeError("; ".join(wrong[:3]))
    return entries


def bench_intake(build, scratch, row, engine, entries=ENTRIES, proven=False):
    build = pathlib.Path(build)
    with tempfile.TemporaryDirectory(dir=scratch) as name, contextlib.ExitStack() as stack:
        folder = pathlib.Path(name) / "office"
        database = folder / "office.db"
        if engine == "postgres":
            database = stack.enter_context(Postgres()).url
        found = catch_up(build, folder, database, entries)
        if proven:
            prove(database, entries)
    rate = found["entries"] / found["seconds"]
    row(f"{entries} entries over HTTP into {engine}", f"{rate:.0f} entries/s",
        f">= {RATES[engine]}", rate >= RATES[engine])
    wire = found["wire_bytes"] / found["lines"]
    row(f"bytes on the wire, {engine}", f"{wire:.0f} a line", f"<= {WIRE_MAX}", wire <= WIRE_MAX)
    return {**found, "rate": rate}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/gcc")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--scratch")
    parser.add_argument("--prove", action="store_true", help="run the checker afterwards")
    parser.add_argument("engine", nargs="*", default=list(RATES))
    args = parser.parse_args()

    def row(what, measured, bound, good):
        print(f"  {'ok  ' if good else 'MISS'} {what}: {measured} (must be {bound})", flush=True)

    for engine in args.engine:
        found = bench_intake(args.build, args.scratch, row, engine, args.entries, args.prove)
        print(f"    {json.dumps(found)}")


if __name__ == "__main__":
    main()
