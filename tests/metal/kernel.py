"""kernel.py: Debian's own kernels for the guests, and the two things that they lack.

A kernel package is downloaded and unpacked, never installed: apt works in a root of its own under
build/metal, with the mirror and the keys of this machine. Of it are taken the image, as the plain
ELF file that the bootloader's stub would unpack (QEMU enters that directly, in a third of the
time), and a handful of modules.

No Debian kernel has gpio-sim, the chip whose lines a test moves by sysfs. It is built out of tree
from Debian's source package of the same version, with two edits. What it calls is not exported to
modules, and generic_handle_irq() does the same. And a loop that is closed to ground is stronger
than a pin's own pull-up, which here would win whenever shopd asks for it: it is taken, and moves
nothing. Nothing of the kernel is kept here.

All of it stays in build/metal until `make clean`.
"""

import gzip
import lzma
import pathlib
import re
import shutil
import struct
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
METAL = ROOT / "build" / "metal"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
DOWNLOAD_S, BUILD_S = 300, 240
# what a guest loads before it has a root; the modules that these need are found in them
MODULES = ("virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay", "configfs", "uinput",
           "evdev", "i6300esb", "xhci_pci", "ftdi_sio")


class NotBuilt(Exception):
    """Why a kernel is not there, as a sentence."""


def run(argv, seconds, **options):
    """A command to its end; its last words when it fails."""
    try:
        done = subprocess.run([str(a) for a in argv], stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, timeout=seconds, check=False, **options)
    except subprocess.TimeoutExpired as late:
        raise NotBuilt(f"{argv[0]} {argv[1]}: not done in {seconds} s") from late
    if done.returncode:
        words = "\n".join(done.stdout.splitlines()[-15:])
        raise NotBuilt(f"{argv[0]} {argv[1]} failed:\n{words}")
    return done.stdout


class Apt:
    """apt with sources and a cache of its own; what it fetches is only ever unpacked."""

    def __init__(self, folder=METAL / "apt"):
        self.folder = folder
        mirror, security = self.mirrors()
        for name in ("state/lists/partial", "cache/archives/partial", "debs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "status").touch()
        lines = [f"deb [signed-by={KEYRING}] {base} {suite} main" for base, suite in (
            (mirror, "bookworm"), (security, "bookworm-security"), (mirror, "bookworm-backports"))]
        sources = folder / "sources.list"
        text = "\n".join(lines) + "\n"
        if not sources.exists() or sources.read_text() != text:
            sources.write_text(text)
            (folder / "updated").unlink(missing_ok=True)
        self.options = [f"-oDir::State={folder}/state", f"-oDir::Cache={folder}/cache",
                        f"-oDir::State::status={folder}/status",
                        f"-oDir::Etc::SourceList={sources}", "-oDir::Etc::SourceParts=/dev/null",
                        "-oDir::Etc::Preferences=/dev/null",
                        "-oDir::Etc::PreferencesParts=/dev/null", "-oAPT::Sandbox::User=",
                        "-oAcquire::Languages=none", "-oAcquire::Retries=3",
                        "-oAPT::Architectures::=amd64"]
        if not (folder / "updated").exists():
            run(["apt-get", "update", "-qq", *self.options], DOWNLOAD_S)
            (folder / "updated").touch()

    @staticmethod
    def mirrors():
        """The addresses by which this machine gets Debian, and Debian's security updates."""
        found = []
        for path in (pathlib.Path("/etc/apt/sources.list"),
                     *sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*"))):
            if path.exists():
                text = re.sub(r"^\s*#.*$", "", path.read_text(), flags=re.M)
                found += re.findall(r"https?://\S+?/debian(?:-security)?(?=/?\s)", text)
        main = [a for a in found if not a.endswith("-security")]
        security = [a for a in found if a.endswith("-security")]
        if not main:
            raise NotBuilt("no Debian mirror stands in this machine's apt sources")
        return main[0], security[0] if security else main[0] + "-security"

    @staticmethod
    def release(suite):
        """Without a word apt takes what is newest of Debian 12 itself and its security updates."""
        return [f"-oAPT::Default-Release={suite}"] if suite else []

    def show(self, package, suite):
        """The control fields of a package in a suite, as text."""
        return run(["apt-cache", *self.options, *self.release(suite), "--no-all-versions", "show",
                    package], DOWNLOAD_S)

    def fetch(self, packages, suite):
        """Paths of the .deb files."""
        debs = self.folder / "debs"
        wanted = []
        for package in packages:
            show = self.show(package, suite)
            version = re.search(r"^Version: (\S+)", show, re.M)[1].replace(":", "%3a")
            arch = re.search(r"^Architecture: (\S+)", show, re.M)[1]
            wanted.append(debs / f"{package}_{version}_{arch}.deb")
        missing = [p for p, deb in zip(packages, wanted) if not deb.exists()]
        if missing:
            run(["apt-get", "download", "-qq", *self.options, *self.release(suite), *missing],
                DOWNLOAD_S, cwd=debs)
        return wanted


def vmlinux_of(image):
    """The ELF kernel that a bzImage holds (x86 boot protocol 2.08: payload_offset, _length)."""
    setup_sectors = image[0x1F1] or 4
    if image[0x202:0x206] != b"HdrS":
        raise NotBuilt("the kernel image is no bzImage")
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    payload = image[start:start + length]
    if payload.startswith(b"\xfd7zXZ"):
        return lzma.LZMADecompressor().decompress(payload)
    if payload.startswith(b"\x1f\x8b"):
        return gzip.decompress(payload[:-4])
    if payload.startswith(b"\x28\xb5\x2f\xfd"):
        import zstandard
        return zstandard.ZstdDecompressor().decompressobj().decompress(payload)
    raise NotBuilt("the kernel is packed in a way that is not known here: "
                   + payload[:4].hex())


def cpio(files):
    """{name: (mode, bytes)} as an initramfs (newc); folders are made as they are needed."""
    out = bytearray()
    folders = []

    def add(name, mode, data):
        nonlocal out
        fields = (len(folders) + len(out), mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0,
                  len(name) + 1, 0)
        out += b"070701" + b"".join(b"%08X" % f for f in fields) + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)

    for name, (mode, data) in files.items():
        for parent in reversed(pathlib.PurePosixPath(name).parents[:-1]):
            if str(parent) not in folders:
                folders.append(str(parent))
                add(str(parent), 0o40755, b"")
        add(name, 0o100000 | mode, data)
    add("TRAILER!!!", 0, b"")
    return bytes(out)


class Kernel:
    """One kernel of Debian's: `image` and `initrd` are ready for QEMU after build()."""

    def __init__(self, apt, suite=None):
        self.apt, self.suite = apt, suite
        show = apt.show("linux-image-amd64", suite)
        self.release = re.search(r"^Depends:.*?linux-image-([^ ,]+)", show, re.M)[1]
        self.folder = METAL / f"linux-{self.release}"
        self.image, self.initrd = self.folder / "vmlinux", self.folder / "initrd"
        self.tree = self.folder / "tree"

    def build(self):
        """Everything that is not there yet."""
        if not (self.folder / "built").exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.tree.mkdir(parents=True)
            series = ".".join(self.release.split(".")[:2])
            common = self.release.removesuffix("-amd64") + "-common"
            kbuild = re.search(r"\blinux-kbuild-[^ ,]+", self.apt.show(
                f"linux-headers-{self.release}", self.suite))[0]
            image, *headers, source = self.apt.fetch(
                [f"linux-image-{self.release}", f"linux-headers-{self.release}",
                 f"linux-headers-{common}", kbuild, f"linux-source-{series}"], self.suite)
            for deb in (image, *headers):
                run(["dpkg", "-x", deb, self.tree], BUILD_S)
            self.image.write_bytes(
                vmlinux_of((self.tree / "boot" / f"vmlinuz-{self.release}").read_bytes()))
            self.gpio_sim(source, series, common)
            (self.folder / "built").touch()
        self.initramfs()

    def gpio_sim(self, source, series, common):
        """Builds the module from Debian's source: self.folder/gpio-sim/gpio-sim.ko."""
        top = f"linux-source-{series}"
        work = self.folder / "gpio-sim"
        work.mkdir()
        wanted = [f"{top}/{name}" for name in
                  ("drivers/gpio/gpio-sim.c", "drivers/gpio/*.h", "kernel/irq/irq_sim.c")]
        run(["sh", "-ec", 'dpkg --fsys-tarfile "$1" | tar -xO "./usr/src/$2.tar.xz" | xz -dc | '
             'tar -x -C "$3" --transform "s,.*/,," --wildcards "$4" "$5" "$6"',
             "sh", source, top, work, *wanted], BUILD_S)
        irq_sim = work / "irq_sim.c"
        text, edits = re.subn(r"handle_simple_irq\(irq_to_desc\((\w+)\)\)",
                              r"generic_handle_irq(\1)", irq_sim.read_text())
        if edits != 1:
            raise NotBuilt("irq_sim.c is not as it was: see what it calls now")
        irq_sim.write_text(text)
        main = work / "gpio-sim.c"
        text, edits = re.subn(r"(case PIN_CONFIG_BIAS_PULL_(?:UP|DOWN):\s+)return \w+\([^;]*;",
                              r"\1return 0;", main.read_text())
        if edits != 2:
            raise NotBuilt("gpio-sim.c is not as it was: see what a bias does now")
        main.unlink()
        (work / "gpio_sim_main.c").write_text(text)
        (work / "Makefile").write_text("obj-m := gpio-sim.o\n"
                                       "gpio-sim-y := gpio_sim_main.o irq_sim.o\n")
        headers = self.tree / "usr" / "src" / f"linux-headers-{self.release}"
        (headers / "Makefile").write_text(
            f"include {self.tree}/usr/src/linux-headers-{common}/Makefile\n")
        run(["make", "-j2", "-C", headers, f"M={work}", "CONFIG_DEBUG_INFO_BTF_MODULES=",
             "modules"], BUILD_S)

    def module_files(self):
        """The modules in the order in which they can be loaded: [(name, bytes)]."""
        known = {p.name.split(".ko")[0].replace("-", "_"): p for p in
                 (self.tree / "lib" / "modules" / self.release).rglob("*.ko*")}
        found = {}

        def add(name):
            name = name.replace("-", "_")
            if name in found or name not in known:
                return
            data = known[name].read_bytes()
            if known[name].suffix == ".xz":
                data = lzma.decompress(data)
            needs = re.search(rb"\0depends=([^\0]*)\0", data)
            for other in needs[1].decode().split(",") if needs and needs[1] else []:
                add(other)
            found[name] = data

        for name in MODULES:
            add(name)
        found["gpio_sim"] = (self.folder / "gpio-sim" / "gpio-sim.ko").read_bytes()
        return list(found.items())

    def initramfs(self):
        """busybox, the modules and init.sh, which finds everything else in the host's root."""
        files = {"init": (0o755, (HERE / "init.sh").read_bytes()),
                 "bin/busybox": (0o755, pathlib.Path("/bin/busybox").read_bytes())}
        modules = self.module_files()
        for name, data in modules:
            files[f"lib/{name}.ko"] = (0o644, data)
        files["modules"] = (0o644, "".join(f"{name}\n" for name, _ in modules).encode())
        for name in ("proc/.keep", "sys/.keep", "dev/.keep", "host/.keep", "rw/.keep", "new/.keep"):
            files[name] = (0o644, b"")
        self.initrd.write_bytes(cpio(files))
