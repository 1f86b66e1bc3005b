# A head office that is not heard any more, one that refuses this box, and a ledger that is made whole.
member anna a11a0001
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.015 > front: rex off
08:00:00.020 > courier up
08:01:00.000 > office well
08:02:00.000 > office stale
08:02:00.000 text to owner: roster_stale, warning
08:02:00.000 alarm 1 roster_stale raised, warning
08:02:01.000 > text 1 left
08:02:01.000 alarm 1: raised to owner left, by gateway
08:02:01.000 alarm 1 roster_stale notified, warning
08:03:00.000 > office both
08:03:00.000 text to owner: office_refused, urgent
08:03:00.000 alarm 2 office_refused raised, urgent
08:03:01.000 > text 2 left
08:03:01.000 alarm 2: raised to owner left, by gateway
08:03:01.000 alarm 2 office_refused notified, urgent
08:04:00.000 > office refused
08:04:00.000 enough about alarm 1
08:04:00.000 text to owner: roster_stale, warning, it is over
08:04:00.000 alarm 1 roster_stale cleared, warning, over
08:05:00.000 > office well
08:05:00.000 enough about alarm 2
08:05:00.000 text to owner: office_refused, urgent, it is over
08:05:00.000 alarm 2 office_refused cleared, urgent, over
# while the ledger is made whole nobody is let in, and there is no alarm
08:10:00.000 > ledger away
08:10:05.000 > front: token of anna
08:10:05.000 front: light no
08:10:05.000 front: refused a11a0001 by scanner: ledger_unavailable
08:10:20.000 > ledger well
08:10:30.000 > front: token of anna
08:10:30.000 front: strike on
08:10:30.000 front: locked -> accessed
08:10:30.000 front: light yes
08:10:30.000 picture of visit 006b03f4f600001c
08:10:30.000 front: admitted a11a0001 by scanner, visit 006b03f4f600001c
08:10:30.000 front: visit 006b03f4f600001c opened for a11a0001, price list 1
08:10:30.000 front: unlocked, accessed, for a11a0001
