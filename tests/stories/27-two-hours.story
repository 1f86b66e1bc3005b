# Two hours of silence end a visit; whatever is done in it starts them again.
member anna a11a0001
member bert be270002
article milk 7310865004703 14.90
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
08:00:06.000 > visit of bert
08:00:06.000 till: admitted be270002 by phone, visit 006b03f286000007
08:00:06.000 till: visit 006b03f286000007 opened for be270002, price list 1
08:00:06.000 visit 006b03f286000007 joined by a device of be270002
08:00:06.000 answer: visit opened, price list 1, credit unlimited
09:30:00.000 > anna puts k1 milk
09:30:00.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:30:00.000 answer: ok, k1 14.90, visit 14.90
10:00:06.000 visit 006b03f286000007 ended (silence), 0 lines, 0.00
11:30:00.000 visit 006b03f285000005 ended (silence), 1 line, 14.90
12:00:00.000 > anna puts k2 milk
12:00:00.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
12:00:00.000 answer: ok, k2 14.90, visit 29.80
