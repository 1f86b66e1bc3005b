# A gateway may take a text and lose it. An emergency that nobody has answered after 25 seconds takes the other
# road too, once, and a road that fails is an alarm. A text that no road takes is tried until one does.
roads both
contact olle owner 1
contact karin keyholder 2
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.020 > front: tamper off
08:01:00.000 > front: contact open
08:01:00.030 front: closed -> open
08:01:00.030 front: opened, locked
08:01:00.730 front: normal -> forced
08:01:00.730 picture of alarm 1
08:01:00.730 text to olle: front forced, emergency
08:01:00.730 front: alarm 1 forced raised, emergency
08:01:01.000 > text 1 left to=olle
08:01:01.000 alarm 1: raised to olle left, by gateway
08:01:01.000 front: alarm 1 forced notified, emergency
# it says that it is there, and may be wrong
08:01:02.000 > text 1 delivered to=olle
08:01:02.000 alarm 1: raised to olle delivered, by gateway
08:01:05.000 front: buzzer on
08:01:25.730 text to olle: front forced, emergency, again by the other road
08:01:27.000 > text 1 left to=olle by=modem texts=2
08:01:27.000 alarm 1: raised to olle left, by modem, 2 texts
08:02:00.000 > olle replies 1
08:02:00.000 olle: a reply with the code of alarm 1
08:02:00.000 enough about alarm 1
08:02:00.000 front: alarm 1 forced acknowledged, emergency, by olle
08:03:00.000 > front: contact closed
# answered in time: one road is enough
08:03:00.030 front: open -> closed
08:03:00.030 front: buzzer off
08:03:00.030 front: forced -> normal
08:03:00.030 front: closed, locked
08:03:00.030 front: alarm 1 forced cleared, emergency, by olle, over
08:10:00.000 > front: tamper on
08:10:00.030 front: tampered with
08:10:00.030 picture of alarm 2
08:10:00.030 text to olle: front tamper, emergency
08:10:00.030 front: alarm 2 tamper raised, emergency
08:10:01.000 > text 2 left to=olle
08:10:01.000 alarm 2: raised to olle left, by gateway
08:10:01.000 front: alarm 2 tamper notified, emergency
08:10:10.000 > olle replies 2
08:10:10.000 olle: a reply with the code of alarm 2
08:10:10.000 enough about alarm 2
08:10:10.000 front: alarm 2 tamper acknowledged, emergency, by olle
08:10:20.000 > front: tamper off
# the gateway is out of order; then everything is
08:10:20.030 front: no longer tampered with
08:10:20.030 front: alarm 2 tamper cleared, emergency, by olle, over
09:30:00.000 > fault road_failing gateway failing
09:30:00.000 text to olle: gateway road_failing, warning
09:30:00.000 gateway: alarm 3 road_failing raised, warning
09:30:01.000 > text 3 left to=olle by=modem
09:30:01.000 alarm 3: raised to olle left, by modem
09:30:01.000 gateway: alarm 3 road_failing notified, warning
09:40:00.000 > front: contact open
09:40:00.030 front: closed -> open
09:40:00.030 front: opened, locked
09:40:00.730 front: normal -> forced
09:40:00.730 picture of alarm 4
09:40:00.730 text to olle: front forced, emergency
09:40:00.730 front: alarm 4 forced raised, emergency
09:40:05.000 front: buzzer on
09:40:20.000 > text 4 stuck to=olle
09:40:20.000 alarm 4: raised to olle stuck
09:40:20.000 alarm 5 sms_failing raised, warning
09:42:00.730 text to karin: front forced, emergency
09:42:00.730 front: alarm 4 forced escalated, emergency
09:42:30.000 > text 4 stuck to=karin
09:42:30.000 alarm 4: raised to karin stuck
09:45:20.000 text to olle: front forced, emergency
09:45:21.000 > text 4 stuck to=olle
09:46:00.000 > text 4 left to=karin by=modem
09:46:00.000 text to olle: front forced, emergency
09:46:00.000 alarm 4: raised to karin left, by modem
09:46:00.000 alarm 5 sms_failing cleared, warning, over
09:46:01.000 > text 4 left to=olle by=modem
09:46:01.000 alarm 4: raised to olle left, by modem
09:47:00.000 > karin replies 4
09:47:00.000 karin: a reply with the code of alarm 4
09:47:00.000 enough about alarm 4
09:47:00.000 text to olle: front forced, emergency, taken by karin
09:47:00.000 front: alarm 4 forced acknowledged, emergency, by karin
09:47:01.000 > fault road_failing gateway well
09:47:01.000 enough about alarm 3
09:47:01.000 gateway: alarm 3 road_failing cleared, warning, over
