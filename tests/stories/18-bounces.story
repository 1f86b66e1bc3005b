# A slam bounces; a rattled contact does not hide an opening; a re-opening before it has settled is no burglar.
member anna a11a0001
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:10.000 > front: contact open
08:00:10.010 > front: contact closed
08:00:10.020 > front: contact open
08:00:10.029 > front: contact closed
08:01:00.000 > front: token of anna
08:01:00.000 front: strike on
08:01:00.000 front: locked -> accessed
08:01:00.000 front: light yes
08:01:00.000 picture of visit 006b03f2bc00000a
08:01:00.000 front: admitted a11a0001 by scanner, visit 006b03f2bc00000a
08:01:00.000 front: visit 006b03f2bc00000a opened for a11a0001, price list 1
08:01:00.000 front: unlocked, accessed, for a11a0001
08:01:01.000 > front: contact open
08:01:01.030 front: closed -> open
08:01:01.030 front: strike off
08:01:01.030 front: accessed -> locked
08:01:01.030 front: opened, accessed, for a11a0001
08:01:01.030 front: relocked, locked
08:01:03.000 > front: contact closed
08:01:03.015 > front: contact open
08:01:03.030 > front: contact closed
08:01:03.060 front: open -> closed
08:01:03.060 front: closed, locked
08:01:03.500 > front: contact open
08:01:03.530 front: closed -> open
08:01:03.530 front: opened, locked
08:01:03.900 > front: contact closed
08:01:03.930 front: open -> closed
08:01:03.930 front: closed, locked
08:02:00.000 > front: contact open
08:02:00.025 > front: contact closed
08:02:00.050 > front: contact open
08:02:00.075 > front: contact closed
08:02:00.100 > front: contact open
08:02:00.125 > front: contact closed
08:02:00.150 > front: contact open
08:02:00.175 > front: contact closed
08:02:00.200 > front: contact open
08:02:00.225 > front: contact closed
08:02:00.250 > front: contact open
08:02:00.275 > front: contact closed
08:02:00.300 front: closed -> open
08:02:00.300 front: opened, locked
08:02:00.300 > front: contact open
08:02:00.325 > front: contact closed
08:02:00.355 front: open -> closed
08:02:00.355 front: closed, locked
08:02:01.005 front: normal -> forced
08:02:01.005 picture of alarm 1
08:02:01.005 text to owner: front forced, emergency
08:02:01.005 front: alarm 1 forced raised, emergency
08:02:10.000 > wait
