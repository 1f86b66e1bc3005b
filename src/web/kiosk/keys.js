// keys.js: every function by one row of keys, and without seeing. The row, from left to right:
//
//   F1 speech (again: read the screen)   F2 once more   F3 contrast   F4 language
//   ← →  (or ↑ ↓, Tab) the one before, the next   Enter choose   Esc back
//
// It is what an audio navigation keypad sends. Digits and letters of a whole keyboard are for the
// views. With speech on a finger explores: what it comes to is spoken, a second tap on it presses.
// Without sight, speech begins by F1, or by resting a finger anywhere for three seconds.
import { hush, controlOf, repeat, speak, speakScreen, speechMode, topmost } from './speech.js'
import { contrast, contrastSet, languageNext, over } from './person.js'
import { patienceAsks, patienceDone } from './patience.js'
import { feelReady } from '../base/feel.js'
import { t } from '../base/words.js'

const REST_MS = 3000
const MOVED_PX = 40
const CONTROLS = 'button:not(:disabled), a[href], input:not(:disabled), select, [tabindex="0"]'

/** The view's own keys: {Escape, Enter, Backspace, digit(d), letter(c)}; the newest view's count. */
const views = []
export function keysTake(own) {
  views.push(own)
  return () => views.splice(views.indexOf(own), 1)
}

function controls() {
  return [...topmost().querySelectorAll(CONTROLS)].filter((e) => e.checkVisibility?.() ?? true)
}

/** Scrolls what has the focus and is longer than its place. @returns whether there was more. */
function scrolled(by) {
  const e = document.activeElement
  if (e.tabIndex !== 0 || e.matches('button, input, a'))
    return false
  const before = e.scrollTop
  e.scrollBy(0, by * e.clientHeight * 0.7)
  return e.scrollTop !== before
}

function step(by) {
  if (scrolled(by))
    return
  const all = controls()
  if (!all.length)
    return
  const at = all.indexOf(document.activeElement)
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length
  all[next].focus()
  all[next].scrollIntoView({ block: 'nearest' })
}

export function speechKey() {
  if (speechMode.value === 'off')
    over.value = 'speech'
  else
    speakScreen()
}

const FIXED = {
  F1: speechKey,
  F2: () => repeat(),
  F3: () => {
    contrastSet(!contrast.value)
    speak(t(contrast.value ? 'contrast_on' : 'contrast_off'))
  },
  F4: () => {
    languageNext()
    speak(t('language_now'))
  },
  ArrowRight: () => step(1), ArrowDown: () => step(1),
  ArrowLeft: () => step(-1), ArrowUp: () => step(-1),
}

function onKey(e) {
  if (e.isComposing || e.ctrlKey || e.altKey || e.metaKey)
    return
  const asked = patienceAsks()
  swallow = false
  feelReady()
  hush()
  patienceDone()
  if (asked) {
    e.preventDefault()
    return
  }
  const writing = e.target.matches?.('input')
  if (writing && (e.key === 'ArrowLeft' || e.key === 'ArrowRight') && e.target.value)
    return
  if (e.target.type === 'radio' && e.key.startsWith('Arrow'))
    return
  if (FIXED[e.key]) {
    e.preventDefault()
    FIXED[e.key]()
    return
  }
  if (document.querySelector('dialog[open]')) // it has keys of its own, Esc among them
    return
  const own = views.at(-1)
  if (e.key === 'Escape' && own?.Escape) {
    e.preventDefault()
    own.Escape()
  } else if (!writing && /^\d$/.test(e.key) && own?.digit) {
    e.preventDefault()
    own.digit(e.key)
  } else if (e.key === 'Enter' && own?.Enter && !e.target.matches?.(CONTROLS)) {
    e.preventDefault()
    own.Enter()
  } else if (!writing && e.key === 'Backspace' && own?.Backspace) {
    e.preventDefault()
    own.Backspace()
  } else if (!writing && /^\p{L}$/u.test(e.key) && own?.letter) {
    e.preventDefault()
    own.letter(e.key)
  }
}

let explored = null // the control that a finger last came to
let resting, restedAt = null, swallow = false

function onDown(e) {
  feelReady()
  hush()
  swallow = patienceAsks()
  patienceDone()
  restedAt = { x: e.clientX, y: e.clientY }
  clearTimeout(resting)
  resting = setTimeout(() => {
    swallow = true
    speechKey()
  }, REST_MS)
}

function onMove(e) {
  if (restedAt && Math.hypot(e.clientX - restedAt.x, e.clientY - restedAt.y) > MOVED_PX)
    clearTimeout(resting)
  if (speechMode.value !== 'off' && e.pointerType === 'touch' && restedAt)
    explore(document.elementFromPoint(e.clientX, e.clientY)?.closest(CONTROLS))
}

function onUp() {
  clearTimeout(resting)
  restedAt = null
}

function explore(control) {
  if (!control || control === explored)
    return
  explored = control
  control.focus({ preventScroll: true })
  if (document.activeElement !== control)
    speak(controlOf(control))
}

/** The click that only answered a question, began speech or explored does nothing else. */
function onClick(e) {
  const stop = () => {
    e.preventDefault()
    e.stopPropagation()
  }
  if (swallow) {
    swallow = false
    stop()
    return
  }
  if (speechMode.value === 'off' || e.pointerType !== 'touch')
    return
  const control = e.target.closest?.(CONTROLS)
  if (control && control === explored && control === armed) {
    armed = null
    return
  }
  armed = control
  stop()
  if (control)
    explore(control)
}
let armed = null // the control whose next tap presses it

export function keysStart() {
  addEventListener('keydown', onKey, true)
  addEventListener('pointerdown', onDown, true)
  addEventListener('pointermove', onMove, true)
  addEventListener('pointerup', onUp, true)
  addEventListener('pointercancel', onUp, true)
  addEventListener('click', onClick, true)
  addEventListener('contextmenu', (e) => e.preventDefault())
  addEventListener('focusin', (e) => {
    // a heading that takes the focus is spoken with its view
    if (e.target.matches(CONTROLS)) {
      explored = e.target
      speak(controlOf(e.target))
    }
  })
}
