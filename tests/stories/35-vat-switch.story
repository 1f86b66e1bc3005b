# The night of 1 April 2026: food goes from 12 to 6 percent at midnight, by the day on which it was bought.
# A line that a phone had kept has the rate of the day of its visit, whenever it comes.
date 2026-03-31
member anna a11a0001
member bert be270002
article milk 7310865004703 14.90 vat=food
article soup 7310861000013 89.00 vat=restaurant
article paper 7388102900002 35.00 vat=culture
article soap 73101079 20.00 vat=standard
article old 73101086 10.00 1200
23:50:00.000 > start
23:50:00.000 front: strike off
23:50:00.000 front: buzzer off
23:50:00.000 start after an orderly stop, clock trusted
23:50:00.010 > front: contact closed
23:50:00.010 front: unknown -> closed
23:58:00.000 > visit of anna
23:58:00.000 till: admitted a11a0001 by phone, visit 0069cc5f88000005
23:58:00.000 till: visit 0069cc5f88000005 opened for a11a0001, price list 1
23:58:00.000 visit 0069cc5f88000005 joined by a device of a11a0001
23:58:00.000 answer: visit opened, price list 1, credit unlimited
23:58:01.000 > visit of bert
23:58:01.000 till: admitted be270002 by phone, visit 0069cc5f89000007
23:58:01.000 till: visit 0069cc5f89000007 opened for be270002, price list 1
23:58:01.000 visit 0069cc5f89000007 joined by a device of be270002
23:58:01.000 answer: visit opened, price list 1, credit unlimited
23:59:59.999 > anna puts k1 milk
23:59:59.999 visit 0069cc5f88000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
23:59:59.999 answer: ok, k1 14.90, food of 2026-03-31 at 1200, visit 14.90
24:00:00.000 > anna puts k2 milk
24:00:00.000 visit 0069cc5f88000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
24:00:00.000 answer: ok, k2 14.90, food of 2026-04-01 at 600, visit 29.80
24:00:01.000 > anna puts k3 soup
24:00:01.000 visit 0069cc5f88000005: 7310861000013 soup, 1.000 at 89.00 = 89.00
24:00:01.000 answer: ok, k3 89.00, restaurant of 2026-04-01 at 1200, visit 118.80
24:00:02.000 > anna puts k4 paper
24:00:02.000 visit 0069cc5f88000005: 7388102900002 paper, 1.000 at 35.00 = 35.00
24:00:02.000 answer: ok, k4 35.00, culture of 2026-04-01 at 600, visit 153.80
24:00:03.000 > anna puts k5 soap
24:00:03.000 visit 0069cc5f88000005: 73101079 soap, 1.000 at 20.00 = 20.00
24:00:03.000 answer: ok, k5 20.00, standard of 2026-04-01 at 2500, visit 173.80
# a rate that was given as a number stays
24:00:04.000 > anna puts k6 old
24:00:04.000 visit 0069cc5f88000005: 73101086 old, 1.000 at 10.00 = 10.00
24:00:04.000 answer: ok, k6 10.00, visit 183.80
# scanned before midnight, heard after it
24:00:30.000 > anna puts k7 milk at=23:59:50
24:00:30.000 visit 0069cc5f88000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
24:00:30.000 answer: ok, k7 14.90, food of 2026-03-31 at 1200, visit 198.70
# a phone cannot say that it was before the visit, nor that it is to come
24:00:31.000 > anna puts k8 milk at=23:57:59
24:00:31.000 visit 0069cc5f88000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
24:00:31.000 answer: ok, k8 14.90, food of 2026-04-01 at 600, visit 213.60
24:00:32.000 > anna puts k9 milk at=24:09:00
24:00:32.000 visit 0069cc5f88000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
24:00:32.000 answer: ok, k9 14.90, food of 2026-04-01 at 600, visit 228.50
# the same again is the same, whatever the day
24:00:40.000 > anna puts k1 milk
24:00:40.000 answer: repeated, k1 14.90, food of 2026-03-31 at 1200, visit 228.50
24:00:41.000 > anna puts k7 milk at=23:59:50
24:00:41.000 answer: repeated, k7 14.90, food of 2026-03-31 at 1200, visit 228.50
24:01:00.000 > anna closes
24:01:00.000 visit 0069cc5f88000005 ended (closed), 9 lines, 228.50
24:01:00.000 answer: ok
# Bert left before midnight, by the phone's word at 23:59:40; his visit ended with its close
24:02:00.000 > bert closes
24:02:00.000 visit 0069cc5f89000007 ended (closed), 0 lines, 0.00
24:02:00.000 answer: ok
24:05:00.000 > bert puts b1 milk at=23:59:40
24:05:00.000 visit 0069cc5f89000007: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
24:05:00.000 answer: ok, b1 14.90, food of 2026-03-31 at 1200, visit 14.90
24:05:01.000 > bert puts b2 milk
24:05:01.000 visit 0069cc5f89000007: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
24:05:01.000 answer: ok, b2 14.90, food of 2026-04-01 at 600, visit 29.80
24:05:02.000 > bert puts b3 milk at=24:04:00
24:05:02.000 visit 0069cc5f89000007: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
24:05:02.000 answer: ok, b3 14.90, food of 2026-04-01 at 600, visit 44.70
