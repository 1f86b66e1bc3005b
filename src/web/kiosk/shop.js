// shop.js: what the box tells this screen, as it happens. Nothing here is asked for twice: whenever
// the road was broken, `place` comes first and everything known before is worth nothing.
import { listen } from '../base/api.js'
import { signal } from '../base/signal.js'

/** 'opening', 'well', 'away' (shopd is away, counterd is not), 'lost' (nobody answers). */
export const road = signal('opening')
export const doors = signal({})
/** {till: {till, visit, silence_ms}} */
export const tills = signal({})
/** {door: {challenge, until}}: `until` by performance.now(). */
export const challenges = signal({})
/** The newest {door|till, verdict, text:{sv, en}}. */
export const verdict = signal(null)
/** The newest {till, visit, key, gtin, code, text}. */
export const line = signal(null)

const GRACE_MS = 1500 // a restart shorter than this is nobody's business
const ASK_MS = 10 * 1000
const AGAIN_MS = 2000
const ANSWER_MS = 5000
const MISSED_MAX = 2
const LATE_MS = 5000 // a code that should have changed by then is no longer shown

let timer

function roadIs(next) {
  clearTimeout(timer)
  if (next === 'well' || road.value === 'opening')
    road.value = next
  else
    timer = setTimeout(() => { road.value = next }, GRACE_MS)
}

const byName = (list, name) => Object.fromEntries(list.map((x) => [x[name], x]))

const handlers = {
  place(p) {
    doors.value = byName(p.doors, 'door')
    challenges.value = {}
    roadIs('well')
    tills.value = byName(p.tills, 'till')
  },
  away() {
    roadIs('away')
  },
  door(d) {
    doors.value = { ...doors.value, [d.door]: d }
  },
  challenge(c) {
    const until = performance.now() + c.changes_in_ms + LATE_MS
    challenges.value = { ...challenges.value, [c.door]: { challenge: c.challenge, until } }
  },
  verdict(v) {
    verdict.value = v
  },
  visit(v) {
    tills.value = { ...tills.value, [v.till]: { ...tills.value[v.till], ...v } }
  },
  line(l) {
    line.value = l
  },
}

/** Listens from now on. */
export function shopListen() {
  listen('/v1/kiosk/events', handlers, (well) => {
    if (!well)
      roadIs('lost')
  })
  pulse()
}

/** The stream may hang without an error (a stopped process keeps its sockets): every 10 s the box is
 * asked whether it lives. One answer may be late; the second that does not come is a silence. */
async function pulse() {
  let missed = 0
  for (;;) {
    await new Promise((r) => setTimeout(r, missed ? AGAIN_MS : ASK_MS))
    try {
      await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) })
      if (missed >= MISSED_MAX && road.value === 'lost')
        road.value = 'well' // it was slow, the stream never broke
      missed = 0
    } catch {
      missed++
      if (missed >= MISSED_MAX && road.value === 'well')
        roadIs('lost')
    }
  }
}
