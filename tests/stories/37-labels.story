# Labels from the scale: a weight, a price. Each is one thing, under one key; the same label twice is two things.
member anna a11a0001 limit=400
article ham 2301234500006 129.00 vat=food
article cheese 2001234500005 0.00 vat=food
article milk 7310865004703 14.90 vat=food
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:05.000 > visit of anna
08:00:05.000 till: admitted a11a0001 by phone, visit 006b03f285000005
08:00:05.000 till: visit 006b03f285000005 opened for a11a0001, price list 1
08:00:05.000 visit 006b03f285000005 joined by a device of a11a0001
08:00:05.000 answer: visit opened, price list 1, credit 400.00
# 0.854 kg at 129.00
08:00:10.000 > anna scans k1 2301234508545
08:00:10.000 visit 006b03f285000005: 2301234500006 ham, 0.854 at 129.00 = 110.17
08:00:10.000 answer: ok, k1 110.17, food of 2026-11-23 at 600, visit 110.17
08:00:11.000 > anna scans k1 2301234508545
08:00:11.000 answer: repeated, k1 110.17, food of 2026-11-23 at 600, visit 110.17
08:00:12.000 > anna scans k2 2301234508545
08:00:12.000 visit 006b03f285000005: 2301234500006 ham, 0.854 at 129.00 = 110.17
08:00:12.000 answer: ok, k2 110.17, food of 2026-11-23 at 600, visit 220.34
# another weight under the same key is something else
08:00:13.000 > anna scans k1 2301234503335
08:00:13.000 answer: key_reused
# a label is not asked for twice
08:00:14.000 > anna scans k3 2301234503335 quantity=2000
08:00:14.000 answer: malformed
08:00:15.000 > anna scans k3 2301234503335 quantity=333
08:00:15.000 answer: malformed
08:00:16.000 > anna scans k3 2301234503335
08:00:16.000 visit 006b03f285000005: 2301234500006 ham, 0.333 at 129.00 = 42.96
08:00:16.000 answer: ok, k3 42.96, food of 2026-11-23 at 600, visit 263.30
# weighs nothing
08:00:17.000 > anna scans k4 2301234500006
08:00:17.000 answer: unknown_article
# 49.90, and it includes everything
08:00:20.000 > anna scans k5 2001234549905
08:00:20.000 visit 006b03f285000005: 2001234500005 cheese, 1.000 at 49.90 = 49.90
08:00:20.000 answer: ok, k5 49.90, food of 2026-11-23 at 600, visit 313.20
08:00:21.000 > anna scans k5 2001234549905
08:00:21.000 answer: repeated, k5 49.90, food of 2026-11-23 at 600, visit 313.20
08:00:22.000 > anna scans k5 2001234501002
08:00:22.000 answer: key_reused
08:00:23.000 > anna scans k6 2001234501002 quantity=2000
08:00:23.000 answer: malformed
08:00:24.000 > anna scans k6 2001234501002
08:00:24.000 visit 006b03f285000005: 2001234500005 cheese, 1.000 at 1.00 = 1.00
08:00:24.000 answer: ok, k6 1.00, food of 2026-11-23 at 600, visit 314.20
# a wrong check digit, and a number that nobody sells
08:00:30.000 > anna scans k7 2301234508546
08:00:30.000 answer: unknown_article
08:00:31.000 > anna scans k7 2309999908545
08:00:31.000 answer: unknown_article
# at the till
08:00:40.000 > till: token of anna
08:00:40.000 till: admitted a11a0001 by scanner, visit 006b03f285000005
08:00:40.000 till: beep yes
08:00:41.000 > till: scans 2301234503335
08:00:41.000 visit 006b03f285000005: 2301234500006 ham, 0.333 at 129.00 = 42.96
08:00:41.000 till: beep yes
08:00:42.000 > till: scans 2301234503335
08:00:42.000 till: beep no
08:00:43.000 > till: scans 2301234503336
08:00:43.000 till: beep no
08:00:50.000 > anna closes
08:00:50.000 visit 006b03f285000005 ended (closed), 6 lines, 357.16
08:00:50.000 answer: ok
