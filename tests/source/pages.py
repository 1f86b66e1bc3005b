"""pages.py: the pages' source: nothing from another origin, no style or script in the markup, no data
taken for markup, no registry in the lock file; and the shape of it: columns, lines, spaces."""

import json
import re

COLUMNS_MAX, WORDS_COLUMNS_MAX, LINES_MAX = 110, 180, 400
CODE = r"(src|tests)/web/.*\.(m?js|css|html)|tests/standin/playground/.*\.(js|css|html)"
SHOWN = r"src/web/(?!build\.mjs).*\.(js|css|html|svg|webmanifest)|tests/standin/playground/.*"
# Names of XML vocabularies, which nobody fetches; and names that stand for somebody's (RFC 2606).
NOBODYS = r"https?://(www\.w3\.org/(1999/xlink|1999/xhtml|2000/svg)|[\w.-]*\bexample(\.(org|com|net))?)\b"
WORDS = r".*/words\w*\.js"  # sentences, both languages side by side
URL = re.compile(r"(?<![\w])(https?:)?//[\w[]")
BLOCK, MARKUP, LINE = r"/\*.*?\*/", r"<!--.*?-->", r"(?<![:\"'`\w])//[^\n]*"
COMMENTS = {"css": BLOCK, "html": MARKUP, "svg": MARKUP, "js": f"{BLOCK}|{MARKUP}|{LINE}"}
BANNED = {
    r"\b(inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdangerouslySetInnerHTML\b|\bdocument\.write\b":
        "takes text for markup",
    r"(?<![\w.])eval\(|\bnew Function\b|\bset(Timeout|Interval)\(\s*['\"`]": "takes text for a program",
    r"""\sstyle=|<style\b|\.setAttribute\(\s*['"]style""": "a style in the markup: the policy forbids it",
    r"""\son[a-z]+=["']""": "a program in the markup: the policy forbids it",
    r"<script(?![^>]*\bsrc=)": "a program in the markup: the policy forbids it",
}


def without_comments(path, text):
    """The same lines, and nothing where a comment was."""
    kind = COMMENTS.get(path.rsplit(".", 1)[-1])
    return re.sub(kind, lambda m: "\n" * m.group().count("\n"), text, flags=re.S) if kind else text


def shown(tree, path, wrong):
    text = without_comments(path, tree.text(path))
    for pattern, why in BANNED.items():
        for n, _ in tree.grep(path, pattern, text):
            wrong.append(f"{path}:{n}: {why}")
    for n, line in enumerate(re.sub(NOBODYS, "", text).splitlines(), 1):
        if URL.search(line):
            wrong.append(f"{path}:{n}: an address of another origin")


def shape(tree, path, wrong):
    text = tree.text(path)
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        wrong.append(f"{path}: {len(lines)} lines, more than {LINES_MAX}")
    columns = WORDS_COLUMNS_MAX if re.fullmatch(WORDS, path) else COLUMNS_MAX
    for n, line in enumerate(lines, 1):
        if len(line) > columns:
            wrong.append(f"{path}:{n}: {len(line)} columns, more than {columns}")
        if line != line.rstrip():
            wrong.append(f"{path}:{n}: spaces at the line's end")
        if "\t" in line:
            wrong.append(f"{path}:{n}: a tab: two spaces here")
    if text and not text.endswith("\n"):
        wrong.append(f"{path}: no newline at its end")


def lock(tree, path, wrong):
    """Says what is installed and its hash, not from where."""
    for name, package in json.loads(tree.text(path)).get("packages", {}).items():
        if name and not package.get("integrity"):
            wrong.append(f"{path}: {name}: no integrity")
        if "resolved" in package:
            wrong.append(f"{path}: {name}: names where it was downloaded "
                         "(.npmrc: omit-lockfile-registry-resolved=true)")


def check(tree):
    wrong = []
    for path in tree.matching(SHOWN):
        if not path.endswith((".png", ".ico", ".json", ".mjs")):
            shown(tree, path, wrong)
    for path in tree.matching(CODE):
        shape(tree, path, wrong)
    for path in tree.matching(r".*package-lock\.json"):
        lock(tree, path, wrong)
    return wrong


LOCK = '{"packages": {"": {}, "node_modules/a": {"version": "1.0.0", %s}}}\n'
FAULTS = {
    "another origin": {"src/web/phone/a.js": "import a from 'https://cdn.hosted.net/a.js'\n"},
    "another origin without its scheme": {"src/web/phone/a.css": "a { background: url(//b.hosted.net/c) }\n"},
    "text for markup": {"src/web/phone/a.js": "el.innerHTML = name\n"},
    "text for a program": {"src/web/phone/a.js": "eval(text)\n"},
    "a timer for a program": {"src/web/phone/a.js": "setTimeout('go()', 1)\n"},
    "an inline style": {"src/web/phone/a.js": "html`<p style=\"color: red\">`\n"},
    "a style element": {"src/web/phone/index.html": "<style>p { color: red }</style>\n"},
    "an inline handler": {"src/web/phone/index.html": "<button onclick=\"go()\">\n"},
    "an inline script": {"tests/standin/playground/index.html": "<script>go()</script>\n"},
    "a long line": {"tests/web/test_a.mjs": "// " + "a" * 108 + "\n"},
    "a long file": {"src/web/phone/a.js": "go()\n" * 401},
    "a tab": {"src/web/phone/a.js": "\tgo()\n"},
    "a place of download": {"src/web/package-lock.json": LOCK % (
        '"integrity": "x", "resolved": "https://a.example/a.tgz"')},
    "no integrity": {"src/web/package-lock.json": LOCK % '"dev": true'},
}
FINE = {"src/web/base/a.js": "// as https://example.org says: no innerHTML\n"
                             "const hint = 'like https://viken.example' // a name\n"
                             "const ns = 'http://www.w3.org/2000/svg' // a name\n"
                             "const half = a / b\nel.style.width = '3px'\nretrieval(x)\n"
                             "html`<button onClick=${go}>` /* style= */\n",
        "src/web/phone/index.html": "<!-- <style> -->\n<script type=\"module\" src=\"/a.js\"></script>\n",
        "src/web/package-lock.json": LOCK % '"integrity": "x"',
        "tests/web/test_a.mjs": "await page.goto('http://127.0.0.1:1/')\n"}
