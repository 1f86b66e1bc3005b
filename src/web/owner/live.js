// live.js: what is happening now, kept fresh for all views: asked anew when the shop says that
// something happened (server-sent events), and by itself every while. It knows how old it is.
import { useEffect } from 'preact/hooks'
import { listen } from '../base/api.js'
import { signal } from '../base/signal.js'
import { alarms, atShop, now } from './source.js'
import { renewed } from './session.js'

/** {now, alarms, at, why}: `at` when an answer last came, `why` what went wrong since. */
export const live = signal({ now: null, alarms: null, at: null, why: null })

const ASK_MS = 15000
const ASK_OFFICE_MS = 5000 // it hears of a door every 15 s, and keeps nobody told
const SETTLE_MS = 250 // one door that opens writes several entries
const AGAIN_MS = 30000 // a session is not renewed more often because a road is down
let asking = null
let again = false

/** Asks now; whoever asks while it is under way gets what is asked after that. */
export function liveAsk() {
  if (asking) {
    again = true
    return asking
  }
  asking = askAll().finally(() => {
    asking = null
    if (again) {
      again = false
      liveAsk()
    }
  })
  return asking
}

async function askAll() {
  try {
    const [n, a] = await Promise.all([now(), alarms()])
    live.value = { now: withTold(n), alarms: a.alarms, at: new Date().toISOString(), why: null }
  } catch (why) {
    live.value = { ...live.value, why }
  }
}

// What the shop has answered to a command, until it says itself how the door stands: by way of the
// office that is a heartbeat later.
const told = new Map()
const MODE_AFTER = { lock: 'locked', normal: 'locked', prop: 'propped', lockdown: 'lockdown' }

/** The shop has done this to the door. */
export function liveTold(door, verb) {
  if (!atShop() && MODE_AFTER[verb])
    told.set(door, { mode: MODE_AFTER[verb], at: new Date().toISOString() })
}

function withTold(n) {
  return { ...n, doors: n.doors.map((d) => {
    const known = told.get(d.door)
    return known && n.from === 'office' && n.heard_at < known.at ? { ...d, mode: known.mode } : d
  }) }
}

/** Hook: keeps `live` fresh while the page is shown. */
export function useLive() {
  useEffect(() => {
    let settle, renewedAt = 0
    const soon = () => {
      clearTimeout(settle)
      settle = setTimeout(liveAsk, SETTLE_MS)
    }
    const seen = () => document.visibilityState === 'visible' && liveAsk()
    const timer = setInterval(seen, atShop() ? ASK_MS : ASK_OFFICE_MS)
    document.addEventListener('visibilitychange', seen)
    liveAsk()
    const close = atShop() ? listen('/v1/events', { entry: soon }, (well) => {
      // the stream ends with its session: a new one, and the browser comes back by itself
      if (!well && performance.now() - renewedAt > AGAIN_MS) {
        renewedAt = performance.now()
        renewed().catch(() => {})
      }
    }) : () => {}
    return () => {
      close()
      clearInterval(timer)
      clearTimeout(settle)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [])
}

export const openAlarms = (list) => (list ?? []).filter((a) => !a.over)
export const unanswered = (a) => !a.over && !a.acknowledged_by && a.state !== 'acknowledged'
