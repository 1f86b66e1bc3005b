# Nobody answers. The owner is told at once, the one with a key two minutes later, then the neighbour with a
# crowbar; then the owner again, ever more slowly. Who answers ends it, and the others hear who it was.
contact olle owner 1
contact karin keyholder 2
contact nils neighbour 3
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.020 > front: tamper off
08:01:00.000 > front: contact open
08:01:00.030 front: closed -> open
08:01:00.030 front: opened, locked
08:01:00.730 front: normal -> forced
08:01:00.730 picture of alarm 1
08:01:00.730 text to olle: front forced, emergency
08:01:00.730 front: alarm 1 forced raised, emergency
08:01:01.000 > text 1 left to=olle
08:01:01.000 alarm 1: raised to olle left, by gateway
08:01:01.000 front: alarm 1 forced notified, emergency
08:01:01.500 > text 1 delivered to=olle
08:01:01.500 alarm 1: raised to olle delivered, by gateway
08:01:05.000 front: buzzer on
08:03:00.730 text to karin: front forced, emergency
08:03:00.730 front: alarm 1 forced escalated, emergency
08:03:01.000 > text 1 left to=karin
08:03:01.000 alarm 1: raised to karin left, by gateway
08:05:00.730 text to nils: front forced, emergency
08:05:01.000 > text 1 left to=nils
08:05:01.000 alarm 1: raised to nils left, by gateway
08:07:00.730 text to olle: front forced, emergency
08:07:01.000 > text 1 left to=olle
08:07:01.000 alarm 1: raised to olle left, by gateway
08:11:00.730 text to karin: front forced, emergency
08:11:01.000 > text 1 left to=karin
08:11:01.000 alarm 1: raised to karin left, by gateway
08:12:00.000 > karin replies 1
08:12:00.000 karin: a reply with the code of alarm 1
08:12:00.000 enough about alarm 1
08:12:00.000 text to olle: front forced, emergency, taken by karin
08:12:00.000 text to nils: front forced, emergency, taken by karin
08:12:00.000 front: alarm 1 forced acknowledged, emergency, by karin
08:12:01.000 > text 1 left taken to=olle
08:12:01.000 alarm 1: taken to olle left, by gateway
08:12:01.000 > text 1 left taken to=nils
08:12:01.000 alarm 1: taken to nils left, by gateway
08:15:00.000 > front: contact closed
# what is urgent waits five minutes a step, a warning an hour; a notice is told once
08:15:00.030 front: open -> closed
08:15:00.030 front: buzzer off
08:15:00.030 front: forced -> normal
08:15:00.030 front: closed, locked
08:15:00.030 front: alarm 1 forced cleared, emergency, by karin, over
09:00:00.000 > office both
09:00:00.000 text to olle: 2 alarms, first office_refused, urgent
09:00:00.000 alarm 2 roster_stale raised, warning
09:00:00.000 alarm 3 office_refused raised, urgent
09:00:01.000 > text 3 left group to=olle
09:00:01.000 alarm 3: group to olle left, by gateway
09:00:01.000 alarm 2 roster_stale notified, warning
09:00:01.000 alarm 3 office_refused notified, urgent
09:05:00.000 text to karin: office_refused, urgent
09:05:00.000 alarm 3 office_refused escalated, urgent
09:05:01.000 > text 3 left to=karin
09:05:01.000 alarm 3: raised to karin left, by gateway
09:10:00.000 text to nils: office_refused, urgent
09:15:00.000 text to olle: office_refused, urgent
09:25:00.000 text to karin: office_refused, urgent
09:30:00.000 > ack 3 by olle
09:30:00.000 answer: done
09:30:00.000 enough about alarm 3
09:30:00.000 text to karin: office_refused, urgent, taken by olle
09:30:00.000 alarm 3 office_refused acknowledged, urgent, by olle
10:00:00.000 text to karin: roster_stale, warning
10:00:00.000 alarm 2 roster_stale escalated, warning
10:00:01.000 > text 2 left to=karin
10:00:01.000 alarm 2: raised to karin left, by gateway
10:30:00.000 > office well
10:30:00.000 enough about alarm 2
10:30:00.000 text to olle: office_refused, urgent, it is over
10:30:00.000 text to olle: roster_stale, warning, it is over
10:30:00.000 text to karin: 2 alarms, first office_refused, urgent, it is over
10:30:00.000 alarm 2 roster_stale cleared, warning, over
10:30:00.000 alarm 3 office_refused cleared, urgent, by olle, over
10:31:00.000 > wait
