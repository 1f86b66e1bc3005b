# A new admission while the door is open starts buzzer and alarm again.
member anna a11a0001
member bert be270002
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:05.000 > front: token of anna
08:00:05.000 front: strike on
08:00:05.000 front: locked -> accessed
08:00:05.000 front: light yes
08:00:05.000 picture of visit 006b03f285000005
08:00:05.000 front: admitted a11a0001 by scanner, visit 006b03f285000005
08:00:05.000 front: visit 006b03f285000005 opened for a11a0001, price list 1
08:00:05.000 front: unlocked, accessed, for a11a0001
08:00:06.000 > front: contact open
08:00:06.030 front: closed -> open
08:00:06.030 front: strike off
08:00:06.030 front: accessed -> locked
08:00:06.030 front: opened, accessed, for a11a0001
08:00:06.030 front: relocked, locked
08:00:11.000 front: buzzer on
08:00:12.000 > front: token of bert
08:00:12.000 front: buzzer off
08:00:12.000 front: strike on
08:00:12.000 front: locked -> accessed
08:00:12.000 front: light yes
08:00:12.000 picture of visit 006b03f28c00000a
08:00:12.000 front: admitted be270002 by scanner, visit 006b03f28c00000a
08:00:12.000 front: visit 006b03f28c00000a opened for be270002, price list 1
08:00:12.000 front: unlocked, accessed, for be270002
08:00:17.000 front: strike off
08:00:17.000 front: accessed -> locked
08:00:17.000 front: buzzer on
08:00:17.000 front: relocked, locked
08:00:19.500 > front: contact closed
08:00:19.530 front: open -> closed
08:00:19.530 front: buzzer off
08:00:19.530 front: closed, locked
08:00:30.000 > wait
