# A shop that is open from 18:00 to 02:00: Sunday's night still counts on Monday morning.
member anna a11a0001
hours 18:00-02:00
01:59:50.000 > start
01:59:50.000 front: strike off
01:59:50.000 front: buzzer off
01:59:50.000 start after an orderly stop, clock trusted
01:59:50.010 > front: contact closed
01:59:50.010 front: unknown -> closed
01:59:59.000 > front: phone of anna
01:59:59.000 front: strike on
01:59:59.000 front: locked -> accessed
01:59:59.000 front: light yes
01:59:59.000 answer: admitted, member
01:59:59.000 picture of visit 006b039e1f000005
01:59:59.000 front: admitted a11a0001 by phone, visit 006b039e1f000005
01:59:59.000 front: visit 006b039e1f000005 opened for a11a0001, price list 1
01:59:59.000 front: unlocked, accessed, for a11a0001
02:00:00.000 > front: phone of anna
02:00:00.000 front: light no
02:00:00.000 answer: closed_hours
02:00:00.000 front: refused a11a0001 by phone: closed_hours
02:00:04.000 front: strike off
02:00:04.000 front: accessed -> locked
02:00:04.000 front: relocked, locked
02:00:04.530 front: not_entered, locked, for a11a0001
03:59:59.000 visit 006b039e1f000005 ended (silence), 0 lines, 0.00
17:59:59.000 > front: phone of anna
17:59:59.000 front: light no
17:59:59.000 answer: closed_hours
17:59:59.000 front: refused a11a0001 by phone: closed_hours
18:00:00.000 > front: phone of anna
18:00:00.000 front: strike on
18:00:00.000 front: locked -> accessed
18:00:00.000 front: light yes
18:00:00.000 answer: admitted, member
18:00:00.000 picture of visit 006b047f2000000e
18:00:00.000 front: admitted a11a0001 by phone, visit 006b047f2000000e
18:00:00.000 front: visit 006b047f2000000e opened for a11a0001, price list 1
18:00:00.000 front: unlocked, accessed, for a11a0001
18:00:05.000 front: strike off
18:00:05.000 front: accessed -> locked
18:00:05.000 front: relocked, locked
18:00:05.530 front: not_entered, locked, for a11a0001
20:00:00.000 visit 006b047f2000000e ended (silence), 0 lines, 0.00
23:59:59.000 > front: phone of anna
23:59:59.000 front: strike on
23:59:59.000 front: locked -> accessed
23:59:59.000 front: light yes
23:59:59.000 answer: admitted, member
23:59:59.000 picture of visit 006b04d37f000013
23:59:59.000 front: admitted a11a0001 by phone, visit 006b04d37f000013
23:59:59.000 front: visit 006b04d37f000013 opened for a11a0001, price list 1
23:59:59.000 front: unlocked, accessed, for a11a0001
