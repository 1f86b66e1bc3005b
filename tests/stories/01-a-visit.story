# Anna comes in by the phone's code, scans two things on it, takes one back, and leaves.
member anna a11a0001 limit=500
article milk 7310865004703 14.90
article bread 7340011495437 32.00 600

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
08:00:06.200 > front: contact open
08:00:06.230 front: closed -> open
08:00:06.230 front: strike off
08:00:06.230 front: accessed -> locked
08:00:06.230 front: opened, accessed, for a11a0001
08:00:06.230 front: relocked, locked
08:00:08.000 > front: contact closed
08:00:08.030 front: open -> closed
08:00:08.030 front: closed, locked
08:00:20.000 > visit of anna
08:00:20.000 till: admitted a11a0001 by phone, visit 006b03f285000006
08:00:20.000 visit 006b03f285000006 joined by a device of a11a0001
08:00:20.000 answer: visit joined, price list 1, credit 500.00
08:00:30.000 > anna puts k1 milk
08:00:30.000 visit 006b03f285000006: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:30.000 answer: ok, k1 14.90, visit 14.90
08:00:31.000 > anna puts k2 bread quantity=2000
08:00:31.000 visit 006b03f285000006: 7340011495437 bread, 2.000 at 32.00 = 64.00
08:00:31.000 answer: ok, k2 64.00, visit 78.90
08:00:32.000 > anna puts k2 bread quantity=2000
08:00:32.000 answer: repeated, k2 64.00, visit 78.90
08:00:40.000 > anna voids k1
08:00:40.000 visit 006b03f285000006: line k1 voided, 14.90
08:00:40.000 answer: ok, k1 14.90 voided, visit 64.00
08:00:41.000 > anna voids k1
08:00:41.000 answer: repeated, k1 14.90 voided, visit 64.00
08:01:00.000 > front: rex on
08:01:01.000 > front: rex off
08:01:01.500 > front: contact open
08:01:01.530 front: closed -> open
08:01:01.530 front: exit, locked
08:01:04.000 > front: contact closed
08:01:04.030 front: open -> closed
08:01:04.030 front: closed, locked
08:01:05.000 visit 006b03f285000006 ended (exit), 1 line, 64.00
08:01:10.000 > anna closes
08:01:10.000 answer: repeated
