"""openapi.py: holds answers against an OpenAPI 3.1 file: the part of JSON Schema that the file uses,
and not a word more: a keyword that is not known here is an error, not something passed over.
"""

import json
import re

import yaml

ANNOTATIONS = {"description", "default", "title", "example"}
TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}
FORMATS = {
    "date-time": re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"),
    "date": re.compile(r"^\d{4}-\d\d-\d\d$"),
}


class Wrong(AssertionError):
    """An answer that the file does not allow."""


def need(condition, where, what):
    if not condition:
        raise Wrong(f"{where}: {what}")


def unique_members(pairs):
    names = [name for name, _ in pairs]
    need(len(names) == len(set(names)), "JSON", f"a member twice: {names}")
    return dict(pairs)


class Api:
    """An OpenAPI file, and which of its answers have been seen."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.file = yaml.safe_load(file)
        self.seen = set()
        self.codes = set()

    def deref(self, node):
        while isinstance(node, dict) and "$ref" in node:
            at = self.file
            for step in node["$ref"].removeprefix("#/").split("/"):
                at = at[step]
            node = at
        return node

    def operations(self):
        """(path, METHOD, operation) of each."""
        for path, item in self.file["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    yield path, method.upper(), operation

    def statuses(self):
        """Every (path, METHOD, status) of the file."""
        return {(path, method, int(status)) for path, method, operation in self.operations()
                for status in operation["responses"]}

    # --- schemas

    def check(self, value, schema, where):
        """Raises Wrong unless the value fits."""
        schema = self.deref(schema)
        for keyword, wanted in schema.items():
            if keyword not in ANNOTATIONS:
                rule = getattr(self, "rule_" + keyword.replace("$", ""), None)
                need(rule, where, f"the file uses '{keyword}', which is not known here")
                rule(value, wanted, schema, where)

    def rule_type(self, value, wanted, _, where):
        names = wanted if isinstance(wanted, list) else [wanted]
        need(any(TYPES[name](value) for name in names), where, f"{value!r} is not {wanted}")

    def rule_enum(self, value, wanted, _, where):
        need(value in wanted, where, f"{value!r} is none of {wanted}")

    def rule_const(self, value, wanted, _, where):
        need(value == wanted and type(value) is type(wanted), where, f"{value!r} is not {wanted!r}")

    def rule_pattern(self, value, wanted, _, where):
        if isinstance(value, str):
            need(re.search(wanted, value), where, f"{value!r} does not match {wanted}")

    def rule_format(self, value, wanted, _, where):
        need(wanted in FORMATS, where, f"the file uses format {wanted}")
        if isinstance(value, str):
            need(FORMATS[wanted].match(value), where, f"{value!r} is no {wanted} of RFC 3339")

    def rule_minimum(self, value, wanted, _, where):
        need(value >= wanted, where, f"{value} is less than {wanted}")

    def rule_maximum(self, value, wanted, _, where):
        need(value <= wanted, where, f"{value} is more than {wanted}")

    def rule_minLength(self, value, wanted, _, where):
        need(len(value) >= wanted, where, f"{value!r} is too short")

    def rule_required(self, value, wanted, _, where):
        missing = [name for name in wanted if isinstance(value, dict) and name not in value]
        need(not missing, where, f"lacks {missing}")

    def rule_properties(self, value, wanted, _, where):
        for name, schema in wanted.items():
            if isinstance(value, dict) and name in value:
                self.check(value[name], schema, f"{where}.{name}")

    def rule_additionalProperties(self, value, wanted, schema, where):
        if not isinstance(value, dict):
            return
        extra = set(value) - set(schema.get("properties", {}))
        if wanted is not False:
            for name in sorted(extra):
                self.check(value[name], wanted, f"{where}.{name}")
            return
        need(not extra, where, f"has {sorted(extra)}, which the file does not know")

    def rule_items(self, value, wanted, _, where):
        for i, item in enumerate(value):
            self.check(item, wanted, f"{where}[{i}]")

    def rule_allOf(self, value, wanted, _, where):
        for schema in wanted:
            self.check(value, schema, where)

    def rule_anyOf(self, value, wanted, _, where):
        for schema in wanted:
            try:
                return self.check(value, schema, where)
            except Wrong:
                pass
        raise Wrong(f"{where}: {value!r} fits none of {wanted}")

    # --- answers

    def answer(self, path, method, status, headers, body):
        """Holds one answer against the file, and remembers that it was seen: its JSON or text."""
        where = f"{method} {path} {status}"
        operation = self.file["paths"][path][method.lower()]
        need(str(status) in operation["responses"], where, f"is not in the file: {body[:300]!r}")
        response = self.deref(operation["responses"][str(status)])
        for name, header in response.get("headers", {}).items():
            header = self.deref(header)
            need(name in headers or not header.get("required"), where, f"lacks {name}")
            if name in headers:
                self.check(headers[name], header["schema"], f"{where} {name}")
        need("no-store" in headers.get("Cache-Control", "").split(", "), where, "may be cached")
        value = self.body(response.get("content"), headers, body, where)
        self.seen.add((path, method, status))
        if status >= 400:
            need(value["status"] == status, where, f"says {value['status']}")
            self.codes.add(value["code"])
        return value

    def body(self, content, headers, body, where):
        if content is None:
            need(body == b"", where, "has a body")
            return None
        media = headers.get("Content-Type", "").split(";")[0]
        need(media in content, where, f"is {media!r}, not one of {list(content)}")
        if media.startswith("image/"):
            return body
        value = body.decode()
        if media.endswith("json"):
            value = json.loads(value, object_pairs_hook=unique_members)
        if media != "text/event-stream":  # its schema is one event's, see test_http.py
            self.check(value, content[media]["schema"], where)
        return value
