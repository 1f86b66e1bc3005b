"""test_sms.py: how texts leave by the gateway, and what becomes of them (courierhouse.py)."""

import contextlib
import pathlib
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time

from courierhouse import (ANNA, AT_MS, BO, BUILD, BY_GATEWAY, CARIN, DELIVERED, FORCED, LEDGER_FAILING,
                          LEFT, NUMBER, OVER, PASSWORD, RAISED, ROAD_FAILING, STUCK, courier)
from shop import main, until

WAITS = True


def test_46elks_to_the_byte(start):
    with courier(sender="Viken") as c:
        c.shopd.notify(1)
        assert c.shopd.notified() == (1, RAISED, LEFT)
        (asked,) = c.requests()
        assert asked["path"] == "/a1/sms", asked
        assert asked["headers"]["Content-Type"] == "application/x-www-form-urlencoded"
        assert asked["headers"]["Authorization"] == "Basic dTEyMzQ6aHVzaC1odXNo"
        assert asked["body"] == (
            "from=Viken&to=%2B46701234567&message=viken%3A%20d%C3%B6rren%20front%20st%C3%A5r%20"
            "%C3%B6ppen%20sedan%2014%3A44%3A56%20%2822%2F11%29.%20G%C3%A5%20dit%20eller%20ring%20"
            "n%C3%A5gon%20som%20kan%20st%C3%A4nga.%20Kvittera%3A%20471100"), asked["body"]


def test_twilio_to_the_byte(start):
    with courier(preset="twilio", language="en", user="AC0123",
                 sender="Viken") as c:
        c.shopd.notify(2, FORCED, code=800001)
        assert c.shopd.notified() == (2, RAISED, LEFT)
        (asked,) = c.requests()
        assert asked["path"] == "/2010-04-01/Accounts/AC0123/Messages.json", asked
        assert asked["headers"]["Content-Type"] == "application/x-www-form-urlencoded"
        assert asked["headers"]["Authorization"] == "Basic QUMwMTIzOmh1c2gtaHVzaA=="
        assert asked["body"] == (
            "From=Viken&To=%2B46701234567&Body=viken%3A%20BREAK-IN%3F%20Door%20front%20was%20opened"
            "%2014%3A45%3A04%20%2822%20Nov%29%20and%20nobody%20had%20been%20let%20in.%20Look%2C%20"
            "call%20112%20if%20it%20goes%20on.%20Acknowledge%3A%20800001"), asked["body"]


def test_one_text_however_often_it_is_asked(start):
    with courier(contacts={"anna": ANNA, "bo": BO}) as c:
        names = [c.shopd.hear("contact")["name"] for _ in range(2)]
        assert names == ["anna", "bo"], names
        for _ in range(3):
            c.shopd.notify(3)
        assert c.shopd.notified() == (3, RAISED, LEFT)
        c.shopd.notify(3, contact="bo")
        assert c.shopd.notified(contact="bo") == (3, RAISED, LEFT)
        c.shopd.notify(4, LEDGER_FAILING, place="", severity=3)
        until(lambda: len(c.texts()) == 3, 5, "the next alarm's text")
        assert [t["to"] for t in c.texts()] == [ANNA, BO, ANNA], c.texts()
        assert "disken" in c.texts()[-1]["text"], c.texts()
        c.shopd.notify(5, contact="nobody")
        until(lambda: "nobody" in c.log(), 5, "a contact that is not in the configuration is named")
        assert len(c.texts()) == 3


def test_trouble_is_tried_again(start):
    with courier(faults="500,503") as c:
        c.shopd.notify(5)
        assert c.shopd.notified(15) == (5, RAISED, LEFT)
        assert len(c.requests()) == 3 and len(c.texts()) == 1, c.requests()
        c.faults("429:2")
        began = time.monotonic()
        c.shopd.notify(6)
        assert c.shopd.notified(15, alarm=6) == (6, RAISED, LEFT)
        assert time.monotonic() - began >= 2, "Retry-After was not kept"
        assert len(c.texts()) == 2


def test_a_refusal_is_final(start):
    with courier() as c:
        for alarm in (7, 8, 9):
            c.faults({7: "400", 8: "403", 9: "302"}[alarm])
            c.shopd.notify(alarm)
            assert c.shopd.notified() == (alarm, RAISED, STUCK)
        assert len(c.requests()) == 3 and not c.texts(), c.requests()


def test_over_never_overtakes_raised(start):
    with courier(faults="500") as c:
        c.shopd.notify(10)
        c.shopd.notify(10, kind=OVER, open_s=75, at_ms=AT_MS + 75000)
        for kind in (RAISED, OVER):
            assert c.shopd.notified(10, kind=kind) == (10, kind, LEFT)
        first, second = [t["text"] for t in c.texts()]
        assert "står öppen" in first and "över" in second and "75 s" in second, c.texts()


def test_shopd_comes_back(start):
    with courier(faults="500,500") as c:
        c.shopd.notify(11)
        until(c.requests, 5, "the first try")
        c.shopd.leave()
        until(c.texts, 15, "the text, though shopd is gone")
        c.shopd.listen()
        c.shopd.greet()
        said = c.shopd.hear("notified", 10, alarm=11, kind=RAISED)
        assert said["outcome"] in (LEFT, DELIVERED), "what could not be said is said now"
        assert len(c.texts()) == 1


def test_the_text_leaves_at_once(start):
    with courier() as c:
        took = []
        for alarm in range(20, 26):
            began = time.monotonic()
            c.shopd.notify(alarm, at_ms=AT_MS + alarm)
            assert c.shopd.notified(alarm=alarm) == (alarm, RAISED, LEFT)
            took.append(time.monotonic() - began)
        print(f"        NOTIFY -> gateway -> NOTIFIED: median {sorted(took)[3] * 1000:.1f} ms")
        assert sorted(took)[3] < 0.25, took


def test_neither_number_nor_password_is_told(start):
    with courier(faults="500,400") as c:
        c.shopd.notify(12)
        assert c.shopd.notified(10) == (12, RAISED, STUCK)
        argv = pathlib.Path(f"/proc/{c.process.pid}/cmdline").read_bytes().decode()
        for secret in (PASSWORD, ANNA, ANNA[1:], "dTEyMzQ6"):
            assert secret not in c.log() and secret not in argv, (secret, c.log())
        assert "anna" in c.log() and "status 500" in c.log(), c.log()


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unknown_tls(folder):
    """A TLS server whose certificate nobody knows: (port, list of what it was told in it)."""
    key, cert, heard = folder / "key", folder / "cert", []
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert,
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            with contextlib.suppress(OSError):
                with context.wrap_socket(server.accept()[0], server_side=True) as peer:
                    heard.append(peer.recv(1000))
    threading.Thread(target=serve, daemon=True).start()
    return server.getsockname()[1], heard


def test_a_gateway_that_is_not_there(start):
    """Four kinds of it side by side, for each takes its time: shopd hears within 30 s."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tls-")))
        port, heard = unknown_tls(folder)
        gone = stack.enter_context(courier(url=f"http://127.0.0.1:{closed_port()}"))
        strange = stack.enter_context(courier(url=f"https://127.0.0.1:{port}"))
        silent = stack.enter_context(courier(faults=",".join(["hang"] * 9)))
        broken = stack.enter_context(courier(faults=",".join(["502"] * 9)))
        mute = stack.enter_context(courier(faults="mute"))
        cut = stack.enter_context(courier(faults="cut,hang"))
        began = time.monotonic()
        for alarm, c in enumerate((gone, strange, silent, broken, mute, cut), 40):
            c.shopd.notify(alarm)
        assert mute.shopd.notified(12) == (44, RAISED, LEFT), "2xx has taken it, whatever came after"
        assert cut.shopd.notified(25) == (45, RAISED, LEFT), "a cut and a silent answer are tried again"
        for alarm, c in enumerate((gone, strange, silent, broken), 40):
            assert c.shopd.notified(35) == (alarm, RAISED, STUCK)
        took = time.monotonic() - began
        print(f"        all heard after {took:.1f} s")
        assert took < 35 and not heard, (took, heard)
        assert len(broken.requests()) == 5 and 3 <= len(silent.requests()) <= 4
        assert len(mute.texts()) == 1 and len(cut.texts()) == 1 and not strange.texts()
        assert re.search("certificate", strange.log()), strange.log()


def test_who_works_on_a_text_may_have_sent_it(start):
    with courier(faults="early") as c:
        c.shopd.notify(50)
        until(lambda: "may have been sent (try 1" in c.log(), 12, "no answer but 102 is a doubt")


def test_what_became_of_a_text(start):
    """Delivered, failed, for ever on its way, and without a name: one road only, so nothing is sent
    twice; shopd hears what the gateway says."""
    with courier(preset="twilio", user="AC1", contacts={"anna": ANNA, "bo": BO, "carin": CARIN}) as c:
        c.shopd.notify(60)
        assert c.shopd.notified() == (60, RAISED, LEFT)
        assert c.shopd.notified(12) == (60, RAISED, DELIVERED)
        c.faults("nameless")
        c.shopd.notify(61, contact="bo")
        assert c.shopd.notified() == (61, RAISED, LEFT)
        c.faults("lost")
        c.shopd.notify(62, contact="carin")
        assert c.shopd.notified() == (62, RAISED, LEFT)
        c.shopd.quiet("notified", 3)
        assert len(c.requests()) == 3, "only one road: a text that is lost is not sent again"


def test_a_broken_gateway_is_named_and_well_again(start):
    with courier(faults="500*") as c:
        c.shopd.notify(70)
        fault = c.shopd.hear("fault", 15, failing=1)
        assert fault == {"condition": ROAD_FAILING, "failing": 1, "place": "gateway"}, fault
        c.faults("")
        assert c.shopd.notified(40, outcome=LEFT) == (70, RAISED, LEFT)
        c.shopd.hear("fault", 5, failing=0)


def test_a_gateway_that_is_elsewhere_is_broken(start):
    """No fault of a number's: a page that is gone, a login in front of the net."""
    with courier(faults="404", sender="Viken") as moved, courier(faults="302", sender="Viken") as led:
        for alarm, c in ((71, moved), (72, led)):
            c.shopd.notify(alarm)
            assert c.shopd.notified() == (alarm, RAISED, STUCK)
            c.shopd.hear("fault", 5, failing=1)
            c.shopd.notify(alarm)  # asked for again, and all is well
            assert c.shopd.notified(outcome=LEFT) == (alarm, RAISED, LEFT)
            c.shopd.hear("fault", 5, failing=0)


def test_a_gateway_that_does_not_answer_is_found_before_it_is_needed(start):
    """Nothing is to be told; its inbox is asked all the same."""
    with courier() as c:
        c.shopd.hear("contact")
        until(lambda: any("limit=" in asked["path"] for asked in c.asked_all()), 20, "a look")
        assert "deaf" not in c.log()


def test_answers_by_text(start):
    """One code from a contact's number is told to shopd; all else is one line of the log."""
    with courier(contacts={"anna": ANNA, "bo": BO}) as c:
        c.shopd.notify(80, code=123456, contact="bo")
        assert c.shopd.notified() == (80, RAISED, LEFT)
        c.comes_in("Kvittera 123456, jag går dit", sender=BO)
        assert c.shopd.hear("reply", 20) == {"code": 123456, "road": BY_GATEWAY, "contact": "bo"}
        stranger = "+46700000099"
        for text, sender in (("123456", stranger), ("UNLOCK", ANNA), ("123456 654321", ANNA),
                             ("a\r\nalarm 80: acknowledged\x1b[2J\u202e", ANNA), ("x" * 5000, ANNA),
                             ("123456", "Viken"), ("٣٤٥٦٧٨", ANNA), ("+46701234567", ANNA)):
            c.comes_in(text, sender=sender)
        c.comes_in("tack 654321", sender=ANNA)
        assert c.shopd.hear("reply", 20)["code"] == 654321, "the last one, and none between"
        lines = c.log().splitlines()
        odd = [line for line in lines if "unlock" in line.lower()]
        assert len(odd) == 1 and "anna" in odd[0], odd
        assert not any(c in c_log for c_log in lines for c in "\x1b\u202e\r"), lines
        assert max(map(len, lines)) < 400, max(lines, key=len)
        for number in (ANNA, BO, stranger, NUMBER):
            assert number[1:] not in c.log(), c.log()


def test_an_answer_is_heard_in_a_flood(start):
    """More comes in between two looks than is in the shop's inbox on any other day."""
    with courier() as c:
        c.shopd.notify(82)
        assert c.shopd.notified() == (82, RAISED, LEFT)
        looks = len(c.asked_all())
        until(lambda: len(c.asked_all()) > looks, 15, "a look")
        c.comes_in("123456")
        for _ in range(40):
            c.comes_in("a fine offer", sender="+46700000099")
        assert c.shopd.hear("reply", 20)["code"] == 123456


def test_an_answer_counts_once(start):
    """The list of what came in is read again and again, and at the start it holds old answers."""
    with courier() as c:
        c.comes_in("111111", at="2016-08-18T09:55:31.116000")
        c.shopd.notify(81)
        c.comes_in("222222")
        assert c.shopd.hear("reply", 20)["code"] == 222222
        c.shopd.quiet("reply", 12)


def test_a_wrong_configuration_is_told(start):
    with tempfile.TemporaryDirectory(prefix="sms-") as folder:
        conf, password = pathlib.Path(folder, "courierd.conf"), pathlib.Path(folder, "password")
        password.write_text(PASSWORD)
        good = (f"shop = viken\n[gateway]\npreset = 46elks\nuser = u\npassword_file = {password}\n"
                f"from = Viken\n[contact anna]\nphone = {ANNA}\n")
        for change, words in (
                (("", ""), None),
                (("preset = 46elks", "preset = 46elk"), ["courierd.conf:3", "46elks"]),
                (("phone =", "fone ="), ["courierd.conf:8", "did you mean 'phone'"]),
                ((ANNA, "0701234567"), ["courierd.conf:8", "+46"]),
                (("from = Viken", "from = Byabutiken Viken"), ["courierd.conf:6"]),
                (("user = u", "user = u\nurl = http://sms.example"), ["courierd.conf:5", "https"]),
                (("password_file = ", "password_file = /nowhere"), ["password_file"]),
                (("[contact anna]", "[contakt anna]"), ["courierd.conf:7", "[contact]"]),
                ((f"[contact anna]\nphone = {ANNA}\n", ""), ["[contact NAME]"])):
            conf.write_text(good.replace(*change) if change[0] else good)
            for option in ("--check", "--config") if words else ("--check",):
                done = subprocess.run([str(BUILD / "courierd"), option, str(conf)], timeout=10,
                                      capture_output=True, text=True, check=False)
                assert done.returncode == (1 if words else 0), (change, done)
                assert all(word in done.stderr for word in words or []), (change, done.stderr)
                assert "0701234567" not in done.stderr
        done = subprocess.run([str(BUILD / "courierd")], capture_output=True, text=True,
                              timeout=10, check=False)
        assert done.returncode == 2 and "usage" in done.stderr


if __name__ == "__main__":
    main(globals())
