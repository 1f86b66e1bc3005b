"""run.py: a shop on this machine: the simulated door, the loopback SMS gateway, shopd, counterd and
courierd, and beside it a head office, kept running until SIGINT or SIGTERM (`make run`, and every
system test).

It stands in for the service manager: starts the programs in order, starts one again that died, and
ends them all. When all is ready, run.json appears in the state folder by rename (contracts 8):
shop, door, api, shopctl, scanner, till_scanner, sms, ledger; with an office also its address
(office) and the file of an operator's key (operator_key); with a page to play on, that
(playground). Beside it: etc/ the configuration it
wrote, data/ ledger and catalogue, office/ the office's database and keys, log/ what each program
says, run/ sockets and pids.json.

    run.py --state DIR [--port N] [--build DIR] …     --help lists what tests use besides
"""

import argparse
import fcntl
import json
import os
import pathlib
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import office
from parts import Program, Relay, ScannerPty, say

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHOP, DOOR, TILL = "viken", "front", "till1"
GATEWAY_USER, GATEWAY_PASSWORD = "loopback", "known-to-all"  # of the stand-in on loopback alone
GOODS = ROOT / "tests" / "data" / "products-se.csv"
WEB = ROOT / "build" / "web"  # the pages, where `make web` puts them
OWNER_PHONE = "+46700000001"
SHOP_PHONE = "+46766861000"  # answers go there
KEYHOLDER_PHONE, NEIGHBOUR_PHONE = "+46700000002", "+46700000003"
# A Unix socket's path has room for 107 bytes, and "/run/control.sock" comes after this.
STATE_PATH_MAX = 80
READY_S = 60


class Refused(Exception):
    """Why the shop cannot be started, as a sentence."""


def arguments():
    parser = argparse.ArgumentParser(description="A shop on this machine.")
    parser.add_argument("--state", default="state", type=pathlib.Path)
    parser.add_argument("--port", default=18080, type=int, help="0: any that is free")
    parser.add_argument("--build", default="build/gcc", type=pathlib.Path)
    parser.add_argument("--under-make", action="store_true", help="end when make is told to")
    parser.add_argument("--follow", action="store_true", help="show what the programs say")
    parser.add_argument("--playground", action="store_true",
                        help="a page to play shopper, burglar and owner on (make run has it), and sensors")
    parser.add_argument("--no-import", action="store_true", help="leave the catalogue as it is")
    parser.add_argument("--small-disk", type=int, metavar="MIB",
                        help="ledger and catalogue on a file system of this size (root)")
    parser.add_argument("--scanner", help="the door's scanner is this device, without a relay")
    parser.add_argument("--till-scanner", help="the same for the till's")
    parser.add_argument("--preload", action="append", default=[], metavar="PROGRAM:FILE")
    parser.add_argument("--office", choices=("none", "beside", "enrol"),
                        help="no head office, one that runs beside the shop, or one that it belongs "
                             "to (make run: beside; else none)")
    parser.add_argument("--office-database", metavar="URL",
                        help="postgresql://… or a file, in place of SQLite in the state folder")
    parser.add_argument("--env", action="append", default=[], metavar="PROGRAM:NAME=VALUE")
    parser.add_argument("--set", action="append", default=[], metavar="PROGRAM:[SECTION:]KEY=VALUE",
                        help="one line of a program's configuration")
    return parser.parse_args()


def conf_text(sections):
    """{"": {key: value}, "door front": {...}} as a configuration file."""
    lines = []
    for section, keys in sections.items():
        if section:
            lines += ["", f"[{section}]"]
        lines += [f"{key} = {value}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def free_port(wanted):
    """The port to serve on; refuses one that is taken, by name."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError as error:
            raise Refused(f"port {wanted} on 127.0.0.1 cannot be had ({error.strerror}): "
                          "another shop may be running; try make run PORT=18081") from error
        return probe.getsockname()[1]


class Runner:
    """All of one shop."""

    def __init__(self, options):
        self.options = options
        self.state = options.state.resolve()
        self.build = (ROOT / options.build).resolve()
        self.programs = []
        self.relay = Relay()
        self.stopping = False
        self.open = False  # all is ready: from now on what dies is started again
        self.mounted = False
        self.lock = None
        self.link = None
        self.office = None  # the files of the head office
        self.office_port = None
        self.playground = None  # its address
        self.parent = os.getppid()
        self.wake, self.wake_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    # --- folders and configuration

    def prepare(self):
        for name in ("etc", "data", "log"):
            (self.state / name).mkdir(parents=True, exist_ok=True)
        (self.state / "data").chmod(0o2750)  # contracts 4
        lock = open(self.state / "lock", "w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused(f"a shop is running in {self.state} already") from error
        self.lock = lock
        (self.state / "run.json").unlink(missing_ok=True)
        self.base = self.state
        if len(str(self.state)) > STATE_PATH_MAX:
            # Too long for a socket's path: the programs are told a short link to it.
            self.link = pathlib.Path(tempfile.mkdtemp(prefix="shop-"), "state")
            self.link.symlink_to(self.state)
            self.base = self.link
        self.run_dir = self.base / "run"
        self.run_dir.mkdir(exist_ok=True)
        for stale in self.run_dir.glob("*.sock"):
            stale.unlink()
        if self.options.small_disk:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.options.small_disk}m",
                            "shop-small-disk", self.state / "data"], check=True)
            self.mounted = True

    def configure(self, port, gateway_port):
        run, data = self.run_dir, self.base / "data"
        door = {part: f"{DOOR}-{part}" for part in
                ("strike", "contact", "rex", "tamper", "fire", "buzzer", "light_yes", "light_no")}
        gateway = {"preset": "46elks", "user": GATEWAY_USER,
                   "password_file": self.base / "etc" / "gateway-password",
                   "url": f"http://127.0.0.1:{gateway_port}/a1/sms", "from": SHOP_PHONE}
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        confs = {
            "shopd": {
                "": {"shop": SHOP, "run": run, "state": data, "timezone": "Europe/Stockholm",
                     "gpio": f"sim:{run}/sim.sock", "clock": "rtc", "occupancy_max": 200,
                     "barred": "alcohol tobacco medicine"},
                "hours": {day: "00:00-24:00" for day in days},
                f"door {DOOR}": {"exit": "rex", "scanner": self.door_pty.device, **door},
                f"till {TILL}": {"scanner": self.till_pty.device},
            },
            "counterd": {"": {"shop": SHOP, "run": run, "state": data, "web": WEB,
                              "hosts": f"{SHOP}.localhost", "listen": f"127.0.0.1:{port}"}},
            "courierd": {"": {"shop": SHOP, "run": run, "state": data, "language": "sv",
                              "page": f"http://127.0.0.1:{port}"},
                         "gateway": gateway,
                         "contact owner": {"phone": OWNER_PHONE, "role": "owner"},
                         "contact keyholder": {"phone": KEYHOLDER_PHONE, "role": "keyholder"},
                         "contact neighbour": {"phone": NEIGHBOUR_PHONE, "role": "neighbour",
                                               "least": "urgent"}},
        }
        for name, (kind, _) in self.sensors().items():
            confs["shopd"][f"sensor {name}"] = {"kind": kind, "source": "sim"}
        if self.office:
            confs["officed"] = self.office.conf(self.office_port, gateway,
                                                self.options.office_database)
            confs["officed"][""].update({
                "web": WEB, "page_hosts": "{shop}.localhost",
                "page_origins": f"http://127.0.0.1:{port}"})
        if self.options.office == "enrol":
            confs["counterd"][""]["office"] = f"http://127.0.0.1:{self.office_port}"
        for change in self.options.set:
            program, _, rest = change.partition(":")
            where, _, value = rest.partition("=")
            section, _, key = where.rpartition(":")
            confs[program].setdefault(section, {})[key] = value
        self.doors = [s.removeprefix("door ") for s in confs["shopd"] if s.startswith("door ")]
        secret = self.state / "etc" / "gateway-password"
        secret.touch(mode=0o600)
        secret.write_text(GATEWAY_PASSWORD + "\n")
        for program, sections in confs.items():
            path = self.state / "etc" / f"{program}.conf"
            path.write_text(conf_text(sections))
            path.chmod(0o640)

    def sensors(self):
        """Of the room, and what they say at first: {name: (kind, value)}. A test brings its own."""
        return {"fridge": ("fridge", "4.5"), "freezer": ("freezer", "-20"), "room": ("room", "19"),
                "floor": ("water", "off")} if self.has_playground() else {}

    def has_playground(self):
        return self.options.playground or self.options.under_make

    # --- programs

    def start(self, name, argv, ready, what):
        """Starts a program and waits until ready(); Refused, with its last words, when it dies."""
        env = dict(os.environ)
        for setting in self.options.preload:
            program, _, path = setting.partition(":")
            if program == name:
                env["LD_PRELOAD"] = str((ROOT / path).resolve())
        for setting in self.options.env:
            program, _, assignment = setting.partition(":")
            if program == name:
                key, _, value = assignment.partition("=")
                env[key] = value
        program = Program(name, [str(a) for a in argv], self.state / "log" / f"{name}.log", env)
        program.start()
        self.programs.append(program)
        end = time.monotonic() + READY_S
        while not ready():
            if time.monotonic() > end:
                raise Refused(f"{name} runs, but {what} did not come within {READY_S} s:\n"
                              + program.last_words())
            self.serve(0.02)
            if self.stopping:
                raise Refused("interrupted")
        self.write_pids()

    def prepare_office(self):
        """Whether there is to be one, and what it needs."""
        if not self.options.office:
            there = os.access(self.build / "officed", os.X_OK)
            self.options.office = "beside" if self.options.under_make and there else "none"
        if self.options.office == "none":
            return
        self.office = office.Files(self.state / "office", self.build / "shopctl")
        self.office_port = self.office.port(free_port)

    def start_office(self):
        self.start("officed", [self.build / "officed", "--config",
                               self.state / "etc" / "officed.conf"],
                   lambda: answers(self.office_port), f"an answer on port {self.office_port}")
        operator = self.operator()
        try:
            known = operator.ask("GET", f"/v1/shops/{SHOP}")[0] == 200
            if not known:
                operator.furnish(SHOP, OWNER_PHONE, None if self.options.no_import else GOODS)
        except OSError as error:
            raise Refused(f"the office does not answer as it should: {error}") from error

    def operator(self):
        return office.Operator(f"http://127.0.0.1:{self.office_port}", self.office.operator)

    def enrol(self):
        """The shop joins the office, as its owner would do it: once a state folder."""
        if (self.status() or {}).get("office"):
            return
        url = f"http://127.0.0.1:{self.office_port}"
        code = self.operator().claim(SHOP)
        done = self.ask([*self.shopctl(), "enrol", url, code], 60)
        if done.returncode:
            raise Refused(f"the shop was not enrolled: {done.stderr.strip()}")

    def start_all(self, port):
        self.prepare_office()
        for name in ("simdoor", "shopd", "counterd", "courierd", "shopctl",
                     *(["officed"] if self.office else [])):
            if not os.access(self.build / name, os.X_OK):
                raise Refused(f"{self.build / name} is not built: make all")
        gateway_port = free_port(0)
        self.inbox = f"http://127.0.0.1:{gateway_port}/inbox"
        self.configure(port, gateway_port)
        etc = self.state / "etc"
        shopctl = self.shopctl()
        said = [f"{name}={value}" for name, (_, value) in self.sensors().items()]
        self.start("simdoor", [self.build / "simdoor", self.run_dir / "sim.sock", *self.doors, *said],
                   self.run_dir.joinpath("sim.sock").exists, "its socket")
        self.start("smsgateway", [sys.executable, HERE / "smsgateway.py", "--port", gateway_port,
                                  "--user", GATEWAY_USER, "--password", GATEWAY_PASSWORD,
                                  "--number", SHOP_PHONE,
                                  "--out", self.state / "sms.jsonl"],
                   lambda: answers(gateway_port), "its port")
        if self.office:
            self.start_office()
        self.start("shopd", [self.build / "shopd", "--config", etc / "shopd.conf"],
                   lambda: self.status() is not None, "an answer on its control socket")
        if not self.options.no_import and not self.status()["articles"]:
            done = self.ask([*shopctl, "product", "import", GOODS], 60)
            if done.returncode:
                raise Refused(f"the demo catalogue was not taken: {done.stderr.strip()}")
        self.start("counterd", [self.build / "counterd", "--config", etc / "counterd.conf"],
                   lambda: answers(port), f"an answer on port {port}")
        self.start("courierd", [self.build / "courierd", "--config", etc / "courierd.conf"],
                   lambda: (self.status() or {}).get("courier_connected"), "its greeting to shopd")
        if self.options.office == "enrol":
            self.enrol()
        if self.has_playground():
            self.start_playground(port)

    def start_playground(self, port):
        """On the port after the shop's, where that is free."""
        try:
            own = free_port(port + 1)
        except Refused:
            own = free_port(0)
        self.start("playground", [sys.executable, HERE / "playground.py", "--port", own, "--run-json",
                                  self.state / "run.json"], lambda: answers(own), "its port")
        self.playground = f"http://127.0.0.1:{own}"

    def shopctl(self):
        return [str(self.build / "shopctl"), "--run", str(self.run_dir),
                "--state", str(self.base / "data")]

    def ask(self, argv, seconds):
        """Runs a command to its end, while the relay and the programs are looked after."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen([str(a) for a in argv], stdout=out, stderr=err,
                                       stdin=subprocess.DEVNULL)
            end = time.monotonic() + seconds
            while process.poll() is None:
                if time.monotonic() > end:
                    process.kill()
                self.serve(0.005)
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(argv, process.returncode, out.read().decode(),
                                               err.read().decode())

    def status(self):
        done = self.ask([*self.shopctl(), "--json", "status"], 10)
        if done.returncode not in (0, 1) or not done.stdout.strip():
            return None
        status = json.loads(done.stdout)
        return status if "articles" in status else None

    def write_pids(self):
        replace(self.run_dir / "pids.json",
                json.dumps({p.name: p.pid for p in self.programs if p.pid}))

    # --- the loop

    def serve(self, seconds):
        """Relays scanners, and starts again what died, for at most this long."""
        watched = {self.wake: None, **{p.pidfd: p for p in self.programs if p.pidfd is not None}}
        wait = min([seconds] + [max(0.0, p.start_at - time.monotonic())
                                for p in self.programs if p.start_at is not None])
        for fd in self.relay.wait(list(watched), wait):
            if fd == self.wake:
                os.read(self.wake, 100)
            elif not self.stopping and watched[fd].ended() is not None:
                self.died(watched[fd])
        for program in self.programs:
            if not self.stopping and program.start_at is not None \
                    and program.start_at <= time.monotonic():
                program.start()
                self.write_pids()

    def died(self, program):
        how = program.ended()
        if not self.open:
            raise Refused(f"{program.name} ended at its start ({how}):\n" + program.last_words())
        say(f"{program.name} died ({how}); it is started again")
        program.plan_restart()
        self.write_pids()

    def make_told_to_end(self):
        """make waits for us when it alone gets SIGINT, having put the signal back to its default:
        that is how we know."""
        if not self.options.under_make:
            return False
        if os.getppid() != self.parent:
            return True
        try:
            with open(f"/proc/{self.parent}/status", encoding="ascii", errors="replace") as file:
                caught = next((line for line in file if line.startswith("SigCgt:")), None)
        except OSError:
            return True
        return caught is not None and not int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1

    def run(self):
        signal.set_wakeup_fd(self.wake_end, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: setattr(self, "stopping", True))
        port = free_port(self.options.port)
        self.prepare()
        self.door_pty = ScannerPty(self.options.scanner, self.relay)
        self.till_pty = ScannerPty(self.options.till_scanner, self.relay)
        say("starting the shop in " + str(self.state))
        self.start_all(port)
        self.tell(port)
        if self.options.follow:
            follow = Program("follow", ["tail", "-q", "-n", "0", "-F",
                                        *[str(p.log) for p in self.programs]], None, None)
            follow.start()
            self.programs.append(follow)
        watch_parent = 0.5 if self.options.under_make else 3600
        while not self.stopping:
            self.serve(watch_parent)
            self.stopping = self.stopping or self.make_told_to_end()
        say("closing the shop")

    def tell(self, port):
        """Writes run.json, and prints where to look."""
        api = f"http://127.0.0.1:{port}"
        shopctl = self.shopctl()
        facts = {"shop": SHOP, "door": DOOR, "api": api, "shopctl": shopctl,
                 "scanner": self.door_pty.user_path, "till_scanner": self.till_pty.user_path,
                 "sms": str(self.state / "sms.jsonl"), "sms_inbox": self.inbox,
                 "owner_phone": OWNER_PHONE,
                 "ledger": str(self.state / "data" / "ledger.db")}
        if self.office:
            facts["office"] = f"http://127.0.0.1:{self.office_port}"
            facts["operator_key"] = str(self.office.operator_file)
        if self.playground:
            facts["playground"] = self.playground
        (self.state / "sms.jsonl").touch()
        self.open = True
        replace(self.state / "run.json", json.dumps(facts, indent=1) + "\n")
        ctl = shlex.join(shopctl)
        status = self.status() or {}
        say(f"the shop is open: {api}, {status.get('articles', '?')} articles\n"
            + (f"  PLAY   {self.playground}     shopper, burglar and owner, in a browser\n"
               if self.playground else "") +
            ("" if (WEB / "phone.html").exists() else
             "         the pages are not built: make web\n") +
            f"  pages  {api}/ the phone's, {api}/kiosk, {api}/owner"
            + (f", head office {facts['office']}/\n" if self.office else "\n") +
            f"  try    make demo{self.state_option()}     one whole visit, told as a story\n"
            f"         curl {api}/v1/products/7300156480903\n"
            f"         {ctl} door\n"
            f"         {ctl} sim force        break the door open; the owner gets a text\n"
            + (f"         {ctl} sim sensor floor on   water\n" if self.sensors() else "") +
            f"         {ctl} log\n"
            + (f"  office {facts['office']}, its operator signs with {facts['operator_key']}\n"
               if self.office else "") +
            f"  texts  {facts['sms']}; the owner answers one with its code:\n"
            f"         curl -T - {self.inbox} <<< '{{\"from\": \"{OWNER_PHONE}\", \"text\": \"123456\"}}'\n"
            f"  logs   {self.state}/log/\n"
            f"  facts  {self.state}/run.json\n"
            "Ctrl-C closes the shop.")

    def state_option(self):
        return "" if self.state == ROOT / "state" else f" STATE={shlex.quote(str(self.state))}"

    def close(self):
        """Ends every program, the last one started first; what does not end in time is killed."""
        self.stopping = True
        if self.lock:
            (self.state / "run.json").unlink(missing_ok=True)
        clean = True
        for program in reversed(self.programs):
            if not program.stop(10):
                clean = False
                say(f"{program.name} did not end in 10 s and was killed")
        if self.link:
            shutil.rmtree(self.link.parent, ignore_errors=True)
        if self.mounted:
            subprocess.run(["umount", self.state / "data"], check=False)
        return clean


def answers(port):
    """Whether something listens on this port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def replace(path, text):
    """Writes a file by rename: it is there whole, or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    part.rename(path)


def main():
    runner = Runner(arguments())
    status = 0
    try:
        runner.run()
    except Refused as why:
        if str(why) != "interrupted":
            say(f"the shop does not start: {why}")
            status = 1
    finally:
        if not runner.close():
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
