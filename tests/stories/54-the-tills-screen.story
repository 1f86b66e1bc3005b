# The screen beside the till: it speaks for who stands there, and for nobody else. Anna scans, touches, and goes.
member anna a11a0001 limit=300
member bert be270002
article milk 7310865004703 14.90
article bread 7310130003547 32.00
09:00:00.000 > start
09:00:00.000 front: strike off
09:00:00.000 front: buzzer off
09:00:00.000 start after an orderly stop, clock trusted
09:00:00.010 > front: contact closed
09:00:00.010 front: unknown -> closed
09:00:05.000 > till: screen one
09:00:05.000 answer: no_visit
09:00:06.000 > till: token of anna
09:00:06.000 till: admitted a11a0001 by scanner, visit 006b040096000006
09:00:06.000 till: visit 006b040096000006 opened for a11a0001, price list 1
09:00:06.000 till: beep yes
09:00:07.000 > till: screen one
09:00:07.000 visit 006b040096000006 joined by a device of a11a0001
09:00:07.000 answer: visit joined, price list 1, credit 300.00
# asked again it is the same: no row, no place of another device
09:00:08.000 > till: screen one
09:00:08.000 answer: visit joined, price list 1, credit 300.00
09:00:10.000 > till: goods milk
09:00:10.000 visit 006b040096000006: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:00:10.000 till: beep yes
09:00:12.000 > one puts k1 bread
09:00:12.000 visit 006b040096000006: 7310130003547 bread, 1.000 at 32.00 = 32.00
09:00:12.000 answer: ok, k1 32.00, visit 46.90
09:00:13.000 > one voids k1
09:00:13.000 visit 006b040096000006: line k1 voided, 32.00
09:00:13.000 answer: ok, k1 32.00 voided, visit 14.90
# what is done at the screen is done at the till: its 90 s begin anew
09:01:40.000 > one puts k2 milk
09:01:40.000 visit 006b040096000006: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:01:40.000 answer: ok, k2 14.90, visit 29.80
09:03:00.000 > till: goods bread
09:03:00.000 visit 006b040096000006: 7310130003547 bread, 1.000 at 32.00 = 32.00
09:03:00.000 till: beep yes
09:04:20.000 > till: screen one
09:04:20.000 answer: visit joined, price list 1, credit 238.20
09:05:40.000 > till: goods bread
09:05:40.000 visit 006b040096000006: 7310130003547 bread, 1.000 at 32.00 = 32.00
09:05:40.000 till: beep yes
# Bert is next. What the till said for Anna ends when it speaks for him
09:05:50.000 > till: token of bert
09:05:50.000 till: admitted be270002 by scanner, visit 006b0401ee000011
09:05:50.000 till: visit 006b0401ee000011 opened for be270002, price list 1
09:05:50.000 till: beep yes
09:05:51.000 > one puts k3 milk
09:05:51.000 visit 006b040096000006: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:05:51.000 answer: ok, k3 14.90, visit 108.70
09:05:52.000 > till: screen two
09:05:52.000 visit 006b0401ee000011 joined by a device of be270002
09:05:52.000 answer: visit joined, price list 1, credit unlimited
09:05:53.000 > one puts k4 milk
09:05:53.000 answer: unauthorized
09:05:54.000 > two puts k4 milk
09:05:54.000 visit 006b0401ee000011: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:05:54.000 answer: ok, k4 14.90, visit 14.90
# done: the till is nobody's, and the visit goes on
09:06:00.000 > till: leaves
09:06:01.000 > till: goods milk
09:06:01.000 till: beep no
09:06:02.000 > till: screen two
09:06:02.000 answer: no_visit
09:06:03.000 > two puts k5 milk
09:06:03.000 visit 006b0401ee000011: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:06:03.000 answer: ok, k5 14.90, visit 29.80
09:06:04.000 > till: leaves
# 90 s without a touch or a scan
09:06:10.000 > till: token of bert
09:06:10.000 till: admitted be270002 by scanner, visit 006b0401ee000011
09:06:10.000 till: beep yes
09:07:41.000 > till: goods milk
09:07:41.000 till: beep no
# a closed visit leaves the till
09:08:00.000 > till: token of bert
09:08:00.000 till: admitted be270002 by scanner, visit 006b0401ee000011
09:08:00.000 till: beep yes
09:08:01.000 > till: screen two
09:08:01.000 answer: visit joined, price list 1, credit unlimited
09:08:02.000 > two closes
09:08:02.000 visit 006b0401ee000011 ended (closed), 2 lines, 29.80
09:08:02.000 answer: ok
09:08:03.000 > till: goods milk
09:08:03.000 till: beep no
09:08:04.000 > till: screen two
09:08:04.000 answer: no_visit
# with a full disk there is nothing to speak of
09:09:00.000 > till: token of anna
09:09:00.000 till: admitted a11a0001 by scanner, visit 006b040096000006
09:09:00.000 till: beep yes
09:09:01.000 > ledger full
09:09:01.000 text to owner: ledger_failing, urgent
09:09:01.000 alarm 1 ledger_failing raised, urgent
09:09:02.000 > till: screen one
09:09:02.000 answer: ledger_unavailable
