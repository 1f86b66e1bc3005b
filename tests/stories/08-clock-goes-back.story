# The clock is put back by five minutes: codes that were used and had expired could be fresh again. They are not.
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
08:00:10.000 front: strike off
08:00:10.000 front: accessed -> locked
08:00:10.000 front: relocked, locked
08:00:10.530 front: not_entered, locked, for a11a0001
08:05:00.000 > front: token of bert
08:05:00.000 front: strike on
08:05:00.000 front: locked -> accessed
08:05:00.000 front: light yes
08:05:00.000 picture of visit 006b03f3ac000009
08:05:00.000 front: admitted be270002 by scanner, visit 006b03f3ac000009
08:05:00.000 front: visit 006b03f3ac000009 opened for be270002, price list 1
08:05:00.000 front: unlocked, accessed, for be270002
08:05:01.000 > clock -290
08:05:01.000 clock stepped by -290000 ms, trusted
08:05:03.000 > front: token of anna again
08:05:03.000 front: light no
08:05:03.000 front: refused a11a0001 by scanner: predates_start
08:05:04.000 > front: token of anna iat=2
08:05:04.000 front: light yes
08:05:04.000 picture of visit 006b03f285000005
08:05:04.000 front: admitted a11a0001 by scanner, visit 006b03f285000005
08:05:04.000 front: unlocked, accessed, for a11a0001
08:05:09.000 front: strike off
08:05:09.000 front: accessed -> locked
08:05:09.000 front: relocked, locked
08:05:09.530 front: not_entered, locked, for a11a0001
08:05:30.000 > wait
