# Out by the handle: pressed before, pressed late, pressed too late, held down, stuck.
member anna a11a0001
door exit=handle
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.020 > front: rex on
# held down while the program starts: not a press
08:00:02.000 > front: contact open
08:00:02.030 front: closed -> open
08:00:02.030 front: opened, locked
08:00:02.730 front: normal -> forced
08:00:02.730 picture of alarm 1
08:00:02.730 text to owner: front forced, emergency
08:00:02.730 front: alarm 1 forced raised, emergency
08:00:03.000 > front: contact closed
08:00:03.030 front: open -> closed
08:00:03.030 front: closed, locked
08:00:04.000 > front: rex off
08:00:05.000 > ack 1 by olle
08:00:05.000 answer: done
08:00:05.000 front: forced -> normal
08:00:05.000 enough about alarm 1
08:00:05.000 front: alarm 1 forced cleared, emergency, by olle, over
08:01:00.000 > front: rex on
08:01:00.400 > front: rex off
08:01:02.000 > front: contact open
08:01:02.030 front: closed -> open
08:01:02.030 front: exit, locked
08:01:04.000 > front: contact closed
# the switch of the handle comes after the contact
08:01:04.030 front: open -> closed
08:01:04.030 front: closed, locked
08:02:00.000 > front: contact open
08:02:00.030 front: closed -> open
08:02:00.030 front: opened, locked
08:02:00.690 > front: rex on
08:02:00.720 front: exit, locked
08:02:02.000 > front: rex off
08:02:03.000 > front: contact closed
# one press, one opening
08:02:03.030 front: open -> closed
08:02:03.030 front: closed, locked
08:02:10.000 > front: contact open
08:02:10.030 front: closed -> open
08:02:10.030 front: opened, locked
08:02:10.730 front: normal -> forced
08:02:10.730 picture of alarm 2
08:02:10.730 text to owner: front forced, emergency
08:02:10.730 front: alarm 2 forced raised, emergency
08:02:12.000 > front: contact closed
08:02:12.030 front: open -> closed
08:02:12.030 front: closed, locked
08:02:13.000 > ack 2 by olle
08:02:13.000 answer: done
08:02:13.000 front: forced -> normal
08:02:13.000 enough about alarm 2
08:02:13.000 front: alarm 2 forced cleared, emergency, by olle, over
# too late
08:03:00.000 > front: contact open
08:03:00.030 front: closed -> open
08:03:00.030 front: opened, locked
08:03:00.720 > front: rex on
08:03:00.730 front: normal -> forced
08:03:00.730 picture of alarm 3
08:03:00.730 text to owner: front forced, emergency
08:03:00.730 front: alarm 3 forced raised, emergency
08:03:02.000 > front: rex off
08:03:03.000 > front: contact closed
08:03:03.030 front: open -> closed
08:03:03.030 front: closed, locked
08:03:05.000 > ack 3 by olle
08:03:05.000 answer: done
08:03:05.000 front: forced -> normal
08:03:05.000 enough about alarm 3
08:03:05.000 front: alarm 3 forced cleared, emergency, by olle, over
# held down for long, then out
08:04:00.000 > front: rex on
08:04:30.000 > front: contact open
08:04:30.030 front: closed -> open
08:04:30.030 front: exit, locked
08:04:32.000 > front: contact closed
08:04:32.030 front: open -> closed
08:04:32.030 front: closed, locked
08:05:00.000 front: the request to exit is stuck
08:05:00.000 front: fault, locked
08:05:30.000 > front: rex off
08:05:30.030 front: the request to exit is free again
08:05:30.030 front: fault, locked
08:05:40.000 > wait
