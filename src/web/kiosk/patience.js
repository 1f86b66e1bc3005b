// patience.js: nobody is hurried, and nobody's basket stays for the next. After a minute in which
// nothing was done the screen asks, counts 30 s, and any key or touch is "I need more time": as often
// as one likes (WCAG 2.2.1 wants 20 s and ten times). Only then is it given up.
import { signal } from '../base/signal.js'

const IDLE_MS = 60 * 1000
const COUNT_S = 30
const BEAT_MS = 1000

/** Seconds that are left, while it asks; else null. */
export const warning = signal(null)

let last = performance.now()
let asked = 0
let held = { wanted: () => false, idle_ms: () => IDLE_MS, onWarn() {}, onOver() {} }

/** Something was done: by a finger, a key or a code at the scanner. */
export function patienceDone() {
  last = performance.now()
  if (warning.value !== null)
    warning.value = null
}

export const sinceDone = () => performance.now() - last

/** Whether this input only answered the question, and so does nothing else. */
export const patienceAsks = () => warning.value !== null

/**
 * patienceStart({wanted, idle_ms, onWarn, onOver}): wanted() says whether there is anything to give
 * up; idle_ms(), when that is to be sooner than after a minute.
 */
export function patienceStart(with_) {
  held = { ...held, ...with_ }
  setInterval(beat, BEAT_MS)
}

function beat() {
  const now = performance.now()
  if (!held.wanted()) {
    warning.value = null
    return
  }
  if (warning.value === null) {
    if (now - last >= Math.min(IDLE_MS, held.idle_ms())) {
      asked = now
      warning.value = COUNT_S
      held.onWarn()
    }
    return
  }
  const left = COUNT_S - Math.floor((now - asked) / 1000)
  if (left <= 0) {
    warning.value = null
    last = now
    held.onOver()
  } else if (left !== warning.value) {
    warning.value = left
  }
}
