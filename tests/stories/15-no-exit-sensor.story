# Without any exit sensor an opening while somebody is inside is an exit; with nobody inside it is forced.
member anna a11a0001
member bert be270002
door exit=none
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
08:00:08.000 > front: contact closed
08:00:08.030 front: open -> closed
08:00:08.030 front: closed, locked
08:00:20.000 > front: token of bert
08:00:20.000 front: strike on
08:00:20.000 front: locked -> accessed
08:00:20.000 front: light yes
08:00:20.000 picture of visit 006b03f29400000c
08:00:20.000 front: admitted be270002 by scanner, visit 006b03f29400000c
08:00:20.000 front: visit 006b03f29400000c opened for be270002, price list 1
08:00:20.000 front: unlocked, accessed, for be270002
08:00:21.000 > front: contact open
08:00:21.030 front: closed -> open
08:00:21.030 front: strike off
08:00:21.030 front: accessed -> locked
08:00:21.030 front: opened, accessed, for be270002
08:00:21.030 front: relocked, locked
08:00:23.000 > front: contact closed
# two are inside: nobody knows who left
08:00:23.030 front: open -> closed
08:00:23.030 front: closed, locked
08:10:00.000 > front: contact open
08:10:00.030 front: closed -> open
08:10:00.030 front: exit, locked
08:10:02.000 > front: contact closed
08:10:02.030 front: open -> closed
08:10:02.030 front: closed, locked
08:10:10.000 > visit of anna
08:10:10.000 till: admitted a11a0001 by phone, visit 006b03f285000005
08:10:10.000 visit 006b03f285000005 joined by a device of a11a0001
08:10:10.000 answer: visit joined, price list 1, credit unlimited
08:10:11.000 > anna closes
08:10:11.000 visit 006b03f285000005 ended (closed), 0 lines, 0.00
08:10:11.000 answer: ok
# now only Bert can be meant
08:20:00.000 > front: contact open
08:20:00.030 front: closed -> open
08:20:00.030 front: exit, locked
08:20:02.000 > front: contact closed
08:20:02.030 front: open -> closed
08:20:02.030 front: closed, locked
08:20:03.000 visit 006b03f29400000c ended (exit), 0 lines, 0.00
08:30:00.000 > front: contact open
08:30:00.030 front: closed -> open
08:30:00.030 front: normal -> forced
08:30:00.030 picture of alarm 1
08:30:00.030 text to owner: front forced, emergency
08:30:00.030 front: opened, locked
08:30:00.030 front: alarm 1 forced raised, emergency
08:30:02.000 > front: contact closed
08:30:02.030 front: open -> closed
08:30:02.030 front: closed, locked
08:30:10.000 > wait
