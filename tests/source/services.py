"""services.py: what systemd itself says about our units: every word known (verify exits 0 on an unknown
one, so anything that it says fails), each service as closed as it was measured to be, and the users and
folders that units name are made by sysusers and tmpfiles."""

import os
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent.parent
UNITS = r"systemd/[\w@-]+\.(service|socket|timer|path|mount|target)"
# Tenths of systemd's exposure score (0: nothing left to close; 100: everything open). shopd's: devices and
# real time. courierd's and officed's: their way out; officed's also the limits that its renderer sets itself.
CLOSED = {"shopd": 6, "counterd": 4, "courierd": 12, "eyed": 4, "officed": 15}
CLOSED_ELSE = 15
# Those that cannot be so closed, and why.
OPEN = {"shopkeeper-update": (100, "installs packages: it is root, and dpkg and their scripts need all of it")}
RENDERS = "officed.service"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()


def words(tree, units, wrong):
    """The units with a program that exists where nothing of ours is installed."""
    with tempfile.TemporaryDirectory() as folder:
        for path in units:
            text = re.sub(r"^(Exec\w+=[-+:!@]*)/\S+", r"\1/usr/bin/true", tree.text(path), flags=re.M)
            (pathlib.Path(folder) / os.path.basename(path)).write_text(text)
        status, said = run("systemd-analyze", "verify", "--man=no",
                           *(f"{folder}/{os.path.basename(p)}" for p in units))
    wrong += [f"systemd/: verify: {line.replace(folder + '/', '')}" for line in said]
    if status and not said:
        wrong.append(f"systemd/: verify: exit {status}")


def closed(tree, path, wrong):
    name = os.path.basename(path).removesuffix(".service")
    limit, _ = OPEN.get(name, (CLOSED.get(name, CLOSED_ELSE), ""))
    status, said = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                       f"--threshold={limit}", str(tree.root / path))
    scores = [line for line in said if "Overall exposure" in line]
    if status or len(scores) != 1:
        wrong.append(f"{path}: more open than {limit / 10}: {(scores or said or ['no score'])[-1]}")


def bounds_itself(tree, path, wrong):
    """What comes later in a unit holds: the calls that an earlier line took away are given back."""
    given = False
    for value in re.findall(r"^SystemCallFilter=(.*)", tree.text(path), re.M):
        if value == "setrlimit prlimit64":
            given = True
        elif "@resources" in value:
            given = False
    if not given:
        wrong.append(f"{path}: it may not set its child's limits")


def made(tree, units, wrong):
    """Makes the users in a folder, then what they own. Only root may give a file away: for others that
    one complaint is no finding."""
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (root / "etc").mkdir()
        (root / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\n")
        (root / "etc/group").write_text("root:x:0:\nwww-data:x:33:\ntty:x:5:\n")
        folders = []
        for kind in ("sysusers", "tmpfiles"):
            (root / f"usr/lib/{kind}.d").mkdir(parents=True)
            for path in tree.matching(rf"systemd/([\w-]+-)?{kind}\.conf"):
                text = tree.text(path)
                (root / f"usr/lib/{kind}.d/{os.path.basename(path)}").write_text(text)
                if kind == "tmpfiles":
                    folders += re.findall(r"^d\s+(\S+)\s+\d+\s+(\S+)\s+(\S+)", text, re.M)
        said = [line for line in run("systemd-sysusers", f"--root={root}")[1]
                if not line.startswith("Creating ")]
        said += [line for line in run("systemd-tmpfiles", f"--root={root}", "--create")[1]
                 if os.geteuid() == 0 or "Operation not permitted" not in line]
        known = {line.split(":")[0] for file in ("passwd", "group")
                 for line in (root / "etc" / file).read_text().splitlines()}
        wrong += [f"systemd/: sysusers, tmpfiles: {line}" for line in said]
        wrong += [f"systemd/: tmpfiles does not make {folder}" for folder, *_ in folders
                  if not (root / folder.lstrip("/")).is_dir()]
    for path in units:
        for names in re.findall(r"^(?:Socket)?(?:User|Group|SupplementaryGroups)=(.*)", tree.text(path), re.M):
            wrong += [f"{path}: nobody makes {n}" for n in names.split() if n not in known]


def check(tree):
    wrong = []
    units = tree.matching(UNITS)
    if not units:
        return wrong
    words(tree, units, wrong)
    for path in units:
        if path.endswith(".service"):
            closed(tree, path, wrong)
        if os.path.basename(path) == RENDERS:
            bounds_itself(tree, path, wrong)
    made(tree, units, wrong)
    return wrong


def ours(*names):
    return {f"systemd/{n}": (HERE / "systemd" / n).read_text() for n in names}


def spoilt(name, pattern, instead=""):
    files = ours(name, "sysusers.conf", "office-sysusers.conf")
    path = f"systemd/{name}"
    text = re.sub(pattern, instead, files[path], flags=re.M)
    assert text != files[path], f"{name} has no {pattern}"
    return {**files, path: text}


FAULTS = {
    "an unknown word": spoilt("officed.service", r"^WatchdogSec=", "WatchdogSecs="),
    "a word in the wrong place": spoilt("officed.service", r"^\[Service\]\n", "[Service]\nListenStream=1\n"),
    "a door with a network": spoilt("shopd.service", r"^(PrivateNetwork|IPAddressDeny)=.*\n"),
    "a counter that may do all": spoilt("counterd.service", r"^SystemCallFilter=.*\n"),
    "a service of no name, wide open": {"systemd/any.service": "[Service]\nExecStart=/usr/bin/any\n"},
    "an office that cannot bound its child": spoilt("officed.service", r"^SystemCallFilter=setrlimit.*\n"),
    "a user that nobody makes": spoilt("courierd.service", r"^User=courierd", "User=currierd"),
    "a folder of nobody": {**ours("officed.service", "office-sysusers.conf"),
                           "systemd/office-tmpfiles.conf": "d /run/office 0750 oficed www-data\n"},
}
FINE = ours("officed.service", "office-sysusers.conf", "office-tmpfiles.conf")
