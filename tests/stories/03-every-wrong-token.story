# Every token that is refused for what it is, each with its own verdict, in the order of the contract.
member anna a11a0001
08:00:00.000 > start
08:00:00.000 front: strike off
08:00:00.000 front: buzzer off
08:00:00.000 start after an orderly stop, clock trusted
08:00:00.010 > front: contact closed
08:00:00.010 front: unknown -> closed
08:00:01.000 > front: phone of anna bytes=malformed
08:00:01.000 front: light no
08:00:01.000 answer: malformed
08:00:01.000 front: refused by phone: malformed
08:00:02.000 > front: phone of anna key=unknown
08:00:02.000 front: light no
08:00:02.000 answer: unknown_key
08:00:02.000 front: refused by phone: unknown_key
08:00:03.000 > front: phone of anna key=bad
08:00:03.000 front: light no
08:00:03.000 answer: bad_signature
08:00:03.000 front: refused by phone: bad_signature
08:00:04.000 > front: phone of anna aud=viken/till
08:00:04.000 front: light no
08:00:04.000 answer: wrong_audience
08:00:04.000 front: refused a11a0001 by phone: wrong_audience
08:00:05.000 > front: phone of anna aud=viken/fron
08:00:05.000 front: light no
08:00:05.000 answer: wrong_audience
08:00:05.000 front: refused a11a0001 by phone: wrong_audience
08:00:06.000 > front: phone of anna aud=viken
08:00:06.000 front: light no
08:00:06.000 answer: wrong_audience
08:00:06.000 front: refused a11a0001 by phone: wrong_audience
08:00:07.000 > front: phone of anna life=121
08:00:07.000 front: light no
08:00:07.000 answer: too_long_lived
08:00:07.000 front: refused a11a0001 by phone: too_long_lived
08:00:08.000 > front: phone of anna nonce=never-given
08:00:08.000 front: light no
08:00:08.000 answer: nonce_unknown
08:00:08.000 front: refused a11a0001 by phone: nonce_unknown
08:00:09.000 > front: phone of anna iat=11
08:00:09.000 front: light no
08:00:09.000 answer: not_yet_valid
08:00:09.000 front: refused a11a0001 by phone: not_yet_valid
08:00:10.000 > front: phone of anna iat=-60
08:00:10.000 front: light no
08:00:10.000 answer: expired
08:00:10.000 front: refused a11a0001 by phone: expired
08:01:12.000 > front: phone of anna iat=10 life=120
08:01:12.000 front: strike on
08:01:12.000 front: locked -> accessed
08:01:12.000 front: light yes
08:01:12.000 answer: admitted, member
08:01:12.000 picture of visit 006b03f2c8000019
08:01:12.000 front: admitted a11a0001 by phone, visit 006b03f2c8000019
08:01:12.000 front: visit 006b03f2c8000019 opened for a11a0001, price list 1
08:01:12.000 front: unlocked, accessed, for a11a0001
08:01:17.000 front: strike off
08:01:17.000 front: accessed -> locked
08:01:17.000 front: relocked, locked
08:01:17.530 front: not_entered, locked, for a11a0001
08:01:18.000 > front: phone of anna again
08:01:18.000 front: light no
08:01:18.000 answer: replayed
08:01:18.000 front: refused a11a0001 by phone: replayed
08:01:30.000 > front: garbage
08:01:30.000 front: light no
08:01:30.000 front: refused by scanner: malformed
08:01:40.000 > front: token of anna aud=viken/till
08:01:40.000 front: light no
08:01:40.000 front: refused a11a0001 by scanner: wrong_audience
