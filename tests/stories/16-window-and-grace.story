# An opening in the last moment of the window, in the half second after it, and later. Nobody came at all.
member anna a11a0001
member edna ed0a0002 extended
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:01:00.000 > front: token of anna
08:01:00.000 front: strike on
08:01:00.000 front: locked -> accessed
08:01:00.000 front: light yes
08:01:00.000 picture of visit 006b03f2bc000005
08:01:00.000 front: admitted a11a0001 by scanner, visit 006b03f2bc000005
08:01:00.000 front: visit 006b03f2bc000005 opened for a11a0001, price list 1
08:01:00.000 front: unlocked, accessed, for a11a0001
08:01:05.000 front: strike off
08:01:05.000 front: accessed -> locked
08:01:05.000 front: relocked, locked
08:01:05.500 > front: contact open
08:01:05.530 front: closed -> open
08:01:05.530 front: opened, locked, for a11a0001
08:01:07.000 > front: contact closed
08:01:07.030 front: open -> closed
08:01:07.030 front: closed, locked
08:02:00.000 > front: token of anna
08:02:00.000 front: strike on
08:02:00.000 front: locked -> accessed
08:02:00.000 front: light yes
08:02:00.000 picture of visit 006b03f2bc000005
08:02:00.000 front: admitted a11a0001 by scanner, visit 006b03f2bc000005
08:02:00.000 front: unlocked, accessed, for a11a0001
08:02:05.000 front: strike off
08:02:05.000 front: accessed -> locked
08:02:05.000 front: relocked, locked
08:02:05.501 > front: contact open
08:02:05.531 front: closed -> open
08:02:05.531 front: opened, locked
08:02:05.531 front: not_entered, locked, for a11a0001
08:02:06.231 front: normal -> forced
08:02:06.231 picture of alarm 1
08:02:06.231 text to owner: front forced, emergency
08:02:06.231 front: alarm 1 forced raised, emergency
08:02:07.000 > front: contact closed
08:02:07.030 front: open -> closed
08:02:07.030 front: closed, locked
08:02:10.000 > ack 1 by olle
08:02:10.000 answer: done
08:02:10.000 front: forced -> normal
08:02:10.000 enough about alarm 1
08:02:10.000 front: alarm 1 forced cleared, emergency, by olle, over
08:03:00.000 > front: token of anna
08:03:00.000 front: strike on
08:03:00.000 front: locked -> accessed
08:03:00.000 front: light yes
08:03:00.000 picture of visit 006b03f2bc000005
08:03:00.000 front: admitted a11a0001 by scanner, visit 006b03f2bc000005
08:03:00.000 front: unlocked, accessed, for a11a0001
# fifteen seconds for who needs them, and thirty before the alarm
08:03:05.000 front: strike off
08:03:05.000 front: accessed -> locked
08:03:05.000 front: relocked, locked
08:03:05.530 front: not_entered, locked, for a11a0001
08:04:00.000 > front: token of edna
08:04:00.000 front: strike on
08:04:00.000 front: locked -> accessed
08:04:00.000 front: light yes
08:04:00.000 picture of visit 006b03f37000001c
08:04:00.000 front: admitted ed0a0002 by scanner, visit 006b03f37000001c
08:04:00.000 front: visit 006b03f37000001c opened for ed0a0002, price list 1
08:04:00.000 front: unlocked, accessed, for ed0a0002
08:04:14.000 > front: contact open
08:04:14.030 front: closed -> open
08:04:14.030 front: strike off
08:04:14.030 front: accessed -> locked
08:04:14.030 front: opened, accessed, for ed0a0002
08:04:14.030 front: relocked, locked
08:04:41.000 front: buzzer on
08:04:44.000 front: normal -> held_open
08:04:44.000 picture of alarm 2
08:04:44.000 text to owner: front held_open, urgent, open 30 s
08:04:44.000 front: alarm 2 held_open raised, urgent
08:04:50.000 > front: contact closed
08:04:50.030 front: open -> closed
08:04:50.030 front: buzzer off
08:04:50.030 enough about alarm 2
08:04:50.030 front: closed, locked
08:04:50.030 front: alarm 2 held_open cleared, urgent
08:05:00.000 > wait
