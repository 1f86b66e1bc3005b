# The door stands open when the program starts: not forced, but it does not stay untold.
member anna a11a0001
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact open
08:00:00.010 front: unknown -> open
08:00:00.010 front: found_open, locked
08:00:05.010 front: buzzer on
08:00:08.010 front: normal -> held_open
08:00:08.010 picture of alarm 1
08:00:08.010 text to owner: front held_open, urgent, open 8 s
08:00:08.010 front: alarm 1 held_open raised, urgent
08:00:20.000 > power cut
08:00:30.000 > start
08:00:30.000 front: strike off
08:00:30.000 front: buzzer off
08:00:30.000 front: normal -> held_open
08:00:30.000 start after no orderly stop, clock trusted
08:00:30.000 text to owner: front held_open, urgent, open 0 s
08:00:30.010 > front: contact open
08:00:30.010 front: unknown -> open
08:00:30.010 front: found_open, locked
08:00:35.010 front: buzzer on
08:00:50.000 > front: contact closed
08:00:50.030 front: open -> closed
08:00:50.030 front: buzzer off
08:00:50.030 enough about alarm 1
08:00:50.030 front: closed, locked
08:00:50.030 front: alarm 1 held_open cleared, urgent
08:01:00.000 > ack 1 by olle
08:01:00.000 answer: done
08:01:00.000 front: held_open -> normal
08:01:00.000 front: alarm 1 held_open cleared, urgent, by olle, over
