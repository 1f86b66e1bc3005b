"""test_doctor.py: what `shopctl doctor` says of a shop: all that is asked of it while it runs, why it
does not when it does not, and by the same rules as the owner's page.
"""

import json
import os
import signal
import subprocess

from shop import main, until

BOX = {"shopd", "config", "lines", "levels", "scanners", "rtc", "sync", "stick", "owner", "update"}


def etc(shop):
    return shop.state / "etc"


def doctor(shop, *options, exits=None, language="en_GB.UTF-8"):
    """{check: row} of the answer, which is held to its own sum."""
    done = subprocess.run([*shop.run["shopctl"], "--json", "doctor", "--etc", str(etc(shop)), *options],
                          capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "LC_ALL": language})
    assert done.returncode in (0, 1) and done.stdout, (done.returncode, done.stderr)
    answer = json.loads(done.stdout)
    rows = {row["check"]: row for row in answer["checks"]}
    assert len(rows) == len(answer["checks"]), answer
    assert answer["ok"] == all(row["ok"] for row in rows.values()), answer
    for row in rows.values():
        assert set(row) == {"check", "ok", "text", "fix"} and row["text"] and "%s" not in row["text"], row
        assert row["ok"] or row["fix"], row
    if exits is not None:
        assert done.returncode == exits, (done.returncode, [r for r in rows.values() if not r["ok"]])
    return rows


def bad(rows):
    return {word for word, row in rows.items() if not row["ok"]}


def test_a_shop_that_runs(shop):
    rows = doctor(shop, exits=1)
    assert BOX <= set(rows), BOX - set(rows)
    # the same rules as the page's
    owner = shop.member("--role", "owner")
    _, headers, _ = shop.api("POST", "/v1/session", owner.token("owner"), raw=True)
    _, page = shop.api("GET", "/v1/health", headers={"Cookie": headers["Set-Cookie"].split(";")[0],
                                                     "Accept-Language": "en"})
    rows = doctor(shop)
    assert {r["check"] for r in page["checks"]} == set(rows) - BOX
    for row in page["checks"]:
        assert (row["ok"], row["text"], row["fix"]) == tuple(
            rows[row["check"]][k] for k in ("ok", "text", "fix")), (row, rows[row["check"]])
    # the stand-in's configuration relies on a clock with a battery, which this machine may lack
    wrong = bad(rows) & BOX - (set() if os.path.exists("/sys/class/rtc/rtc0") else {"rtc"})
    assert not wrong, [rows[word] for word in wrong]
    swedish = doctor(shop, language="sv_SE.UTF-8")
    assert all(swedish[w]["text"] != rows[w]["text"] for w in rows), "a sentence in one language"


def test_words_for_people(shop):
    done = subprocess.run([*shop.run["shopctl"], "doctor", "--etc", str(etc(shop))], capture_output=True,
                          text=True, timeout=60, check=False, env={**os.environ, "LC_ALL": "C"})
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and lines[0].startswith("✗") and "→" in lines[1], done.stdout
    assert any(line.startswith("✓ ledger") for line in lines), done.stdout


def test_owner_and_tamper(start):
    with start("--no-import") as shop:
        rows = doctor(shop)
        assert not rows["owner"]["ok"] and "owner code" in rows["owner"]["fix"], rows["owner"]
        before = shop.state / "before.json"
        before.write_text(json.dumps({"checks": list(rows.values())}))
        # only what was well before counts
        assert subprocess.run([*shop.run["shopctl"], "doctor", "--etc", str(etc(shop)), "--since",
                               str(before)], capture_output=True, timeout=60, check=False).returncode == 0
        shop.hand("tamper")
        shop.door_until(tamper=True)
        rows = doctor(shop, "--since", str(before), exits=1)
        assert not rows["levels"]["ok"], rows["levels"]
        shop.hand("untamper")
        scanner = shop.run["scanner"]
        conf = etc(shop) / "shopd.conf"
        whole = conf.read_text()
        conf.write_text(whole.replace(scanner, "/dev/no-such-scanner"))
        if conf.read_text() != whole:
            assert "/dev/no-such-scanner" in doctor(shop)["scanners"]["text"]
        conf.write_text(whole + "colour = red\n")
        rows = doctor(shop)
        assert not rows["config"]["ok"] and "colour" in rows["config"]["text"], rows["config"]
        conf.write_text(whole)


def test_a_shop_that_does_not(start):
    with start("--no-import") as shop:
        pid = shop.pids()["shopd"]
        os.kill(pid, signal.SIGSTOP)
        try:
            rows = doctor(shop, exits=1)
            assert not rows["shopd"]["ok"], rows["shopd"]
        finally:
            os.kill(pid, signal.SIGCONT)
        until(lambda: doctor(shop)["shopd"]["ok"], 15, "shopd answers")
        run = shop.state / "nowhere"
        done = subprocess.run([*shop.run["shopctl"], "--json", "--run", str(run), "doctor", "--etc",
                               str(etc(shop))], capture_output=True, text=True, timeout=60, check=False)
        rows = {r["check"]: r for r in json.loads(done.stdout)["checks"]}
        assert done.returncode == 1 and str(run) in rows["shopd"]["text"], rows["shopd"]
        assert {"config", "lines", "scanners", "disk", "sync"} <= set(rows) and "doors" not in rows, rows


if __name__ == "__main__":
    main(globals())
