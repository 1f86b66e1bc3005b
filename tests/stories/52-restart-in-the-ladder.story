# The power goes while everybody is being called. What was told is not told again: the ladder goes on where it
# stood. What courierd had not reported as left is asked for once more when it is there again.
contact olle owner 1
contact karin keyholder 2
contact nils neighbour 3
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
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
08:01:05.000 front: buzzer on
08:02:00.000 > power cut
08:02:30.000 > start
08:02:30.000 front: strike off
08:02:30.000 front: buzzer off
08:02:30.000 front: normal -> forced
08:02:30.000 start after no orderly stop, clock trusted
08:02:30.010 > front: contact open
08:02:30.010 front: unknown -> open
08:02:30.010 front: found_open, locked
08:02:35.010 front: buzzer on
08:02:38.010 picture of alarm 2
08:02:38.010 text to olle: front held_open, urgent, open 8 s
08:02:38.010 front: alarm 2 held_open raised, urgent
08:04:30.000 text to karin: front forced, emergency
08:04:30.000 front: alarm 1 forced escalated, emergency
08:04:31.000 > text 1 left to=karin
08:04:31.000 alarm 1: raised to karin left, by gateway
08:05:00.000 > power cut
08:05:30.000 > start
08:05:30.000 front: strike off
08:05:30.000 front: buzzer off
08:05:30.000 front: normal -> forced
08:05:30.000 start after no orderly stop, clock trusted
08:05:30.000 text to olle: front held_open, urgent, open 0 s
08:05:30.010 > front: contact open
08:05:30.010 front: unknown -> open
08:05:30.010 front: found_open, locked
# to the neighbour, but courierd is killed before it says that it left
08:05:35.010 front: buzzer on
08:07:30.000 text to nils: front forced, emergency
08:07:40.000 > courier up
08:07:40.000 text to olle: front held_open, urgent, open 130 s
08:07:40.000 text to nils: front forced, emergency
08:07:41.000 > text 1 left to=nils
08:07:41.000 alarm 1: raised to nils left, by gateway
08:07:50.000 > courier up
08:07:50.000 text to olle: front held_open, urgent, open 140 s
08:08:00.000 > nils replies 1
08:08:00.000 nils: a reply with the code of alarm 1
08:08:00.000 enough about alarm 1
08:08:00.000 text to olle: front forced, emergency, taken by nils
08:08:00.000 text to karin: front forced, emergency, taken by nils
08:08:00.000 front: alarm 1 forced acknowledged, emergency, by nils
08:08:10.000 > front: contact closed
