"""owner_days.py: days of a village shop, for the views of the owner's page that show what has happened:
people who shop, deliveries, something reported, a visit picked for a look. Everything is done over the
shop's own interfaces.

    owner_days.py RUN.JSON --back SECONDS --members 20 --visits 500 --deliveries 500 --reports 3

--back: the shop's clock stands so far back, and so do the phones'.
"""
import argparse
import base64
import http.client
import json
import pathlib
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "phone"))
from phone import Phone  # noqa: E402


class Days:
    def __init__(self, run, back):
        self.run, self.back = run, back
        host, port = run["api"].split("//")[1].split(":")
        self.http = http.client.HTTPConnection(host, int(port), timeout=20)

    def shopctl(self, *args):
        done = subprocess.run([*self.run["shopctl"], "--json", *args], capture_output=True, check=True)
        return json.loads(done.stdout or "null")

    def member(self, *more):
        phone = Phone()
        self.shopctl("member", "add", "--key", phone.cose_key_hex, *more)
        return phone

    def token(self, phone, purpose):
        return phone.token(f"{self.run['shop']}/{purpose}", iat=int(time.time()) - self.back)

    def ask(self, method, path, body=None, headers=None):
        if isinstance(body, dict):
            body, headers = json.dumps(body), {"Content-Type": "application/json", **(headers or {})}
        self.http.request(method, path, body, headers or {})
        answer = self.http.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path} -> {answer.status} {data.decode()}")
        return json.loads(data) if data else None

    def signed(self, owner):
        token = base64.urlsafe_b64encode(self.token(owner, "owner")).decode().rstrip("=")
        return {"Authorization": f"SK1 {token}"}

    def articles(self, n):
        found, after = [], ""
        while len(found) < n:
            page = self.ask("GET", f"/v1/products?max=100{after}")
            found += [p["gtin"] for p in page["products"] if p["class"] == "grocery"]
            if not page["next"]:
                break
            after = f"&after={page['next']}"
        return found[:n]

    def visit(self, phone, gtins, report):
        opened = self.ask("POST", "/v1/visits", self.token(phone, "till"),
                          {"Content-Type": "application/cose"})
        at, bearer = f"/v1/visits/{opened['visit']}", {"Authorization": f"Bearer {opened['bearer']}"}
        for n, gtin in enumerate(gtins):
            self.ask("PUT", f"{at}/lines/line-{n}", {"gtin": gtin, "quantity": 1000 * (n + 1)}, bearer)
        self.ask("POST", f"{at}/close", "", bearer)
        if report and gtins:
            self.ask("POST", f"{at}/lines/line-0/report",
                     {"reason": "broken", "why": "Förpackningen läckte när jag kom hem"}, bearer)
        return opened["visit"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=pathlib.Path)
    for name in ("back", "members", "visits", "deliveries", "reports"):
        parser.add_argument(f"--{name}", type=int, default=0)
    o = parser.parse_args()
    days = Days(json.loads(o.run.read_text()), o.back)
    gtins = days.articles(max(o.deliveries, 20))
    owner = days.member("--role", "owner")
    for n, gtin in enumerate(gtins[:o.deliveries]):
        days.ask("POST", "/v1/stock/movements", {
            "kind": "delivery", "gtin": gtin, "quantity": 1000 * (n % 24 + 1), "unit_cost_minor": 1200,
            "key": f"d-{n}", "lot": f"L{n}",
            "use_by": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400 * (n % 40 + 1)))},
            days.signed(owner))
    people = [days.member() for _ in range(o.members)]
    for n in range(o.visits):
        visit = days.visit(people[n % len(people)], [gtins[(n * 7 + i) % len(gtins)] for i in range(n % 4)],
                           n % 4 and n // 4 < o.reports)
        if n < o.reports:
            days.ask("POST", f"/v1/checks/{visit}", {"result": "picked", "why": "Vill se efter"},
                     days.signed(owner))


if __name__ == "__main__":
    main()
