# A lock that must not be thrown while the door stands open relocks when it shuts.
member anna a11a0001
door relock=close
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
08:01:01.000 > front: contact open
08:01:01.030 front: closed -> open
08:01:01.030 front: opened, accessed, for a11a0001
08:01:06.000 front: buzzer on
08:01:07.000 > front: contact closed
# never opened: the time decides
08:01:07.030 front: open -> closed
08:01:07.030 front: buzzer off
08:01:07.030 front: strike off
08:01:07.030 front: accessed -> locked
08:01:07.030 front: closed, accessed
08:01:07.030 front: relocked, locked
08:02:00.000 > front: token of anna
08:02:00.000 front: strike on
08:02:00.000 front: locked -> accessed
08:02:00.000 front: light yes
08:02:00.000 picture of visit 006b03f2bc000005
08:02:00.000 front: admitted a11a0001 by scanner, visit 006b03f2bc000005
08:02:00.000 front: unlocked, accessed, for a11a0001
# admitted while it stands open
08:02:05.000 front: strike off
08:02:05.000 front: accessed -> locked
08:02:05.000 front: relocked, locked
08:02:05.530 front: not_entered, locked, for a11a0001
08:03:00.000 > front: token of anna
08:03:00.000 front: strike on
08:03:00.000 front: locked -> accessed
08:03:00.000 front: light yes
08:03:00.000 picture of visit 006b03f2bc000005
08:03:00.000 front: admitted a11a0001 by scanner, visit 006b03f2bc000005
08:03:00.000 front: unlocked, accessed, for a11a0001
08:03:01.000 > front: contact open
08:03:01.030 front: closed -> open
08:03:01.030 front: opened, accessed, for a11a0001
08:03:04.000 > front: token of anna
08:03:04.000 front: light yes
08:03:04.000 picture of visit 006b03f2bc000005
08:03:04.000 front: admitted a11a0001 by scanner, visit 006b03f2bc000005
08:03:04.000 front: unlocked, accessed, for a11a0001
08:03:09.000 front: buzzer on
08:03:11.000 > front: contact closed
08:03:11.030 front: open -> closed
08:03:11.030 front: buzzer off
08:03:11.030 front: strike off
08:03:11.030 front: accessed -> locked
08:03:11.030 front: closed, accessed
08:03:11.030 front: relocked, locked
08:03:20.000 > wait
