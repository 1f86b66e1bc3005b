# Bert's phone reached nothing in the shop: he shows what it had kept as a code at the till, and each line is bought once.
member bert be270002 limit=200
article milk 7310865004703 14.90
article wine 7312040017034 99.00 2500 alcohol
article bread 7310130003547 32.00
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
# nobody stands there
08:00:05.000 > till: kept b1 milk more
08:00:05.000 till: b1 no_visit
08:00:05.000 > till: kept b2 bread failed
08:00:05.000 till: b2 no_visit
08:00:05.000 till: beep no
08:00:10.000 > till: token of bert
08:00:10.000 till: admitted be270002 by scanner, visit 006b03f28a000007
08:00:10.000 till: visit 006b03f28a000007 opened for be270002, price list 1
08:00:10.000 till: beep yes
08:00:15.000 > till: kept b1 milk quantity=2000 at=07:58:00 more
08:00:15.000 visit 006b03f28a000007: 7310865004703 milk, 2.000 at 14.90 = 29.80
08:00:15.000 till: b1 ok
08:00:15.000 > till: kept b2 bread at=07:59:00
08:00:15.000 visit 006b03f28a000007: 7310130003547 bread, 1.000 at 32.00 = 32.00
08:00:15.000 till: b2 ok
08:00:15.000 till: beep yes
# shown once more: the same lines
08:00:20.000 > till: kept b1 milk quantity=2000 at=07:58:00 more
08:00:20.000 till: b1 repeated
08:00:20.000 > till: kept b2 bread at=07:59:00
08:00:20.000 till: b2 repeated
08:00:20.000 till: beep yes
# one of them is refused: no, and which
08:00:25.000 > till: kept b3 wine more
08:00:25.000 till: b3 barred_class
08:00:25.000 > till: kept b4 milk failed
08:00:25.000 visit 006b03f28a000007: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:25.000 till: b4 ok
08:00:25.000 till: beep no
08:00:26.000 > till: kept b1 milk quantity=1000 more
08:00:26.000 till: b1 key_reused
08:00:26.000 > till: kept b5 nothing failed
08:00:26.000 till: b5 unknown_article
08:00:26.000 till: beep no
08:00:27.000 > till: kept b6 milk quantity=0
08:00:27.000 till: b6 malformed
08:00:27.000 till: beep no
08:00:28.000 > till: kept b7 bread quantity=9000
08:00:28.000 till: b7 credit_exhausted
08:00:28.000 till: beep no
# the phone is in reach again and sends what it has: the same lines
08:01:00.000 > visit of bert
08:01:00.000 till: admitted be270002 by phone, visit 006b03f28a000007
08:01:00.000 visit 006b03f28a000007 joined by a device of be270002
08:01:00.000 answer: visit joined, price list 1, credit 123.30
08:01:01.000 > bert puts b1 milk quantity=2000
08:01:01.000 answer: repeated, b1 29.80, visit 76.70
08:01:02.000 > bert puts b2 bread
08:01:02.000 answer: repeated, b2 32.00, visit 76.70
08:01:03.000 > bert puts b8 milk
08:01:03.000 visit 006b03f28a000007: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:01:03.000 answer: ok, b8 14.90, visit 91.60
08:01:04.000 > till: kept b8 milk
08:01:04.000 till: b8 repeated
08:01:04.000 till: beep yes
08:01:05.000 > bert voids b8
08:01:05.000 visit 006b03f28a000007: line b8 voided, 14.90
08:01:05.000 answer: ok, b8 14.90 voided, visit 76.70
08:01:06.000 > till: kept b8 milk
08:01:06.000 till: b8 voided
08:01:06.000 till: beep no
# the disk is full: nothing is bought, and nothing is lost
08:01:10.000 > ledger full
08:01:10.000 text to owner: ledger_failing, urgent
08:01:10.000 alarm 1 ledger_failing raised, urgent
08:01:11.000 > till: kept b9 milk
08:01:11.000 till: b9 ledger_unavailable
08:01:11.000 till: beep no
08:01:20.000 > ledger well
08:01:20.000 enough about alarm 1
08:01:20.000 alarm 1 ledger_failing cleared, urgent, over
08:01:21.000 > till: kept b9 milk
08:01:21.000 visit 006b03f28a000007: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:01:21.000 till: b9 ok
08:01:21.000 till: beep yes
