# Which visits the owner is asked to look at: long and empty, with many lines taken back, with goods that
# counts have found short, and by lot. Nobody is held for it, or told; never the owner's own.
checks long=900 voids=3 share=5000
trust new check=500
member anna a11a0001
member bert be270002
member carl ca210003 trust=trusted
member olle 011e0006 owner
article milk 7310865004703 14.90 vat=food
article razor 73101079 99.00 vat=standard shrinking
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
# fifteen minutes inside, and nothing taken
08:00:05.000 > visit of anna
08:00:05.000 till: admitted a11a0001 by phone, visit 006b03f285000005
08:00:05.000 till: visit 006b03f285000005 opened for a11a0001, price list 1
08:00:05.000 visit 006b03f285000005 joined by a device of a11a0001
08:00:05.000 answer: visit opened, price list 1, credit unlimited
08:15:04.999 > wait
08:15:05.000 > anna closes
08:15:05.000 visit 006b03f285000005 ended (closed), 0 lines, 0.00
08:15:05.000 visit 006b03f285000005: check picked (long_and_empty)
08:15:05.000 answer: ok
# a moment less
08:20:00.000 > visit of anna
08:20:00.000 till: admitted a11a0001 by phone, visit 006b03f73000000a
08:20:00.000 till: visit 006b03f73000000a opened for a11a0001, price list 1
08:20:00.000 visit 006b03f73000000a joined by a device of a11a0001
08:20:00.000 answer: visit opened, price list 1, credit unlimited
08:34:59.999 > anna closes
08:34:59.999 visit 006b03f73000000a ended (closed), 0 lines, 0.00
08:34:59.999 answer: ok
# silence proves no presence
08:40:00.000 > visit of anna
08:40:00.000 till: admitted a11a0001 by phone, visit 006b03fbe000000d
08:40:00.000 till: visit 006b03fbe000000d opened for a11a0001, price list 1
08:40:00.000 visit 006b03fbe000000d joined by a device of a11a0001
08:40:00.000 answer: visit opened, price list 1, credit unlimited
10:40:00.000 visit 006b03fbe000000d ended (silence), 0 lines, 0.00
10:40:00.000 > wait
# three of five taken back; two of five
11:00:00.000 > visit of bert
11:00:00.000 till: admitted be270002 by phone, visit 006b041cb0000012
11:00:00.000 till: visit 006b041cb0000012 opened for be270002, price list 1
11:00:00.000 visit 006b041cb0000012 joined by a device of be270002
11:00:00.000 answer: visit opened, price list 1, credit unlimited
11:00:01.000 > bert puts b1 milk
11:00:01.000 visit 006b041cb0000012: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:00:01.000 answer: ok, b1 14.90, food of 2026-11-23 at 600, visit 14.90
11:00:02.000 > bert puts b2 milk
11:00:02.000 visit 006b041cb0000012: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:00:02.000 answer: ok, b2 14.90, food of 2026-11-23 at 600, visit 29.80
11:00:03.000 > bert puts b3 milk
11:00:03.000 visit 006b041cb0000012: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:00:03.000 answer: ok, b3 14.90, food of 2026-11-23 at 600, visit 44.70
11:00:04.000 > bert puts b4 milk
11:00:04.000 visit 006b041cb0000012: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:00:04.000 answer: ok, b4 14.90, food of 2026-11-23 at 600, visit 59.60
11:00:05.000 > bert puts b5 milk
11:00:05.000 visit 006b041cb0000012: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:00:05.000 answer: ok, b5 14.90, food of 2026-11-23 at 600, visit 74.50
11:00:06.000 > bert voids b1
11:00:06.000 visit 006b041cb0000012: line b1 voided, 14.90
11:00:06.000 answer: ok, b1 14.90 voided, food of 2026-11-23 at 600, visit 59.60
11:00:07.000 > bert voids b2
11:00:07.000 visit 006b041cb0000012: line b2 voided, 14.90
11:00:07.000 answer: ok, b2 14.90 voided, food of 2026-11-23 at 600, visit 44.70
11:00:08.000 > bert voids b3
11:00:08.000 visit 006b041cb0000012: line b3 voided, 14.90
11:00:08.000 answer: ok, b3 14.90 voided, food of 2026-11-23 at 600, visit 29.80
11:00:09.000 > bert closes
11:00:09.000 visit 006b041cb0000012 ended (closed), 2 lines, 29.80
11:00:09.000 visit 006b041cb0000012: check picked (many_voids)
11:00:09.000 answer: ok
11:10:00.000 > visit of bert
11:10:00.000 till: admitted be270002 by phone, visit 006b041f0800001d
11:10:00.000 till: visit 006b041f0800001d opened for be270002, price list 1
11:10:00.000 visit 006b041f0800001d joined by a device of be270002
11:10:00.000 answer: visit opened, price list 1, credit unlimited
11:10:01.000 > bert puts c1 milk
11:10:01.000 visit 006b041f0800001d: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:10:01.000 answer: ok, c1 14.90, food of 2026-11-23 at 600, visit 14.90
11:10:02.000 > bert puts c2 milk
11:10:02.000 visit 006b041f0800001d: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:10:02.000 answer: ok, c2 14.90, food of 2026-11-23 at 600, visit 29.80
11:10:03.000 > bert puts c3 milk
11:10:03.000 visit 006b041f0800001d: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:10:03.000 answer: ok, c3 14.90, food of 2026-11-23 at 600, visit 44.70
11:10:04.000 > bert voids c1
11:10:04.000 visit 006b041f0800001d: line c1 voided, 14.90
11:10:04.000 answer: ok, c1 14.90 voided, food of 2026-11-23 at 600, visit 29.80
11:10:05.000 > bert voids c2
11:10:05.000 visit 006b041f0800001d: line c2 voided, 14.90
11:10:05.000 answer: ok, c2 14.90 voided, food of 2026-11-23 at 600, visit 14.90
11:10:09.000 > bert closes
11:10:09.000 visit 006b041f0800001d ended (closed), 1 line, 14.90
11:10:09.000 answer: ok
# razors
11:20:00.000 > visit of bert
11:20:00.000 till: admitted be270002 by phone, visit 006b042160000025
11:20:00.000 till: visit 006b042160000025 opened for be270002, price list 1
11:20:00.000 visit 006b042160000025 joined by a device of be270002
11:20:00.000 answer: visit opened, price list 1, credit unlimited
11:20:01.000 > bert puts r1 razor
11:20:01.000 visit 006b042160000025: 73101079 razor, 1.000 at 99.00 = 99.00
11:20:01.000 answer: ok, r1 99.00, standard of 2026-11-23 at 2500, visit 99.00
11:20:09.000 > bert closes
11:20:09.000 visit 006b042160000025 ended (closed), 1 line, 99.00
11:20:09.000 visit 006b042160000025: check picked (shrinking_article)
11:20:09.000 answer: ok
# by lot: five of a hundred of the new, none of the trusted
11:30:00.000 > lot 499
11:30:01.000 > visit of bert
11:30:01.000 till: admitted be270002 by phone, visit 006b0423b9000029
11:30:01.000 till: visit 006b0423b9000029 opened for be270002, price list 1
11:30:01.000 visit 006b0423b9000029 joined by a device of be270002
11:30:01.000 answer: visit opened, price list 1, credit unlimited
11:30:02.000 > bert puts l1 milk
11:30:02.000 visit 006b0423b9000029: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:30:02.000 answer: ok, l1 14.90, food of 2026-11-23 at 600, visit 14.90
11:30:03.000 > bert closes
11:30:03.000 visit 006b0423b9000029 ended (closed), 1 line, 14.90
11:30:03.000 visit 006b0423b9000029: check picked (share)
11:30:03.000 answer: ok
11:31:00.000 > lot 10500
11:31:01.000 > visit of bert
11:31:01.000 till: admitted be270002 by phone, visit 006b0423f500002d
11:31:01.000 till: visit 006b0423f500002d opened for be270002, price list 1
11:31:01.000 visit 006b0423f500002d joined by a device of be270002
11:31:01.000 answer: visit opened, price list 1, credit unlimited
11:31:02.000 > bert puts m1 milk
11:31:02.000 visit 006b0423f500002d: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:31:02.000 answer: ok, m1 14.90, food of 2026-11-23 at 600, visit 14.90
11:31:03.000 > bert closes
11:31:03.000 visit 006b0423f500002d ended (closed), 1 line, 14.90
11:31:03.000 answer: ok
11:32:00.000 > lot 10499
11:32:01.000 > visit of carl
11:32:01.000 till: admitted ca210003 by phone, visit 006b042431000031
11:32:01.000 till: visit 006b042431000031 opened for ca210003, price list 1
11:32:01.000 visit 006b042431000031 joined by a device of ca210003
11:32:01.000 answer: visit opened, price list 1, credit unlimited
11:32:02.000 > carl puts n1 milk
11:32:02.000 visit 006b042431000031: 7310865004703 milk, 1.000 at 14.90 = 14.90
11:32:02.000 answer: ok, n1 14.90, food of 2026-11-23 at 600, visit 14.90
11:32:03.000 > carl closes
11:32:03.000 visit 006b042431000031 ended (closed), 1 line, 14.90
11:32:03.000 answer: ok
11:33:01.000 > visit of olle
11:33:01.000 till: admitted 011e0006 by phone, visit 006b04246d000035
11:33:01.000 till: visit 006b04246d000035 opened for 011e0006, price list 1
11:33:01.000 visit 006b04246d000035 joined by a device of 011e0006
11:33:01.000 answer: visit opened, price list 1, credit unlimited
11:33:02.000 > olle puts o1 razor
11:33:02.000 visit 006b04246d000035: 73101079 razor, 1.000 at 99.00 = 99.00
11:33:02.000 answer: ok, o1 99.00, standard of 2026-11-23 at 2500, visit 99.00
11:53:03.000 > olle closes
11:53:03.000 visit 006b04246d000035 ended (closed), 1 line, 99.00
11:53:03.000 answer: ok
# what was drawn outlives no power cut; what was taken is the ledger's
12:00:00.000 > lot 9999
12:00:01.000 > visit of anna
12:00:01.000 till: admitted a11a0001 by phone, visit 006b042ac1000039
12:00:01.000 till: visit 006b042ac1000039 opened for a11a0001, price list 1
12:00:01.000 visit 006b042ac1000039 joined by a device of a11a0001
12:00:01.000 answer: visit opened, price list 1, credit unlimited
12:00:02.000 > power cut
12:00:09.000 > start
12:00:09.000 front: strike off
12:00:09.000 front: buzzer off
12:00:09.000 start after no orderly stop, clock trusted
12:20:00.000 > anna closes
12:20:00.000 visit 006b042ac1000039 ended (closed), 0 lines, 0.00
12:20:00.000 visit 006b042ac1000039: check picked (long_and_empty)
12:20:00.000 answer: ok
