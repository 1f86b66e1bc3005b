# A scanner in continuous mode reads the code it has just let in again and again: no red light for that,
# three rows, and then silence. After five seconds the same code is a refusal like any other.
member anna a11a0001
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
08:00:05.300 > front: token of anna again
08:00:05.300 front: refused a11a0001 by scanner: replayed
08:00:05.600 > front: token of anna again
08:00:05.600 front: refused a11a0001 by scanner: replayed
08:00:05.900 > front: token of anna again
08:00:05.900 front: refused a11a0001 by scanner: replayed
08:00:06.200 > front: token of anna again
08:00:10.000 front: strike off
08:00:10.000 front: accessed -> locked
08:00:10.000 front: relocked, locked
08:00:10.000 > front: token of anna again
08:00:10.100 > front: token of anna again
08:00:10.100 front: light no
08:00:10.100 front: refused a11a0001 by scanner: replayed
# at another reader it is a plain replay
08:00:10.200 > front: phone of anna again
08:00:10.200 front: light no
08:00:10.200 answer: replayed
08:00:10.200 front: refused a11a0001 by phone: replayed
