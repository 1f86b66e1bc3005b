# Bert has no app open: he shows the code at the till's scanner, scans the goods there. Carl comes after him.
member bert be270002 limit=40
member carl ca210003
article milk 7310865004703 14.90
article wine 7312040017034 99.00 2500 alcohol

09:00:00.000 > start
09:00:00.000 front: strike off
09:00:00.000 front: buzzer off
09:00:00.000 start after an orderly stop, clock trusted
09:00:00.010 > front: contact closed
09:00:00.010 front: unknown -> closed
09:00:01.000 > till: goods milk
09:00:01.000 till: beep no
09:00:05.000 > front: token of bert
09:00:05.000 front: strike on
09:00:05.000 front: locked -> accessed
09:00:05.000 front: light yes
09:00:05.000 picture of visit 006b040095000006
09:00:05.000 front: admitted be270002 by scanner, visit 006b040095000006
09:00:05.000 front: visit 006b040095000006 opened for be270002, price list 1
09:00:05.000 front: unlocked, accessed, for be270002
09:00:06.000 > front: contact open
09:00:06.030 front: closed -> open
09:00:06.030 front: strike off
09:00:06.030 front: accessed -> locked
09:00:06.030 front: opened, accessed, for be270002
09:00:06.030 front: relocked, locked
09:00:09.000 > front: contact closed
09:00:09.030 front: open -> closed
09:00:09.030 front: closed, locked
09:00:30.000 > till: token of bert
09:00:30.000 till: admitted be270002 by scanner, visit 006b040095000006
09:00:30.000 till: beep yes
09:00:33.000 > till: goods milk
09:00:33.000 visit 006b040095000006: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:00:33.000 till: beep yes
09:00:35.000 > till: goods wine
09:00:35.000 till: beep no
09:00:37.000 > till: goods milk
09:00:37.000 visit 006b040095000006: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:00:37.000 till: beep yes
09:00:39.000 > till: goods milk
09:00:39.000 till: beep no
# the next token is another's: what is scanned now is his
09:00:50.000 > front: token of carl
09:00:50.000 front: strike on
09:00:50.000 front: locked -> accessed
09:00:50.000 front: light yes
09:00:50.000 picture of visit 006b0400c2000013
09:00:50.000 front: admitted ca210003 by scanner, visit 006b0400c2000013
09:00:50.000 front: visit 006b0400c2000013 opened for ca210003, price list 1
09:00:50.000 front: unlocked, accessed, for ca210003
09:00:51.000 > front: contact open
09:00:51.030 front: closed -> open
09:00:51.030 front: strike off
09:00:51.030 front: accessed -> locked
09:00:51.030 front: opened, accessed, for ca210003
09:00:51.030 front: relocked, locked
09:00:54.000 > front: contact closed
09:00:54.030 front: open -> closed
09:00:54.030 front: closed, locked
09:01:00.000 > till: token of carl
09:01:00.000 till: admitted ca210003 by scanner, visit 006b0400c2000013
09:01:00.000 till: beep yes
09:01:02.000 > till: goods milk
09:01:02.000 visit 006b0400c2000013: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:01:02.000 till: beep yes
# a code that is refused ends his turn too
09:01:10.000 > till: token of bert key=bad
09:01:10.000 till: refused by scanner: bad_signature
09:01:10.000 till: beep no
09:01:12.000 > till: goods milk
09:01:12.000 till: beep no
# and so do 90 s without a scan
09:01:20.000 > till: token of carl
09:01:20.000 till: admitted ca210003 by scanner, visit 006b0400c2000013
09:01:20.000 till: beep yes
09:02:50.000 > till: goods milk
09:02:50.000 till: beep no
09:02:51.000 > till: garbage
09:02:51.000 till: refused by scanner: malformed
09:02:51.000 till: beep no
