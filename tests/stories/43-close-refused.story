# A month cannot be closed: the owner is told once, again after each new refusal only if it had been mended between,
# and with one text that it is done. It stays known over a restart, and nobody has to answer for it to end.
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:00.015 > front: rex off
08:00:00.020 > courier up
08:03:00.000 > month closed
08:03:01.000 > month refused
08:03:01.000 text to owner: close_refused, warning
08:03:01.000 alarm 1 close_refused raised, warning
08:03:01.500 > text 1 left
08:03:01.500 alarm 1: raised to owner left, by gateway
08:03:01.500 alarm 1 close_refused notified, warning
08:30:00.000 > month refused
09:00:00.000 > stop
09:00:00.000 front: strike off
09:00:00.000 front: buzzer off
09:00:00.000 stop
09:00:10.000 > start
09:00:10.000 front: strike off
09:00:10.000 front: buzzer off
09:00:10.000 start after an orderly stop, clock trusted
09:00:10.010 > front: contact closed
09:00:10.010 front: unknown -> closed
09:00:10.015 > front: rex off
09:00:10.020 > courier up
09:10:00.000 > month refused
09:20:00.000 > month closed
09:20:00.000 enough about alarm 1
09:20:00.000 text to owner: close_refused, warning, it is over
09:20:00.000 alarm 1 close_refused cleared, warning, over
09:20:00.500 > text 1 left over
09:20:00.500 alarm 1: over to owner left, by gateway
09:30:00.000 > month refused
09:30:00.000 text to owner: close_refused, warning
09:30:00.000 alarm 2 close_refused raised, warning
09:30:01.000 > text 2 left
09:30:01.000 alarm 2: raised to owner left, by gateway
09:30:01.000 alarm 2 close_refused notified, warning
09:30:05.000 > ack 2 by olle
09:30:05.000 answer: done
09:30:05.000 enough about alarm 2
09:30:05.000 text to owner: close_refused, warning, taken by olle
09:30:05.000 alarm 2 close_refused acknowledged, warning, by olle
09:40:00.000 > month closed
09:40:00.000 text to owner: close_refused, warning, it is over
09:40:00.000 alarm 2 close_refused cleared, warning, by olle, over
