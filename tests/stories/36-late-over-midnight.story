# A visit that was over before midnight: its late lines are of March, at March's rate.
date 2026-03-31
member anna a11a0001
article milk 7310865004703 14.90 vat=food
23:50:00.000 > start
23:50:00.000 front: strike off
23:50:00.000 front: buzzer off
23:50:00.000 start after an orderly stop, clock trusted
23:50:00.010 > front: contact closed
23:50:00.010 front: unknown -> closed
23:55:00.000 > visit of anna
23:55:00.000 till: admitted a11a0001 by phone, visit 0069cc5ed4000005
23:55:00.000 till: visit 0069cc5ed4000005 opened for a11a0001, price list 1
23:55:00.000 visit 0069cc5ed4000005 joined by a device of a11a0001
23:55:00.000 answer: visit opened, price list 1, credit unlimited
23:59:30.000 > anna closes
23:59:30.000 visit 0069cc5ed4000005 ended (closed), 0 lines, 0.00
23:59:30.000 answer: ok
# after midnight the phone has a signal again
33:00:00.000 > anna puts k1 milk
33:00:00.000 visit 0069cc5ed4000005: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
33:00:00.000 answer: ok, k1 14.90, food of 2026-03-31 at 1200, visit 14.90
33:00:01.000 > anna puts k2 milk at=23:56:00
33:00:01.000 visit 0069cc5ed4000005: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
33:00:01.000 answer: ok, k2 14.90, food of 2026-03-31 at 1200, visit 29.80
33:00:02.000 > anna puts k3 milk at=32:00:00
33:00:02.000 visit 0069cc5ed4000005: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
33:00:02.000 answer: ok, k3 14.90, food of 2026-03-31 at 1200, visit 44.70
33:00:03.000 > visit of anna
33:00:03.000 till: admitted a11a0001 by phone, visit 0069ccde9300000b
33:00:03.000 till: visit 0069ccde9300000b opened for a11a0001, price list 1
33:00:03.000 visit 0069ccde9300000b joined by a device of a11a0001
33:00:03.000 answer: visit opened, price list 1, credit unlimited
33:00:04.000 > anna puts k4 milk
33:00:04.000 visit 0069ccde9300000b: 7310865004703 milk, 1.000 at 14.90 = 14.90
33:00:04.000 answer: ok, k4 14.90, food of 2026-04-01 at 600, visit 14.90
