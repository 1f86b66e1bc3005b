"""parts.py: what run.py is made of: programs that are kept running, scanners on ptys, their relay."""

import ctypes
import os
import select
import signal
import subprocess
import time
import tty

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
RESTART_MIN_S, RESTART_MAX_S, WELL_S = 0.1, 5.0, 10.0


def say(text):
    print(text, flush=True)


class Program:
    """One program: started, watched by its pidfd, started again after a growing pause."""

    def __init__(self, name, argv, log, env):
        self.name, self.argv, self.log, self.env = name, argv, log, env
        self.process = None
        self.pidfd = None
        self.start_at = None  # monotonic; None: runs, or was told to end
        self.pause = 0.0
        self.started = 0.0

    @property
    def pid(self):
        return self.process.pid if self.process and self.pidfd is not None else None

    def start(self):
        parent = os.getpid()

        def before_exec():
            # If run.py is killed outright, nothing of the shop stays behind.
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        out = open(self.log, "ab") if self.log else None
        self.process = subprocess.Popen(
            self.argv, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT if out else
            None, env=self.env, process_group=0, preexec_fn=before_exec)
        if out:
            out.close()
        self.pidfd = os.pidfd_open(self.process.pid)
        self.started, self.start_at = time.monotonic(), None

    def ended(self):
        """How it ended, in words; None while it runs."""
        status = self.process.poll()
        if status is None:
            return None
        return f"signal {-status}" if status < 0 else f"exit {status}"

    def plan_restart(self):
        """At once the first time; then after 0.1 s, 0.2 s … 5 s, until it has been well for 10 s."""
        os.close(self.pidfd)
        self.pidfd = None
        if time.monotonic() - self.started > WELL_S:
            self.pause = 0.0
        self.start_at = time.monotonic() + self.pause
        self.pause = min(max(RESTART_MIN_S, 2 * self.pause), RESTART_MAX_S)

    def stop(self, seconds):
        """SIGTERM, then SIGKILL after `seconds`: whether it ended by itself."""
        self.start_at = None
        if self.process is None or self.process.poll() is not None:
            return True
        self.process.terminate()
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False

    def last_words(self):
        lines = self.log.read_text(errors="replace").splitlines()[-12:]
        return "\n".join("    " + line for line in lines)


class Relay:
    """Carries bytes between fds; what does not fit waits, and the sender with it."""

    def __init__(self):
        self.roads = {}  # from fd -> [to fd, bytes that wait, whether they may be dropped]

    def join(self, here, there, may_drop):
        os.set_blocking(here, False)
        self.roads[here] = [there, b"", may_drop]

    def carry(self, here):
        there, waiting, may_drop = self.roads[here]
        if not waiting:
            try:
                waiting = os.read(here, 4096)
            except BlockingIOError:
                return
        try:
            waiting = waiting[os.write(there, waiting):]
        except BlockingIOError:
            if may_drop:
                waiting = b""
        self.roads[here][1] = waiting

    def wait(self, others, seconds):
        """Carries until one of `others` is readable or the time is up: which are readable."""
        end = time.monotonic() + seconds
        while True:
            free = [fd for fd, road in self.roads.items() if not road[1]]
            held = {road[0]: fd for fd, road in self.roads.items() if road[1]}
            left = max(0.0, end - time.monotonic())
            readable, writable, _ = select.select(free + others, list(held), [], left)
            for fd in readable:
                if fd in self.roads:
                    self.carry(fd)
            for fd in writable:
                self.carry(held[fd])
            found = [fd for fd in readable if fd not in self.roads]
            if found or time.monotonic() >= end:
                return found


class ScannerPty:
    """A scanner: shopd opens `device`, a person writes to `user_path` what the scanner reads.

    Two ptys back to back, for a pty has only one end with a name. Beeps go the other way, and are
    dropped when nobody listens.
    """

    def __init__(self, given, relay):
        if given:
            self.device = self.user_path = given
            return
        self.fds = []
        names = []
        for _ in range(2):
            master, slave = os.openpty()  # the slave stays open here: no hang-up between users
            tty.setraw(slave)
            os.set_blocking(master, False)
            self.fds += [master, slave]
            names.append(os.ttyname(slave))
        self.device, self.user_path = names
        relay.join(self.fds[2], self.fds[0], may_drop=False)
        relay.join(self.fds[0], self.fds[2], may_drop=True)
