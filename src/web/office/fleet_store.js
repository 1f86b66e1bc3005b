// fleet_store.js: what the office knows of every shop, read a page at a time and read anew for as long
// as somebody looks. Ten thousand shops are twenty pages: the first is shown at once, and the rest
// follow; after that one page is read after another, so that the office is never asked for all at once.
import { useEffect } from 'preact/hooks'
import { signal } from '../base/signal.js'
import { office, query, sees } from './office.js'

const PAGE = 500
const EVERY_MS = 15000 // a shop's heart beats so often: more would show nothing new
const BETWEEN_MS = 2000 // between two pages of a large fleet
const AGAIN_MS = 5000 // after a failure

/** {shops, whole, why, round_ms}: `whole` once every page was read; each shop has `read_at` and
 * `seen_at`, its newest heartbeat, both by this browser's clock. */
export const fleet = signal({ shops: [], whole: false, round_ms: EVERY_MS })

const known = new Map() // by name
let watchers = 0
let keepers = 0 // of those, who want it kept true
let turn = 0
let wake

/** Hook: reads the fleet while the view is there. `once`: what the shops are called is enough, so that
 * it is read through but one time. */
export function useFleet({ once = false } = {}) {
  useEffect(() => {
    if (!sees('fleet'))
      return undefined
    keepers += once ? 0 : 1
    if (watchers++ === 0)
      run(++turn)
    else
      wake?.()
    return () => {
      keepers -= once ? 0 : 1
      if (--watchers === 0)
        turn++
    }
  }, [])
  return fleet.use()
}

/** Asks for all of it now: something was changed here. */
export function fleetAgain() {
  wake?.()
}

/** One shop as an answer has just told it. */
export function fleetPut(shop) {
  remember(shop, new Date().toISOString())
  publish({})
}

/** Those that the office finds by a piece of their name, while the rest is still on its way here. */
export async function fleetFind(text) {
  const page = await office(query('/v1/shops', { q: text, limit: PAGE }))
  for (const s of page.shops)
    remember(s, page.at)
  publish({})
}

async function run(mine) {
  while (mine === turn) {
    if (!keepers && fleet.value.whole) {
      await pause(EVERY_MS)
      continue
    }
    const began = performance.now()
    try {
      if (await round(mine))
        publish({ whole: true, why: undefined,
          round_ms: Math.max(EVERY_MS, performance.now() - began + BETWEEN_MS) })
      await pause(Math.max(BETWEEN_MS, EVERY_MS - (performance.now() - began)))
    } catch (why) {
      publish({ why })
      await pause(why.retry_s ? why.retry_s * 1000 : AGAIN_MS)
    }
  }
}

async function round(mine) {
  const there = new Set()
  let after = ''
  do {
    const page = await office(query('/v1/shops', { limit: PAGE, after }))
    if (mine !== turn)
      return false
    for (const s of page.shops) {
      there.add(s.shop)
      remember(s, page.at)
    }
    after = page.next
    publish({ why: undefined })
    if (after && fleet.value.whole)
      await pause(BETWEEN_MS)
  } while (after && mine === turn)
  for (const name of known.keys())
    if (!there.has(name))
      known.delete(name)
  return mine === turn
}

function remember(s, at) {
  const now = Date.now()
  const before = known.get(s.shop)
  const lag = s.seen.said ? Math.max(0, s.feed.to - s.seen.said.feed) : 0
  known.set(s.shop, { ...s, at, read_at: now, seen_at: s.seen.age_ms === null ? null
    : now - s.seen.age_ms, head_at: s.head.age_ms === null ? null : now - s.head.age_ms, lag,
  // what was told this moment is not late: only what stays behind is
  lag_since: lag ? before?.lag_since ?? now : null })
}

function publish(more) {
  const shops = [...known.values()].sort((a, b) => (a.shop < b.shop ? -1 : 1))
  fleet.value = { ...fleet.value, ...more, shops }
}

function pause(ms) {
  return new Promise((done) => {
    const timer = setTimeout(done, document.hidden ? ms * 4 : ms)
    wake = () => {
      clearTimeout(timer)
      done()
    }
  })
}
