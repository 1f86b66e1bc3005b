"""root.py: a Debian 12 in a folder, made from the mirrors that this machine's own apt asks, and kept under
build/roots/ until what it is made of changes. Used by make.py to build for another architecture, and by
the tests of the packages. Needs root; nothing of this machine's own packages is touched.
"""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOTS = ROOT / "build/roots"
SUITE = "bookworm"
# In mounts of its own, which end with it: the root's /proc, /dev and what else is bound.
INSIDE = """root=$1 cwd=$2; shift 2
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do mkdir -p "$root$1"; mount --bind "$1" "$root$1"; shift; done; shift
exec chroot "$root" env -C "$cwd" "$@"
"""


def sources():
    """The lines of this machine's apt that are about SUITE of Debian itself."""
    lines = []
    for path in [pathlib.Path("/etc/apt/sources.list"), *sorted(pathlib.Path("/etc/apt/sources.list.d").iterdir())]:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if path.suffix == ".sources":
            for part in re.split(r"\n\s*\n", text):
                word = {k.lower(): v.split() for k, v in re.findall(r"^([\w-]+):[ \t]*(.*)$", part, re.M)}
                lines += [(uri, suite) for uri in word.get("uris", []) for suite in word.get("suites", [])]
        else:
            lines += re.findall(r"^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)", text, re.M)
    return [f"deb {uri} {suite} main" for uri, suite in dict.fromkeys(lines)
            if re.fullmatch(rf"{SUITE}(-updates|-security)?", suite)]


class Root:
    """A root that is there. Its own files are for reading: what changes one takes a layer over it."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def enter(self, cwd, command, binds=()):
        """The command as one that runs in here."""
        binds = [str(b) for b in dict.fromkeys([*binds, cwd])]
        return ["unshare", "--mount", "--propagation=private", "sh", "-euc", INSIDE, "sh", str(self.path), str(cwd),
                *binds, "--", *map(str, command)]


def made(name, architectures, packages=()):
    """The root of this name, made if there is none or another one."""
    path = ROOTS / name
    lines = "\n".join(sources()) + "\n"
    mark = hashlib.sha256(repr((lines, architectures, sorted(packages))).encode()).hexdigest()
    stamp = ROOTS / f"{name}.made"
    if path.is_dir() and stamp.exists() and stamp.read_text() == mark:
        return Root(path)
    stamp.unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)
    ROOTS.mkdir(parents=True, exist_ok=True)
    listed = ROOTS / f"{name}.list"
    listed.write_text(lines)
    command = ["mmdebstrap", "--quiet", "--mode=root", "--variant=apt", f"--architectures={','.join(architectures)}",
               '--aptopt=Apt::Install-Recommends "false"', '--aptopt=Acquire::Retries "3"',
               *([f"--include={','.join(packages)}"] if packages else []), SUITE, str(path), str(listed)]
    log = ROOTS / f"{name}.log"
    with open(log, "w", encoding="utf-8") as out:
        status = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False).returncode
    if status:
        raise SystemExit("\n".join([*log.read_text(errors="replace").splitlines()[-20:], f"see {log}"]))
    stamp.write_text(mark)
    return Root(path)


def needed():
    """(package, runs on the machine that builds) of debian/control's Build-Depends."""
    text = (ROOT / "debian/control").read_text(encoding="utf-8")
    listed = re.search(r"^Build-Depends:(.*?)^\S", text, re.M | re.S)[1]
    for word in re.findall(r"[a-z0-9][\w.+:-]+(?=\s*(?:\(|,|$))", listed, re.M):
        name, _, native = word.partition(":")
        if name == "debhelper-compat":
            yield "debhelper", True
        elif not name.startswith("dh-sequence-"):
            yield name, bool(native) or name == "python3"


def cross(arch):
    """A root of this machine's architecture with what builds for another one."""
    return made(f"cross-{arch}", ["amd64", arch],
                ["build-essential", f"crossbuild-essential-{arch}", f"libcmocka-dev:{arch}",
                 *(name if native else f"{name}:{arch}" for name, native in needed())])
