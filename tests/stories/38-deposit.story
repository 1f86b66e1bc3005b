# Deposits come on top of the price, a piece; a void gives them back; the credit counts them.
member anna a11a0001 limit=60
article cola 7310865004703 15.00 vat=food deposit=1.00
article crate 73101079 20.00 vat=food deposit=12.50
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
08:00:05.000 answer: visit opened, price list 1, credit 60.00
08:00:10.000 > anna puts k1 cola
08:00:10.000 visit 006b03f285000005: 7310865004703 cola, 1.000 at 15.00 = 16.00
08:00:10.000 answer: ok, k1 16.00, food of 2026-11-23 at 600, deposit 1.00, visit 16.00
08:00:11.000 > anna puts k2 cola quantity=2000
08:00:11.000 visit 006b03f285000005: 7310865004703 cola, 2.000 at 15.00 = 32.00
08:00:11.000 answer: ok, k2 32.00, food of 2026-11-23 at 600, deposit 2.00, visit 48.00
# 12.00 are left: the drink alone would do, with its deposit it does not
08:00:12.000 > anna puts k3 crate
08:00:12.000 answer: credit_exhausted
08:00:13.000 > anna puts k1 cola
08:00:13.000 answer: repeated, k1 16.00, food of 2026-11-23 at 600, deposit 1.00, visit 48.00
08:00:14.000 > anna voids k2
08:00:14.000 visit 006b03f285000005: line k2 voided, 32.00
08:00:14.000 answer: ok, k2 32.00 voided, food of 2026-11-23 at 600, deposit 2.00, visit 16.00
08:00:15.000 > anna puts k4 crate
08:00:15.000 visit 006b03f285000005: 73101079 crate, 1.000 at 20.00 = 32.50
08:00:15.000 answer: ok, k4 32.50, food of 2026-11-23 at 600, deposit 12.50, visit 48.50
# a lower price counts for who is inside, with the deposit that stands beside it
08:00:20.000 > anna voids k4
08:00:20.000 visit 006b03f285000005: line k4 voided, 32.50
08:00:20.000 answer: ok, k4 32.50 voided, food of 2026-11-23 at 600, deposit 12.50, visit 16.00
08:00:21.000 > price cola 13.50
08:00:22.000 > anna puts k5 cola
08:00:22.000 visit 006b03f285000005: 7310865004703 cola, 1.000 at 13.50 = 14.50
08:00:22.000 answer: ok, k5 14.50, food of 2026-11-23 at 600, deposit 1.00, visit 30.50
08:00:30.000 > anna closes
08:00:30.000 visit 006b03f285000005 ended (closed), 2 lines, 30.50
08:00:30.000 answer: ok
