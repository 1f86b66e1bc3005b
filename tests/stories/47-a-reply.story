# A reply answers for the alarm whose code it holds, and does nothing else: a wrong code, an old one and one
# that is no code have no effect, and who guesses five times is not heard for an hour.
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
# whoever is no contact, and a text without a code ("UNLOCK"), which has no number
08:01:05.000 front: buzzer on
08:01:10.000 > mallory replies 1
08:01:11.000 > olle replies UNLOCK
08:01:11.000 olle: a reply with no alarm's code
08:01:12.000 > olle replies 999999
08:01:12.000 olle: a reply with no alarm's code
# the right one; then the same once more: it is answered already
08:01:20.000 > olle replies 1
08:01:20.000 olle: a reply with the code of alarm 1
08:01:20.000 enough about alarm 1
08:01:20.000 front: alarm 1 forced acknowledged, emergency, by olle
08:01:21.000 > olle replies 1
08:01:21.000 olle: a reply with the code of alarm 1, which is answered already
08:01:30.000 > front: contact closed
# now it is over, and its code is old
08:01:30.030 front: open -> closed
08:01:30.030 front: buzzer off
08:01:30.030 front: forced -> normal
08:01:30.030 front: closed, locked
08:01:30.030 front: alarm 1 forced cleared, emergency, by olle, over
08:01:40.000 > olle replies 1
08:01:40.000 olle: a reply with the code of alarm 1, which is over
08:02:00.000 > front: tamper on
08:02:00.030 front: tampered with
08:02:00.030 picture of alarm 2
08:02:00.030 text to olle: front tamper, emergency
08:02:00.030 front: alarm 2 tamper raised, emergency
08:02:01.000 > text 2 left to=olle
08:02:01.000 alarm 2: raised to olle left, by gateway
08:02:01.000 front: alarm 2 tamper notified, emergency
08:02:10.000 > olle replies 888888
08:02:10.000 olle: a reply with no alarm's code
08:02:11.000 > olle replies 888889
08:02:11.000 olle: a reply with no alarm's code
08:02:12.000 > olle replies 888890
08:02:12.000 olle: a reply with no alarm's code, no more are heard for an hour
08:02:13.000 > olle replies 2
# the keyholder has not guessed
08:02:20.000 > karin replies 2
08:02:20.000 karin: a reply with the code of alarm 2
08:02:20.000 enough about alarm 2
08:02:20.000 text to olle: front tamper, emergency, taken by karin
08:02:20.000 front: alarm 2 tamper acknowledged, emergency, by karin
08:02:30.000 > front: tamper off
08:02:30.030 front: no longer tampered with
08:02:30.030 front: alarm 2 tamper cleared, emergency, by karin, over
09:01:12.000 > front: tamper on
09:01:12.030 front: tampered with
09:01:12.030 picture of alarm 3
09:01:12.030 text to olle: front tamper, emergency
09:01:12.030 front: alarm 3 tamper raised, emergency
09:01:20.000 > olle replies 3
09:01:20.000 olle: a reply with the code of alarm 3
09:01:20.000 enough about alarm 3
09:01:20.000 front: alarm 3 tamper acknowledged, emergency, by olle
