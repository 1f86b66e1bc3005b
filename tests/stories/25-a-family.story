# Another member's phone joins by a code, once, within a minute. Each pays for what the own phone scanned.
member anna a11a0001 limit=100
member bert be270002 limit=20
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
08:00:05.000 answer: visit opened, price list 1, credit 100.00
08:00:10.000 > visit of bert code=WRONGONE
08:00:10.000 answer: join_code_unknown
08:00:20.000 > anna invites
08:00:20.000 answer: ok, code J0000009
08:00:25.000 > visit of bert code=last
08:00:25.000 till: admitted be270002 by phone, visit 006b03f285000005
08:00:25.000 visit 006b03f285000005 joined by a device of be270002
08:00:25.000 answer: visit joined, price list 1, credit 20.00
08:00:30.000 > visit of bert code=last as=bert2
08:00:30.000 answer: join_code_unknown
08:00:40.000 > bert puts b1 milk
08:00:40.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:40.000 answer: ok, b1 14.90, visit 14.90
08:00:41.000 > bert puts b2 milk
08:00:41.000 answer: credit_exhausted
08:00:42.000 > anna puts a1 milk
08:00:42.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:42.000 answer: ok, a1 14.90, visit 29.80
08:01:00.000 > anna invites
08:01:00.000 answer: ok, code J0000017
08:02:00.000 > visit of bert code=last
08:02:00.000 answer: join_code_unknown
08:02:10.000 > bert closes
08:02:10.000 visit 006b03f285000005 ended (closed), 2 lines, 29.80
08:02:10.000 answer: ok
08:02:11.000 > anna closes
08:02:11.000 answer: repeated
08:02:12.000 > anna invites
08:02:12.000 answer: visit_over
