"""parts.py: what the guests need besides their kernels: the programs, and shopd once more with the
other libgpiod.

The programs are copied first: a guest reads them from this machine's disk for minutes, and a build
that goes on meanwhile must not take them away from under it.
"""

import concurrent.futures
import shutil

import kernel
from kernel import BUILD_S, METAL, ROOT, NotBuilt, run

PROGRAMS = ("shopd", "counterd", "courierd", "shopctl")
GPIOD2_SUITE = "bookworm-backports"


class Built:
    """Both kernels, ready to boot; `bin` holds the programs."""

    def __init__(self, apt):
        self.linux = kernel.Kernel(apt)
        self.newer = kernel.Kernel(apt, "bookworm-backports")
        self.bin = METAL / "bin"
        self.stage = METAL / "stage"
        self.debs = None  # the folder with the packages, where there are any of these programs


def shopd_gpiod2(apt, build):
    """shopd compiled against libgpiod 2.x, which is unpacked under build/metal, not installed."""
    folder = METAL / "gpiod2"
    for deb in apt.fetch(["libgpiod3", "libgpiod-dev"], GPIOD2_SUITE):
        if not (folder / deb.name).exists():
            run(["dpkg", "-x", deb, folder], BUILD_S)
            (folder / deb.name).touch()
    target = build.relative_to(ROOT) / "shopd-gpiod2"
    run(["make", "-s", "-C", ROOT, f"B={target.parent}", f"GPIOD2={folder / 'usr'}", target],
        BUILD_S)
    return build / "shopd-gpiod2"


def build(programs):
    """Everything, in as many threads as there are processors to wait for."""
    missing = [p for p in PROGRAMS if not (programs / p).exists()]
    if missing:
        raise NotBuilt(f"{', '.join(missing)} not built in {programs}: make all")
    METAL.mkdir(parents=True, exist_ok=True)
    apt = kernel.Apt()
    built = Built(apt)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        kernels = [pool.submit(k.build) for k in (built.linux, built.newer)]
        shopd2 = shopd_gpiod2(apt, programs)
        for each in kernels:
            each.result()
    shutil.rmtree(built.bin, ignore_errors=True)
    built.bin.mkdir()
    for program in (*(programs / p for p in PROGRAMS), shopd2):
        shutil.copy2(program, built.bin)
    stage(programs, built)
    return built


def stage(programs, built):
    """What `make install` puts; and the packages, if they are there and no older than a program."""
    shutil.rmtree(built.stage, ignore_errors=True)
    run(["make", "-s", "-C", ROOT, f"B={programs.relative_to(ROOT)}", f"DESTDIR={built.stage}",
         "install"], BUILD_S)
    debs = [*(ROOT / "build" / "deb").glob("shopkeeper-common_*_amd64.deb"),
            *(ROOT / "build" / "deb").glob("shopkeeper-shop_*_amd64.deb")]
    newest = max((programs / p).stat().st_mtime for p in PROGRAMS)
    if len(debs) == 2 and min(d.stat().st_mtime for d in debs) >= newest:
        built.debs = METAL / "debs"
        shutil.rmtree(built.debs, ignore_errors=True)
        built.debs.mkdir()
        for deb in debs:
            shutil.copy2(deb, built.debs)
