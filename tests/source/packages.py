"""packages.py: what stands twice about the packages is the same: the version in the programs and in the
changelog; what Debian's builder needs and what `make deps` installs; a page of the manual for each program
and each configuration."""

import re

LIBRARY = r"lib[\w.+-]+-dev"
# Of the C library, and of tests alone.
NOT_OURS = {"libc6-dev", "libcmocka-dev", "libclang-rt-dev"}


def version(tree, wrong):
    own = re.search(r'SHOPKEEPER_VERSION "([^"]+)"', tree.text("src/base/version.h"))
    packaged = re.match(r"shopkeeper \(([^)]+)\)", tree.text("debian/changelog"))
    if not own or not packaged or own[1] != packaged[1]:
        wrong.append(f"debian/changelog: {packaged and packaged[1]}, and src/base/version.h says {own and own[1]}")


def libraries(tree, wrong):
    control = re.search(r"^Build-Depends:(.*?)^\S", tree.text("debian/control"), re.M | re.S)
    needed = set(re.findall(LIBRARY, control[1])) if control else set()
    run = set(re.findall(rf"^({LIBRARY})\s+run$", tree.text("tests/source/packages.txt"), re.M)) - NOT_OURS
    wrong += [f"debian/control: Build-Depends lacks {name}" for name in sorted(run - needed)]
    wrong += [f"tests/source/packages.txt: lacks {name}" for name in sorted(needed - run)]


def manual(tree, wrong):
    installed = "\n".join(tree.text(p) for p in tree.matching(r"debian/[\w-]+\.install"))
    for path in tree.matching(r"src/\w+/main\.c"):
        name = path.split("/")[1]
        if not tree.matching(rf"src/man/{name}\.[18]"):
            wrong.append(f"src/man/: no page for {name}")
        if f"usr/bin/{name}\n" not in installed:
            wrong.append(f"debian/: no package has {name}")
    for path in tree.matching(r"etc/\w+\.conf"):
        if f"usr/share/shopkeeper/{path}\n" not in installed:
            wrong.append(f"debian/: no package has {path}")


def check(tree):
    wrong = []
    if "debian/changelog" in tree.files:
        for part in (version, libraries, manual):
            part(tree, wrong)
    return wrong


FINE = {
    "src/base/version.h": '#define SHOPKEEPER_VERSION "1.2.0"\n',
    "debian/changelog": "shopkeeper (1.2.0) bookworm; urgency=medium\n",
    "debian/control": "Build-Depends: debhelper,\n libssl-dev\nStandards-Version: 4\n",
    "tests/source/packages.txt": "gcc\trun\nlibssl-dev\trun\n",
    "src/shopd/main.c": "int main(void)\n{\n}\n",
    "src/man/shopd.8": ".TH SHOPD 8\n",
    "etc/shopd.conf": "# shopd\n",
    "debian/shop.install": "usr/bin/shopd\nusr/share/shopkeeper/etc/shopd.conf\n",
}
FAULTS = {
    "another version": {**FINE, "debian/changelog": "shopkeeper (1.1.0) bookworm; urgency=medium\n"},
    "a library that a builder lacks": {**FINE, "tests/source/packages.txt": "libssl-dev\trun\nlibcurl4-openssl-dev\trun\n"},
    "a program without a page": {**FINE, "src/counterd/main.c": "\n"},
    "a configuration that no package has": {**FINE, "etc/counterd.conf": "# counterd\n"},
}
