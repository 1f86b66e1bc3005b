# Prices are pinned at entry; a later change counts only if it is lower. A recall counts at once.
member anna a11a0001
article milk 7310865004703 14.90
article bread 7340011495437 32.00
article gum 73101079 5.00
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
08:00:05.000 answer: visit opened, price list 1, credit unlimited
08:01:00.000 > price milk 16.90
08:01:10.000 > anna puts k1 milk
08:01:10.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:01:10.000 answer: ok, k1 14.90, visit 14.90
08:02:00.000 > price milk 12.90
08:02:10.000 > anna puts k2 milk
08:02:10.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 12.90 = 12.90
08:02:10.000 answer: ok, k2 12.90, visit 27.80
08:03:00.000 > remove bread
08:03:10.000 > anna puts k3 bread
08:03:10.000 visit 006b03f285000005: 7340011495437 bread, 1.000 at 32.00 = 32.00
08:03:10.000 answer: ok, k3 32.00, visit 59.80
08:04:00.000 > article pear 7310865000019 9.90
08:04:10.000 > anna puts k4 pear
08:04:10.000 visit 006b03f285000005: 7310865000019 pear, 1.000 at 9.90 = 9.90
08:04:10.000 answer: ok, k4 9.90, visit 69.70
08:05:00.000 > recall gum
08:05:10.000 > anna puts k5 gum
08:05:10.000 answer: recalled
