"""netns.py: two network namespaces, a road between them, and its weather: packets of the real kernel's
TCP that are lost, late, and come twice.

    netns.enter()                        this process is in a namespace of its own from now on (root)
    with netns.Road() as road:           NEAR, ours, and FAR, another, joined by a TUN device each
        with road.far(): …               whoever is started here lives at the far end
        road.weather(loss=30, delay_ms=3000, twice=5)

The weather is netem's where the kernel has it, on both ends; where it has not, the relay between the
two devices makes the same: so the test can run on any kernel with namespaces and TUN. The delay is on
the way there, loss and doubles are both ways. NEAR and FAR are addresses of 127/8, because programs
speak plain HTTP with those alone.
"""

import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
NEAR, FAR, DEVICE = "127.8.8.8", "127.9.9.9", "road"
LIBC = ctypes.CDLL(None, use_errno=True)


class Missing(Exception):
    """What is needed and is not there."""


def tool(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{' '.join(words)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def enter():
    """This thread, and whom it starts from now on, is in a network namespace of its own."""
    if LIBC.unshare(CLONE_NEWNET):
        raise Missing(f"no network namespace: {os.strerror(ctypes.get_errno())}")
    tool("ip", "link", "set", "lo", "up")


def here():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def go(namespace):
    if LIBC.setns(namespace, CLONE_NEWNET):
        raise Missing(f"setns: {os.strerror(ctypes.get_errno())}")


def device(me, peer):
    """The road's end in this namespace: its file."""
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", DEVICE.encode(), IFF_TUN | IFF_NO_PI))
    for where in ("all", DEVICE):
        for name, value in (("route_localnet", 1), ("accept_local", 1), ("rp_filter", 0)):
            with open(f"/proc/sys/net/ipv4/conf/{where}/{name}", "w", encoding="ascii") as file:
                file.write(str(value))
    tool("ip", "addr", "add", f"{me}/32", "dev", DEVICE)
    tool("ip", "link", "set", DEVICE, "up")
    tool("ip", "route", "add", "table", "local", f"{peer}/32", "dev", DEVICE, "src", me)
    return fd


class Road:
    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.loss = self.twice = self.delay_ms = 0
        self.passed = self.lost = self.doubled = 0
        self.netem = False

    def __enter__(self):
        self.ours = here()
        self.near_fd = device(NEAR, FAR)
        enter()
        self.theirs = here()
        self.far_fd = device(FAR, NEAR)
        go(self.ours)
        self.wake, self.end = os.pipe2(os.O_CLOEXEC)
        self.relay = threading.Thread(target=self.carry, daemon=True)
        self.relay.start()
        return self

    def __exit__(self, *_):
        os.close(self.end)
        self.relay.join(5)
        for fd in (self.near_fd, self.far_fd, self.wake, self.theirs, self.ours):
            os.close(fd)

    @contextlib.contextmanager
    def far(self):
        go(self.theirs)
        try:
            yield
        finally:
            go(self.ours)

    def weather(self, loss=0, delay_ms=0, twice=0):
        """From now on; percent of packets. How it is made, as a word."""
        share = ["loss", f"{loss}%", "duplicate", f"{twice}%", "limit", "10000"]
        qdisc = ["tc", "qdisc", "replace", "dev", DEVICE, "root", "netem"]
        try:
            tool(*qdisc, "delay", f"{delay_ms}ms", *share)
            with self.far():
                tool(*qdisc, *share)
            self.netem = True
            return "netem"
        except (Missing, FileNotFoundError):
            self.loss, self.delay_ms, self.twice = loss, delay_ms, twice
            return "the relay, for want of netem in this kernel"

    def packets_lost(self):
        if not self.netem:
            return self.lost
        seen = tool("tc", "-s", "qdisc", "show", "dev", DEVICE)
        return int(seen.split("dropped ")[1].split(",")[0])

    # --- the relay

    def carry(self):
        late, number = [], 0
        while True:
            wait = max(0.0, late[0][0] - time.monotonic()) if late else None
            ready, _, _ = select.select([self.near_fd, self.far_fd, self.wake], [], [], wait)
            if self.wake in ready:
                return
            for fd in ready:
                packet = os.read(fd, 65536)
                there = fd == self.near_fd
                for _ in range(self.copies()):
                    due = time.monotonic() + (self.delay_ms / 1000 if there else 0)
                    number += 1
                    heapq.heappush(late, (due, number, self.far_fd if there else self.near_fd, packet))
            while late and late[0][0] <= time.monotonic():
                _, _, fd, packet = heapq.heappop(late)
                with contextlib.suppress(OSError):  # what is no IPv4 is nobody's
                    os.write(fd, packet)

    def copies(self):
        self.passed += 1
        if self.random.random() * 100 < self.loss:
            self.lost += 1
            return 0
        if self.random.random() * 100 < self.twice:
            self.doubled += 1
            return 2
        return 1
