# On a schedule a real text asks to be answered. An answer is all that it wants. Where there is none in time
# the others are told, and the office learns of it; the next one takes its place.
contact olle owner 1 least=emergency
contact karin keyholder 2
rehearsal 7 10:00 60
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
# a person wants one now
08:05:00.000 > rehearse
08:05:00.000 answer: done
08:05:00.000 text to olle: rehearsal, notice
08:05:00.000 alarm 1 rehearsal raised, notice
08:05:01.000 > text 1 left to=olle
08:05:01.000 alarm 1: raised to olle left, by gateway
08:05:01.000 alarm 1 rehearsal notified, notice
08:06:00.000 > olle replies 1
08:06:00.000 olle: a reply with the code of alarm 1
08:06:00.000 enough about alarm 1
08:06:00.000 alarm 1 rehearsal cleared, notice, by olle, over
# seven days later, at ten
170:00:00.000 > wait
178:00:00.000 text to olle: rehearsal, notice
178:00:00.000 alarm 2 rehearsal raised, notice
178:00:01.000 > text 2 left to=olle
178:00:01.000 alarm 2: raised to olle left, by gateway
178:00:01.000 alarm 2 rehearsal notified, notice
178:30:00.000 > power cut
178:31:00.000 > start
178:31:00.000 front: strike off
178:31:00.000 front: buzzer off
178:31:00.000 start after no orderly stop, clock trusted
178:31:00.010 > front: contact closed
178:31:00.010 front: unknown -> closed
179:31:00.000 text to karin: rehearsal, notice
179:31:00.000 alarm 2 rehearsal escalated, notice
179:40:00.000 > text 2 left to=karin
179:40:00.000 alarm 2: raised to karin left, by gateway
180:00:00.000 > wait
346:00:00.000 enough about alarm 2
346:00:00.000 text to olle: rehearsal, notice
346:00:00.000 alarm 2 rehearsal cleared, notice, over
346:00:00.000 alarm 3 rehearsal raised, notice
346:00:01.000 > text 3 left to=olle
346:00:01.000 alarm 3: raised to olle left, by gateway
346:00:01.000 alarm 3 rehearsal notified, notice
346:00:30.000 > karin replies 3
346:00:30.000 karin: a reply with the code of alarm 3
346:00:30.000 enough about alarm 3
346:00:30.000 text to olle: rehearsal, notice, taken by karin
346:00:30.000 alarm 3 rehearsal cleared, notice, by karin, over
346:01:00.000 > text 3 left taken to=olle
346:01:00.000 alarm 3: taken to olle left, by gateway
