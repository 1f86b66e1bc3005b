// ahead.js: how far this phone's clock is ahead of the shop's, by the Date of the shop's answers. Small
// differences are nobody's business: the shop allows for them.
import { signal } from '../base/signal.js'

const OFF_MS = 15000
const LOOK_MS = 4000

/** Milliseconds; 0: right enough, or nobody could say. */
export const ahead = signal(0)

/** Asks the shop; whether the clock was found wrong. */
export async function clockLook() {
  try {
    const began = Date.now()
    const answer = await fetch('/healthz', { method: 'HEAD', cache: 'no-store',
      signal: AbortSignal.timeout(LOOK_MS) })
    const theirs = Date.parse(answer.headers.get('Date') ?? '')
    const off = Number.isNaN(theirs) ? 0 : (began + Date.now()) / 2 - theirs
    ahead.value = Math.abs(off) > OFF_MS ? Math.round(off) : 0
  } catch {
    // out of reach: what was found before holds
  }
  return ahead.value !== 0
}
