# The owner's page: a token of its own audience, used once. It opens no door and no visit.
member olle 011e0006 owner
member anna a11a0001
hours 06:00-22:00
23:00:00.000 > start
23:00:00.000 front: strike off
23:00:00.000 front: buzzer off
23:00:00.000 start after an orderly stop, clock trusted
23:00:00.010 > front: contact closed
23:00:00.010 front: unknown -> closed
23:00:05.000 > session: token of olle
23:00:05.000 answer: admitted, owner
23:00:05.000 owner: admitted 011e0006 by phone
23:00:06.000 > session: token of olle again
23:00:06.000 answer: replayed
23:00:06.000 owner: refused 011e0006 by phone: replayed
23:00:12.000 > session: token of olle again
23:00:12.000 answer: replayed
23:00:12.000 owner: refused 011e0006 by phone: replayed
23:00:13.000 > session: token of anna
23:00:13.000 answer: admitted, member
23:00:13.000 owner: admitted a11a0001 by phone
23:00:14.000 > session: token of olle aud=viken/front
23:00:14.000 answer: wrong_audience
23:00:14.000 owner: refused 011e0006 by phone: wrong_audience
23:00:15.000 > session: token of olle nonce=whatever
23:00:15.000 answer: nonce_unknown
23:00:15.000 owner: refused 011e0006 by phone: nonce_unknown
23:00:16.000 > session: pass of olle
23:00:16.000 answer: wrong_audience
23:00:16.000 owner: refused 011e0006 by phone: wrong_audience
