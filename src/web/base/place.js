// place.js: where this page is: at the shop's own box, or at the office under the shop's name.
// Remembered, so that an installed page without any net still knows its shop.
import { ask } from './api.js'
import { kvGet, kvPut } from './db.js'
import { signal } from './signal.js'
import { setTimeZone } from './words.js'

/** {here, shop, doors, tills, office, currency, language, time_zone}; null: not known yet. */
export const place = signal(null)
/** 'shop': the box answers. 'office': away from it. 'none': nobody answers. 'unknown': not asked. */
export const reach = signal('unknown')

const LOOK_MS = 4000 // the box is on this very Wi-Fi: who has not answered by then will not

/** Asks anew. Never throws: `reach` says what came of it. */
export async function placeLook() {
  try {
    const said = await ask('/v1/place', { ms: LOOK_MS })
    const before = place.value
    // an office that has not heard its shop yet names no doors: those that were known stay
    const p = said.doors.length || before?.shop !== said.shop ? said
      : { ...said, doors: before.doors }
    place.value = p
    setTimeZone(p.time_zone)
    reach.value = p.here
    await kvPut('place', p).catch(() => {})
  } catch (why) {
    reach.value = 'none'
    if (!place.value) {
      const kept = await kvGet('place').catch(() => null)
      if (kept) {
        setTimeZone(kept.time_zone)
        place.value = kept
      }
    }
  }
  return place.value
}

/** Where the office is asked: another origin from the shop's box, our own at the office. */
export function officeAt() {
  const p = place.value
  return !p || p.here === 'office' ? '' : p.office
}
