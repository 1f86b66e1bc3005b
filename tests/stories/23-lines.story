# What a line may and may not be: repeats, reused keys, voided keys, unknown and barred goods, wrong bearers.
member anna a11a0001 limit=100
member bert be270002
article milk 7310865004703 14.90
article snus 7311250004582 52.00 2500 tobacco
article pills 7046261398572 49.00 2500 medicine
article egg 7310861000013 30.00 600 recalled
article fish 7310500088853 45.00 600 expired
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
08:00:10.000 > anna puts k1 milk
08:00:10.000 visit 006b03f285000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
08:00:10.000 answer: ok, k1 14.90, visit 14.90
08:00:11.000 > anna puts k1 milk
08:00:11.000 answer: repeated, k1 14.90, visit 14.90
08:00:12.000 > anna puts k1 milk quantity=2000
08:00:12.000 answer: key_reused
08:00:13.000 > anna puts k2 milk quantity=0
08:00:13.000 answer: malformed
08:00:14.000 > anna puts k2 milk quantity=-1000
08:00:14.000 answer: malformed
08:00:15.000 > anna puts k2 milk quantity=999001
08:00:15.000 answer: malformed
08:00:16.000 > anna puts k2 nothing
08:00:16.000 answer: unknown_article
08:00:17.000 > anna puts k2 snus
08:00:17.000 answer: barred_class
08:00:18.000 > anna puts k2 pills
08:00:18.000 answer: barred_class
08:00:19.000 > anna puts k2 egg
08:00:19.000 answer: recalled
08:00:20.000 > anna puts k2 fish
08:00:20.000 answer: expired
08:00:21.000 > anna puts bad.key milk
08:00:21.000 answer: malformed
08:00:22.000 > anna puts k2 milk quantity=333
08:00:22.000 visit 006b03f285000005: 7310865004703 milk, 0.333 at 14.90 = 4.96
08:00:22.000 answer: ok, k2 4.96, visit 19.86
08:00:23.000 > anna puts k3 milk quantity=6000
08:00:23.000 answer: credit_exhausted
08:00:24.000 > anna puts k3 milk quantity=5000
08:00:24.000 visit 006b03f285000005: 7310865004703 milk, 5.000 at 14.90 = 74.50
08:00:24.000 answer: ok, k3 74.50, visit 94.36
08:00:30.000 > anna voids k9
08:00:30.000 answer: unknown_line
08:00:31.000 > anna voids k3
08:00:31.000 visit 006b03f285000005: line k3 voided, 74.50
08:00:31.000 answer: ok, k3 74.50 voided, visit 19.86
08:00:32.000 > anna puts k3 milk quantity=5000
08:00:32.000 answer: voided
08:00:33.000 > anna voids k3
08:00:33.000 answer: repeated, k3 74.50 voided, visit 19.86
# Bert has no bearer for it, and does not learn whether it exists
08:00:40.000 > bert puts b1 milk
08:00:40.000 answer: unauthorized
08:00:41.000 > bert closes
08:00:41.000 answer: unauthorized
08:00:42.000 > bert invites
08:00:42.000 answer: unauthorized
