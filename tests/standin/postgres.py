"""postgres.py: a PostgreSQL of one's own, in a temporary folder, gone without a trace afterwards.

    postgres.py run -- COMMAND…      COMMAND with SHOP_TEST_POSTGRES=postgresql://…; its status
    postgres.py hold                 one that obeys: says its URL, then answers each line of stdin
                                     (kill, stop, start) with ok; ends with its input
    with Postgres() as server: …     server.url; kill(), start(), stop(), sql()

It is Debian's, and as durable as in earnest (fsync is on). It listens on a Unix socket in its
folder, and on a port of the loopback as well where one is asked for. As root it runs as nobody:
PostgreSQL refuses root. Whoever started it and dies without a word takes it along: the postmaster
gets a SIGQUIT from the kernel.
"""

import contextlib
import ctypes
import os
import pathlib
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.parse

PR_SET_PDEATHSIG = 1
START_S = 60
CONFIG = """
listen_addresses = '{listen}'
port = {port}
unix_socket_directories = '{folder}'
max_connections = 60
shared_buffers = 64MB
max_wal_size = 512MB
logging_collector = off
log_min_messages = fatal
log_min_error_statement = panic
lc_messages = C
timezone = UTC
log_timezone = UTC
"""


def programs():
    """The folder of the newest server that Debian has installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"),
                   key=lambda path: int(path.parent.parent.name))
    if not found:
        raise FileNotFoundError("no PostgreSQL; `make deps` installs it")
    return found[-1].parent


class Postgres:
    """One server. `tcp`: it has a port of 127.0.0.1 too (tcp_url)."""

    def __init__(self, tcp=False, config=""):
        self.bin = programs()
        self.owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shop-pg-"))
        self.data = self.folder / "data"
        self.process = None
        self.tcp = tcp
        self.port = self._free_port() if tcp else 5432
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        try:
            self._tool("initdb", "--no-locale", "-E", "UTF8", "-U", "shop", "-A", "trust",
                       "--no-sync", "--no-instructions", "-D", self.data)
            with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
                file.write(CONFIG.format(folder=self.folder, port=self.port,
                                         listen="127.0.0.1" if tcp else "") + config + "\n")
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @property
    def url(self):
        host = urllib.parse.quote(str(self.folder), safe="")
        return f"postgresql://shop@/postgres?host={host}&port={self.port}"

    @property
    def tcp_url(self):
        return f"postgresql://shop@127.0.0.1:{self.port}/postgres"

    def start(self):
        """Starts it, after a kill() as well, and waits until it lets somebody in."""
        prctl = ctypes.CDLL(None).prctl

        def before():
            prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)

        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.data], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, preexec_fn=before, start_new_session=True, cwd="/",
                **self._as_owner())
        self._wait()
        return self

    def kill(self):
        """As if the power had gone: SIGKILL to the postmaster and to all its children."""
        if not self.process:
            return
        self.process.send_signal(signal.SIGSTOP)  # so that it makes no more of them
        ends = []
        for pid in [self.process.pid, *self._children()]:
            with contextlib.suppress(ProcessLookupError):
                ends.append(os.pidfd_open(pid))
                os.kill(pid, signal.SIGKILL)
        for end in ends:
            # one that waits for a disk is not gone yet, and the next server would find it there
            select.select([end], [], [], START_S)
            os.close(end)
        self.process.wait()
        self.process = None
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self):
        """An orderly end (fast: sessions are cut off)."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def sql(self, text, database="postgres"):
        """What psql answers, unaligned, without heads."""
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p",
             str(self.port), "-U", "shop", "-d", database, "-c", text],
            capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.rstrip("\n")

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *_):
        self.stop()
        self.remove()

    # --- within

    def _as_owner(self):
        if not self.owner:
            return {}
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}

    def _tool(self, name, *words):
        done = subprocess.run([self.bin / name, *words], capture_output=True, text=True, cwd="/",
                              stdin=subprocess.DEVNULL, check=False, **self._as_owner())
        if done.returncode:
            raise RuntimeError(f"{name}: {(done.stderr or done.stdout).strip()}")

    def _wait(self):
        """pg_isready until it is; the server's own words when it has ended instead."""
        for _ in range(START_S * 20):
            ready = subprocess.run(
                [self.bin / "pg_isready", "-q", "-h", str(self.folder), "-p", str(self.port)],
                check=False).returncode == 0
            if ready:
                return
            try:
                status = self.process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError(f"postgres ended with {status}: " + (self.folder / "log").read_text()[-1000:])
        raise RuntimeError("postgres: not ready in time")

    def _children(self):
        """By their parent's id: its own children are all that a postmaster has."""
        found = []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, IndexError, ValueError):
                after = stat.read_text().rpartition(")")[2].split()
                if int(after[1]) == self.process.pid:
                    found.append(int(stat.parent.name))
        return found

    @staticmethod
    def _free_port():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]


def hold():
    with Postgres() as server:
        print(server.url, flush=True)
        for line in sys.stdin:
            {"kill": server.kill, "stop": server.stop, "start": server.start}[line.strip()]()
            print("ok", flush=True)


def main():
    words = sys.argv[1:]
    if words == ["hold"]:
        hold()
        return
    if words[:1] != ["run"] or len(words) < 2:
        sys.exit("postgres.py run -- COMMAND… | hold")
    command = words[2:] if words[1] == "--" else words[1:]
    # so that `finally` is reached
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Postgres() as server:
        env = {**os.environ, "SHOP_TEST_POSTGRES": server.url}
        status = subprocess.run(command, env=env, check=False).returncode
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
