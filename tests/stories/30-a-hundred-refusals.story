# Somebody plays with the scanner: ten rows a minute, the rest is counted, and the next good code is let in at once.
member anna a11a0001
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:01.000 > front: garbage
08:00:01.000 front: light no
08:00:01.000 front: refused by scanner: malformed
08:00:01.100 > front: garbage
08:00:01.100 front: light no
08:00:01.100 front: refused by scanner: malformed
08:00:01.200 > front: garbage
08:00:01.200 front: light no
08:00:01.200 front: refused by scanner: malformed
08:00:01.300 > front: garbage
08:00:01.300 front: light no
08:00:01.300 front: refused by scanner: malformed
08:00:01.400 > front: garbage
08:00:01.400 front: light no
08:00:01.400 front: refused by scanner: malformed
08:00:01.500 > front: garbage
08:00:01.500 front: light no
08:00:01.500 front: refused by scanner: malformed
08:00:01.600 > front: garbage
08:00:01.600 front: light no
08:00:01.600 front: refused by scanner: malformed
08:00:01.700 > front: garbage
08:00:01.700 front: light no
08:00:01.700 front: refused by scanner: malformed
08:00:01.800 > front: garbage
08:00:01.800 front: light no
08:00:01.800 front: refused by scanner: malformed
08:00:01.900 > front: garbage
08:00:01.900 front: light no
08:00:01.900 front: refused by scanner: malformed
08:00:02.000 > front: garbage
08:00:02.000 front: more than 10 refusals in this minute, the rest is counted
08:00:02.000 front: light no
08:00:02.100 > front: garbage
08:00:02.100 front: light no
08:00:02.200 > front: token of anna key=unknown
08:00:02.200 front: light no
08:00:05.000 > front: token of anna
08:00:05.000 front: strike on
08:00:05.000 front: locked -> accessed
08:00:05.000 front: light yes
08:00:05.000 picture of visit 006b03f285000013
08:00:05.000 front: admitted a11a0001 by scanner, visit 006b03f285000013
08:00:05.000 front: visit 006b03f285000013 opened for a11a0001, price list 1
08:00:05.000 front: unlocked, accessed, for a11a0001
08:00:10.000 front: strike off
08:00:10.000 front: accessed -> locked
08:00:10.000 front: relocked, locked
08:00:10.530 front: not_entered, locked, for a11a0001
08:01:01.000 front: refused 3 more by scanner: malformed 2, unknown_key 1
08:01:02.000 > front: garbage
08:01:02.000 front: light no
08:01:02.000 front: refused by scanner: malformed
