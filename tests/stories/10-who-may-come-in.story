# The shop's own rules: blocked, closed, full, credit, overdue. Owner and staff come at any hour; who is
# inside already is never told that the shop is full, and may always go on with the own visit.
member anna a11a0001
member bert be270002 blocked
member carl ca210003 limit=10
member dora d02a0004 overdue
member eve e0e00005
member olle 011e0006 owner
member sten 57e20007 staff
member lars 1a250008 delivery overdue
article milk 7310865004703 14.90
article gum 73101079 5.00
hours 06:00-22:00
occupancy 2
05:59:50.000 > start
05:59:50.000 front: strike off
05:59:50.000 front: buzzer off
05:59:50.000 start after an orderly stop, clock trusted
05:59:50.010 > front: contact closed
05:59:50.010 front: unknown -> closed
05:59:59.999 > front: phone of anna
05:59:59.999 front: light no
05:59:59.999 answer: closed_hours
05:59:59.999 front: refused a11a0001 by phone: closed_hours
06:00:00.000 > front: phone of anna
06:00:00.000 front: strike on
06:00:00.000 front: locked -> accessed
06:00:00.000 front: light yes
06:00:00.000 answer: admitted, member
06:00:00.000 picture of visit 006b03d660000007
06:00:00.000 front: admitted a11a0001 by phone, visit 006b03d660000007
06:00:00.000 front: visit 006b03d660000007 opened for a11a0001, price list 1
06:00:00.000 front: unlocked, accessed, for a11a0001
06:00:01.000 > front: phone of bert
06:00:01.000 front: light no
06:00:01.000 answer: blocked
06:00:01.000 front: refused be270002 by phone: blocked
06:00:02.000 > front: phone of carl
06:00:02.000 front: light yes
06:00:02.000 answer: admitted, member
06:00:02.000 picture of visit 006b03d66200000b
06:00:02.000 front: admitted ca210003 by phone, visit 006b03d66200000b
06:00:02.000 front: visit 006b03d66200000b opened for ca210003, price list 1
06:00:02.000 front: unlocked, accessed, for ca210003
06:00:03.000 > front: phone of eve
06:00:03.000 front: light no
06:00:03.000 answer: shop_full
06:00:03.000 front: refused e0e00005 by phone: shop_full
06:00:04.000 > front: phone of anna
06:00:04.000 front: light yes
06:00:04.000 answer: admitted, member
06:00:04.000 picture of visit 006b03d660000007
06:00:04.000 front: admitted a11a0001 by phone, visit 006b03d660000007
06:00:04.000 front: unlocked, accessed, for a11a0001
06:00:09.000 front: strike off
06:00:09.000 front: accessed -> locked
06:00:09.000 front: relocked, locked
06:00:09.530 front: not_entered, locked, for a11a0001
06:00:10.000 > visit of carl
06:00:10.000 till: admitted ca210003 by phone, visit 006b03d66200000b
06:00:10.000 visit 006b03d66200000b joined by a device of ca210003
06:00:10.000 answer: visit joined, price list 1, credit 10.00
06:00:11.000 > carl puts c1 milk
06:00:11.000 answer: credit_exhausted
06:00:12.000 > carl puts c2 gum
06:00:12.000 visit 006b03d66200000b: 73101079 gum, 1.000 at 5.00 = 5.00
06:00:12.000 answer: ok, c2 5.00, visit 5.00
06:00:13.000 > carl puts c3 gum
06:00:13.000 visit 006b03d66200000b: 73101079 gum, 1.000 at 5.00 = 5.00
06:00:13.000 answer: ok, c3 5.00, visit 10.00
06:00:14.000 > carl puts c4 gum
06:00:14.000 answer: credit_exhausted
06:00:20.000 > carl closes
06:00:20.000 visit 006b03d66200000b ended (closed), 2 lines, 10.00
06:00:20.000 answer: ok
06:00:30.000 > front: phone of carl
06:00:30.000 front: light no
06:00:30.000 answer: credit_exhausted
06:00:30.000 front: refused ca210003 by phone: credit_exhausted
06:00:31.000 > front: phone of dora
06:00:31.000 front: light no
06:00:31.000 answer: overdue
06:00:31.000 front: refused d02a0004 by phone: overdue
06:00:32.000 > front: phone of lars
06:00:32.000 front: strike on
06:00:32.000 front: locked -> accessed
06:00:32.000 front: light yes
06:00:32.000 answer: admitted, delivery
06:00:32.000 picture of visit 006b03d68000001e
06:00:32.000 front: admitted 1a250008 by phone, visit 006b03d68000001e
06:00:32.000 front: visit 006b03d68000001e opened for 1a250008, price list 1
06:00:32.000 front: unlocked, accessed, for 1a250008
06:00:33.000 > front: phone of sten
06:00:33.000 front: light yes
06:00:33.000 answer: admitted, staff
06:00:33.000 picture of visit 006b03d681000020
06:00:33.000 front: admitted 57e20007 by phone, visit 006b03d681000020
06:00:33.000 front: visit 006b03d681000020 opened for 57e20007, price list 1
06:00:33.000 front: unlocked, accessed, for 57e20007
06:00:38.000 front: strike off
06:00:38.000 front: accessed -> locked
06:00:38.000 front: relocked, locked
06:00:38.530 front: not_entered, locked, for 57e20007
08:00:04.000 visit 006b03d660000007 ended (silence), 0 lines, 0.00
08:00:32.000 visit 006b03d68000001e ended (silence), 0 lines, 0.00
08:00:33.000 visit 006b03d681000020 ended (silence), 0 lines, 0.00
22:00:00.000 > front: phone of eve
22:00:00.000 front: light no
22:00:00.000 answer: closed_hours
22:00:00.000 front: refused e0e00005 by phone: closed_hours
22:00:01.000 > front: phone of lars
22:00:01.000 front: light no
22:00:01.000 answer: closed_hours
22:00:01.000 front: refused 1a250008 by phone: closed_hours
22:00:02.000 > front: phone of olle
22:00:02.000 front: strike on
22:00:02.000 front: locked -> accessed
22:00:02.000 front: light yes
22:00:02.000 answer: admitted, owner
22:00:02.000 picture of visit 006b04b76200002b
22:00:02.000 front: admitted 011e0006 by phone, visit 006b04b76200002b
22:00:02.000 front: visit 006b04b76200002b opened for 011e0006, price list 1
22:00:02.000 front: unlocked, accessed, for 011e0006
22:00:03.000 > visit of olle
22:00:03.000 till: admitted 011e0006 by phone, visit 006b04b76200002b
22:00:03.000 visit 006b04b76200002b joined by a device of 011e0006
22:00:03.000 answer: visit joined, price list 1, credit unlimited
22:00:04.000 > visit of eve
22:00:04.000 till: refused e0e00005 by phone: closed_hours
22:00:04.000 answer: closed_hours
