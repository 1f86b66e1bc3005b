// settings.js: what this one screen is, kept by its browser: where it hangs, how large it is, what is
// plugged into it. Nothing of any person stands here.
import { signal } from '../base/signal.js'

const NAME = 'kiosk'
/** 10.1 inches, read from an arm's length and a half: what the sizes were drawn for. */
const FIRST = { door: null, till: null, inches: 10.1, distance_mm: 600, headphones: null }

export const settings = signal(read())

function read() {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(NAME) ?? '{}') }
  } catch {
    return { ...FIRST }
  }
}

/** settingsKeep({inches: 7}): the rest stays. */
export function settingsKeep(change) {
  settings.value = { ...settings.value, ...change }
  try {
    localStorage.setItem(NAME, JSON.stringify(settings.value))
  } catch {
    // it holds until the browser is closed; the address still says where the screen hangs
  }
}

/** ['door', 'front'], ['till', 'till'] or ['both', 'front', 'till'] of the address -> what to keep. */
export function roleOf(route) {
  const [kind, one, two] = route
  if (kind === 'door' && one)
    return { door: one, till: null }
  if (kind === 'till' && one)
    return { door: null, till: one }
  if (kind === 'both' && one && two)
    return { door: one, till: two }
  return null
}

/** The other way: what stands behind the # for this role. */
export function routeOf({ door, till }) {
  if (door && till)
    return ['both', door, till]
  return door ? ['door', door] : ['till', till]
}
