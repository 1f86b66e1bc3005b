# The power goes while Anna is inside. What was used before the cut cannot be used after it; her visit,
# her bearer and her basket are still there. Ten seconds of skew after the start even a new code has to wait.
member anna a11a0001
member bert be270002
member carl ca210003
article milk 7310865004703 14.90
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:05.000 > front: token of anna
08:00:05.000 front: strike on
08:00:05.000 front: locked -> accessed
08:00:05.000 front: light yes
08:00:05.000 picture of visit 006b03f285000005
08:00:05.000 front: admitted a11a0001 by scanner, visit 006b03f285000005
08:00:05.000 front: visit 006b03f285000005 opened for a11a0001, price list 1
08:00:05.000 front: unlocked, accessed, for a11a0001
08:00:10.000 front: strike off
08:00:10.000 front: accessed -> locked
08:00:10.000 front: relocked, locked
08:00:10.530 front: not_entered, locked, for a11a0001
08:00:20.000 > visit of anna
08:00:20.000 till: admitted a11a0001 by phone, visit 006b03f285000005
08:00:20.000 visit 006b03f285000005 joined by a device of a11a0001
08:00:20.000 answer: visit joined, price list 1, credit unlimited
08:00:21.000 > anna puts k1 milk
08:00:21.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:21.000 answer: ok, k1 14.90, visit 14.90
08:00:24.000 > front: token of carl
08:00:24.000 front: strike on
08:00:24.000 front: locked -> accessed
08:00:24.000 front: light yes
08:00:24.000 picture of visit 006b03f29800000c
08:00:24.000 front: admitted ca210003 by scanner, visit 006b03f29800000c
08:00:24.000 front: visit 006b03f29800000c opened for ca210003, price list 1
08:00:24.000 front: unlocked, accessed, for ca210003
08:00:25.000 > power cut
08:00:30.000 > start
08:00:30.000 front: strike off
08:00:30.000 front: buzzer off
08:00:30.000 start after no orderly stop, clock trusted
08:00:30.010 > front: contact closed
08:00:30.010 front: unknown -> closed
08:00:35.000 > front: token of carl again
08:00:35.000 front: light no
08:00:35.000 front: refused ca210003 by scanner: predates_start
08:00:36.000 > front: token of bert
08:00:36.000 front: light no
08:00:36.000 front: refused be270002 by scanner: predates_start
08:00:40.999 > front: token of bert iat=-1
08:00:40.999 front: light no
08:00:40.999 front: refused be270002 by scanner: predates_start
08:00:41.000 > front: token of bert
08:00:41.000 front: strike on
08:00:41.000 front: locked -> accessed
08:00:41.000 front: light yes
08:00:41.000 picture of visit 006b03f2a9000019
08:00:41.000 front: admitted be270002 by scanner, visit 006b03f2a9000019
08:00:41.000 front: visit 006b03f2a9000019 opened for be270002, price list 1
08:00:41.000 front: unlocked, accessed, for be270002
08:00:45.000 > anna puts k1 milk
08:00:45.000 answer: repeated, k1 14.90, visit 14.90
08:00:46.000 front: strike off
08:00:46.000 front: accessed -> locked
08:00:46.000 front: relocked, locked
08:00:46.000 > anna puts k2 milk
08:00:46.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:46.000 answer: ok, k2 14.90, visit 29.80
08:00:46.530 front: not_entered, locked, for be270002
08:00:50.000 > front: token of carl again
08:00:50.000 front: light no
08:00:50.000 front: refused ca210003 by scanner: predates_start
