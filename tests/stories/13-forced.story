# Somebody breaks the door open at night. It is told within a second, and no closing of the door makes it go away.
hours 06:00-22:00
02:00:00.000 > start
02:00:00.000 front: strike off
02:00:00.000 front: buzzer off
02:00:00.000 start after an orderly stop, clock trusted
02:00:00.010 > front: contact closed
02:00:00.010 front: unknown -> closed
02:10:00.000 > front: contact open
02:10:00.030 front: closed -> open
02:10:00.030 front: opened, locked
02:10:00.730 front: normal -> forced
02:10:00.730 picture of alarm 1
02:10:00.730 text to owner: front forced, emergency
02:10:00.730 front: alarm 1 forced raised, emergency
02:10:02.000 > text 1 left
02:10:02.000 alarm 1: raised to owner left, by gateway
02:10:02.000 front: alarm 1 forced notified, emergency
02:10:05.000 front: buzzer on
02:10:20.000 > front: contact closed
02:10:20.030 front: open -> closed
02:10:20.030 front: buzzer off
02:10:20.030 front: closed, locked
02:10:30.000 > front: contact open
02:10:30.030 front: closed -> open
02:10:30.030 front: opened, locked
02:10:30.730 picture of alarm 1
02:10:30.730 front: alarm 1 forced notified, emergency
02:10:35.000 front: buzzer on
02:10:40.000 > front: contact closed
02:10:40.030 front: open -> closed
02:10:40.030 front: buzzer off
02:10:40.030 front: closed, locked
02:12:00.730 text to owner: front forced, emergency
02:12:00.730 front: alarm 1 forced escalated, emergency
07:00:00.000 > ack 1 by olle
07:00:00.000 answer: done
07:00:00.000 front: forced -> normal
07:00:00.000 enough about alarm 1
07:00:00.000 text to owner: front forced, emergency, taken by olle
07:00:00.000 front: alarm 1 forced cleared, emergency, by olle, over
# in and out before the grace for a late handle is over: told all the same
07:10:00.000 > front: contact open
07:10:00.030 front: closed -> open
07:10:00.030 front: opened, locked
07:10:00.300 > front: contact closed
07:10:00.330 front: open -> closed
07:10:00.330 front: closed, locked
07:10:00.730 front: normal -> forced
07:10:00.730 picture of alarm 2
07:10:00.730 text to owner: front forced, emergency
07:10:00.730 front: alarm 2 forced raised, emergency
07:10:05.000 > ack 2 by olle
07:10:05.000 answer: done
07:10:05.000 front: forced -> normal
07:10:05.000 enough about alarm 2
07:10:05.000 front: alarm 2 forced cleared, emergency, by olle, over
