"""test_office_alarms.py: what nobody in the shop's ladder answers is told by the office, too, to the
contacts that the office knows."""

from shop import main, until

HASTE = ("--office", "enrol", "--set", "shopd:alarms:rehearsal_wait=2 s",
         "--set", "shopd:alarms:escalate_emergency=2 s")


def text_with(shop, words, before):
    return until(lambda: next((t["text"] for t in shop.texts()[before:] if words in t["text"]), None),
                 20, f"a text with {words!r}")


def notices(shop, kind):
    return [n for n in shop.office.must("GET", f"/v1/shops/{shop.name}/notices?open=1")["notices"]
            if n["kind"] == kind and n["over_at"] is None]


def test_a_rehearsal_that_nobody_answers(start):
    with start(*HASTE) as shop:
        before = len(shop.texts())
        number = shop.shopctl("rehearse")["alarm"]
        alarm = shop.alarm_until(10, alarm=number, state="escalated")
        print("        the office:", text_with(shop, "larmövningen", before))
        assert len(notices(shop, "rehearsal")) == 1
        shop.answer(f"{alarm['code']}")
        shop.alarm_until(20, alarm=number, acknowledged_by="owner")
        until(lambda: not notices(shop, "rehearsal"), 10, "the office knows that it was answered")
        text_with(shop, "besvarad", before)


def test_an_alarm_that_nobody_answers(start):
    with start(*HASTE) as shop:
        before = len(shop.texts())
        shop.hand("force")
        alarm = shop.alarm_until(10, condition="forced", state="escalated")
        said = text_with(shop, "LARM utan svar", before)
        print("        the office:", said)
        assert "dörren uppbruten (front)" in said, said
        assert len(notices(shop, "unanswered")) == 1
        until(lambda: {t["to"] for t in shop.texts()[before:] if str(alarm["code"]) in t["text"]}
              >= {"+46700000001", "+46700000002"}, 15, "the shop's own ladder goes on: owner, keyholder")
        shop.answer(f"tack, {alarm['code']}", sender="+46700000002")
        shop.alarm_until(20, alarm=alarm["alarm"], acknowledged_by="keyholder")
        until(lambda: not notices(shop, "unanswered"), 10, "over at the office")
        until(lambda: any("keyholder" in t["text"] and t["to"] == "+46700000001"
                          for t in shop.texts()[before:]), 10, "the owner hears who has taken it")
        shop.quiet()


if __name__ == "__main__":
    main(globals())
