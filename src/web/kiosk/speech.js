// speech.js: the screen spoken, when somebody asks for it. Two ways of listening: the speaker, which
// all who stand by hear, and headphones. What is nobody else's business (amounts, names of goods, a
// PIN's digits: EN 301 549 5.1.3.8) carries `data-private` and is spoken into headphones alone; into
// the speaker goes `data-public` in its place. Every input interrupts (5.1.3.4).
import { signal } from '../base/signal.js'
import { language, t } from '../base/words.js'

/** 'off', 'speaker', 'headphones' */
export const speechMode = signal('off')
/** Whether this browser has a voice for the language: where not, it is said, and only tones sound. */
export const voiced = signal(false)
/** Rate and volume as the person set them; words, for nobody thinks in numbers here. */
export const manner = signal({ rate: 1, volume: 1 })
/** What was spoken last, for once more. */
let last = ''

export const RATES = [0.7, 1, 1.4, 1.9]
export const VOLUMES = [0.25, 0.5, 0.75, 1]
const engine = globalThis.speechSynthesis

function voice() {
  const voices = engine?.getVoices() ?? []
  const own = voices.filter((v) => v.lang.slice(0, 2).toLowerCase() === language())
  // a voice of the machine itself works without any net
  return own.find((v) => v.localService) ?? own[0] ?? null
}

export function voiceLook() {
  voiced.value = voice() !== null
}
engine?.addEventListener?.('voiceschanged', voiceLook)

export const isPrivateAllowed = () => speechMode.value === 'headphones'

export function speechSet(mode) {
  speechMode.value = mode
  voiceLook()
  if (mode === 'off')
    hush()
}

/** Off, and as loud and as quick as it was. */
export function speechOff() {
  manner.value = { rate: 1, volume: 1 }
  last = ''
  speechSet('off')
}

/** Whatever is being spoken ends here. */
export function hush() {
  engine?.cancel()
}

/** Speaks, after what is being spoken; `now` interrupts that. */
export function speak(text, now = true) {
  const said = text.replace(/\s+/g, ' ').trim()
  if (speechMode.value === 'off' || !said)
    return
  last = said
  const with_ = voice()
  if (!with_)
    return
  if (now)
    hush()
  const u = new SpeechSynthesisUtterance(said)
  u.voice = with_
  u.lang = with_.lang
  u.rate = manner.value.rate
  u.volume = manner.value.volume
  engine.speak(u)
}

/** The last once more. */
export const repeat = () => speak(last || t('speech_nothing'))

/** announce('A thing was taken', 'Milk, 14,90'): the second into headphones alone. */
export const announce = (open, own) => speak(own && isPrivateAllowed() ? own : open)

const HIDDEN = 'script, style, template, [hidden], [aria-hidden="true"], .unspoken'
const WHOLE = '[role="group"], ul, dialog' // their label names them and does not stand for them
const ROLES = { BUTTON: 'button', A: 'link', INPUT: 'field', SELECT: 'choice' }

/** The words of an element as an ear should get them. */
export function spokenOf(node) {
  if (node.nodeType === Node.TEXT_NODE)
    return node.data
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(HIDDEN))
    return ''
  if (node.dataset.private !== undefined && !isPrivateAllowed())
    return node.dataset.public ?? ''
  const whole = node.matches(WHOLE) ? null : node.getAttribute('aria-label')
  const name = whole ?? (node.tagName === 'INPUT' ? '' : [...node.childNodes].map(spokenOf).join(' '))
  const pause = getComputedStyle(node).display.startsWith('inline') ? '' : '. '
  return name.trim() ? `${name.trim()}${/[.!?:,]$/.test(name.trim()) ? ' ' : pause || ' '}` : ''
}

function labelOf(el) {
  const by = el.labels?.[0]
  return by ? spokenOf(by) : spokenOf(el)
}

/** A control as it is come to: its name, what it is, how it stands. */
export function controlOf(el) {
  const parts = [labelOf(el)]
  const role = ROLES[el.tagName]
  if (el.getAttribute('role') === 'radio' || el.type === 'radio')
    parts.push(t('spoken_choice'), el.checked ?? el.getAttribute('aria-checked') === 'true'
      ? t('spoken_on') : '')
  else if (role)
    parts.push(t(`spoken_${role}`))
  if (el.tagName === 'INPUT' && el.type !== 'radio')
    parts.push(el.type === 'password' ? t('spoken_digits', { n: el.value.length })
      : el.value.split('').join(' ') || t('spoken_empty'))
  if (el.hasAttribute('aria-pressed'))
    parts.push(t(el.getAttribute('aria-pressed') === 'true' ? 'spoken_on' : 'spoken_off'))
  if (el.getAttribute('aria-expanded') === 'true')
    parts.push(t('spoken_open'))
  if (el.disabled || el.getAttribute('aria-disabled') === 'true')
    parts.push(t('spoken_disabled'))
  return parts.filter(Boolean).map((p) => p.trim().replace(/[.,]$/, '')).join(', ')
}

/** What is on top of all else: an open dialog, or the page. */
export function topmost() {
  const open = [...document.querySelectorAll('dialog[open]')]
  return open.at(-1) ?? document.querySelector('main') ?? document.body
}

/** All that stands on the screen. */
export const speakScreen = () => speak(spokenOf(topmost()))

/** A view as it is come to: its heading, and what it says of itself in [data-lead]. */
export function speakView() {
  const root = topmost()
  const parts = [...root.querySelectorAll('h1, h2, [data-lead]')]
    .filter((e, _, all) => !all.some((o) => o !== e && o.contains(e)))
  speak(parts.map(spokenOf).join('. '))
}
