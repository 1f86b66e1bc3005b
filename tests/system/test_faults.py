"""What breaks, and what must hold all the same: killed programs, a full disk, a ledger that cannot be
written, an end in good order. Every test has a shop of its own, and breaks it.
"""

import os
import pathlib
import signal
import threading
import time

from shop import alive, main, until


def goods(shop):
    return shop.gtins()[0]


def open_visit(shop, member):
    status, visit = shop.api("POST", "/v1/visits", member.token("till"))
    assert status in (200, 201), (status, visit)
    return visit["visit"], visit["bearer"]


def put(shop, visit, bearer, key, gtin):
    """A line as a phone sends it: again and again until it is answered."""
    def sent():
        try:
            status, body = shop.api("PUT", f"/v1/visits/{visit}/lines/{key}", {"gtin": gtin}, bearer)
        except OSError:
            return None
        return (status, body) if status != 503 else None
    return until(sent, 30, f"an answer about line {key}")


def test_every_confirmed_line_survives_a_kill(start):
    with start() as shop:
        gtin, people = goods(shop), [shop.member() for _ in range(6)]
        visits = [open_visit(shop, member) for member in people]
        confirmed, wrong, stop = [], [], threading.Event()

        def buy(number):
            visit, bearer = visits[number]
            for i in range(1000):
                if stop.is_set():
                    return
                status, body = put(shop, visit, bearer, f"k{number}-{i}", gtin)
                if status in (200, 201):
                    confirmed.append((number, f"k{number}-{i}", body["total_minor"]))
                else:
                    wrong.append((status, body))
                    return

        threads = [threading.Thread(target=buy, args=(n,)) for n in range(len(visits))]
        for thread in threads:
            thread.start()
        for _ in range(3):
            reached = len(confirmed) + 100
            until(lambda reached=reached: len(confirmed) >= reached or wrong, 30, "100 more lines")
            shop.kill("shopd")
        reached = len(confirmed) + 50
        until(lambda: len(confirmed) >= reached or wrong, 30, "lines after the last kill")
        stop.set()
        for thread in threads:
            thread.join()
        assert not wrong, wrong[:3]
        for number, (visit, bearer) in enumerate(visits):
            status, shown = shop.api("GET", f"/v1/visits/{visit}", bearer=bearer)
            assert status == 200, (status, shown)
            keys = [row["key"] for row in shown["lines"]]
            assert len(keys) == len(set(keys)), "a line is there twice"
            lost = {k for n, k, _ in confirmed if n == number} - set(keys)
            assert not lost, f"confirmed, and lost: {sorted(lost)[:5]}"
            assert shown["total_minor"] == sum(row["total_minor"] for row in shown["lines"])
        verified = shop.shopctl("ledger", "verify")
        assert verified["ok"] is True, verified


def test_a_token_used_before_the_kill_is_refused_after_it(start):
    with start() as shop:
        member = shop.member()
        code = member.qr()
        with shop.eye() as eye:
            shop.scan(code)
            eye.wait("front-strike", True, 2)
        shop.kill("shopd")
        until(lambda: shop.shopctl_raw("status").returncode == 0, 10, "shopd")
        with shop.eye() as eye:
            before = shop.head()
            assert not eye.refresh()["front-strike"], "the strike stayed on"
            shop.scan(code)
            eye.wait("front-light_no", True, 2)
            assert not eye.refresh()["front-strike"]
            row = shop.row_until(before, kind="refused")
            assert row["verdict"] in ("predates_start", "replayed"), row
            # and a person is let in again as soon as a token can be trusted: 10 s of skew
            def let_in():
                shop.scan(member.qr())
                return [r for r in shop.log(before) if r["verdict"] == "admitted"]
            until(let_in, 20, "a fresh token admitted")


def test_the_door_does_not_need_counterd_or_courierd(start):
    with start() as shop:
        member = shop.member()
        pids = shop.pids()
        for program in ("counterd", "courierd"):
            os.kill(pids[program], signal.SIGSTOP)  # hangs: worse than dead
        try:
            with shop.eye() as eye:
                shop.scan(member.qr())
                eye.wait("front-strike", True, 2)
                shop.hand("open")
                eye.wait("front-strike", False, 2)
                shop.hand("close")
        finally:
            for program in ("counterd", "courierd"):
                os.kill(pids[program], signal.SIGCONT)
        for program in ("counterd", "courierd"):
            shop.kill(program)
            with shop.eye() as eye:
                shop.scan(shop.member().qr())
                eye.wait("front-strike", True, 2)
            shop.door_until(8, strike="off")
        until(lambda: shop.api("GET", "/healthz")[0] == 200, 15, "counterd well again")
        texts = len(shop.texts())
        shop.hand("force")
        shop.text_until("front", texts, 20)


def test_a_slow_disk_slows_money_and_never_the_door(start):
    slow = os.path.join(os.environ.get("SHOP_BUILD", "build/gcc"), "slowsync.so")
    with start(f"--preload=shopd:{slow}", "--env=shopd:SLOWSYNC_MS=300") as shop:
        member = shop.member()
        visit, bearer = open_visit(shop, member)
        gtins, took = shop.gtins(), []
        for i in range(5):
            began = time.monotonic()
            status, _ = put(shop, visit, bearer, f"slow-{i}", gtins[i])
            took.append(time.monotonic() - began)
            assert status == 201, status
        assert min(took) > 0.25, f"a purchase was confirmed before its sync: {took}"
        busy = [threading.Thread(target=put, args=(shop, visit, bearer, f"busy-{i}", gtins[i]))
                for i in range(20)]
        for thread in busy:
            thread.start()
        with shop.eye() as eye:
            began = time.monotonic_ns() / 1e6
            shop.scan(member.qr())
            waited = eye.wait("front-strike", True, 2) / 1000 - began
        for thread in busy:
            thread.join()
        assert waited < 50, f"the strike waited {waited:.1f} ms for a disk"


def fill(folder):
    """Fills a file system to its last byte."""
    path = pathlib.Path(folder, "filler")
    with open(path, "wb", buffering=0) as file:
        block = b"\0" * 65536
        while block:
            try:
                if file.write(block) < len(block):
                    block = block[:len(block) // 2]
            except OSError:
                block = block[:len(block) // 2]
    return path


def test_a_full_disk_refuses_money_and_entry_and_lets_people_out(start):
    if os.geteuid() != 0:
        print("        skipped: mounting a small disk takes root")
        return
    with start("--small-disk", "8") as shop:
        member, late = shop.member(), shop.member()
        gtin, texts = goods(shop), len(shop.texts())
        visit, bearer = open_visit(shop, member)
        status, _ = put(shop, visit, bearer, "before", gtin)
        assert status == 201
        filler = fill(shop.state / "data")

        refused = []

        def full():
            status, body = shop.api("PUT", f"/v1/visits/{visit}/lines/full-{len(refused)}",
                                    {"gtin": gtin}, bearer)
            refused.append((status, body))
            return status == 503
        until(full, 20, "a purchase refused")
        confirmed = {f"full-{i}" for i, (status, _) in enumerate(refused) if status in (200, 201)}
        assert refused[-1][1]["code"] == "ledger_unavailable", refused[-1]
        shop.text_until("", texts, 20)
        assert [a for a in shop.shopctl("alarm", "list") if a["condition"] == "ledger_failing"]

        status, problem = shop.api("POST", "/v1/door/front/unlock", late.token("front"))
        assert (status, problem["code"]) == (503, "ledger_unavailable"), (status, problem)
        with shop.eye() as eye:
            until(lambda: not eye.refresh()["front-light_no"], 5, "the last refusal's light off")
            shop.scan(late.qr())
            eye.wait("front-light_no", True, 3)
            assert not eye.refresh()["front-strike"], "entry with a full disk"
        shop.hand("rex")
        shop.hand("open")
        shop.door_until(physical="open", alarm="normal")
        shop.hand("close")
        assert shop.api("GET", "/healthz")[0] == 503

        filler.unlink()
        def entered():
            status, _ = shop.api("POST", "/v1/door/front/unlock", late.token("front"))
            return status == 200
        until(entered, 30, "entry after the disk had room again")
        status, _ = put(shop, visit, bearer, "after", gtin)
        assert status == 201
        status, shown = shop.api("GET", f"/v1/visits/{visit}", bearer=bearer)
        assert {row["key"] for row in shown["lines"]} == {"before", "after"} | confirmed, shown
        assert shop.shopctl("ledger", "verify")["ok"] is True


def test_a_ledger_that_cannot_be_opened_keeps_the_door_safe(start):
    with start() as shop:
        member = shop.member()
        ledger = pathlib.Path(shop.run["ledger"])
        hidden = ledger.with_name("hidden")
        pid = shop.pids()["shopd"]
        os.kill(pid, signal.SIGSTOP)
        for name in ("", "-wal", "-shm"):
            path = ledger.with_name(ledger.name + name)
            if path.exists():
                path.rename(hidden.with_name("hidden" + name))
        ledger.mkdir()  # what nobody can open as a database, root neither
        os.kill(pid, signal.SIGKILL)
        until(lambda: shop.pids().get("shopd") not in (None, pid), 15, "shopd again")
        until(lambda: shop.shopctl_raw("door").returncode == 0, 15, "shopd answers")
        with shop.eye() as eye:
            shop.scan(member.qr())
            eye.wait("front-light_no", True, 3)
            assert not eye.refresh()["front-strike"], "entry without a ledger"
        shop.hand("rex")
        shop.hand("open")
        shop.door_until(physical="open", alarm="normal")
        shop.hand("close")
        until(lambda: [a for a in shop.shopctl("alarm", "list")
                       if a["condition"] == "ledger_failing"], 10, "the alarm")
        shop.text_until("", 0, 20)


def test_it_ends_cleanly_on_either_signal(start):
    for how in (signal.SIGTERM, signal.SIGINT):
        with start() as shop:
            pids = shop.pids()
            shop.stop(how)
            assert not shop.run_json.exists(), "run.json stays behind a shop that is closed"
            assert len(pids) >= 5, pids


def test_nothing_stays_when_the_runner_is_killed(start):
    with start() as shop:
        pids = shop.pids()
        shop.runner.kill()
        shop.runner.wait(10)
        until(lambda: not [p for p in pids.values() if alive(p)], 10, "the end of every program")


def test_a_port_that_is_taken_is_named(start):
    import subprocess
    import sys
    import tempfile
    from shop import RUNNER
    with start() as shop, tempfile.TemporaryDirectory() as state:
        done = subprocess.run([sys.executable, str(RUNNER), "--state", state, "--port",
                               str(shop.port), "--build", os.environ.get("SHOP_BUILD", "build/gcc")],
                              capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1 and str(shop.port) in done.stdout, done
        assert "Traceback" not in done.stdout + done.stderr, done


def test_a_clean_stop_remembers_used_tokens(start):
    with start() as shop:
        member = shop.member()
        code = member.qr()
        with shop.eye() as eye:
            shop.scan(code)
            eye.wait("front-strike", True, 2)
        shop.kill("shopd", signal.SIGTERM)
        until(lambda: shop.shopctl_raw("status").returncode == 0, 10, "shopd")
        before = shop.head()
        shop.scan(code)
        row = shop.row_until(before, kind="refused")
        assert row["verdict"] == "replayed", row
        with shop.eye() as eye:
            shop.scan(member.qr())
            eye.wait("front-strike", True, 2)


if __name__ == "__main__":
    main(globals())
