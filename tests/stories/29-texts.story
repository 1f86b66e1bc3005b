# The owner must hear of it: told again when courierd comes back, tried again when no road took it, and when the
# roads are back.
member anna a11a0001
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.020 > front: tamper off
08:01:00.000 > front: tamper on
08:01:00.030 front: tampered with
08:01:00.030 picture of alarm 1
08:01:00.030 text to owner: front tamper, emergency
08:01:00.030 front: alarm 1 tamper raised, emergency
08:01:30.000 > courier up
08:01:30.000 text to owner: front tamper, emergency
08:01:40.000 > text 1 stuck
08:01:40.000 alarm 1: raised to owner stuck
08:01:40.000 alarm 2 sms_failing raised, warning
08:03:00.030 front: alarm 1 tamper escalated, emergency
08:06:40.000 text to owner: front tamper, emergency
08:06:41.000 > text 1 stuck
08:08:00.000 > front: contact open
08:08:00.030 front: closed -> open
08:08:00.030 front: opened, locked
08:08:00.730 front: normal -> forced
08:08:00.730 picture of alarm 3
08:08:00.730 text to owner: front forced, emergency
08:08:00.730 front: alarm 3 forced raised, emergency
08:08:01.000 > text 3 stuck
08:08:01.000 alarm 3: raised to owner stuck
08:08:05.000 front: buzzer on
08:08:05.000 > text 1 left
08:08:05.000 text to owner: front forced, emergency
08:08:05.000 alarm 1: raised to owner left, by gateway
08:08:05.000 alarm 2 sms_failing cleared, warning, over
08:08:06.000 > text 3 left
08:08:06.000 alarm 3: raised to owner left, by gateway
08:08:06.000 front: alarm 3 forced notified, emergency
08:08:10.000 > courier up
08:08:20.000 > power cut
08:08:40.000 > start
08:08:40.000 front: strike off
08:08:40.000 front: buzzer off
08:08:40.000 front: normal -> forced
08:08:40.000 front: tampered with
08:08:40.000 start after no orderly stop, clock trusted
08:08:40.010 > front: contact open
08:08:40.010 front: unknown -> open
08:08:40.010 front: found_open, locked
08:08:40.020 > front: tamper on
08:08:41.000 > courier up
08:08:45.000 > front: contact closed
08:08:45.010 front: buzzer on
08:08:45.030 front: open -> closed
08:08:45.030 front: buzzer off
08:08:45.030 front: closed, locked
08:08:46.000 > front: tamper off
08:08:50.000 > ack 1 by olle
08:08:50.000 answer: done
08:08:50.000 front: no longer tampered with
08:08:50.000 enough about alarm 1
08:08:50.000 text to owner: front tamper, emergency, taken by olle
08:08:50.000 front: alarm 1 tamper cleared, emergency, by olle, over
08:08:51.000 > ack 3 by olle
08:08:51.000 answer: done
08:08:51.000 front: forced -> normal
08:08:51.000 enough about alarm 3
08:08:51.000 front: alarm 3 forced cleared, emergency, by olle, over
08:09:00.000 text to owner: front forced, emergency, taken by olle
08:09:30.000 > wait
