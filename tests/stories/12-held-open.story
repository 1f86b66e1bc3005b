# The door is left open: buzzer at five seconds, alarm and text at eight, one text when it is shut. It stays
# marked until somebody has seen it; the next time is told anew.
member anna a11a0001
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.020 > courier up
08:00:05.000 > front: token of anna
08:00:05.000 front: strike on
08:00:05.000 front: locked -> accessed
08:00:05.000 front: light yes
08:00:05.000 picture of visit 006b03f285000006
08:00:05.000 front: admitted a11a0001 by scanner, visit 006b03f285000006
08:00:05.000 front: visit 006b03f285000006 opened for a11a0001, price list 1
08:00:05.000 front: unlocked, accessed, for a11a0001
08:00:06.000 > front: contact open
08:00:06.030 front: closed -> open
08:00:06.030 front: strike off
08:00:06.030 front: accessed -> locked
08:00:06.030 front: opened, accessed, for a11a0001
08:00:06.030 front: relocked, locked
08:00:11.000 front: buzzer on
08:00:14.000 front: normal -> held_open
08:00:14.000 picture of alarm 1
08:00:14.000 text to owner: front held_open, urgent, open 8 s
08:00:14.000 front: alarm 1 held_open raised, urgent
08:00:16.000 > text 1 left
08:00:16.000 alarm 1: raised to owner left, by gateway
08:00:16.000 front: alarm 1 held_open notified, urgent
08:00:30.000 > front: contact closed
08:00:30.030 front: open -> closed
08:00:30.030 front: buzzer off
08:00:30.030 enough about alarm 1
08:00:30.030 text to owner: front held_open, urgent, open 24 s, it is over
08:00:30.030 front: closed, locked
08:00:30.030 front: alarm 1 held_open cleared, urgent
08:00:31.000 > text 1 left over
08:00:31.000 alarm 1: over to owner left, by gateway
08:05:00.000 > front: token of anna
08:05:00.000 front: strike on
08:05:00.000 front: locked -> accessed
08:05:00.000 front: light yes
08:05:00.000 picture of visit 006b03f285000006
08:05:00.000 front: admitted a11a0001 by scanner, visit 006b03f285000006
08:05:00.000 front: unlocked, accessed, for a11a0001
08:05:01.000 > front: contact open
08:05:01.030 front: closed -> open
08:05:01.030 front: strike off
08:05:01.030 front: accessed -> locked
08:05:01.030 front: opened, accessed, for a11a0001
08:05:01.030 front: relocked, locked
08:05:06.000 front: buzzer on
08:05:09.000 picture of alarm 2
08:05:09.000 text to owner: front held_open, urgent, open 8 s
08:05:09.000 front: alarm 1 held_open cleared, urgent, over
08:05:09.000 front: alarm 2 held_open raised, urgent
08:05:10.000 > text 2 left
08:05:10.000 alarm 2: raised to owner left, by gateway
08:05:10.000 front: alarm 2 held_open notified, urgent
08:05:20.000 > ack 2 by olle
08:05:20.000 answer: done
08:05:20.000 enough about alarm 2
08:05:20.000 text to owner: front held_open, urgent, open 19 s, taken by olle
08:05:20.000 front: alarm 2 held_open acknowledged, urgent, by olle
08:05:30.000 > front: contact closed
08:05:30.030 front: open -> closed
08:05:30.030 front: buzzer off
08:05:30.030 front: held_open -> normal
08:05:30.030 text to owner: front held_open, urgent, open 29 s, it is over
08:05:30.030 front: closed, locked
08:05:30.030 front: alarm 2 held_open cleared, urgent, by olle, over
08:05:40.000 > ack 2 by olle
08:05:40.000 answer: done
08:05:41.000 > ack 9 by olle
08:05:41.000 answer: not done
