# Anna's phone had no signal: its line comes after she has left, is marked late, and counts. Nothing can be
# taken back any more. After seven days it is too late.
member anna a11a0001
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
08:00:10.000 > anna puts k1 milk
08:00:10.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:10.000 answer: ok, k1 14.90, visit 14.90
08:00:20.000 > anna closes
08:00:20.000 visit 006b03f285000005 ended (closed), 1 line, 14.90
08:00:20.000 answer: ok
08:00:21.000 > anna closes
08:00:21.000 answer: repeated
08:30:00.000 > anna puts k1 milk
08:30:00.000 answer: repeated, k1 14.90, visit 14.90
08:30:01.000 > anna puts k2 milk
08:30:01.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90, late
08:30:01.000 answer: ok, k2 14.90, visit 29.80
08:30:02.000 > anna voids k1
08:30:02.000 answer: visit_over
08:30:03.000 > anna invites
08:30:03.000 answer: visit_over
08:40:00.000 > clock 604800
08:40:00.000 clock stepped by 604800000 ms, trusted
08:40:01.000 > anna puts k3 milk
08:40:01.000 answer: visit_over
