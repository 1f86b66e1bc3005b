# Past its use-by date it is not sold; past its best-before date it is, for a third less. The day itself is
# still good. While nobody knows what day it is, no date is judged.
date 2026-11-23
discount 3333
member anna a11a0001
article milk 7310865004703 14.90 vat=food
article gum 73101079 5.00 vat=food
article ham 2301234500006 129.00 vat=food
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
# use by 23 November, and 22 November
08:00:10.000 > anna scans k1 010731086500470317261123
08:00:10.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:10.000 answer: ok, k1 14.90, food of 2026-11-23 at 600, visit 14.90
08:00:11.000 > anna scans k2 010731086500470317261122
08:00:11.000 answer: expired
# best before 23 November, and 22 November: 14.90 less 33.33 percent is 9.93
08:00:12.000 > anna scans k3 010731086500470315261123
08:00:12.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:12.000 answer: ok, k3 14.90, food of 2026-11-23 at 600, visit 29.80
08:00:13.000 > anna scans k4 010731086500470315261122
08:00:13.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 9.93 = 9.93
08:00:13.000 answer: ok, k4 9.93, food of 2026-11-23 at 600, best before 2026-11-22, was 14.90, visit 39.73
08:00:14.000 > anna scans k4 010731086500470315261122
08:00:14.000 answer: repeated, k4 9.93, food of 2026-11-23 at 600, best before 2026-11-22, was 14.90, visit 39.73
08:00:15.000 > anna scans k5 010731086500470315261122 quantity=3000
08:00:15.000 visit 006b03f285000005: 7310865004703 milk, 3.000 at 9.93 = 29.79
08:00:15.000 answer: ok, k5 29.79, food of 2026-11-23 at 600, best before 2026-11-22, was 14.90, visit 69.52
# the same key for another date is something else, and for another lot
08:00:16.000 > anna scans k4 010731086500470315261121
08:00:16.000 answer: key_reused
08:00:17.000 > anna scans k6 01073108650047031526112210L1
08:00:17.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 9.93 = 9.93
08:00:17.000 answer: ok, k6 9.93, food of 2026-11-23 at 600, best before 2026-11-22, was 14.90, visit 79.45
08:00:18.000 > anna scans k6 01073108650047031526112210L2
08:00:18.000 answer: key_reused
08:00:19.000 > anna scans k6 01073108650047031526112210L1
08:00:19.000 answer: repeated, k6 9.93, food of 2026-11-23 at 600, best before 2026-11-22, was 14.90, visit 79.45
# recalled comes before any date
08:00:20.000 > recall milk
08:00:21.000 > anna scans k7 010731086500470315261122
08:00:21.000 answer: recalled
08:01:00.000 > anna closes
08:01:00.000 visit 006b03f285000005 ended (closed), 5 lines, 79.45
08:01:00.000 answer: ok
# the clock is not to be trusted
08:02:00.000 > clock untrusted
08:02:00.000 clock stepped by 0 ms, not trusted
08:02:01.000 > anna scans k8 010000007310107917261122
08:02:01.000 visit 006b03f285000005: 73101079 gum, 1.000 at 5.00 = 5.00, late
08:02:01.000 answer: ok, k8 5.00, food of 2026-11-23 at 600, visit 84.45
08:02:02.000 > anna scans k9 010000007310107915261122
08:02:02.000 visit 006b03f285000005: 73101079 gum, 1.000 at 5.00 = 5.00, late
08:02:02.000 answer: ok, k9 5.00, food of 2026-11-23 at 600, best before 2026-11-22, was 5.00, visit 89.45
