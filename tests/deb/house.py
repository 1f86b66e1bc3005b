"""house.py: a Debian 12 of its own to install packages in, and a stand-in for its service manager.

It is a layer over a root that debian/root.py keeps, in mounts and processes of its own: whatever is
started in it ends with it. Units are read as they were installed, and their commands run as the users
they name; how closed they are is for a real systemd to judge (tests/metal).
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "debian"))
import root  # noqa: E402

READY_S = 30


def alone():
    """Runs this program again in mounts and processes of its own."""
    if os.environ.get("SHOP_HOUSE") == "alone":
        return
    if os.geteuid() != 0:
        raise SystemExit("a Debian to install packages in needs root")
    os.environ["SHOP_HOUSE"] = "alone"
    os.execvp("unshare", ["unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child",
                          "--mount-proc", sys.executable, *sys.argv])


def until(condition, seconds=READY_S, what="condition"):
    """The first true value of condition(), or a failure that names what did not come."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.02)  # a poll, bounded above


class House:
    """A layer over `base`, called `name`. `emulator`: runs our programs, where they are another machine's."""

    def __init__(self, base, name, emulator=None):
        self.emulator = ["/srv/emulator"] if emulator else []
        self.layer = root.ROOTS / f"layer-{name}"
        shutil.rmtree(self.layer, ignore_errors=True)
        self.path = self.layer / "root"
        for part in ("root", "upper", "work"):
            (self.layer / part).mkdir(parents=True)
        mount = ["mount", "-t", "overlay", "overlay", "-o",
                 f"lowerdir={base.path},upperdir={self.layer}/upper,workdir={self.layer}/work", self.path]
        subprocess.run(mount, check=True)
        archives = root.ROOTS / f"archives-{name}"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        for command in (["mount", "-t", "proc", "proc", self.path / "proc"],
                        ["mount", "-t", "tmpfs", "tmpfs", self.path / "run"],
                        ["mount", "--rbind", "/dev", self.path / "dev"],
                        ["mount", "--bind", archives, self.path / "var/cache/apt/archives"]):
            subprocess.run(command, check=True)
        for file in ("resolv.conf", "hosts"):
            shutil.copy2(f"/etc/{file}", self.path / f"etc/{file}")
        if emulator:
            shutil.copy2(emulator, self.at(self.emulator[0]))
        self.programs = {}

    def end(self):
        for name in list(self.programs):
            self.stop(name, signal.SIGKILL)
        for part in ("var/cache/apt/archives", "dev", "run", "proc", "."):
            subprocess.run(["umount", "--lazy", self.path / part], check=False)
        shutil.rmtree(self.layer, ignore_errors=True)

    # --- files and commands

    def at(self, path):
        return self.path / str(path).lstrip("/")

    def owner(self, path):
        """(mode, user, group) as the house's own names."""
        st = self.at(path).stat()
        return (oct(st.st_mode & 0o7777), self.name_of("passwd", st.st_uid), self.name_of("group", st.st_gid))

    def name_of(self, file, number):
        return next((w[0] for w in self.entries(file) if int(w[2]) == number), number)

    def entries(self, file):
        return [line.split(":") for line in self.at(f"etc/{file}").read_text().splitlines()]

    def ids(self, user, group, more):
        """(uid, gid, [gid…]) of a unit's User, Group and SupplementaryGroups."""
        groups = {w[0]: int(w[2]) for w in self.entries("group")}
        uid, = [int(w[2]) for w in self.entries("passwd") if w[0] == user]
        own = [int(w[2]) for w in self.entries("group") if user in w[3].split(",")]
        return uid, groups[group], [groups[g] for g in more] + own

    def run(self, *command, good=True, seconds=300):
        """What a command in the house says, stdout and stderr together."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/root",
                       "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(["chroot", self.path, *map(str, command)], capture_output=True, text=True,
                              env=environment, stdin=subprocess.DEVNULL, timeout=seconds, check=False)
        said = done.stdout + done.stderr
        assert not good or done.returncode == 0, f"{' '.join(map(str, command))}: exit {done.returncode}: {said[-900:]}"
        return said

    def ours(self, *command, **options):
        """The same for one of our programs."""
        return self.run(*self.emulator, f"/usr/bin/{command[0]}", *command[1:], **options)

    def apt(self, *words, good=True):
        return self.run("apt-get", "-y", "-o", "Dpkg::Use-Pty=0", "-o", "Acquire::Retries=3",
                        "-o", "APT::Install-Recommends=false", "-o", "APT::Sandbox::User=root", *words, good=good)

    def offer(self, debs):
        """The packages of a folder as apt's own source; what else it knows stays as it is."""
        place = self.at("srv/debs")
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for deb in debs:
            shutil.copy2(deb, place)
        listed = subprocess.run(["dpkg-scanpackages", "--multiversion", "."], cwd=place, capture_output=True,
                                text=True, check=True).stdout
        (place / "Packages").write_text(listed)
        own = "etc/apt/sources.list.d/shopkeeper.list"
        self.at(own).write_text("deb [trusted=yes] file:/srv/debs ./\n")
        self.apt("-o", f"Dir::Etc::sourcelist={own.removeprefix('etc/apt/')}", "-o", "Dir::Etc::sourceparts=-",
                 "-o", "APT::Get::List-Cleanup=0", "update")

    # --- units

    def unit(self, name):
        """{key: [values]} of an installed unit."""
        where = next(p for p in (self.at(f"lib/systemd/system/{name}"), self.at(f"usr/lib/systemd/system/{name}"))
                     if p.exists())
        words = {}
        for key, value in re.findall(r"^(\w+)=(.*)$", where.read_text(), re.M):
            words.setdefault(key, []).append(value)
        return words

    def child(self, ids, given=None):
        """What the child does before it becomes the program."""
        def become():
            os.setsid()
            if given is not None:
                os.dup2(given, 3)
            os.chroot(self.path)
            os.chdir("/")
            if ids:
                os.setgroups(ids[2])
                os.setgid(ids[1])
                os.setuid(ids[0])
        return become

    def start(self, unit, given=None):
        """A service's ExecStart as its user, then its ExecStartPost."""
        words = self.unit(unit)
        for needed in words.get("ConditionPathExists", []):
            if not self.at(needed).exists():
                return False
        more = [g for line in words.get("SupplementaryGroups", []) for g in line.split()]
        ids = self.ids(words["User"][0], words["Group"][0], more)
        umask = int(words.get("UMask", ["0022"])[0], 8)
        log = open(self.layer / f"{unit}.log", "ab")
        self.programs[unit] = self.launch(self.emulator + words["ExecStart"][0].split(), ids, log, umask, given)
        for line in words.get("ExecStartPost", []):
            assert line.startswith("+/usr/bin/chgrp "), line
            path = line.split()[-1]
            until(lambda path=path: self.at(path).exists() or self.programs[unit].poll() is not None, what=path)
            assert self.programs[unit].poll() is None, f"{unit} ended: {self.said(unit)[-500:]}"
            self.run(*line[1:].split())
        return True

    def launch(self, argv, ids, log, umask=0o022, given=None):
        def become():
            os.umask(umask)
            self.child(ids, given)()
        # a shell sets the two words of the socket: LISTEN_PID is its own number, which exec keeps
        if given is not None:
            argv = ["/bin/sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", *argv]
        return subprocess.Popen(argv, preexec_fn=become, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                                pass_fds=(3,) if given is not None else ())

    def listen(self, unit):
        """The socket of a .socket unit, open before its service is: an fd for start(given=…)."""
        words = self.unit(unit)
        path = words["ListenStream"][0]
        self.at(path).unlink(missing_ok=True)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        here = os.open(self.at(path).parent, os.O_PATH)  # a short name for a long path
        sock.bind(f"/proc/self/fd/{here}/{os.path.basename(path)}")
        os.close(here)
        sock.listen(64)
        uid, gid, _ = self.ids(words["SocketUser"][0], words["SocketGroup"][0], [])
        os.chown(self.at(path), uid, gid)
        os.chmod(self.at(path), int(words["SocketMode"][0], 8))
        return sock

    def stop(self, unit, how=signal.SIGTERM):
        process = self.programs.pop(unit)
        process.send_signal(how)
        return process.wait(20)

    def said(self, unit):
        return (self.layer / f"{unit}.log").read_text(errors="replace")
