# Bert is blocked while his door is still released, and while he stands at the till: both end. What his phone has
# already taken can still be bought; he cannot begin anew.
member bert be270002
article milk 7310865004703 14.90
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:05.000 > front: token of bert
08:00:05.000 front: strike on
08:00:05.000 front: locked -> accessed
08:00:05.000 front: light yes
08:00:05.000 picture of visit 006b03f285000005
08:00:05.000 front: admitted be270002 by scanner, visit 006b03f285000005
08:00:05.000 front: visit 006b03f285000005 opened for be270002, price list 1
08:00:05.000 front: unlocked, accessed, for be270002
08:00:06.000 > visit of bert
08:00:06.000 till: admitted be270002 by phone, visit 006b03f285000005
08:00:06.000 visit 006b03f285000005 joined by a device of be270002
08:00:06.000 answer: visit joined, price list 1, credit unlimited
08:00:06.500 > till: token of bert
08:00:06.500 till: admitted be270002 by scanner, visit 006b03f285000005
08:00:06.500 till: beep yes
08:00:07.000 > block bert
08:00:07.000 front: strike off
08:00:07.000 front: accessed -> locked
08:00:07.000 front: relocked, locked
08:00:08.000 > till: goods milk
08:00:08.000 till: beep no
08:00:09.000 > bert puts k1 milk
08:00:09.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:09.000 answer: ok, k1 14.90, visit 14.90
08:00:10.000 > visit of bert
08:00:10.000 till: refused be270002 by phone: blocked
08:00:10.000 answer: blocked
08:00:11.000 > front: token of bert
08:00:11.000 front: light no
08:00:11.000 front: refused be270002 by scanner: blocked
10:00:09.000 visit 006b03f285000005 ended (silence), 1 line, 14.90
10:30:00.000 > wait
