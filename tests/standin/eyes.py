"""eyes.py: eyed with a camera whose pictures a test paints: a FIFO that is fed ten times a second."""

import errno
import os
import pathlib
import select
import signal
import subprocess
import threading

NOTHING = ("kind=none", "")


class Camera:
    """One eyed and what is before its lens. `show()` puts something there; it stays until the next."""

    def __init__(self, folder, build, name, codes):
        self.folder, self.build, self.name = pathlib.Path(folder), pathlib.Path(build), name
        self.fifo = self.folder / f"{name}.pictures"
        self.socket = self.folder / f"{name}.sock"
        self.conf = self.folder / f"{name}.conf"
        self.log = self.folder / f"{name}.log"
        self.conf.write_text(f"name = {name}\ncamera = file:{self.fifo}\ncodes = {codes}\n"
                             f"run = {self.folder}\n")
        self.picture = self.paint(*NOTHING)
        self.feeder = self.program = None
        self.stopping = threading.Event()
        self.preload = {}  # words of its environment

    def paint(self, *words):
        """Bytes of a picture: words of eyepaint, the text last."""
        return subprocess.run([self.build / "eyepaint", *words], capture_output=True, check=True).stdout

    def show(self, *words):
        self.picture = self.paint(*words)

    def show_nothing(self):
        self.show(*NOTHING)

    def start(self):
        """eyed alone; the camera must have been plugged in."""
        with open(self.log, "ab") as log:
            self.program = subprocess.Popen([self.build / "eyed", "--config", self.conf],
                                            stdout=log, stderr=log,
                                            env={**os.environ, **self.preload})

    def kill(self, how=signal.SIGKILL):
        self.program.send_signal(how)
        self.program.wait(10)

    def plug(self):
        """A camera that has just been plugged in: no picture is half sent."""
        self.fifo.unlink(missing_ok=True)
        os.mkfifo(self.fifo)
        self.stopping.clear()
        self.feeder = threading.Thread(target=self.feed, daemon=True)
        self.feeder.start()

    def unplug(self):
        self.stopping.set()
        self.feeder.join()
        self.feeder = None

    def feed(self):
        fd = os.open(self.fifo, os.O_RDWR | os.O_NONBLOCK)
        try:
            while not self.stopping.is_set():
                self.put(fd, self.picture)
                self.stopping.wait(0.1)
        finally:
            os.close(fd)

    def put(self, fd, data):
        view = memoryview(data)
        while view and not self.stopping.is_set():
            if select.select([], [fd], [], 0.1)[1]:
                try:
                    view = view[os.write(fd, view):]
                except OSError as error:
                    if error.errno != errno.EAGAIN:
                        raise

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def end(self):
        if self.program and self.program.poll() is None:
            self.program.send_signal(signal.SIGCONT)
            self.kill(signal.SIGTERM)
        if self.feeder:
            self.unplug()
