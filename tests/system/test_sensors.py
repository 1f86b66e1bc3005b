"""test_sensors.py: the sensors of the room over the real programs: from the simulated chip, from a
picture of /sys whose files may hang, to a text at the gateway and back.

Times are shorter than any shop has them (a second beyond is an alarm), for what they are is held to
the millisecond in tests/unit/test_core_sensor.c. Who looks at texts has a shop of its own: nobody gets
more than a few in an hour."""

import os
import pathlib
import signal
import tempfile
import time

from shop import main, proof, until

W1 = "sys/bus/w1/devices/28-0123456789ab/w1_slave"
HWMON = "sys/class/hwmon/hwmon2"


def sensors(**of):
    """Options for run.py: sensors(ice={"kind": "freezer", …})."""
    return [word for name, keys in of.items() for key, value in keys.items()
            for word in ("--set", f"shopd:sensor {name}:{key}={value}")]


def quick(kind, source, **more):
    return {"kind": kind, "source": source, "debounce": "1 s", "every": "1 s", "stale": "4 s"} | more


ROOM = sensors(ice=quick("freezer", "sim"), shop=quick("room", "sim"),
               floor=quick("water", "gpio:sensor-floor", debounce="0 s"))


def says(shop, name, value):
    """What the simulated sensor says from now on."""
    shop.shopctl("sim", "sensor", name, value)


def listed(shop, name):
    return next(s for s in shop.shopctl("sensor", "list") if s["sensor"] == name)


def listed_until(shop, name, seconds=8.0, **want):
    def ready():
        row = listed(shop, name)
        return row if all(row[k] == v for k, v in want.items()) else None
    return until(ready, seconds, f"sensor {name} {want}")


def well(shop):
    """All sensors heard, and none beyond."""
    says(shop, "ice", "-20.5")
    says(shop, "shop", "18")
    says(shop, "floor", "off")
    for name in ("ice", "shop", "floor"):
        listed_until(shop, name, state="ok")
    until(lambda: not [a for a in shop.shopctl("alarm", "list") if not a["over"]], 8, "no alarm")
    return len(shop.texts())


def test_a_freezer_that_thaws(start):
    with start(*ROOM) as shop:
        before = well(shop)
        says(shop, "ice", "-3.25")
        alarm = shop.alarm_until(8, condition="freezer_warm", place="ice")
        text = shop.text_until(str(alarm["code"]), before)
        assert "ice" in text["text"] and "3,3" in text["text"], text
        assert listed(shop, "ice")["value_milli"] == -3250
        says(shop, "ice", "-19")
        text = shop.text_until(str(alarm["code"]), before + 1)
        assert "ice" in text["text"], text
        listed_until(shop, "ice", state="ok", value_milli=-19000)
        assert len(shop.texts()) == before + 2, shop.texts()


def test_only_for_long_enough(shop):
    before = well(shop)
    head = shop.head()
    for _ in range(3):  # somebody looks into the freezer
        says(shop, "ice", "-10")
        listed_until(shop, "ice", state="beyond")
        says(shop, "ice", "-20")
        listed_until(shop, "ice", state="ok")
    assert len(shop.texts()) == before
    assert not [row for row in shop.log(head) if row["kind"] == "alarm"]


def test_a_sensor_that_does_not_answer(start):
    with start(*ROOM) as shop:
        before = well(shop)
        says(shop, "shop", "17.5")
        listed_until(shop, "shop", value_milli=17500)
        says(shop, "shop", "lost")
        alarm = shop.alarm_until(8, condition="sensor_lost", place="shop")
        text = shop.text_until(str(alarm["code"]), before, 15)
        assert "shop" in text["text"], text
        row = listed_until(shop, "shop", state="stale")
        # the value is as old as it is, and never shown as well
        assert row["value_milli"] == 17500, row
        until(lambda: listed(shop, "shop")["age_ms"] > row["age_ms"], 5, "the value's age")
        says(shop, "shop", "18")
        listed_until(shop, "shop", state="ok")
        shop.text_until(str(alarm["code"]), before + 1, 15)


def test_a_switch_on_a_line(start):
    with start(*ROOM) as shop:
        before = well(shop)
        says(shop, "floor", "on")
        alarm = shop.alarm_until(5, condition="water", place="floor")
        shop.text_until(str(alarm["code"]), before)
        assert listed(shop, "floor")["on"] is True
        # its cable is torn: it is lost, and still the last thing that it said was wet
        says(shop, "floor", "lost")
        shop.alarm_until(8, condition="sensor_lost", place="floor")
        assert listed(shop, "floor")["state"] == "stale"
        assert shop.door_now()["physical"] == "closed"  # the doors have lines of their own
        well(shop)


def test_a_restart_in_the_middle(start):
    with start(*ROOM) as shop:
        before = well(shop)
        says(shop, "ice", "-1")
        alarm = shop.alarm_until(8, condition="freezer_warm", place="ice")
        shop.text_until(str(alarm["code"]), before)
        shop.kill("shopd")
        until(lambda: shop.shopctl_raw("status").returncode == 0, 10, "shopd")
        listed_until(shop, "ice", state="alarm", value_milli=-1000)
        again = shop.alarm_until(5, condition="freezer_warm", place="ice")
        assert (again["alarm"], again["code"]) == (alarm["alarm"], alarm["code"])
        says(shop, "ice", "-20")
        until(lambda: not [a for a in shop.shopctl("alarm", "list")
                           if a["alarm"] == alarm["alarm"] and not a["over"]], 8, "over")
        texts = until(lambda: (found := [t["text"] for t in shop.texts()[before:]
                                         if str(alarm["code"]) in t["text"]])[1:] and found, 5,
                      "the text that says it is over")
        assert len(texts) == 2, texts  # raised once, and over


def test_what_is_refused(shop):
    done = shop.shopctl_raw("sim", "sensor", "icee", "1")
    assert done.returncode == 1 and "did you mean 'ice'" in done.stderr, done
    done = shop.shopctl_raw("sim", "sensor", "ice", "cold")
    assert done.returncode == 2 and "cold" in done.stderr, done
    done = shop.shopctl_raw("sim", "sensor", "floor", "3.5")
    assert done.returncode == 2, done


def picture(root):
    """A picture of /sys: a thermometer that answers, and one on a bus that hangs."""
    for name in (W1, HWMON + "/name"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(root / W1)
    (root / HWMON / "name").write_text("sht3x\n")
    (root / HWMON / "temp1_input").write_text("4000\n")


def test_a_bus_that_hangs_delays_no_door(start):
    with tempfile.TemporaryDirectory(prefix="sys-") as folder:
        root = pathlib.Path(folder)
        picture(root)
        with start("--env", f"shopd:SHOPKEEPER_SYSROOT={root}",
                   *sensors(milk=quick("fridge", "hwmon:sht3x/temp1"),
                            ice=quick("freezer", "w1:28-0123456789ab"))) as shop:
            listed_until(shop, "milk", value_milli=4000)
            member = shop.member()
            took = []
            for _ in range(10):
                with shop.eye() as eye:
                    began = time.monotonic()
                    status, answer = shop.api("POST", f"/v1/door/{shop.door}/unlock",
                                              member.token(shop.door))
                    assert status == 200, answer
                    if not eye.strike():
                        eye.wait(f"{shop.door}-strike", True, 1)
                    took.append(time.monotonic() - began)
                shop.shopctl("door", "lock")
            assert sorted(took)[5] < 0.25, took
            alarm = shop.alarm_until(10, condition="sensor_lost", place="ice")
            assert listed(shop, "ice")["state"] == "stale"
            # the others are heard as before
            (root / HWMON / "temp1_input").write_text("9500\n")
            shop.alarm_until(10, condition="fridge_warm", place="milk")
            shop.text_until(str(alarm["code"]), 0, 15)
            began = time.monotonic()
            shop.kill("shopd", signal.SIGTERM)  # an orderly stop does not wait for it either
            assert time.monotonic() - began < 5, "the stop waited for a read that hangs"
            until(lambda: shop.shopctl_raw("status").returncode == 0, 10, "shopd")
            listed_until(shop, "milk", value_milli=9500)


def test_a_disk_with_little_room(start):
    with start("--small-disk", "64") as shop:  # shopd.conf wants 200 MiB unless told
        alarm = shop.alarm_until(8, condition="disk_failing")
        assert alarm["severity"] == "urgent", alarm
        shop.text_until(str(alarm["code"]))
        assert "nearly full" in shop.console("shopd")
        member = shop.member()  # and the shop is open
        status, answer = shop.api("POST", f"/v1/door/{shop.door}/unlock", member.token(shop.door))
        assert status == 200, answer
    with start("--small-disk", "64", "--set", "shopd:alarms:disk_free_mb=10") as shop:
        shop.member()
        assert not shop.shopctl("alarm", "list")


@proof
def test_a_scanner_that_is_unplugged(start):
    """A minute is what the core gives a cable that is being moved."""
    master, device = os.openpty()
    with tempfile.TemporaryDirectory(prefix="scanner-") as folder:
        link = pathlib.Path(folder, "scanner")
        link.symlink_to(os.ttyname(device))
        with start("--scanner", str(link)) as shop:
            os.close(device)
            os.close(master)
            link.unlink()
            until(lambda: "the scanner is gone" in shop.console("shopd"), 5, "its log line")
            alarm = shop.alarm_until(70, condition="reader_lost", place=shop.door)
            shop.text_until(str(alarm["code"]))
            master, device = os.openpty()
            link.symlink_to(os.ttyname(device))
            until(lambda: not [a for a in shop.shopctl("alarm", "list") if not a["over"]], 70, "over")
            os.close(device)
            os.close(master)


if __name__ == "__main__":
    main(globals(), ROOM)
