# Lock, unlock, prop, lockdown, release. A delivery props the door; a lockdown admits nobody and outlives a restart.
member anna a11a0001
member olle 011e0006 owner
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:01:00.000 > release front
08:01:00.000 front: strike on
08:01:00.000 front: locked -> accessed
08:01:00.000 answer: done
08:01:00.000 front: unlocked, accessed
08:01:01.000 > front: contact open
08:01:01.030 front: closed -> open
08:01:01.030 front: strike off
08:01:01.030 front: accessed -> locked
08:01:01.030 front: opened, accessed
08:01:01.030 front: relocked, locked
08:01:03.000 > front: contact closed
08:01:03.030 front: open -> closed
08:01:03.030 front: closed, locked
08:02:00.000 > prop front 60
08:02:00.000 front: strike on
08:02:00.000 front: locked -> propped
08:02:00.000 answer: done
08:02:00.000 front: mode, propped
08:02:05.000 > front: contact open
08:02:05.030 front: closed -> open
08:02:05.030 front: opened, propped
08:02:30.000 > front: token of anna
08:02:30.000 front: light yes
08:02:30.000 picture of visit 006b03f31600000e
08:02:30.000 front: admitted a11a0001 by scanner, visit 006b03f31600000e
08:02:30.000 front: visit 006b03f31600000e opened for a11a0001, price list 1
# the time is up and it still stands open
08:03:00.000 front: strike off
08:03:00.000 front: propped -> locked
08:03:00.000 front: mode, locked
08:03:05.000 front: buzzer on
08:03:08.000 front: normal -> held_open
08:03:08.000 picture of alarm 1
08:03:08.000 text to owner: front held_open, urgent, open 8 s
08:03:08.000 front: alarm 1 held_open raised, urgent
08:03:15.000 > front: contact closed
08:03:15.030 front: open -> closed
08:03:15.030 front: buzzer off
08:03:15.030 enough about alarm 1
08:03:15.030 front: closed, locked
08:03:15.030 front: alarm 1 held_open cleared, urgent
08:03:20.000 > ack 1 by olle
08:03:20.000 answer: done
08:03:20.000 front: held_open -> normal
08:03:20.000 front: alarm 1 held_open cleared, urgent, by olle, over
08:04:00.000 > unlock front
08:04:00.000 front: strike on
08:04:00.000 front: locked -> unlocked
08:04:00.000 answer: done
08:04:00.000 front: mode, unlocked
08:04:05.000 > front: contact open
08:04:05.030 front: closed -> open
08:04:05.030 front: opened, unlocked
08:04:30.000 > front: contact closed
08:04:30.030 front: open -> closed
08:04:30.030 front: closed, unlocked
08:05:00.000 > lock front
08:05:00.000 front: strike off
08:05:00.000 front: unlocked -> locked
08:05:00.000 answer: done
08:05:00.000 front: mode, locked
08:06:00.000 > front: token of anna
08:06:00.000 front: strike on
08:06:00.000 front: locked -> accessed
08:06:00.000 front: light yes
08:06:00.000 picture of visit 006b03f31600000e
08:06:00.000 front: admitted a11a0001 by scanner, visit 006b03f31600000e
08:06:00.000 front: unlocked, accessed, for a11a0001
08:06:02.000 > lock front
08:06:02.000 front: strike off
08:06:02.000 front: accessed -> locked
08:06:02.000 answer: done
08:06:02.000 front: mode, locked
08:07:00.000 > lockdown front
08:07:00.000 front: locked -> lockdown
08:07:00.000 answer: done
08:07:00.000 front: mode, lockdown
08:07:01.000 > front: phone of anna
08:07:01.000 front: light no
08:07:01.000 answer: locked_down
08:07:01.000 front: refused a11a0001 by phone: locked_down
08:07:02.000 > front: phone of olle
08:07:02.000 front: light no
08:07:02.000 answer: locked_down
08:07:02.000 front: refused 011e0006 by phone: locked_down
08:07:03.000 > release front
08:07:03.000 answer: not done
08:07:04.000 > prop front 60
08:07:04.000 answer: not done
08:07:05.000 > power cut
08:07:15.000 > start
08:07:15.000 front: strike off
08:07:15.000 front: buzzer off
08:07:15.000 start after no orderly stop, clock trusted
08:07:15.010 > front: contact closed
08:07:15.010 front: unknown -> closed
08:08:01.000 > front: phone of olle
08:08:01.000 front: light no
08:08:01.000 answer: locked_down
08:08:01.000 front: refused 011e0006 by phone: locked_down
08:08:02.000 > lock front
08:08:02.000 front: lockdown -> locked
08:08:02.000 answer: done
08:08:02.000 front: mode, locked
08:08:03.000 > front: phone of olle
08:08:03.000 front: strike on
08:08:03.000 front: locked -> accessed
08:08:03.000 front: light yes
08:08:03.000 answer: admitted, owner
08:08:03.000 picture of visit 006b03f463000032
08:08:03.000 front: admitted 011e0006 by phone, visit 006b03f463000032
08:08:03.000 front: visit 006b03f463000032 opened for 011e0006, price list 1
08:08:03.000 front: unlocked, accessed, for 011e0006
08:08:08.000 front: strike off
08:08:08.000 front: accessed -> locked
08:08:08.000 front: relocked, locked
08:08:08.530 front: not_entered, locked, for 011e0006
08:09:00.000 > prop front 0
08:09:00.000 answer: not done
08:09:01.000 > prop front 50000
08:09:01.000 answer: not done
