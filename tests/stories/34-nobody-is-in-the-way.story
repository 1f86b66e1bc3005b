# Lockdown while Anna is inside: nobody comes in, she goes on shopping and goes out; nothing of that is asked of us.
member anna a11a0001
article milk 7310865004703 14.90
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.020 > front: rex off
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
08:00:08.000 > front: contact closed
08:00:08.030 front: open -> closed
08:00:08.030 front: closed, locked
08:00:20.000 > lockdown front
08:00:20.000 front: locked -> lockdown
08:00:20.000 answer: done
08:00:20.000 front: mode, lockdown
08:00:30.000 > visit of anna
08:00:30.000 till: admitted a11a0001 by phone, visit 006b03f285000006
08:00:30.000 visit 006b03f285000006 joined by a device of a11a0001
08:00:30.000 answer: visit joined, price list 1, credit unlimited
08:00:40.000 > anna puts k1 milk
08:00:40.000 visit 006b03f285000006: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:40.000 answer: ok, k1 14.90, visit 14.90
08:00:50.000 > front: token of anna
08:00:50.000 front: light no
08:00:50.000 front: refused a11a0001 by scanner: locked_down
08:01:00.000 > front: rex on
08:01:01.000 > front: contact open
08:01:01.030 front: closed -> open
08:01:01.030 front: exit, lockdown
08:01:02.000 > front: rex off
08:01:03.000 > front: contact closed
08:01:03.030 front: open -> closed
08:01:03.030 front: closed, lockdown
08:01:04.000 visit 006b03f285000006 ended (exit), 1 line, 14.90
08:01:10.000 > visit of anna
08:01:10.000 till: refused a11a0001 by phone: locked_down
08:01:10.000 answer: locked_down
