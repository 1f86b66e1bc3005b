# A family with nine devices, and a browser that forgets. A visit has room for eight: the ninth takes the place of
# the same member's oldest, never of another's, and that one signs anew when it is wanted.
member anna a11a0001
member bert be270002
article milk 7310865004703 14.90
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:01.000 > visit of anna as=a1
08:00:01.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:01.000 till: visit 006b03f281000005 opened for a11a0001, price list 1
08:00:01.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:01.000 answer: visit opened, price list 1, credit unlimited
08:00:02.000 > visit of anna as=a2
08:00:02.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:02.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:02.000 answer: visit joined, price list 1, credit unlimited
08:00:03.000 > visit of anna as=a3
08:00:03.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:03.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:03.000 answer: visit joined, price list 1, credit unlimited
08:00:04.000 > visit of anna as=a4
08:00:04.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:04.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:04.000 answer: visit joined, price list 1, credit unlimited
08:00:05.000 > visit of anna as=a5
08:00:05.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:05.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:05.000 answer: visit joined, price list 1, credit unlimited
08:00:06.000 > visit of anna as=a6
08:00:06.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:06.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:06.000 answer: visit joined, price list 1, credit unlimited
08:00:07.000 > visit of anna as=a7
08:00:07.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:07.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:07.000 answer: visit joined, price list 1, credit unlimited
08:00:08.000 > visit of anna as=a8
08:00:08.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:08.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:08.000 answer: visit joined, price list 1, credit unlimited
08:00:09.000 > visit of anna as=a9
08:00:09.000 till: admitted a11a0001 by phone, visit 006b03f281000005
08:00:09.000 visit 006b03f281000005 joined by a device of a11a0001
08:00:09.000 answer: visit joined, price list 1, credit unlimited
08:00:10.000 > a1 puts k1 milk
08:00:10.000 answer: unauthorized
08:00:11.000 > a2 puts k1 milk
08:00:11.000 visit 006b03f281000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:11.000 answer: ok, k1 14.90, visit 14.90
08:00:12.000 > a9 puts k2 milk
08:00:12.000 visit 006b03f281000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:12.000 answer: ok, k2 14.90, visit 29.80
08:00:20.000 > a9 invites
08:00:20.000 answer: ok, code J0000026
08:00:21.000 > visit of bert code=last
08:00:21.000 answer: visit_full
08:00:22.000 > bert puts b1 milk
08:00:22.000 answer: unauthorized
