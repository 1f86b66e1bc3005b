# Levels of trust: a new member comes in by day and up to 200 kr, a restricted one between ten and four, the
# trusted at any hour. The own limit counts where it is lower. Owner and staff are nobody's levels.
trust new limit=200 hours=08:00-20:00
trust restricted limit=50 hours=10:00-16:00
member anna a11a0001
member bert be270002 trust=restricted
member carl ca210003 trust=trusted
member dora d02a0004 limit=100
member eve e0e00005 limit=500 trust=trusted
member olle 011e0006 owner
article milk 7310865004703 60.00 vat=food
07:59:50.000 > start
07:59:50.000 front: strike off
07:59:50.000 front: buzzer off
07:59:50.000 start after an orderly stop, clock trusted
07:59:50.010 > front: contact closed
07:59:50.010 front: unknown -> closed
07:59:59.999 > front: phone of anna
07:59:59.999 front: light no
07:59:59.999 answer: closed_hours
07:59:59.999 front: refused a11a0001 by phone: closed_hours
08:00:00.000 > front: phone of anna
08:00:00.000 front: strike on
08:00:00.000 front: locked -> accessed
08:00:00.000 front: light yes
08:00:00.000 answer: admitted, member
08:00:00.000 picture of visit 006b03f280000007
08:00:00.000 front: admitted a11a0001 by phone, visit 006b03f280000007
08:00:00.000 front: visit 006b03f280000007 opened for a11a0001, price list 1
08:00:00.000 front: unlocked, accessed, for a11a0001
08:00:01.000 > front: phone of bert
08:00:01.000 front: light no
08:00:01.000 answer: closed_hours
08:00:01.000 front: refused be270002 by phone: closed_hours
08:00:02.000 > front: phone of carl
08:00:02.000 front: light yes
08:00:02.000 answer: admitted, member
08:00:02.000 picture of visit 006b03f28200000b
08:00:02.000 front: admitted ca210003 by phone, visit 006b03f28200000b
08:00:02.000 front: visit 006b03f28200000b opened for ca210003, price list 1
08:00:02.000 front: unlocked, accessed, for ca210003
08:00:07.000 front: strike off
08:00:07.000 front: accessed -> locked
08:00:07.000 front: relocked, locked
08:00:07.530 front: not_entered, locked, for ca210003
08:00:10.000 > visit of anna
08:00:10.000 till: admitted a11a0001 by phone, visit 006b03f280000007
08:00:10.000 visit 006b03f280000007 joined by a device of a11a0001
08:00:10.000 answer: visit joined, price list 1, credit 200.00
08:00:11.000 > visit of dora
08:00:11.000 till: admitted d02a0004 by phone, visit 006b03f28b000011
08:00:11.000 till: visit 006b03f28b000011 opened for d02a0004, price list 1
08:00:11.000 visit 006b03f28b000011 joined by a device of d02a0004
08:00:11.000 answer: visit opened, price list 1, credit 100.00
08:00:12.000 > visit of carl
08:00:12.000 till: admitted ca210003 by phone, visit 006b03f28200000b
08:00:12.000 visit 006b03f28200000b joined by a device of ca210003
08:00:12.000 answer: visit joined, price list 1, credit unlimited
08:00:13.000 > visit of eve
08:00:13.000 till: admitted e0e00005 by phone, visit 006b03f28d000015
08:00:13.000 till: visit 006b03f28d000015 opened for e0e00005, price list 1
08:00:13.000 visit 006b03f28d000015 joined by a device of e0e00005
08:00:13.000 answer: visit opened, price list 1, credit 500.00
08:00:20.000 > anna puts k1 milk quantity=3000
08:00:20.000 visit 006b03f280000007: 7310865004703 milk, 3.000 at 60.00 = 180.00
08:00:20.000 answer: ok, k1 180.00, food of 2026-11-23 at 600, visit 180.00
08:00:21.000 > anna puts k2 milk
08:00:21.000 answer: credit_exhausted
08:00:22.000 > dora puts d1 milk quantity=2000
08:00:22.000 answer: credit_exhausted
# from now on she is trusted
08:00:23.000 > trust anna trusted
08:00:24.000 > anna puts k2 milk
08:00:24.000 visit 006b03f280000007: 7310865004703 milk, 1.000 at 60.00 = 60.00
08:00:24.000 answer: ok, k2 60.00, food of 2026-11-23 at 600, visit 240.00
08:01:00.000 > anna closes
08:01:00.000 visit 006b03f280000007 ended (closed), 2 lines, 240.00
08:01:00.000 answer: ok
08:01:01.000 > dora closes
08:01:01.000 visit 006b03f28b000011 ended (closed), 0 lines, 0.00
08:01:01.000 answer: ok
08:01:02.000 > carl closes
08:01:02.000 visit 006b03f28200000b ended (closed), 0 lines, 0.00
08:01:02.000 answer: ok
08:01:03.000 > eve closes
08:01:03.000 visit 006b03f28d000015 ended (closed), 0 lines, 0.00
08:01:03.000 answer: ok
10:00:00.000 > front: phone of bert
10:00:00.000 front: strike on
10:00:00.000 front: locked -> accessed
10:00:00.000 front: light yes
10:00:00.000 answer: admitted, member
10:00:00.000 picture of visit 006b040ea000001f
10:00:00.000 front: admitted be270002 by phone, visit 006b040ea000001f
10:00:00.000 front: visit 006b040ea000001f opened for be270002, price list 1
10:00:00.000 front: unlocked, accessed, for be270002
10:00:01.000 > visit of bert
10:00:01.000 till: admitted be270002 by phone, visit 006b040ea000001f
10:00:01.000 visit 006b040ea000001f joined by a device of be270002
10:00:01.000 answer: visit joined, price list 1, credit 50.00
10:00:02.000 > bert puts b1 milk
10:00:02.000 answer: credit_exhausted
10:00:05.000 front: strike off
10:00:05.000 front: accessed -> locked
10:00:05.000 front: relocked, locked
10:00:05.530 front: not_entered, locked, for be270002
11:30:00.000 > bert closes
11:30:00.000 visit 006b040ea000001f ended (closed), 0 lines, 0.00
11:30:00.000 answer: ok
16:00:00.000 > front: phone of bert
16:00:00.000 front: light no
16:00:00.000 answer: closed_hours
16:00:00.000 front: refused be270002 by phone: closed_hours
20:00:00.000 > front: phone of dora
20:00:00.000 front: light no
20:00:00.000 answer: closed_hours
20:00:00.000 front: refused d02a0004 by phone: closed_hours
20:00:01.000 > front: phone of anna
20:00:01.000 front: strike on
20:00:01.000 front: locked -> accessed
20:00:01.000 front: light yes
20:00:01.000 answer: admitted, member
20:00:01.000 picture of visit 006b049b4100002b
20:00:01.000 front: admitted a11a0001 by phone, visit 006b049b4100002b
20:00:01.000 front: visit 006b049b4100002b opened for a11a0001, price list 1
20:00:01.000 front: unlocked, accessed, for a11a0001
20:00:02.000 > front: phone of olle
20:00:02.000 front: light yes
20:00:02.000 answer: admitted, owner
20:00:02.000 picture of visit 006b049b4200002d
20:00:02.000 front: admitted 011e0006 by phone, visit 006b049b4200002d
20:00:02.000 front: visit 006b049b4200002d opened for 011e0006, price list 1
20:00:02.000 front: unlocked, accessed, for 011e0006
