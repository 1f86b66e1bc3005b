"""make.py OUT: the man pages and the shell's completion, into OUT/man and OUT/completion. What can be
said wrongly twice is said once: a configuration's page is the remarks of the file in etc/, and
shopctl's commands are those of the table in its main.c."""

import ast
import pathlib
import re
import sys
from datetime import datetime
from email.utils import parsedate_to_datetime

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r'^\t\{("[a-z][a-z-]*"), \w+, (?:NULL|("(?:\\.|[^"\\])*")),\s*((?:"(?:\\.|[^"\\])*"\s*)+)\},', re.M)
WHAT = {
    "shopd": "the doors, scanners, sensors, alarms and books of a shop",
    "counterd": "where the shop's pages and its HTTP interface are served",
    "courierd": "how alarms, entries and pictures leave a shop",
    "officed": "head office: where it is, what it signs with, who may do what",
    "eyed": "the camera that reads codes",
    "backup": "when and where a shop's books are backed up",
}
# Pages whose file's name alone would not say whose it is, and where that file is explained further.
CALLED = {"backup": ("shopkeeper-backup.conf", "shopctl (1)")}


def release():
    """The version without the packager's part, and its day."""
    text = (ROOT / "debian/changelog").read_text(encoding="utf-8")
    version = re.match(r"\w+ \(([^)-]+)", text)[1]
    when = parsedate_to_datetime(re.search(r"^ -- .*?>  (.*)$", text, re.M)[1])
    return version, datetime.strftime(when, "%Y-%m-%d")


def roff(text):
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^(?=[.'])", r"\&", text, flags=re.M)


def prose(text):
    """Words as words: a hyphen stays one; what stands in `quotes` is bold."""
    text = re.sub(r"`([^`]+)`", lambda m: rf"\fB{roff(m[1])}\fP", text.replace("\\", r"\e"))
    text = re.sub(r"(?<!\S)\*(\w+)\*", r"\\fI\1\\fP", text)
    text = re.sub(r"^(?=[.'])", r"\&", text, flags=re.M)
    # what is set off by blanks stands on a line of its own
    return re.sub(r"^(.*\S {3,}\S.*)$(\n?)", r".br\n\1\n.br\n", text, flags=re.M).rstrip("\n")


def literal(lines, bold=False):
    body = "\n".join(roff(line) or r"\&" for line in lines)
    body = "\n".join(rf"\fB{line}\fP" if bold else line for line in body.split("\n"))
    return f".PP\n.RS 4\n.nf\n{body}\n.fi\n.RE\n"


class Page:
    """A configuration file, remark by remark."""

    def __init__(self):
        self.out, self.kind, self.held = [], None, []

    def flush(self):
        if self.held and self.kind == "prose":
            self.out.append(".PP\n" + prose("\n".join(self.held)) + "\n")
        elif self.held:
            self.out.append(literal(self.held, self.kind == "setting"))
        self.kind, self.held = None, []

    def add(self, kind, text):
        if kind != self.kind:
            self.flush()
        self.kind = kind
        self.held.append(text)

    def line(self, line):
        heading = re.fullmatch(r"# -+ (.+?) -+", line)
        section = re.fullmatch(r"#?(\[[a-z]+( [^\]]+)?\])", line)
        if heading or section:
            remark, self.held = (self.held, []) if section and self.kind == "prose" else ([], self.held)
            self.flush()
            self.out.append(f'.SS "{roff(heading[1] if heading else section[1])}"\n')
            for text in remark:
                self.add("prose", text)
            self.flush()
        elif not line or line == "#":
            self.flush()
        elif line.startswith("# ") and not line.startswith("#  "):
            self.add("prose", line[2:].strip())
        elif line.startswith("#  "):
            self.add("literal", line[2:])
        else:
            self.add("setting", line)


def conf(path, version, day):
    program = path.stem
    called, further = CALLED.get(program, (path.name, f"{program} (8)"))
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("\n\n")
    about = re.sub(r"^# ?", "", head, flags=re.M)
    page = Page()
    for line in about.splitlines():
        page.line("# " + line if line else "#")
    page.flush()
    words, page = page, Page()
    for line in rest.splitlines():
        page.line(line)
    page.flush()
    return (f'.TH {called.upper()} 5 "{day}" "Shopkeeper {version}" "Shopkeeper"\n'
            f".SH NAME\n{roff(called)} \\- {WHAT[program]}\n.SH DESCRIPTION\n" + "".join(words.out) +
            f""".PP
Below stand the remarks of
.IR /usr/share/shopkeeper/etc/{program}.conf ,
a file to begin with:
.PP
.RS 4
.B cp /usr/share/shopkeeper/etc/{program}.conf /etc/shopkeeper/
.RE
.PP
A setting belongs to the section that the line
.I [section]
before it names.
One that stands behind a # is what holds where it is missing, or an example.
A name that is not known, or a value that cannot be, is refused with its line and the nearest word that can.
.SH SETTINGS
""" + "".join(page.out) + f""".SH FILES
.I /etc/shopkeeper/{program}.conf
.SH SEE ALSO
.BR {further}
""")


def table():
    """(name, line in the overview, help) of each of shopctl's commands."""
    text = (ROOT / "src/shopctl/main.c").read_text(encoding="utf-8")
    rows = [(ast.literal_eval(name), ast.literal_eval(line) if line else "",
             "".join(ast.literal_eval(part) for part in re.findall(r'"(?:\\.|[^"\\])*"', words)))
            for name, line, words in ROW.findall(text)]
    assert len(rows) == len(re.findall(r"^\t\{\"[a-z]", text, re.M)) > 20, "a row was not understood"
    return rows


def commands(rows):
    out = []
    for name, line, words in rows:
        out.append(f'.SS "shopctl {name}"\n')
        if line:
            said = line.split("; also:")[0]
            out.append(prose(said[0].upper() + said[1:]) + ".\n")
        usage, paragraph = [], []
        for text in [*words.splitlines(), ""]:
            if text.startswith("  "):
                usage.append(text[2:])
            elif text:
                if usage:
                    out.append(literal(usage))
                    usage = []
                paragraph.append(text)
            elif paragraph or usage:
                out.append(".PP\n" + prose("\n".join(paragraph)) + "\n" if paragraph else literal(usage))
                usage, paragraph = [], []
    return "".join(out)


def verbs(name, words):
    """The second words that a command's help shows, and its options."""
    second, options = [], []
    for text in words.splitlines():
        told = re.match(rf"  shopctl {name} ([a-z|-]+(?: \| [a-z-]+)*)(?=\s|$)", text)
        if told:
            second += [w for w in re.split(r"[|\s]+", told[1]) if w]
        if text.startswith("  "):
            options += re.findall(r"--[a-z][a-z-]*", text.split("   ")[0] if told else text)
    return sorted(set(second) - {""}), sorted(set(options))


def completion(rows):
    cases = []
    for name, _, words in rows:
        second, options = verbs(name, words)
        cases.append(f"\t{name}) second='{' '.join(second)}' options='{' '.join(options)}' ;;\n")
    return f"""# bash completion of shopctl: commands, their second words and options, files.
_shopctl()
{{
	local word command='' at second='' options=''
	word=${{COMP_WORDS[COMP_CWORD]}}
	for ((at = 1; at < COMP_CWORD; at++)); do
		case ${{COMP_WORDS[at]}} in
		--run | --state) ((at++)) ;;
		-*) ;;
		*)
			command=${{COMP_WORDS[at]}}
			break
			;;
		esac
	done
	COMPREPLY=()
	case $command in
	'') second='help {' '.join(name for name, *_ in rows)}' ;;
	help) second='{' '.join(name for name, *_ in rows)}' ;;
{''.join(cases)}	esac
	case ${{COMP_WORDS[COMP_CWORD - 1]}} in
	--run | --state | --backup | --etc)
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		return
		;;
	esac
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "--json --run --state --help $options" -- "$word")
	elif [[ -z $command || $at -eq COMP_CWORD-1 ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$second" -- "$word")
	fi
	[[ ${{#COMPREPLY[@]}} -gt 0 || -z $command ]] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
}}
complete -o filenames -F _shopctl shopctl
"""


def main():
    out = pathlib.Path(sys.argv[1])
    version, day = release()
    rows = table()
    for folder in ("man", "completion"):
        (out / folder).mkdir(parents=True, exist_ok=True)
        for old in (out / folder).iterdir():
            old.unlink()
    for path in sorted((ROOT / "src/man").glob("*.[1-8]")):
        text = path.read_text(encoding="utf-8").replace("@DATE@", day).replace("@VERSION@", version)
        (out / "man" / path.name).write_text(text.replace("@COMMANDS@\n", commands(rows)), encoding="utf-8")
    for path in sorted((ROOT / "etc").glob("*.conf")):
        (out / "man" / f"{CALLED.get(path.stem, [path.name])[0]}.5").write_text(conf(path, version, day), encoding="utf-8")
    (out / "completion/shopctl").write_text(completion(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
