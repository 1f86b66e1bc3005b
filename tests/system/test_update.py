"""test_update.py: releases: signed, fetched in parts over a road that breaks, let in by shopd, and put in
by systemd/update.sh with the real dpkg in a folder of its own, cut at every step: it ends whole old or
whole new, and old when the shop is not as well as before."""

import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from shop import ROOT, main, proof, until

BUILD = pathlib.Path(os.environ.get("SHOP_BUILD", "build/gcc"))
SHOPCTL = str((ROOT / BUILD / "shopctl").resolve())
SCRIPT = ROOT / "systemd" / "update.sh"
PACKAGES = ("shopkeeper-common", "shopkeeper-shop")
NEW = "9.0.0"


def run(*command, **more):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=120, **more)


def must(*command, **more):
    done = run(*command, **more)
    assert done.returncode == 0, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout


class Releases:
    """Somebody who makes releases: a key, and folders of packages signed with it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key, self.keys = self.folder / "release.key", self.folder / "release.keys"
        public = must(SHOPCTL, "root", "key", self.key).strip()
        self.keys.write_text(f"# who may release\n{public}\n")

    def package(self, name, version, where, size=0):
        """A package that holds its own version twice; real, as dpkg-deb makes it."""
        room = self.folder / "room"
        shutil.rmtree(room, ignore_errors=True)
        (room / "DEBIAN").mkdir(parents=True)
        share = room / "usr/share" / name
        share.mkdir(parents=True)
        (room / "DEBIAN/control").write_text(
            f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: nobody <a@b.example>\n"
            f"Description: a trial\n one more line\n")
        (share / "first").write_text(version)
        (share / "second").write_text(version)
        (share / f"only-{version}").write_text(version)
        (share / "large").write_bytes(os.urandom(size))
        where.mkdir(parents=True, exist_ok=True)
        must("dpkg-deb", "-Znone", "--root-owner-group", "-b", room, where / f"{name}_{version}_all.deb")

    def release(self, version, where=None, size=0, key=None):
        where = where or self.folder / version
        shutil.rmtree(where, ignore_errors=True)
        for name in PACKAGES:
            self.package(name, version, where, size)
        self.sign(version, where, key)
        return where

    def sign(self, version, where, key=None):
        (where / "manifest").unlink(missing_ok=True)
        must(SHOPCTL, "release", "sign", "--key", key or self.key, "--version", version, "--arch", "amd64", where)


def verify(where, keys, *more):
    done = run(SHOPCTL, "--json", "release", "verify", where, "--keys", keys, *more)
    return done.returncode, json.loads(done.stdout)


def signature(key, data):
    """ES256 by another's hand: r and s in hex."""
    private = ec.derive_private_key(int(key.read_text(), 16), ec.SECP256R1())
    r, s = utils.decode_dss_signature(private.sign(data, ec.ECDSA(hashes.SHA256())))
    return f"{r:064x}{s:064x}"


def test_what_is_signed(start):
    del start
    with tempfile.TemporaryDirectory() as folder:
        makes = Releases(folder)
        where = makes.release("1.2.0")
        code, said = verify(where, makes.keys, "--arch", "amd64", "--after", "1.1.9")
        assert code == 0 and said["version"] == "1.2.0" and said["packages"] == 2, said
        for options, word in ((("--arch", "arm64"), "arm64"), (("--after", "1.2.0"), "after"),
                              (("--after", "1.10.0"), "after")):
            code, said = verify(where, makes.keys, *options)
            assert code == 1 and word in said["message"], said
        assert verify(where, makes.keys, "--after", "1.2.0~rc1")[0] == 0
        # another's key, and each byte that is another
        other = Releases(pathlib.Path(folder) / "other")
        assert verify(where, other.keys)[0] == 1
        manifest = (where / "manifest").read_bytes()
        for at in range(0, len(manifest), 23):
            (where / "manifest").write_bytes(manifest[:at] + bytes([manifest[at] ^ 1]) + manifest[at + 1:])
            assert verify(where, makes.keys)[0] == 1, at
        for wrong in (manifest + b"\n", manifest[:-1], b"", manifest.replace(b"form ", b"form 0")):
            (where / "manifest").write_bytes(wrong)
            assert verify(where, makes.keys)[0] == 1, wrong
        (where / "manifest").write_bytes(manifest)
        deb = next(where.glob("*.deb"))
        whole = deb.read_bytes()
        deb.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
        assert "not what was signed" in verify(where, makes.keys)[1]["message"]
        deb.write_bytes(whole)
        # a release that knows less of the books than this program does
        forms = json.loads(must(SHOPCTL, "--json", "release", "forms"))
        text = manifest.decode().split("signature ")[0]
        text = text.replace(f"form {forms['ledger']} ", f"form {forms['ledger'] - 1} ").encode()
        (where / "manifest").write_bytes(text + b"signature " + signature(makes.key, text).encode() + b"\n")
        code, said = verify(where, makes.keys)
        assert code == 1 and "cannot read the books" in said["message"], said


class Folder(http.server.ThreadingHTTPServer):
    """A web server that knows ranges, and hangs up after so many requests."""

    def __init__(self, where):
        super().__init__(("127.0.0.1", 0), Answer)
        self.where, self.asked, self.left = where, [], 1000
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # pylint: disable=invalid-name
        server = self.server
        server.asked.append((self.path, self.headers.get("Range")))
        server.left -= 1
        path = server.where / self.path.rsplit("/", 1)[1]
        if server.left < 0 or not path.exists():
            self.send_error(503 if server.left < 0 else 404)
            return
        data, status = path.read_bytes(), 200
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if found:
            data, status = data[int(found[1]):int(found[2]) + 1], 206
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def test_fetched_in_parts(start):
    with tempfile.TemporaryDirectory() as folder:
        makes = Releases(folder)
        where = makes.release(NEW, size=600000)
        server = Folder(where)
        server.left = 3  # the manifest and two parts, then the road is cut
        url = f"http://127.0.0.1:{server.server_address[1]}/stable"
        with start("--no-import", "--set", f"courierd:update:url={url}", "--set",
                   f"courierd:update:keys={makes.keys}", "--set", "shopd:update_hours=00:00-24:00") as shop:
            updates = shop.state / "data" / "updates"
            may = next(shop.state.rglob("control.sock")).parent / "update-ok"
            until(may.exists, 15, "shopd lets an update in")
            until(lambda: "status 503" in shop.console("courierd"), 15, "the road is cut")
            part = next(updates.glob("*.part"))
            assert part.stat().st_size == 2 * 256 * 1024, part.stat().st_size
            assert not (updates / "ready").exists()
            server.left = 1000
            before = len(server.asked)
            shop.kill("courierd")
            until((updates / "ready").exists, 15, "all of it")
            assert server.asked[before + 1][1].startswith("bytes=524288-"), server.asked[before:]
            for deb in where.glob("*.deb"):
                assert (updates / deb.name).read_bytes() == deb.read_bytes()
            assert (updates / "ready").read_bytes() == (where / "manifest").read_bytes()
            # somebody comes in: not now
            member = shop.member()
            assert shop.api("POST", "/v1/visits", member.token("till"))[0] == 201
            until(lambda: not may.exists(), 15, "not with somebody inside")
        server.shutdown()


# --- putting it in

WRAP = """#!/bin/sh
# one command of the script's: counted, and where it is its turn the whole script is killed, before or after
n=$(($(cat "$BOX/count") + 1)); echo "$n" >"$BOX/count"
echo "$n {name} $*" >>"$BOX/calls"
[ "$n" != "${{CUT_BEFORE-0}}" ] || kill -9 -- "-$(cat "$BOX/group")"
{body}
code=$?
[ "$n" != "${{CUT_AFTER-0}}" ] || kill -9 -- "-$(cat "$BOX/group")"
exit $code
"""
DPKG = '/usr/bin/dpkg --root="$SHOPKEEPER_ROOT" --force-script-chrootless --force-not-root --force-unsafe-io "$@"'
BODIES = {
    "dpkg": f'[ "$1" != --print-architecture ] && {DPKG} || {{ [ "$1" = --print-architecture ] && echo amd64; }}',
    "dpkg-query": '/usr/bin/dpkg-query --admindir="$SHOPKEEPER_ROOT/var/lib/dpkg" "$@"',
    "systemctl": '[ "$*" != "stop courierd.service" ] || [ ! -e "$BOX/comes-in" ] ||'
                 ' rm "$SHOPKEEPER_ROOT/run/shopkeeper/update-ok"',
    "sync": "true",
    # doctor: ill when the installed version says so; the rest is the real one
    "shopctl": 'case " $* " in *" doctor "*)\n'
               ' v=$(cat "$SHOPKEEPER_ROOT/usr/share/shopkeeper-shop/first")\n'
               ' echo \'{"checks":[]}\'\n'
               ' [ "$(cat "$BOX/ill")" != "$v" ] ;;\n'
               ' *) "$REAL_SHOPCTL" "$@" ;; esac',
}


class Box:
    """A machine in a folder: dpkg's database, the shop's books, and the script's commands around it."""

    def __init__(self, folder, makes, books):
        self.dir, self.makes = pathlib.Path(folder), makes
        self.root, self.bin = self.dir / "root", self.dir / "bin"
        self.state = self.root / "var/lib/shopkeeper-update"
        self.updates = self.root / "var/lib/shopkeeper/updates"
        self.bin.mkdir(parents=True)
        for name, body in BODIES.items():
            (self.bin / name).write_text(WRAP.format(name=name, body=body))
            (self.bin / name).chmod(0o755)
        for path in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "run/shopkeeper", "etc/shopkeeper"):
            (self.root / path).mkdir(parents=True)
        (self.root / "var/lib/dpkg/status").write_text("")
        self.updates.mkdir(parents=True)
        shutil.copy(makes.keys, self.root / "etc/shopkeeper/release.keys")
        for name in ("ledger.db", "catalog.db"):
            shutil.copy(books / name, self.root / "var/lib/shopkeeper" / name)
        (self.dir / "ill").write_text("")
        self.env = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", "BOX": str(self.dir),
                    "SHOPKEEPER_ROOT": str(self.root), "SHOPKEEPER_WELL_S": "0", "REAL_SHOPCTL": SHOPCTL}
        self.count()
        must(self.bin / "dpkg", "-i", *makes.release("1.0.0").glob("*.deb"), env=self.env)

    def count(self):
        (self.dir / "count").write_text("0")
        (self.dir / "calls").write_text("")

    def offer(self, where):
        for path in where.glob("*.deb"):
            shutil.copy(path, self.updates / path.name)
        shutil.copy(where / "manifest", self.updates / "ready")
        (self.root / "run/shopkeeper/update-ok").touch()

    def update(self, **cut):
        """One run of the script; a cut kills it and all that it started."""
        self.count()
        child = subprocess.Popen(["sh", "-c", f'echo $$ >"{self.dir}/group"; exec sh {SCRIPT}'],
                                 env={**self.env, **{k: str(v) for k, v in cut.items()}},
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        out = child.communicate(timeout=60)[0].decode(errors="replace")
        return child.returncode, out

    def calls(self):
        return len((self.dir / "calls").read_text().splitlines())

    def version(self):
        """The one version that all of it is of; fails where there are two."""
        found = set()
        for name in PACKAGES:
            share = self.root / "usr/share" / name
            now = (share / "first").read_text()
            only = {p.name for p in share.glob("only-*")}
            assert only == {f"only-{now}"}, only
            status = must(self.bin / "dpkg-query", "-W", "-f", "${Version} ${Status}", name, env=self.env)
            assert status == f"{now} install ok installed", status
            found |= {now, (share / "second").read_text()}
        assert len(found) == 1, found
        return found.pop()

    def result(self):
        path = self.state / "result"
        return path.read_text().strip() if path.exists() else ""

    def books(self):
        return hashlib.sha256((self.root / "var/lib/shopkeeper/ledger.db").read_bytes()).hexdigest()

    def settle(self):
        """Runs that nobody cuts, until nothing is under way."""
        for _ in range(3):
            (self.root / "run/shopkeeper/update-ok").touch()
            code, out = self.update()
            if not (self.state / "phase").exists() and not (self.state / "facts").exists():
                return out
        raise AssertionError((code, out))


def books_of(shop):
    """Two files of a real shop's books, whole by themselves."""
    where = shop.state / "books"
    shop.shopctl("backup", where, "--etc", shop.state / "etc")
    return where


def test_put_in_and_taken_back(start):
    with start("--no-import") as shop, tempfile.TemporaryDirectory() as folder:
        makes = Releases(folder)
        box = Box(pathlib.Path(folder) / "box", makes, books_of(shop))
        where = makes.release("1.1.0")
        before = box.books()
        # not without shopd's word, or an old one
        box.offer(where)
        may = box.root / "run/shopkeeper/update-ok"
        os.utime(may, (1, 1))
        assert box.update()[0] == 0 and box.version() == "1.0.0" and box.result() == ""
        may.touch()
        code, out = box.update()
        assert code == 0 and box.version() == "1.1.0" and box.result() == "done 1.1.0", (code, out)
        assert not list(box.updates.iterdir()) and box.books() == before
        assert {p.name for p in (box.state / "kept").iterdir()} == {f"{n}_1.0.0_all.deb" for n in PACKAGES}
        # older, or the same: refused, and fetched anew
        for version in ("1.0.5", "1.1.0"):
            box.offer(makes.release(version))
            code, out = box.update()
            assert code == 1 and "does not come after" in out and box.version() == "1.1.0", (code, out)
        # what courierd has left is not what was signed
        box.offer(makes.release("1.2.0"))
        deb = next(box.updates.glob("*.deb"))
        deb.write_bytes(deb.read_bytes() + b"x")
        code, out = box.update()
        assert code == 1 and "not what was signed" in out and box.version() == "1.1.0", (code, out)
        # a list of courierd's own, which brings the signed one along, and one package more
        where = makes.release("1.2.0")
        box.offer(where)
        shutil.copy(where / "manifest", box.updates / "manifest")
        makes.package("another", "1.0", box.updates)
        names = ["manifest", *(p.name for p in box.updates.glob("*.deb"))]
        (box.updates / "ready").write_text("".join(f"file {n} 1 {'0' * 64}\n" for n in names))
        code, out = box.update()
        assert code == 1 and "no manifest" in out and box.version() == "1.1.0", (code, out)
        assert not (box.root / "usr/share/another").exists() and not list(box.updates.iterdir())
        # somebody comes in while the way back is made
        box.offer(where)
        (box.dir / "comes-in").touch()
        code, out = box.update()
        assert code == 1 and "come in" in out and box.version() == "1.1.0", (code, out)
        (box.dir / "comes-in").unlink()
        # the shop is not well with it: back, and never again
        (box.dir / "ill").write_text("1.3.0")
        where = makes.release("1.3.0")
        box.offer(where)
        code, out = box.update()
        assert box.version() == "1.1.0" and box.result() == "back 1.3.0", (code, out)
        box.offer(where)
        calls = box.update()[0], box.calls()
        assert box.version() == "1.1.0" and box.result() == "back 1.3.0" and calls[0] == 0, calls


def cut_everywhere(start, ill, step, begin=1):
    with start("--no-import") as shop, tempfile.TemporaryDirectory() as folder:
        makes, books = Releases(folder), books_of(shop)
        where, ends = makes.release("1.1.0"), set()
        first = Box(pathlib.Path(folder) / "first", makes, books)
        (first.dir / "ill").write_text("1.1.0" if ill else "")
        first.offer(where)
        first.update()
        steps = first.calls()
        assert steps > 15 and first.version() == ("1.0.0" if ill else "1.1.0"), steps
        for turn, at in enumerate(range(begin, steps + 1, step)):
            for cut in ("CUT_BEFORE", "CUT_AFTER") if step == 1 else (("CUT_BEFORE", "CUT_AFTER")[turn % 2],):
                box = Box(pathlib.Path(folder) / f"{cut}{at}", makes, books)
                (box.dir / "ill").write_text("1.1.0" if ill else "")
                box.offer(where)
                code, _ = box.update(**{cut: at})
                out = box.settle()
                # whichever it is, all of it is; and with another release in reach the next run has put it in
                ends.add((box.version(), box.result()))
                assert box.version() == ("1.0.0" if ill else "1.1.0"), (cut, at, code, box.result(), out)
                shutil.rmtree(box.dir)
        assert len(ends) == 1, ends


def test_cut_at_some_steps(start):
    cut_everywhere(start, ill=False, step=8, begin=14)


def test_cut_at_some_steps_of_the_way_back(start):
    cut_everywhere(start, ill=True, step=11, begin=18)


@proof
def test_cut_at_every_step(start):
    cut_everywhere(start, ill=False, step=1)


@proof
def test_cut_at_every_step_of_the_way_back(start):
    cut_everywhere(start, ill=True, step=1)


if __name__ == "__main__":
    main(globals())
