# What the office sets holds at once: how many may be inside, and when.
member anna a11a0001
member bert be270002
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.015 > front: rex off
08:01:00.000 > policy occupancy 1
08:02:00.000 > front: phone of anna
08:02:00.000 front: strike on
08:02:00.000 front: locked -> accessed
08:02:00.000 front: light yes
08:02:00.000 answer: admitted, member
08:02:00.000 picture of visit 006b03f2f8000008
08:02:00.000 front: admitted a11a0001 by phone, visit 006b03f2f8000008
08:02:00.000 front: visit 006b03f2f8000008 opened for a11a0001, price list 1
08:02:00.000 front: unlocked, accessed, for a11a0001
08:02:05.000 front: strike off
08:02:05.000 front: accessed -> locked
08:02:05.000 front: relocked, locked
08:02:05.530 front: not_entered, locked, for a11a0001
08:03:00.000 > front: phone of bert
08:03:00.000 front: light no
08:03:00.000 answer: shop_full
08:03:00.000 front: refused be270002 by phone: shop_full
08:04:00.000 > policy occupancy 2
08:04:10.000 > front: phone of bert
08:04:10.000 front: strike on
08:04:10.000 front: locked -> accessed
08:04:10.000 front: light yes
08:04:10.000 answer: admitted, member
08:04:10.000 picture of visit 006b03f37a000010
08:04:10.000 front: admitted be270002 by phone, visit 006b03f37a000010
08:04:10.000 front: visit 006b03f37a000010 opened for be270002, price list 1
08:04:10.000 front: unlocked, accessed, for be270002
08:04:15.000 front: strike off
08:04:15.000 front: accessed -> locked
08:04:15.000 front: relocked, locked
08:04:15.530 front: not_entered, locked, for be270002
08:05:00.000 > policy hours 600 1200
08:05:10.000 > front: phone of anna
08:05:10.000 front: light no
08:05:10.000 answer: closed_hours
08:05:10.000 front: refused a11a0001 by phone: closed_hours
08:06:00.000 > policy hours 0 1440
08:06:10.000 > front: phone of anna
08:06:10.000 front: strike on
08:06:10.000 front: locked -> accessed
08:06:10.000 front: light yes
08:06:10.000 answer: admitted, member
08:06:10.000 picture of visit 006b03f2f8000008
08:06:10.000 front: admitted a11a0001 by phone, visit 006b03f2f8000008
08:06:10.000 front: unlocked, accessed, for a11a0001
