# The disk is full: no purchase is confirmed, nobody is let in, the owner is texted, the way out works. When it is
# well again, what the disk holds is what holds.
member anna a11a0001
member bert be270002
member olle 011e0006 owner
article milk 7310865004703 14.90
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.015 > front: rex off
08:00:00.020 > courier up
08:00:05.000 > front: token of anna
08:00:05.000 front: strike on
08:00:05.000 front: locked -> accessed
08:00:05.000 front: light yes
08:00:05.000 picture of visit 006b03f285000007
08:00:05.000 front: admitted a11a0001 by scanner, visit 006b03f285000007
08:00:05.000 front: visit 006b03f285000007 opened for a11a0001, price list 1
08:00:05.000 front: unlocked, accessed, for a11a0001
08:00:06.000 > visit of anna
08:00:06.000 till: admitted a11a0001 by phone, visit 006b03f285000007
08:00:06.000 visit 006b03f285000007 joined by a device of a11a0001
08:00:06.000 answer: visit joined, price list 1, credit unlimited
08:00:07.000 > anna puts k1 milk
08:00:07.000 visit 006b03f285000007: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:07.000 answer: ok, k1 14.90, visit 14.90
08:00:10.000 front: strike off
08:00:10.000 front: accessed -> locked
08:00:10.000 front: relocked, locked
08:00:10.000 > ledger full
08:00:10.000 text to owner: ledger_failing, urgent
08:00:10.000 alarm 1 ledger_failing raised, urgent
08:00:10.530 front: not_entered, locked, for a11a0001
08:00:11.000 > text 1 left
08:00:11.000 alarm 1: raised to owner left, by gateway
08:00:11.000 alarm 1 ledger_failing notified, urgent
08:00:11.000 > front: phone of bert
08:00:11.000 front: light no
08:00:11.000 answer: ledger_unavailable
08:00:11.000 front: refused be270002 by phone: ledger_unavailable
08:00:12.000 > anna puts k2 milk
08:00:12.000 answer: ledger_unavailable
08:00:13.000 > anna puts k1 milk
08:00:13.000 answer: ledger_unavailable
08:00:14.000 > visit of bert
08:00:14.000 till: refused be270002 by phone: ledger_unavailable
08:00:14.000 answer: ledger_unavailable
08:00:15.000 > till: token of bert
08:00:15.000 till: refused be270002 by scanner: ledger_unavailable
08:00:15.000 till: beep no
08:00:16.000 > anna closes
08:00:16.000 answer: ledger_unavailable
08:00:17.000 > session: token of olle
08:00:17.000 answer: admitted, owner
08:00:17.000 owner: admitted 011e0006 by phone
08:00:20.000 > front: rex on
08:00:20.500 > front: rex off
08:00:21.000 > front: contact open
08:00:21.030 front: closed -> open
08:00:21.030 front: exit, locked
08:00:26.000 front: buzzer on
08:00:29.000 front: normal -> held_open
08:00:29.000 picture of alarm 2
08:00:29.000 text to owner: front held_open, urgent, open 8 s
08:00:29.000 front: alarm 2 held_open raised, urgent
08:00:29.500 > text 2 left
08:00:29.500 alarm 2: raised to owner left, by gateway
08:00:29.500 front: alarm 2 held_open notified, urgent
08:00:30.000 > front: contact closed
08:00:30.030 front: open -> closed
08:00:30.030 front: buzzer off
08:00:30.030 enough about alarm 2
08:00:30.030 text to owner: front held_open, urgent, open 9 s, it is over
08:00:30.030 front: closed, locked
08:00:30.030 front: alarm 2 held_open cleared, urgent
08:00:31.000 visit 006b03f285000007 ended (exit), 1 line, 14.90
08:00:40.000 > ledger well
08:00:40.000 enough about alarm 1
08:00:40.000 alarm 1 ledger_failing cleared, urgent, over
08:00:40.030 text to owner: ledger_failing, urgent, it is over
08:00:41.000 > lost 2
08:00:41.000 2 rows found no room while the disk was full
08:00:50.000 > anna puts k2 milk
08:00:50.000 visit 006b03f285000007: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
08:00:50.000 answer: ok, k2 14.90, visit 29.80
08:00:51.000 > front: phone of bert
08:00:51.000 front: strike on
08:00:51.000 front: locked -> accessed
08:00:51.000 front: light yes
08:00:51.000 answer: admitted, member
08:00:51.000 picture of visit 006b03f2b3000031
08:00:51.000 front: admitted be270002 by phone, visit 006b03f2b3000031
08:00:51.000 front: visit 006b03f2b3000031 opened for be270002, price list 1
08:00:51.000 front: unlocked, accessed, for be270002
