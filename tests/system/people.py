"""people.py: who asks an office by a key of their own: a member about herself, an owner of a shop, an
operator with a key that officed.conf does not name."""

import base64
import json

from shop import ROOT, Operator
from openapi import Api

API = Api(ROOT / "include" / "api" / "office.yaml")

def signed(phone, audience, **claims):
    """Authorization of one request."""
    token = base64.urlsafe_b64encode(phone.token(audience, **claims)).decode().rstrip("=")
    return "SK1 " + token

def schema_of(method, path, status):
    """What the file says of the JSON of this answer; None: it says none."""
    for known, verb, operation in API.operations():
        parts, has = known.split("/"), path.split("?")[0].split("/")
        if verb == method and len(parts) == len(has) and all(
                k == h or k.startswith("{") for k, h in zip(parts, has)):
            answer = API.deref(operation["responses"][str(status)])
            content = answer.get("content", {})
            return next((c["schema"] for kind, c in content.items() if "json" in kind), None)
    raise AssertionError(f"{method} {path} is not in the file")

class Self:
    """Somebody with a key. `audience`: office/me or office/admin."""

    def __init__(self, url, phone, audience):
        self.phone, self.audience = phone, audience
        self.operator = Operator(url, phone)

    def ask(self, method, path, body=None, **more):
        """(status, JSON), each JSON held to the file."""
        more.setdefault("authorization", signed(self.phone, self.audience))
        status, headers, data = self.operator.ask(method, path, body, raw=True, **more)
        if "json" not in headers.get("Content-Type", ""):
            return status, data
        value = json.loads(data)
        schema = schema_of(method, path, status)
        assert schema, (method, path, status, value)
        API.check(value, schema, f"{method} {path} {status}")
        return status, value

    def must(self, method, path, body=None, want=(200, 201, 202, 204), **more):
        status, value = self.ask(method, path, body, **more)
        assert status in want, (method, path, status, value)
        return value

    def refused(self, method, path, body=None, **more):
        """(status, code) of what is no success."""
        status, value = self.ask(method, path, body, **more)
        assert status >= 400, (method, path, status, value)
        return status, value["code"]

def me(shop, member):
    """A member about herself."""
    return Self(shop.run["office"], member.phone, "office/me")

def admin(shop, phone):
    """The same key for office/admin."""
    return Self(shop.run["office"], phone, "office/admin")
