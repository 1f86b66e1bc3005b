# An invoice thirty days overdue: Dora is inside when the day comes, goes on as far as her credit goes, and
# out. The next time she is told at the door. When she has paid she is welcome.
date 2026-11-23
door exit=rex
member dora d02a0004 limit=500 unpaid=420 due=2026-10-25
member carl ca210003 limit=500 unpaid=-50
article milk 7310865004703 14.90 vat=food
23:50:00.000 > start
23:50:00.000 front: strike off
23:50:00.000 front: buzzer off
23:50:00.000 start after an orderly stop, clock trusted
23:50:00.010 > front: contact closed
23:50:00.010 front: unknown -> closed
23:50:00.020 > front: rex off
23:55:00.000 > front: phone of dora
23:55:00.000 front: strike on
23:55:00.000 front: locked -> accessed
23:55:00.000 front: light yes
23:55:00.000 answer: admitted, member
23:55:00.000 picture of visit 006b04d254000006
23:55:00.000 front: admitted d02a0004 by phone, visit 006b04d254000006
23:55:00.000 front: visit 006b04d254000006 opened for d02a0004, price list 1
23:55:00.000 front: unlocked, accessed, for d02a0004
23:55:02.000 > front: contact open
23:55:02.030 front: closed -> open
23:55:02.030 front: strike off
23:55:02.030 front: accessed -> locked
23:55:02.030 front: opened, accessed, for d02a0004
23:55:02.030 front: relocked, locked
23:55:05.000 > front: contact closed
23:55:05.030 front: open -> closed
23:55:05.030 front: closed, locked
23:55:10.000 > visit of dora
23:55:10.000 till: admitted d02a0004 by phone, visit 006b04d254000006
23:55:10.000 visit 006b04d254000006 joined by a device of d02a0004
23:55:10.000 answer: visit joined, price list 1, credit 80.00
# what invoices leave unpaid counts against the credit
23:55:11.000 > dora puts d1 milk quantity=2000
23:55:11.000 visit 006b04d254000006: 7310865004703 milk, 2.000 at 14.90 = 29.80
23:55:11.000 answer: ok, d1 29.80, food of 2026-11-23 at 600, visit 29.80
# a month and a day
24:00:10.000 > dora puts d2 milk quantity=3000
24:00:10.000 visit 006b04d254000006: 7310865004703 milk, 3.000 at 14.90 = 44.70
24:00:10.000 answer: ok, d2 44.70, food of 2026-11-24 at 600, visit 74.50
24:00:11.000 > dora puts d3 milk quantity=4000
24:00:11.000 answer: credit_exhausted
24:00:12.000 > dora voids d1
24:00:12.000 visit 006b04d254000006: line d1 voided, 29.80
24:00:12.000 answer: ok, d1 29.80 voided, food of 2026-11-23 at 600, visit 44.70
24:00:25.000 > front: rex on
24:00:25.300 > front: contact open
24:00:25.330 front: closed -> open
24:00:25.330 front: exit, locked
24:00:25.600 > front: rex off
24:00:28.000 > front: contact closed
24:00:28.030 front: open -> closed
24:00:28.030 front: closed, locked
24:00:29.000 visit 006b04d254000006 ended (exit), 1 line, 44.70
24:00:40.000 > wait
24:01:00.000 > front: phone of dora
24:01:00.000 front: light no
24:01:00.000 answer: overdue
24:01:00.000 front: refused d02a0004 by phone: overdue
24:01:01.000 > visit of dora
24:01:01.000 till: refused d02a0004 by phone: overdue
24:01:01.000 answer: overdue
24:02:00.000 > pays dora
24:02:10.000 > front: phone of dora
24:02:10.000 front: strike on
24:02:10.000 front: locked -> accessed
24:02:10.000 front: light yes
24:02:10.000 answer: admitted, member
24:02:10.000 picture of visit 006b04d402000022
24:02:10.000 front: admitted d02a0004 by phone, visit 006b04d402000022
24:02:10.000 front: visit 006b04d402000022 opened for d02a0004, price list 1
24:02:10.000 front: unlocked, accessed, for d02a0004
24:02:15.000 front: strike off
24:02:15.000 front: accessed -> locked
24:02:15.000 front: relocked, locked
24:02:15.530 front: not_entered, locked, for d02a0004
24:02:20.000 > visit of carl
24:02:20.000 till: admitted ca210003 by phone, visit 006b04d40c000026
24:02:20.000 till: visit 006b04d40c000026 opened for ca210003, price list 1
24:02:20.000 visit 006b04d40c000026 joined by a device of ca210003
24:02:20.000 answer: visit opened, price list 1, credit 550.00
