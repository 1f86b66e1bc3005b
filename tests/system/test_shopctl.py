"""shopctl over a real shop: every command, its JSON to the letter, every exit code; and that what it
says happened did happen, seen by another road."""

import base64
import json
import os
import pathlib
import re
import signal
import socket
import stat
import subprocess
import tempfile

from openapi import Api
from shop import ROOT, main, until
from phone import Office, Phone  # found by shop

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3


def people(shop, *args):
    """CompletedProcess of shopctl without --json."""
    return subprocess.run([*shop.run["shopctl"], *map(str, args)], capture_output=True, text=True,
                          timeout=30, check=False)


def keys(value, *names):
    assert list(value) == list(names), (list(value), names)


def data_file(text, name="list.csv"):
    path = pathlib.Path(tempfile.mkdtemp(prefix="shopctl-")) / name
    path.write_text(text)
    return path


# --- the whole


def test_help_fits_a_screen_and_names_every_command(shop):
    done = people(shop, "help")
    assert done.returncode == DONE
    lines = done.stdout.splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80, done.stdout
    commands = re.findall(r"^  ([a-z]+) ", done.stdout, re.M)
    assert {"status", "door", "sim", "member", "pass", "token", "product", "visit", "alarm", "log",
            "ledger", "clock", "config"} <= set(commands), commands
    for command in commands:
        if command != "help":
            assert people(shop, "help", command).stdout.startswith(command + ":")


def test_exit_codes(shop):
    assert people(shop).returncode == USAGE
    assert people(shop, "nonsense").returncode == USAGE
    assert people(shop, "door", "lock", "nosuchdoor").returncode == REFUSED
    argv = [shop.run["shopctl"][0], "--run", "/nonexistent", "--state", "/nonexistent"]
    for words in (["status"], ["log"], ["ledger", "verify"], ["sim", "open"], ["alarm", "list"],
                  ["contact"], ["sensor"], ["rehearse"], ["look"]):
        done = subprocess.run([*argv, *words], capture_output=True, timeout=30, check=False)
        assert done.returncode == UNREACHABLE, (words, done)
        assert done.stdout == b"" and done.stderr.startswith(b"shopctl: "), done


def test_json_is_one_value_wherever_the_option_stands(shop):
    for words in (["--json", "door"], ["door", "--json"], ["door", "lock", "nosuchdoor", "--json"],
                  ["nonsense", "--json"]):
        json.loads(people(shop, *words).stdout)
    refused = shop.shopctl("door", "lock", "nosuchdoor", exits=REFUSED)
    keys(refused, "error", "message")
    assert refused["error"] == "refused", refused


def test_a_silent_shop_is_not_reachable(shop):
    folder = tempfile.mkdtemp(prefix="shopctl-")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as silent:
        silent.bind(os.path.join(folder, "control.sock"))
        silent.listen()
        done = subprocess.run([shop.run["shopctl"][0], "--run", folder, "status"],
                              capture_output=True, timeout=20, check=False)
    assert done.returncode == UNREACHABLE, done


# --- status, doors, alarms


def test_status(shop):
    status = shop.shopctl("status")
    assert status["shop"] == "viken" and status["simulated"] is True, status
    assert status["ledger_ok"] and status["counter_connected"] and status["articles"] == 2379, status
    done = people(shop, "status")
    assert done.returncode == DONE and "viken" in done.stdout and "simulated" in done.stdout


def test_doors(shop):
    door = shop.shopctl("door")[0]
    keys(door, "door", "mode", "physical", "alarm", "tamper", "strike", "since")
    assert (door["door"], door["mode"], door["physical"], door["alarm"], door["strike"]) == \
        ("front", "locked", "closed", "normal", "off"), door
    assert door["tamper"] is False and TIME.fullmatch(door["since"]), door
    assert "front" in people(shop, "door").stdout


def test_a_person_commands_the_door(shop):
    with shop.eye() as eye:
        shop.shopctl("door", "unlock", "front")
        until(lambda: eye.strike(), 5, "strike on")
        shop.door_until(mode="unlocked", strike="on")
        shop.shopctl("door", "lock")
        until(lambda: not eye.strike(), 5, "strike off")
        shop.door_until(mode="locked", strike="off")
        shop.shopctl("door", "release")
        eye.refresh()
        assert eye.levels["front-strike"]
        shop.hand("open")
        shop.hand("close")
        shop.door_until(mode="locked", strike="off")
    shop.shopctl("door", "prop", "1")
    shop.door_until(mode="propped")
    shop.shopctl("door", "lock")
    shop.shopctl("door", "lockdown")
    shop.door_until(mode="lockdown")
    shop.shopctl("door", "lock")
    shop.door_until(mode="locked")
    shop.quiet()


def test_the_hand_on_a_locked_door(shop):
    before = shop.head()
    refused = shop.shopctl("sim", "open", exits=REFUSED)
    assert "strike" in refused["message"], refused
    assert shop.door_now()["physical"] == "closed"
    shop.shopctl("sim", "force", "front")
    shop.row_until(before, kind="alarm", door="front")
    alarm = shop.alarm_until(condition="forced")
    keys(alarm, "alarm", "code", "condition", "door", "place", "state", "severity", "over",
         "raised_at", "cleared_at", "acknowledged_by", "told")
    assert alarm["door"] == "front" and TIME.fullmatch(alarm["raised_at"]), alarm
    assert alarm["cleared_at"] is None and alarm["acknowledged_by"] is None, alarm
    assert "forced" in people(shop, "alarm", "list").stdout
    assert "refused" == shop.shopctl("alarm", "ack", alarm["alarm"] + 1000, exits=REFUSED)["error"]
    shop.shopctl("sim", "close")
    shop.shopctl("alarm", "ack", alarm["code"], "--by", "anna")
    until(lambda: not [a for a in shop.shopctl("alarm", "list") if a["alarm"] == alarm["alarm"]
                       and a["acknowledged_by"] != "anna"], 5, "the acknowledgement")
    shop.quiet()


def test_who_was_told(shop):
    """An owner's text leaves, and the list says so, and the log; a contact's number stands nowhere."""
    before = shop.head()
    shop.shopctl("sim", "force")
    number = shop.alarm_until(condition="forced", over=False, acknowledged_by=None)["alarm"]
    row = until(lambda: next(a for a in shop.shopctl("alarm", "list") if a["alarm"] == number
                             and a["told"]), 10, "who was told")
    keys(row["told"][0], "contact", "kind", "outcome", "road", "texts", "at")
    assert (row["told"][0]["contact"], row["told"][0]["road"]) == ("owner", "gateway"), row
    assert TIME.fullmatch(row["told"][0]["at"])
    assert re.search(r"owner (left|delivered) by gateway", people(shop, "alarm", "list").stdout)
    told = until(lambda: [r for r in shop.log(before) if r["kind"] == "told" and
                          r["text"].startswith(f"alarm {number}: raised to owner ")], 5, "its row")[0]
    assert told["door"] is None and told["customer"] is None, told
    assert told in shop.shopctl("log", "--kind", "told")
    number = shop.texts()[-1]["to"].lstrip("+")
    assert number not in json.dumps(shop.shopctl("log")) + json.dumps(shop.shopctl("contact"))
    shop.quiet()


def test_contacts(shop):
    contacts = shop.shopctl("contact", "list")
    assert [(c["contact"], c["role"], c["step"]) for c in contacts] == [
        ("owner", "owner", 1), ("keyholder", "keyholder", 2), ("neighbour", "neighbour", 3)], contacts
    contact = contacts[0]
    keys(contact, "contact", "role", "step", "from", "to", "least", "on_duty", "roads")
    assert contact == {"contact": "owner", "role": "owner", "step": 1, "from": None, "to": None,
                       "least": "notice", "on_duty": True, "roads": ["gateway"]}, contact
    shown = people(shop, "contact").stdout
    assert "owner" in shown and "always" in shown and "no other road" in shown, shown


def test_a_rehearsal(start):
    with start() as shop:
        before = shop.head()
        number = shop.shopctl("rehearse")["alarm"]
        alarm = shop.alarm_until(alarm=number, condition="rehearsal", severity="notice")
        shop.text_until(str(alarm["code"]))
        assert shop.row_until(before, kind="told", text=f"alarm {number}: raised to owner left, "
                                                        "by gateway")
        shop.shopctl("alarm", "ack", alarm["code"], "--by", "owner")
        assert shop.alarm_until(alarm=number, acknowledged_by="owner", over=True)


def test_a_look(shop):
    assert people(shop, "look").returncode == DONE
    courierd = shop.pids()["courierd"]
    os.kill(courierd, signal.SIGSTOP)
    try:
        assert people(shop, "look").returncode == DONE  # nobody waits for it
    finally:
        os.kill(courierd, signal.SIGCONT)


def test_sensors(start):
    assert_none = {"value_milli": None, "unit": None, "on": None, "age_ms": None}
    conf = ("ice:kind=freezer", "ice:source=sim", "ice:debounce=0 s", "floor:kind=water",
            "floor:source=sim")
    options = [word for line in conf for word in ("--set", f"shopd:sensor {line}")]
    with start(*options) as shop:
        ice, floor = shop.shopctl("sensor", "list")
        keys(ice, "sensor", "kind", "state", "value_milli", "unit", "on", "age_ms", "low_milli",
             "high_milli")
        assert (ice["sensor"], ice["state"], ice["high_milli"]) == ("ice", "unknown", -15000), ice
        assert {**floor, **assert_none} == floor, floor
        assert "never heard" in people(shop, "sensor").stdout
        shop.shopctl("sim", "sensor", "ice", "-18.249")
        ice = until(lambda: [s for s in shop.shopctl("sensor") if s["state"] == "ok"], 10, "ice")[0]
        assert (ice["value_milli"], ice["unit"], ice["on"]) == (-18249, "°C", None), ice
        assert 0 <= ice["age_ms"] < 10000
        assert "-18.2 °C" in people(shop, "sensor").stdout
        shop.shopctl("sim", "sensor", "ice", "-3")
        alarm = shop.alarm_until(10, condition="freezer_warm")
        assert (alarm["place"], alarm["door"]) == ("ice", None), alarm
        assert "ALARM" in people(shop, "sensor", "list").stdout
        owner = shop.member("--role", "owner")
        token = base64.urlsafe_b64encode(owner.token("owner")).rstrip(b"=").decode()
        _, by_http = shop.api("GET", "/v1/sensors", headers={"Authorization": "SK1 " + token})
        assert [(s["sensor"], s["state"]) for s in by_http["sensors"]] == \
            [("ice", "alarm"), ("floor", "unknown")], by_http
        Api(ROOT / "include" / "api" / "shop.yaml").check(
            by_http, {"$ref": "#/components/schemas/Sensors"}, "sensors")


def test_every_hand(shop):
    with shop.eye() as eye:
        for hand, line, level in (("tamper", "tamper", True), ("untamper", "tamper", False),
                                  ("rex", "rex", True), ("exit", "contact", True),
                                  ("close", "contact", False)):
            seen = len(eye.seen)
            shop.shopctl("sim", hand)
            eye.refresh()
            assert (f"front-{line}", level) in [s[:2] for s in eye.seen[seen:]], (hand, eye.seen)
    shop.quiet()


def test_a_challenge_becomes_a_token_that_opens(shop):
    with tempfile.TemporaryDirectory() as folder:
        phone = os.path.join(folder, "phone.key")
        made = shop.shopctl("token", "key", phone)
        keys(made, "key", "kid")
        assert stat.S_IMODE(os.stat(phone).st_mode) == 0o600
        added = shop.shopctl("member", "add", "--key", made["key"])
        keys(added, "customer", "kid")
        assert added["kid"] == made["kid"]
        before, challenge = shop.head(), shop.shopctl("door", "challenge", "front")["challenge"]
        assert challenge.startswith("SKN1:"), challenge
        # a phone whose clock is years behind gets in by the door's own nonce
        token = shop.shopctl("token", "make", "--key", phone, "--challenge", challenge, "--at",
                             "2020-01-01T00:00:00Z")
        shop.scan(token["text"])
        row = shop.row_until(before, verdict="admitted")
        assert row["customer"] == added["customer"], row
        # and one that lives too long does not
        token = shop.shopctl("token", "make", "--key", phone, "--aud", "viken/front", "--life", 121)
        shop.scan(token["text"])
        shop.row_until(before, verdict="too_long_lived")
        drawn = people(shop, "token", "make", "--key", phone, "--aud", "viken/front").stdout
        assert drawn.startswith("SK1:") and "\u2580" in drawn
    shop.quiet()


# --- members and passes


def test_members(shop):
    phone = Phone()
    first = shop.shopctl("member", "add", "--key", phone.cose_key_hex, "--limit", "499.50",
                         "--extended", "--role", "staff")
    assert re.fullmatch(r"[0-9a-f]{32}", first["customer"])
    assert shop.shopctl("member", "add", "--key", phone.cose_key_hex) == first
    row = next(m for m in shop.shopctl("member", "list") if m["customer"] == first["customer"])
    assert row["kid"] == first["kid"] and row["role"] == "staff", row
    assert row["credit_limit_minor"] == 49950 and row["currency"] == "SEK", row
    assert row["extended"] is True and row["blocked"] is False, row
    assert "499.50" in people(shop, "member", "list").stdout
    shop.shopctl("member", "block", first["customer"])
    before = shop.head()
    shop.scan(phone.qr("viken/front"))
    shop.row_until(before, verdict="blocked", customer=first["customer"])
    shop.shopctl("member", "unblock", first["customer"])
    shop.scan(phone.qr("viken/front"))
    shop.row_until(before, verdict="admitted", customer=first["customer"])
    shop.shopctl("member", "block", "00" * 16, exits=REFUSED)
    shop.quiet()


def test_a_private_key_is_refused_by_name(shop):
    before = shop.shopctl("status")["members"]
    secret = Phone().cose_secret.hex()
    done = shop.shopctl_raw("member", "add", "--key", secret)
    assert done.returncode == REFUSED and "private" in done.stderr, done
    assert secret[-64:] not in done.stderr + done.stdout
    assert shop.shopctl("status")["members"] == before


def test_passes(shop):
    office, guest = Office(), shop.member()
    assert shop.shopctl("pass", "key", "--key", office.cose_key_hex)["kid"] == office.kid.hex()
    cti, pinned = os.urandom(16), os.urandom(16)
    before = shop.head()
    shop.shopctl("pass", "pin", pinned.hex(), "2468")
    shop.scan(office.qr_of(office.pass_token("viken", guest.customer, cti=pinned)))
    shop.row_until(before, verdict="pin_required")
    shop.scan(office.qr_of(office.pass_token("viken", guest.customer, cti=cti)))
    shop.row_until(before, verdict="admitted", customer=guest.customer)
    shop.shopctl("pass", "revoke", cti.hex())
    before = shop.head()
    shop.scan(office.qr_of(office.pass_token("viken", guest.customer, cti=cti)))
    shop.row_until(before, verdict="revoked")
    shop.quiet()


# --- goods, visits, the ledger


def test_products(shop):
    gtin = shop.gtins()[0]
    product = shop.shopctl("product", "show", gtin)
    keys(product, "gtin", "name", "price_minor", "deposit_minor", "currency", "vat", "vat_bp",
         "reorder", "class", "state", "price_version")
    assert product["gtin"] == gtin and product["price_minor"] > 0, product
    assert f"{product['price_minor'] // 100}.90" in people(shop, "product", "show", gtin).stdout
    status, seen = shop.api("GET", f"/v1/products/{gtin}")
    assert status == 200 and seen["name"] == product["name"], seen
    shop.shopctl("product", "show", "00000017", exits=REFUSED)


def test_a_list_replaces_the_prices(start):
    with start() as shop:
        goods = data_file("gtin,name,price,vat,class\n7310865004703,Mjölk,14.90,food,grocery\n"
                          "7310865004704,Wrong digit,1,food,grocery\n96385074,Tvål,25,standard,\n")
        strict = shop.shopctl("product", "import", goods, "--strict", exits=REFUSED)
        assert "bad" in strict["message"], strict
        assert shop.shopctl("status")["articles"] == 2379
        done = shop.shopctl("product", "import", goods)
        assert done["rows"] == 2 and done["bad"] == 1 and done["priced_by_rule"] == 0, done
        assert done["problems"][0]["line"] == 3 and "GTIN" in done["problems"][0]["reason"], done
        assert shop.shopctl("product", "show", "7310865004703")["price_minor"] == 1490
        soap = shop.shopctl("product", "show", "96385074")
        assert (soap["price_minor"], soap["vat_bp"], soap["class"]) == (2500, 2500, "household")
        assert shop.shopctl("status")["articles"] == 2
        empty = shop.shopctl("product", "import", data_file("gtin,name\n"), exits=REFUSED)
        assert empty["error"] == "refused" and shop.shopctl("status")["articles"] == 2


def test_visits(shop):
    member = shop.member()
    status, visit = shop.api("POST", "/v1/visits", member.token("till"))
    assert status == 201, visit
    gtin = next(g for g in shop.gtins()
                if shop.shopctl("product", "show", g)["class"] == "grocery")
    for key in ("a", "b"):
        status, line = shop.api("PUT", f"/v1/visits/{visit['visit']}/lines/{key}", {"gtin": gtin},
                                bearer=visit["bearer"])
        assert status == 201, line
    shop.api("DELETE", f"/v1/visits/{visit['visit']}/lines/b", bearer=visit["bearer"])
    one = shop.shopctl("visit", visit["visit"])
    assert one["customer"] == member.customer and one["state"] == "open", one
    assert one["total_minor"] == line["unit_price_minor"] and one["currency"] == "SEK", one
    assert [(row["key"], row["voided"]) for row in one["lines"]] == [("a", False), ("b", True)], one
    assert visit["visit"] in [v["visit"] for v in shop.shopctl("visit")]
    assert len(shop.shopctl("visit", "--max", 1)) == 1
    shop.api("POST", f"/v1/visits/{visit['visit']}/close", {}, bearer=visit["bearer"])
    assert shop.shopctl("visit", visit["visit"])["state"] == "closed"
    assert visit["visit"] in people(shop, "visit").stdout
    assert "voided" in people(shop, "visit", visit["visit"]).stdout
    shop.shopctl("visit", "00000000000000ff", exits=REFUSED)


def test_the_log(shop):
    head, rows = shop.head(), shop.shopctl("log")
    for row in rows:
        keys(row, "seq", "at", "kind", "door", "verdict", "customer", "text")
        assert TIME.fullmatch(row["at"]), row
    assert [row["seq"] for row in rows] == list(range(1, rows[-1]["seq"] + 1))
    assert rows[-1]["seq"] >= head
    assert shop.shopctl("log", "--after", head - 1)[0] == rows[head - 1]
    assert [r["seq"] for r in shop.shopctl("log", "--max", 3)][-1] >= head
    assert len(shop.shopctl("log", "--max", 3)) == 3
    assert [r["seq"] for r in shop.shopctl("log", "--after", 0, "--max", 2)] == [1, 2]
    refused = shop.shopctl("log", "--kind", "refused")
    assert refused and refused == [r for r in shop.shopctl("log") if r["kind"] == "refused"]
    assert shop.shopctl("log", "--kind", "refused", "--max", 1) == refused[-1:]
    assert shop.shopctl("log", "--after", rows[-1]["seq"] + 1000) == []
    shown = people(shop, "log", "--max", 5)
    assert len(shown.stdout.splitlines()) == 5, shown
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", shown.stdout), shown.stdout


def test_the_ledger_holds(shop):
    verified = shop.shopctl("ledger", "verify")
    keys(verified, "entries", "erased", "head", "ok")
    assert verified["ok"] is True and verified["entries"] >= shop.shopctl("log")[-1]["seq"] - 5
    assert re.fullmatch(r"[0-9a-f]{64}", verified["head"])
    assert people(shop, "ledger", "verify").returncode == DONE


# --- clock, configuration


def test_clock_trust(shop):
    shop.shopctl("clock", "trust")
    assert shop.shopctl("status")["clock_trusted"] is True


def test_config_check(shop):
    files = [shop.state / "etc" / f"{name}.conf" for name in ("shopd", "counterd", "courierd")]
    checked = shop.shopctl("config", "check", *files)
    assert [(c["program"], c["ok"]) for c in checked] == \
        [("shopd", True), ("counterd", True), ("courierd", True)], checked
    wrong = data_file(files[0].read_text().replace("timezone =", "timezne ="), "shopd-wrong.conf")
    checked = shop.shopctl("config", "check", wrong, exits=REFUSED)
    assert checked[0]["ok"] is False and "timezone" in checked[0]["message"], checked
    done = people(shop, "config", "check", files[1], wrong)
    assert done.returncode == REFUSED and "timezne" in done.stderr and "good" in done.stdout, done
    assert people(shop, "config", "check", "/etc/hosts").returncode == USAGE
    assert people(shop, "config", "check", "/nonexistent/shopd.conf").returncode == REFUSED


if __name__ == "__main__":
    main(globals())
