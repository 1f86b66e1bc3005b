# The power fails in the night and the internet stays away: nobody knows what time it is. A phone
# needs the code on the door's screen; a card does not, and the counters are where they were.
member dagny da900001
member bert be270002

09:00:00.000 > start
09:00:00.000 front: strike off
09:00:00.000 front: buzzer off
09:00:00.000 start after an orderly stop, clock trusted
09:00:00.010 > front: contact closed
09:00:00.010 front: unknown -> closed
09:00:05.000 > front: card of dagny counter=100
09:00:05.000 front: strike on
09:00:05.000 front: locked -> accessed
09:00:05.000 front: light yes
09:00:05.000 picture of visit 006b040095000005
09:00:05.000 front: admitted da900001 by nfc, visit 006b040095000005
09:00:05.000 front: visit 006b040095000005 opened for da900001, price list 1
09:00:05.000 front: unlocked, accessed, for da900001
09:00:06.000 > front: card of bert which=2 counter=7
09:00:06.000 front: light yes
09:00:06.000 picture of visit 006b040096000006
09:00:06.000 front: admitted be270002 by nfc, visit 006b040096000006
09:00:06.000 front: visit 006b040096000006 opened for be270002, price list 1
09:00:06.000 front: unlocked, accessed, for be270002
09:00:11.000 front: strike off
09:00:11.000 front: accessed -> locked
09:00:11.000 front: relocked, locked
09:00:11.530 front: not_entered, locked, for be270002
09:00:30.000 > power cut
09:01:00.000 > start
09:01:00.000 front: strike off
09:01:00.000 front: buzzer off
09:01:00.000 start after no orderly stop, clock trusted
09:01:00.001 > clock untrusted
09:01:00.001 clock stepped by 0 ms, not trusted
09:01:00.010 > front: contact closed
09:01:00.010 front: unknown -> closed
09:01:10.000 > front: token of bert
09:01:10.000 front: light no
09:01:10.000 front: refused be270002 by scanner: clock_untrusted
09:01:12.000 > front: card of dagny counter=100
09:01:12.000 front: light no
09:01:12.000 front: refused da900001 by nfc: replayed
09:01:14.000 > front: card of dagny counter=99
09:01:14.000 front: light no
09:01:14.000 front: refused da900001 by nfc: replayed
09:01:16.000 > front: card of dagny counter=101
09:01:16.000 front: strike on
09:01:16.000 front: locked -> accessed
09:01:16.000 front: light yes
09:01:16.000 picture of visit 006b040095000005
09:01:16.000 front: admitted da900001 by nfc, visit 006b040095000005
09:01:16.000 front: unlocked, accessed, for da900001
09:01:18.000 > front: card of bert which=2 counter=7
09:01:18.000 front: light no
09:01:18.000 front: refused be270002 by nfc: replayed
09:01:20.000 > front: card of bert which=2 counter=8
09:01:20.000 front: light yes
09:01:20.000 picture of visit 006b040096000006
09:01:20.000 front: admitted be270002 by nfc, visit 006b040096000006
09:01:20.000 front: unlocked, accessed, for be270002
# a clock that goes back to last year changes nothing either
09:01:25.000 front: strike off
09:01:25.000 front: accessed -> locked
09:01:25.000 front: relocked, locked
09:01:25.530 front: not_entered, locked, for be270002
09:01:30.000 > clock trusted
09:01:30.000 clock stepped by 0 ms, trusted
09:01:31.000 > clock -31536000
09:01:31.000 clock stepped by -31536000000 ms, trusted
09:01:32.000 > front: card of dagny counter=101
09:01:32.000 front: light no
09:01:32.000 front: refused da900001 by nfc: replayed
09:01:34.000 > front: card of dagny counter=102
09:01:34.000 front: strike on
09:01:34.000 front: locked -> accessed
09:01:34.000 front: light yes
09:01:34.000 picture of visit 006b040095000005
09:01:34.000 front: admitted da900001 by nfc, visit 006b040095000005
09:01:34.000 front: unlocked, accessed, for da900001
# and a stop in order
09:01:39.000 front: strike off
09:01:39.000 front: accessed -> locked
09:01:39.000 front: relocked, locked
09:01:39.530 front: not_entered, locked, for da900001
09:02:00.000 > stop
09:02:00.000 front: strike off
09:02:00.000 front: buzzer off
09:02:00.000 stop
09:03:00.000 > start
09:03:00.000 front: strike off
09:03:00.000 front: buzzer off
09:03:00.000 start after an orderly stop, clock trusted
09:03:05.000 > front: card of dagny counter=102
09:03:05.000 front: light no
09:03:05.000 front: refused da900001 by nfc: replayed
09:03:10.000 > front: card of dagny counter=103
09:03:10.000 front: strike on
09:03:10.000 front: locked -> accessed
09:03:10.000 front: light yes
09:03:10.000 picture of visit 006b040095000005
09:03:10.000 front: admitted da900001 by nfc, visit 006b040095000005
09:03:10.000 front: unlocked, accessed, for da900001
# with a full disk nobody comes in; what the card said then was not used up
09:03:15.000 front: strike off
09:03:15.000 front: accessed -> locked
09:03:15.000 front: relocked, locked
09:03:30.000 > ledger full
09:03:30.000 text to owner: ledger_failing, urgent
09:03:30.000 alarm 1 ledger_failing raised, urgent
09:03:35.000 > front: card of dagny counter=104
09:03:35.000 front: light no
09:03:35.000 front: refused da900001 by nfc: ledger_unavailable
09:03:40.000 > ledger well
09:03:40.000 enough about alarm 1
09:03:40.000 alarm 1 ledger_failing cleared, urgent, over
09:03:45.000 > front: card of dagny counter=104
09:03:45.000 front: strike on
09:03:45.000 front: locked -> accessed
09:03:45.000 front: light yes
09:03:45.000 picture of visit 006b040095000005
09:03:45.000 front: admitted da900001 by nfc, visit 006b040095000005
09:03:45.000 front: unlocked, accessed, for da900001
