"""make.py [ARCH]: the packages for one architecture, into build/deb/: lintian's errors and warnings fail.

The tree, as git would take it, is copied to build/deb-ARCH/ together with the built pages; what was
compiled there before is kept, so a second run compiles only what has changed. For another architecture
than the machine's it is done in a Debian 12 of its own, see root.py.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

import root

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "build/deb"


def own_arch():
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True,
                          check=True).stdout.strip()


def tree(arch):
    """The copy that is built; a file that did not change keeps its time."""
    to = ROOT / f"build/deb-{arch}/shopkeeper"
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    wanted = {pathlib.Path(f) for f in listed if f and not f.startswith((".ci/", ".git"))}
    wanted |= {p.relative_to(ROOT) for p in [ROOT / "build/web.done", *(ROOT / "build/web").rglob("*")]}
    for path in sorted(wanted):
        source, copy = ROOT / path, to / path
        if not source.is_file():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        old = copy.stat() if copy.exists() else None
        if not old or old.st_mtime_ns != source.stat().st_mtime_ns or old.st_size != source.stat().st_size:
            shutil.copy2(source, copy)
    for folder in ("src", "include", "man", "etc", "systemd", "hw", "debian", "build/web"):
        for old in list((to / folder).rglob("*")):
            if old.is_file() and old.relative_to(to) not in wanted and not made(old.relative_to(to)):
                old.unlink()
    return to


def made(path):
    """What debhelper leaves in debian/ is not the source's, and is not to be built anew for nothing."""
    return path.parts[0] == "debian" and (len(path.parts) > 2 or path.name in ("files", ".debhelper"))


def built(arch, to):
    for old in to.parent.glob("*.*"):
        old.unlink()
    for part in ("tmp", ".debhelper", "files", *(p.name for p in (to / "debian").glob("*.substvars"))):
        where = to / "debian" / part
        shutil.rmtree(where) if where.is_dir() else where.unlink(missing_ok=True)
    command = ["dpkg-buildpackage", "-b", "-nc", "-us", "-uc", f"-j{os.cpu_count()}"]
    environment = {**os.environ, "DEB_BUILD_OPTIONS": "noautodbgsym"}
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        environment.pop(name, None)
    if arch != own_arch():
        environment["DEB_BUILD_OPTIONS"] += " nocheck"
        command = root.cross(arch).enter(to, [*command, f"-a{arch}"], [to.parent])
    log = to.parent / "log"
    with open(log, "w", encoding="utf-8") as out:
        status = subprocess.run(command, cwd=to, env=environment, stdout=out, stderr=subprocess.STDOUT,
                                stdin=subprocess.DEVNULL, check=False).returncode
    if status:
        print(*log.read_text(errors="replace").splitlines()[-40:], f"see {log}", sep="\n", file=sys.stderr)
        sys.exit(1)


def judged(changes):
    done = subprocess.run(["lintian", "--allow-root", "--tag-display-limit=0", "--fail-on=error,warning",
                           changes], capture_output=True, text=True, check=False)
    print(done.stdout + done.stderr, end="")
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("arch", nargs="?", default=own_arch(), choices=["amd64", "arm64"])
    parser.add_argument("--no-lintian", action="store_true")
    options = parser.parse_args()
    to = tree(options.arch)
    built(options.arch, to)
    changes, = to.parent.glob("*.changes")
    good = options.no_lintian or judged(changes)
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob(f"*_{options.arch}.*"):
        old.unlink()
    for path in sorted(to.parent.glob("*.*")):
        shutil.move(path, OUT / path.name)
        if path.suffix == ".deb":
            print(OUT / path.name)
    sys.exit(not good)


if __name__ == "__main__":
    main()
