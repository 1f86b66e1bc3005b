"""demo.py: one whole visit to the shop, told with its times (`make demo`).

Plays against the shop that runs in --state, or starts one on a free port. Every step is something
that was seen to happen: the strike on the chip, the row in the ledger, the text at the gateway.
What does not happen ends the story with exit code 1.
"""

import argparse
import contextlib
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
import shop as shops  # noqa: E402  (tests/system/shop.py)

GOODS = 3
SETTLED_S = 2  # what happens so soon after the exit still belongs to it


class Story:
    """Prints what happened, each line with its time since the story began."""

    def __init__(self):
        self.began = time.monotonic()

    def chapter(self, title):
        print(f"\n{title}", flush=True)

    def tell(self, text):
        print(f"  {time.monotonic() - self.began:6.2f} s  {text}", flush=True)


def kronor(minor):
    return f"{minor // 100},{minor % 100:02} kr"


def running(state):
    """The shop in this state folder, if one answers; else None."""
    run_json = pathlib.Path(state, "run.json")
    if not run_json.exists():
        return None
    try:
        shop = shops.Shop(run_json)
        return shop if shop.shopctl_raw("status").returncode == 0 else None
    except (OSError, ValueError, KeyError):
        return None


def joining(story, shop):
    story.chapter("Anna becomes a member.")
    anna = shop.member()
    story.tell("her phone made a key, and the shop took the public half of it")
    story.tell(f"it knows her as customer {anna.customer[:8]}…, and by nothing else")
    return anna


def entering(story, shop, anna):
    story.chapter("She stands at the door, and shows the code on her phone to the scanner.")
    with shop.eye() as eye:
        before, code = shop.head(), anna.qr()
        began = time.monotonic()
        shop.scan(code)
        eye.wait("front-strike", True, 3)
        took = (time.monotonic() - began) * 1000
        story.tell(f"{code[:24]}…, {len(code)} characters: the strike lets go {took:.1f} ms later")
        shop.row_until(before, kind="admitted", customer=anna.customer)
        story.tell("the ledger says: admitted")
        shop.hand("open")
        eye.wait("front-strike", False, 3)
        story.tell("she opens the door, and the strike is back at once: nobody slips in after her")
        shop.hand("close")
        shop.door_until(physical="closed", mode="locked", alarm="normal")
        story.tell("the door falls shut behind her")
        shop.scan(code)
        shop.row_until(before, verdict="replayed")
        story.tell("somebody shows a photo of the same code: replayed, and the door stays shut")


def shopping(story, shop, anna):
    story.chapter("She takes three things from the shelves.")
    status, visit = shop.api("POST", "/v1/visits", anna.token("till"))
    expect(status == 200, f"the phone joins her visit: {status} {visit}")
    path, bearer = f"/v1/visits/{visit['visit']}", visit["bearer"]
    story.tell(f"the phone has joined visit {visit['visit']}")
    total, keys = 0, []
    for gtin in shop.gtins()[:GOODS]:
        keys.append(f"demo-{len(keys)}-{int(time.time())}")
        began = time.monotonic()
        status, line = shop.api("PUT", f"{path}/lines/{keys[-1]}", {"gtin": gtin}, bearer)
        took = (time.monotonic() - began) * 1000
        expect(status == 201, f"a line for {gtin}: {status} {line}")
        total += line["total_minor"]
        expect(line["visit_total_minor"] == total, f"the total: {line}")
        story.tell(f"{gtin}  {line['name'][:32]:32} {kronor(line['total_minor']):>10}"
                   f"   on disk and answered in {took:.1f} ms")
    status, again = shop.api("PUT", f"{path}/lines/{keys[-1]}", {"gtin": gtin}, bearer)
    expect(status == 200 and again == line, f"the same line again: {status} {again}")
    story.tell("the answer to the last one is lost on the way; the phone asks again: still one line")
    status, voided = shop.api("DELETE", f"{path}/lines/{keys[1]}", bearer=bearer)
    expect(status == 200 and voided["voided"], f"the void: {status} {voided}")
    story.tell(f"she puts {voided['name'][:32]} back: the line stays, and is voided")

    story.chapter("She has all she wants.")
    status, receipt = shop.api("POST", f"{path}/close", bearer=bearer)
    expect(status == 200 and receipt["total_minor"] == total - voided["total_minor"],
           f"the receipt: {status} {receipt}")
    for line in receipt["lines"]:
        void = "  (voided)" if line["voided"] else ""
        story.tell(f"{line['name'][:32]:32} {kronor(line['total_minor']):>10}{void}")
    story.tell(f"{'to the monthly invoice':32} {kronor(receipt['total_minor']):>10}")


def leaving(story, shop):
    story.chapter("She leaves, and a parcel in the door keeps it from closing.")
    texts = len(shop.texts())
    with shop.eye() as eye:
        shop.hand("rex")
        shop.hand("open")
        opened = eye.wait("front-contact", True, 3)
        story.tell("she presses the button and pushes the door open; no key, no code")
        buzzed = eye.wait("front-buzzer", True, 8)
        story.tell(f"{(buzzed - opened) / 1e6:.1f} s open: the buzzer asks for the door")
        alarm = shop.alarm_until(6, condition="held_open", cleared_at=None)
        story.tell("8 s open: held open, an alarm")
        text = shop.text_until("", texts)
        story.tell(f"the owner's phone: “{text['text']}”")
        shop.hand("close")
        shop.door_until(10, physical="closed", mode="locked")
        story.tell("the parcel is gone and the door shuts")
        over = shop.text_until("", texts + 1)
        story.tell(f"the owner's phone: “{over['text']}”")
    return alarm


def night(story, shop):
    story.chapter("At night somebody comes with a crowbar.")
    texts = len(shop.texts())
    shut = time.monotonic()
    shops.until(lambda: time.monotonic() - shut > SETTLED_S, 5, "the door is settled")
    with shop.eye() as eye:
        shop.hand("force")
        eye.wait("front-contact", True, 3)
        story.tell("the door opens, and nobody was let in")
        alarm = shop.alarm_until(6, condition="forced", cleared_at=None)
        text = shop.text_until(str(alarm["code"]), texts)
        story.tell(f"the owner's phone: “{text['text']}”")
        story.tell("no answer in two minutes, and the keyholder would be told, then the neighbour")
        shop.answer(f"jag åker dit {alarm['code']}")
        story.tell(f"the owner answers: “jag åker dit {alarm['code']}”")
        seen = shop.alarm_until(15, alarm=alarm["alarm"], acknowledged_by="owner")
        story.tell(f"alarm {seen['alarm']} is acknowledged by {seen['acknowledged_by']}: nobody else is called")
        shop.hand("close")
        shop.door_until(10, physical="closed", mode="locked")
        story.tell("the door is shut again")


def proving(story, shop, alarm):
    story.chapter("The owner looks after the rest.")
    rows = shop.shopctl("alarm", "list")
    mine = [a for a in rows if a["alarm"] == alarm["alarm"]]
    if mine and not mine[0]["acknowledged_by"]:
        shop.shopctl("alarm", "ack", alarm["alarm"])
        story.tell(f"alarm {alarm['alarm']} is acknowledged")
    verified = shop.shopctl("ledger", "verify")
    expect(verified["ok"] is True, f"the ledger: {verified}")
    story.tell(f"the ledger holds {verified['entries']} entries, each chained to the one before: "
               "verified")


def expect(true, what):
    if not true:
        raise AssertionError(what)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", default="state")
    parser.add_argument("--build", default="build/gcc")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        shop = running(options.state)
        if shop is None:
            print("No shop runs here: one is started for the story, and closed after it.")
            shop = stack.enter_context(shops.start(build=options.build))
        story = Story()
        print(f"\nA visit to the shop “{shop.name}”, {time.strftime('%A, %d %B %Y, %H:%M')}")
        anna = joining(story, shop)
        entering(story, shop, anna)
        shopping(story, shop, anna)
        alarm = leaving(story, shop)
        night(story, shop)
        proving(story, shop, alarm)
        print("\nThe end: everything above was seen to happen.", flush=True)


if __name__ == "__main__":
    try:
        main()
    except Exception as failure:  # whatever stopped it, the story says so and fails
        print(f"\nThe story breaks off here: {type(failure).__name__}: {failure}", flush=True)
        sys.exit(1)
