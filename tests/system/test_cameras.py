"""test_cameras.py: the real courierd and cameras that are ours: a picture of what happened, and what
becomes of it; cameras that hang, lie, refuse and drip; and the texts that leave meanwhile.

shopd is courierhouse's: it says PICTURE and hears FAULT.
"""

import contextlib
import os
import pathlib
import re
import socket
import stat
import struct
import subprocess
import tempfile
import threading
import time

from courierhouse import BUILD, CAMERA_LOST, FORCED, LEFT, courier
from shop import main, until
import camera as standin  # found by shop
from camera import Camera

WAITS = True
ALARM, ENTRY, REQUEST = range(3)  # enum picture_kind
NAME = re.compile(r"(\d{8}T\d{9})Z-(alarm|entry|request)-(\d+)-([a-z0-9-]+)\.jpg")
SECRET = "correct horse & <staple>"
HOUR_MS = 3600000


def section(name, camera, folder, onvif=False):
    secret = pathlib.Path(folder, f"password-{name}")
    secret.write_text(camera.password + "\n")
    return (f"[camera {name}]\n" + (f"onvif = {camera.onvif}\n" if onvif else f"url = {camera.url}\n")
            + (f"user = {camera.user}\npassword_file = {secret}\n" if camera.user else ""))


@contextlib.contextmanager
def house(cameras, keep="", onvif=()):
    """A courierd with these cameras."""
    with tempfile.TemporaryDirectory(prefix="camera-") as folder:
        more = "".join(section(name, camera, folder, name in onvif)
                       for name, camera in cameras.items())
        with courier(more=more + (f"[pictures]\n{keep}" if keep else "")) as c:
            c.pictures = c.folder / "pictures"
            yield c


def kept(c):
    """The names of the pictures that there are, the oldest first."""
    return sorted(p.name for p in c.pictures.glob("*.jpg")) if c.pictures.exists() else []


def pictures_of(c, count, seconds=5.0):
    until(lambda: len(kept(c)) >= count, seconds, f"{count} pictures")
    names = kept(c)
    assert len(names) == count, names
    return names


def fault(c, name, failing, seconds=5.0):
    said = c.shopd.hear("fault", seconds, place=name, failing=int(failing))
    assert said["condition"] == CAMERA_LOST, said


def text_time(c, alarm):
    """How long a text takes from shopd's word to the gateway."""
    began = time.monotonic()
    c.shopd.notify(alarm, FORCED, severity=3)
    assert c.shopd.notified(5, alarm=alarm)[2] == LEFT
    return time.monotonic() - began


def test_a_picture_from_each_beside_what_happened(start):
    with Camera("eye", SECRET) as front, Camera() as back, \
            house({"front": front, "back": back}) as c:
        fault(c, "front", False)
        fault(c, "back", False)
        for kind, ref in ((ENTRY, 7), (ALARM, 17), (REQUEST, 0)):
            before = len(kept(c))
            c.shopd.say("picture", kind=kind, ref=ref)
            names = pictures_of(c, before + 2)
            found = [NAME.fullmatch(name).groups()[1:] for name in names[-2:]]
            word = {ENTRY: "entry", ALARM: "alarm", REQUEST: "request"}[kind]
            assert sorted(found) == [(word, str(ref), "back"), (word, str(ref), "front")], names
        seen = [(c.pictures / name).read_bytes() for name in kept(c)]
        assert len(set(seen)) == 6 and all(p in front.taken + back.taken for p in seen)
        assert abs(standin.datetime.datetime.strptime(names[-1][:15], "%Y%m%dT%H%M%S").timestamp()
                   - standin.datetime.datetime.utcnow().timestamp()) < 10, names
        assert stat.S_IMODE(c.pictures.stat().st_mode) & 0o777 == 0o750
        for name in names:
            assert stat.S_IMODE((c.pictures / name).stat().st_mode) == 0o640
        assert not list(c.pictures.glob(".new"))


def test_the_password_never_leaves(start):
    """By both algorithms of digest; and where the camera would rather have it in the clear."""
    with Camera("eye", SECRET) as md5, Camera("eye", SECRET, algorithm="SHA-256") as sha, \
            Camera("eye", SECRET, faults="basic") as basic, Camera("eye", SECRET) as onvif, \
            house({"md5": md5, "sha": sha, "basic": basic, "onvif": onvif}, onvif=["onvif"]) as c:
        c.shopd.say("picture", kind=ALARM, ref=5)
        cameras = {NAME.fullmatch(name)[4] for name in pictures_of(c, 3)}
        assert cameras == {"md5", "sha", "onvif"}, cameras
        until(lambda: basic.count() >= 2, 5, "the camera that wants it was asked")
        for camera in (md5, sha, basic, onvif):
            wire = camera.wire()
            assert SECRET.encode() not in wire and b"Basic" not in wire
            assert standin.base64.b64encode(f"eye:{SECRET}".encode()) not in wire
        assert b'username="eye"' in md5.wire() and b"SHA-256" in sha.wire()
        argv = pathlib.Path(f"/proc/{c.process.pid}/cmdline").read_text()
        assert "401" in c.log() and SECRET not in c.log() + argv
        assert "snapshot.jpg" not in c.log()  # an address may hold a password


def test_onvif_says_where_the_snapshot_is(start):
    """Also with a clock two hours ahead, with HTTP digest around it, and when it moves."""
    with Camera("eye", SECRET, clock_ahead_s=7200) as ahead, \
            Camera("eye", SECRET, soap_digest=True, algorithm="SHA-256") as both, \
            Camera(snapshot="/a?x=1&y=2") as open_, \
            house({"ahead": ahead, "both": both, "open": open_},
                  onvif=["ahead", "both", "open"]) as c:
        for name in ("ahead", "both", "open"):
            fault(c, name, False)
        asked = {camera: camera.count(standin.MEDIA) for camera in (ahead, both, open_)}
        for ref in (1, 2, 3):
            c.shopd.say("picture", kind=ENTRY, ref=ref)
            pictures_of(c, 3 * ref)
        assert asked == {camera: camera.count(standin.MEDIA) for camera in asked}, "it is remembered"
        assert asked[ahead] == 2 and asked[open_] == 2, asked
        open_.snapshot = "/b"  # a new firmware
        for ref in (4, 5, 6):
            c.shopd.say("picture", kind=ENTRY, ref=ref)
            until(lambda: open_.count("/a?x=1&y=2") == ref + 1, 5, "the old address")
        fault(c, "open", True)
        c.shopd.say("picture", kind=ENTRY, ref=7)
        fault(c, "open", False)
        until(lambda: any(name.endswith("-entry-7-open.jpg") for name in kept(c)), 5, "from there")


def test_onvif_sends_nobody_elsewhere(start):
    with Camera() as other, Camera() as liar, Camera() as entities, Camera() as garbage, \
            house({"liar": liar, "entities": entities, "garbage": garbage},
                  onvif=["liar", "entities", "garbage"]) as c:
        entities.onvif_fault, garbage.onvif_fault = "entities", "garbage"
        liar.says = f"http://localhost:{other.port}"  # another name is another host
        c.shopd.say("picture", kind=ALARM, ref=1)
        pictures_of(c, 1)
        assert other.count() == 0 and liar.count(standin.SNAPSHOT) >= 1
        for ref in (2, 3):
            c.shopd.say("picture", kind=ENTRY, ref=ref)
        fault(c, "entities", True, 15)
        fault(c, "garbage", True, 15)
        assert "document type" in c.log() and "no XML" in c.log(), c.log()


def test_what_is_no_picture_is_not_kept_and_named(start):
    """Eight ways to be wrong, side by side; then all are well."""
    faults = ["html", "huge", "refuse", "stale", "elsewhere", "cut", "short", "500"]
    with contextlib.ExitStack() as stack:
        other = stack.enter_context(Camera())
        cameras = {name: stack.enter_context(Camera("eye", SECRET, faults=name,
                                                    elsewhere=other.origin + standin.SNAPSHOT))
                   for name in faults}
        c = stack.enter_context(house(cameras))
        for ref in (1, 2, 3):
            c.shopd.say("picture", kind=ENTRY, ref=ref)
        for name in faults:
            fault(c, name, True, 15)
        assert not kept(c) and other.count() == 0
        assert all(camera.count() >= 3 for camera in cameras.values())
        for name, words in (("html", "no whole JPEG"), ("cut", "no whole JPEG"),
                            ("short", "cut off"), ("huge", "cut off"), ("refuse", "401"),
                            ("stale", "401"), ("elsewhere", "302"), ("500", "500")):
            assert re.search(f"camera {name}: it fails: .*{words}", c.log()), (name, c.log())
        for camera in cameras.values():
            camera.faults("")
        c.shopd.say("picture", kind=ALARM, ref=9)
        for name in faults:
            fault(c, name, False, 10)
        pictures_of(c, 8)


def test_shopd_hears_it_again_when_it_is_back(start):
    with Camera(faults="500") as bad, Camera() as good, house({"bad": bad, "good": good}) as c:
        for ref in (1, 2, 3):
            c.shopd.say("picture", kind=ENTRY, ref=ref)
        fault(c, "bad", True)
        fault(c, "good", False)
        c.shopd.leave()
        c.shopd.listen()
        c.shopd.greet()
        fault(c, "bad", True)
        fault(c, "good", False)


def test_eight_that_hang_delay_no_text(start):
    """Four take the connection and say nothing, four say a byte a second; and pictures are asked for
    faster than any camera gives them."""
    with contextlib.ExitStack() as stack:
        cameras = {f"c{n}": stack.enter_context(Camera(faults="hang" if n % 2 else "drip"))
                   for n in range(8)}
        c = stack.enter_context(house(cameras))
        c.shopd.say("picture", kind=ALARM, ref=1)
        until(lambda: all(camera.count() for camera in cameras.values()), 5, "all are asked")
        took = []
        for alarm in range(100, 120):
            for ref in range(50):
                c.shopd.say("picture", kind=ENTRY, ref=alarm * 100 + ref)
            took.append(text_time(c, alarm))
        took.sort()
        print(f"        NOTIFY -> gateway: median {took[10] * 1000:.0f} ms, "
              f"longest {took[-1] * 1000:.0f} ms")
        assert took[-1] < 1, took
        for name in cameras:  # after three times eight seconds at the longest
            fault(c, name, True, 40)
        assert not kept(c)
        cameras["c1"].faults("")
        c.shopd.say("picture", kind=ALARM, ref=2)
        until(lambda: any(name.endswith("-alarm-2-c1.jpg") for name in kept(c)), 20, "its picture")


def test_a_disk_that_stalls_delays_no_text(start):
    """The file that a picture is written to is a pipe that nobody reads: the write stands still."""
    with Camera() as camera, house({"front": camera}) as c:
        fault(c, "front", False)
        pipe = c.pictures / ".new"
        os.mkfifo(pipe)
        for ref in range(1, 16):
            c.shopd.say("picture", kind=ENTRY, ref=ref)
            until(lambda: len(camera.taken) > ref, 5, "a picture is taken")
        took = [text_time(c, alarm) for alarm in range(200, 210)]
        assert max(took) < 1, took
        until(lambda: "the disk is too slow" in c.log(), 5, "what is dropped is said")
        assert not kept(c)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        names = pictures_of(c, 9)  # one was being written, eight waited
        os.close(reader)
        assert names[0].split("-")[2] == "1" and names[8].split("-")[2] == "9", names


def test_the_disk_limit_holds_under_a_flood(start):
    limit, most = 16 << 20, 2 << 20
    with Camera(weight=1900000) as front, Camera(weight=2090000) as back, \
            house({"front": front, "back": back}, keep="keep_hours = 1\ndisk_mb = 16\n") as c:
        for ref in range(1, 15):
            c.shopd.say("picture", kind=ENTRY, ref=ref)
            until(lambda: len(front.taken) >= ref and len(back.taken) >= ref, 5, "both are taken")
            until(lambda: sum(name.split("-")[2] == str(ref) for name in kept(c)) == 2, 5, "kept")
            size = sum((c.pictures / name).stat().st_size for name in c.pictures.glob("*")
                       if name.exists())
            assert size <= limit + 2 * most, size  # those that are being written
        until(lambda: sum((c.pictures / n).stat().st_size for n in kept(c)) <= limit, 5, "room")
        assert [n.split("-")[2] for n in kept(c)][-2:] == ["14", "14"] and len(kept(c)) >= 7


def again(c, ahead_ms):
    """courierd ends and starts with a wall clock that stands so far ahead."""
    c.end()
    clock = c.folder / "clock"
    clock.write_bytes(struct.pack("q", ahead_ms))
    c.shopd.leave()
    c.shopd.listen()
    with open(c.log_path, "ab") as log:
        c.process = subprocess.Popen(
            [str(BUILD / "courierd"), "--config", str(c.conf)], stdout=log, stderr=log,
            env={**os.environ, "LD_PRELOAD": str(BUILD / "otherday.so"), "OTHERDAY": str(clock)})
    c.shopd.greet()


def test_a_picture_is_gone_after_its_time(start):
    """Also one beside an alarm that nobody has answered, and when its camera is there no more."""
    with Camera() as camera, house({"front": camera}, keep="keep_hours = 72\n") as c:
        c.shopd.say("picture", kind=ALARM, ref=1)
        first = pictures_of(c, 1)
        (c.pictures / "notes.txt").write_text("not ours")
        again(c, 71 * HOUR_MS)
        fault(c, "front", False, 10)
        c.shopd.say("picture", kind=ENTRY, ref=2)
        names = pictures_of(c, 2)
        assert names[0] == first[0]
        c.conf.write_text(re.sub(r"\[camera front\]\nurl = .*\n", "", c.conf.read_text()))
        again(c, 72 * HOUR_MS + 60000)
        until(lambda: kept(c) == names[1:], 10, "the first is gone, the second is there")
        again(c, 200 * HOUR_MS)
        until(lambda: not kept(c), 10, "and now that too")
        assert (c.pictures / "notes.txt").exists()


def test_where_nobody_listens_and_what_is_no_camera(start):
    """A port that is closed, a name that nobody knows, a server that talks another language."""
    with socket.create_server(("127.0.0.1", 0)) as odd, Camera() as fine, \
            tempfile.TemporaryDirectory(prefix="camera-") as folder:
        def babble():
            with contextlib.suppress(OSError):
                while True:
                    peer, _ = odd.accept()
                    with peer:
                        peer.sendall(b"SSH-2.0-x\r\n" + b"\xff" * 5000)
        threading.Thread(target=babble, daemon=True).start()
        more = (f"[camera closed]\nurl = http://127.0.0.1:{standin.closed_port()}/a.jpg\n"
                "[camera nameless]\nurl = http://no-such-camera.invalid/a.jpg\n"
                f"[camera odd]\nurl = http://127.0.0.1:{odd.getsockname()[1]}/a.jpg\n"
                + section("fine", fine, folder))
        with courier(more=more) as c:
            c.pictures = c.folder / "pictures"
            for ref in (1, 2, 3):
                c.shopd.say("picture", kind=ENTRY, ref=ref)
            for name in ("closed", "odd", "nameless"):
                fault(c, name, True, 40)
            pictures_of(c, 3)
            assert max(text_time(c, alarm) for alarm in (1, 2, 3)) < 1
        odd.shutdown(socket.SHUT_RDWR)


def test_which_cameras_may_be_configured(start):
    with courier() as c:
        good = c.conf.read_text()
        for more, words in (("[camera front]\nurl = http://192.168.1.20/snap.jpg\n", None),
                            ("[camera front]\nonvif = http://camera.lan/onvif\n", None),
                            ("[camera front]\nurl = http://8.8.8.8/snap.jpg\n", "http"),
                            ("[camera front]\nurl = http://u:p@10.0.0.1/\n", "user"),
                            ("[camera front]\n", "url")):
            c.conf.write_text(good + more)
            done = subprocess.run([str(BUILD / "courierd"), "--check", str(c.conf)], timeout=10,
                                  capture_output=True, text=True, check=False)
            assert (done.returncode == 0) == (words is None), (more, done)
            assert words is None or words in done.stderr, (more, done.stderr)
        c.conf.write_text(good)


if __name__ == "__main__":
    main(globals())
