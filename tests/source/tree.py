"""tree.py: the source tree as the checks see it."""

import os
import pathlib
import re
import subprocess

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def code_only(text):
    """C without its comments, and with its strings emptied; lines stay where they are."""
    def keep(match):
        found = match.group()
        if found[0] == "/":
            return " " + "\n" * found.count("\n")
        return found[0] * 2 if found[0] == '"' else "' '"
    return TOKEN.sub(keep, text)


class Tree:
    """Files under `root`: those that git has or would take, or simply all (a planted tree)."""

    def __init__(self, root, build=None):
        self.root = pathlib.Path(root)
        self.build = build  # where the objects of `make all` are; None: compiled on demand
        self._text = {}
        if build:
            listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others",
                                     "--exclude-standard"], cwd=root, capture_output=True,
                                    check=True).stdout.decode().split("\0")
            self.files = sorted({f for f in listed if f and (self.root / f).is_file()})
        else:
            self.files = sorted(str(p.relative_to(self.root))
                                for p in self.root.rglob("*") if p.is_file())

    def matching(self, pattern):
        """Paths that match a regular expression from their beginning to their end."""
        return [f for f in self.files if re.fullmatch(pattern, f)]

    def c_files(self, folders="src|include|tests"):
        return self.matching(rf"({folders})/.*\.([ch]|cc)")

    def text(self, path):
        if path not in self._text:
            self._text[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._text[path]

    def code(self, path):
        return code_only(self.text(path))

    def grep(self, path, pattern, text=None):
        """(line number, line) where the pattern is found."""
        lines = (self.text(path) if text is None else text).splitlines()
        return [(n, line) for n, line in enumerate(lines, 1) if re.search(pattern, line)]

    def object(self, path):
        """The compiled form of a .c file."""
        if self.build:
            return self.root / self.build / (path[:-2] + ".o")
        out = self.root / (path.replace("/", "_") + ".o")
        subprocess.run(["gcc", "-std=c17", "-D_GNU_SOURCE", "-O1", "-fPIC",
                        "-fstack-protector-strong", "-Isrc", "-c", "-o", out, path],
                       cwd=self.root, check=True, capture_output=True)
        return out

    def plant(self, files):
        """Writes files into a planted tree and looks again."""
        for path, text in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            if text.startswith("#!"):
                os.chmod(target, 0o755)
        return Tree(self.root)
