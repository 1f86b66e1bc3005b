"""test_examples.py: the configuration files that come with the shop are good, also with every remark
that holds a setting turned into one; and a slip in any line is told with its number."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from shop import ROOT, main

sys.path.insert(0, str(ROOT / "tests/standin"))
from office import Files  # noqa: E402

BUILD = ROOT / os.environ.get("SHOP_BUILD", "build/gcc")
SETTING = re.compile(r"^#(?=[a-z_0-9]+ = |\[)", re.M)


def check(program, text):
    """(exit status, what it said) of PROGRAM --check on this text."""
    with tempfile.TemporaryDirectory(prefix="conf-") as folder:
        password = pathlib.Path(folder, "password")
        password.write_text("hush\n")
        password.chmod(0o600)
        settings = {"password_file": password}
        if program == "officed":
            office = Files(pathlib.Path(folder, "office"), BUILD / "shopctl")
            settings |= {"key_file": office.key_file, "keys_file": office.keys_file,
                         "root": (office.root.x + office.root.y).hex()}
        for word, value in settings.items():
            text = re.sub(rf"(?<=^{word} = ).*", str(value), text, flags=re.M)
        path = pathlib.Path(folder, f"{program}.conf")
        path.write_text(text)
        asked = [BUILD / "shopctl", "config", "check"] if program == "backup" else [BUILD / program,
                                                                                    "--check"]
        done = subprocess.run([*asked, path], capture_output=True, text=True, timeout=10,
                              check=False)
        return done.returncode, done.stdout + done.stderr


def examples():
    return [(path.stem, path.read_text()) for path in sorted((ROOT / "etc").glob("*.conf"))]


def section_of(lines, n):
    """Where the section of line n begins and ends."""
    heads = [at for at, line in enumerate(lines) if line.startswith("[")]
    return (max([0] + [at for at in heads if at <= n]),
            min([len(lines)] + [at for at in heads if at > n]))


def in_remark(lines, n):
    """Whether the section of line n is itself held in a remark."""
    heads = [line for line in lines[:n] if line.startswith(("[", "#["))]
    blank = max([at for at in range(n) if not lines[at]] + [0])
    return bool(heads) and heads[-1].startswith("#[") and heads[-1] in lines[blank:n]


def test_each_is_good(start):
    assert [name for name, _ in examples()] == ["backup", "counterd", "courierd", "eyed",
                                                "officed", "shopd"]
    for program, text in examples():
        status, said = check(program, text)
        assert status == 0, (program, said)


def test_each_setting_in_a_remark_is_good_too(start):
    for program, text in examples():
        lines = text.splitlines()
        for n, line in enumerate(lines):
            if not SETTING.match(line):
                continue
            word = re.match(r"#(\w+) =", line)
            # a section comes with its settings; a word that its section sets already stands in for it
            first, end = section_of(lines, n)
            new = [other for at, other in enumerate(lines) if not (
                word and first <= at < end and other.startswith(f"{word[1]} ="))]
            new[new.index(line, first)] = line[1:]
            if word and in_remark(lines, n):
                continue  # it comes with its section
            at = new.index(line[1:]) + 1
            while not word and at < len(new) and SETTING.match(new[at]):
                new[at] = new[at][1:]
                at += 1
            status, said = check(program, "\n".join(new) + "\n")
            assert status == 0, (program, line, said)


def test_a_slip_is_told_with_its_line(start):
    for program, text in examples():
        lines = text.splitlines()
        for n, line in enumerate(lines, 1):
            word = re.match(r"([a-z_]{4,}) = ", line)
            if not word:
                continue
            slip = line[0] + line
            status, said = check(program, "\n".join([*lines[:n - 1], slip, *lines[n:]]) + "\n")
            assert status != 0 and f"{program}.conf:{n}: " in said, (program, slip, said)
            assert f"'{word[1]}'" in said, (program, slip, said)


if __name__ == "__main__":
    main(globals())
