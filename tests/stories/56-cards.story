# Dagny is ninety and has no phone: a card opens the door and speaks for her at the till. It needs no
# clock, and what it has once said is worth nothing a second time.
member dagny da900001 limit=200
member erik e1200002 blocked
article milk 7310865004703 14.90

09:00:00.000 > start
09:00:00.000 front: strike off
09:00:00.000 front: buzzer off
09:00:00.000 start after an orderly stop, clock trusted
09:00:00.010 > front: contact closed
09:00:00.010 front: unknown -> closed
09:00:05.000 > front: card of dagny counter=17
09:00:05.000 front: strike on
09:00:05.000 front: locked -> accessed
09:00:05.000 front: light yes
09:00:05.000 picture of visit 006b040095000005
09:00:05.000 front: admitted da900001 by nfc, visit 006b040095000005
09:00:05.000 front: visit 006b040095000005 opened for da900001, price list 1
09:00:05.000 front: unlocked, accessed, for da900001
09:00:10.000 front: strike off
09:00:10.000 front: accessed -> locked
09:00:10.000 front: relocked, locked
09:00:10.530 front: not_entered, locked, for da900001
09:00:20.000 > till: card of dagny
09:00:20.000 till: admitted da900001 by nfc, visit 006b040095000005
09:00:20.000 till: beep yes
09:00:22.000 > till: goods milk
09:00:22.000 visit 006b040095000005: 7310865004703 milk, 1.000 at 14.90 = 14.90
09:00:22.000 till: beep yes
# a reader that reads the same bytes twice says nothing of it; another time it is a replay
09:00:40.000 > front: card of dagny
09:00:40.000 front: strike on
09:00:40.000 front: locked -> accessed
09:00:40.000 front: light yes
09:00:40.000 picture of visit 006b040095000005
09:00:40.000 front: admitted da900001 by nfc, visit 006b040095000005
09:00:40.000 front: unlocked, accessed, for da900001
09:00:41.000 > front: card of dagny again
09:00:41.000 front: refused da900001 by nfc: replayed
09:00:45.000 front: strike off
09:00:45.000 front: accessed -> locked
09:00:45.000 front: relocked, locked
09:00:45.530 front: not_entered, locked, for da900001
09:00:50.000 > front: card of dagny again
09:00:50.000 front: light no
09:00:50.000 front: refused da900001 by nfc: replayed
09:00:55.000 > front: card of dagny counter=3
09:00:55.000 front: light no
09:00:55.000 front: refused da900001 by nfc: replayed
09:00:58.000 > till: card of dagny again
09:00:58.000 till: refused da900001 by nfc: replayed
09:00:58.000 till: beep no
# what was said at the till has been said at the door too
09:01:10.000 > till: card of dagny counter=20
09:01:10.000 till: admitted da900001 by nfc, visit 006b040095000005
09:01:10.000 till: beep yes
09:01:12.000 > front: card of dagny counter=20
09:01:12.000 front: light no
09:01:12.000 front: refused da900001 by nfc: replayed
# another shop's card, one that was made up, one that cannot be read
09:01:20.000 > front: card of dagny key=unknown
09:01:20.000 front: light no
09:01:20.000 front: refused by nfc: unknown_key
09:01:22.000 > front: card of dagny key=bad
09:01:22.000 front: light no
09:01:22.000 front: refused by nfc: bad_signature
09:01:24.000 > till: card of dagny bytes=malformed
09:01:24.000 till: refused by nfc: malformed
09:01:24.000 till: beep no
09:01:26.000 > till: goods milk
09:01:26.000 till: beep no
# a blocked member's card is as good as his phone
09:01:30.000 > front: card of erik
09:01:30.000 front: light no
09:01:30.000 front: refused e1200002 by nfc: blocked
# two cards of one member count each for itself
09:01:40.000 > front: card of dagny which=1 counter=1
09:01:40.000 front: strike on
09:01:40.000 front: locked -> accessed
09:01:40.000 front: light yes
09:01:40.000 picture of visit 006b040095000005
09:01:40.000 front: admitted da900001 by nfc, visit 006b040095000005
09:01:40.000 front: unlocked, accessed, for da900001
09:01:45.000 front: strike off
09:01:45.000 front: accessed -> locked
09:01:45.000 front: relocked, locked
09:01:45.000 > till: card of dagny which=1
09:01:45.000 till: admitted da900001 by nfc, visit 006b040095000005
09:01:45.000 till: beep yes
09:01:45.530 front: not_entered, locked, for da900001
09:01:46.000 > till: card of dagny which=1 again
09:01:46.000 till: refused da900001 by nfc: replayed
# nobody sits before a browser with a card
09:01:50.000 > session: card of dagny counter=40
09:01:50.000 answer: wrong_audience
09:01:50.000 owner: refused da900001 by phone: wrong_audience
