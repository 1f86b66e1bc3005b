// parts.js: what the views of head office have in common: ages, the bar above a table, a shop to pick,
// tabs, what a code that is told once looks like.
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Button, Dialog, Failed, Field, Notice, Wait, html, say } from '../base/ui.js'
import { Qr } from '../base/qr.js'
import { signal } from '../base/signal.js'
import { known, language, moment, money, t } from '../base/words.js'
import { details } from './words_details.js'
import { fleet } from './fleet_store.js'
import { who } from './office.js'

// One clock for all ages on the page: ten thousand of them are no reason for ten thousand timers.
const beat = signal(Date.now())
const BEAT_MS = 5000
let lookers = 0
let timer
/** Hook: Date.now(), kept true. */
export function useNow() {
  useEffect(() => {
    if (lookers++ === 0)
      timer = setInterval(() => { beat.value = Date.now() }, BEAT_MS)
    return () => {
      if (--lookers === 0)
        clearInterval(timer)
    }
  }, [])
  return Math.max(beat.use(), Date.now() - BEAT_MS)
}

const UNITS = [['day', 86400e3], ['hour', 3600e3], ['minute', 60e3], ['second', 1e3]]
const formats = new Map()
/** 192000 -> "3 min": as short as a table wants it. */
export function span(ms) {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? UNITS[3]
  const id = `${language()}${unit}`
  if (!formats.has(id))
    formats.set(id, new Intl.NumberFormat(language() === 'sv' ? 'sv-SE' : 'en-GB',
      { style: 'unit', unit, unitDisplay: 'short' }))
  return formats.get(id).format(Math.max(0, Math.floor(ms / size)))
}

/** Old({at, stale}): how long ago (milliseconds by our clock) something was heard. */
export function Old({ at, stale, never = '–' }) {
  const now = useNow()
  if (at === null || at === undefined)
    return html`<span class="age ${stale ? 'stale' : ''}">${never}</span>`
  return html`<time class="age ${stale ? 'stale' : ''}" datetime=${new Date(at).toISOString()}
    title=${new Date(at).toLocaleString()}>${span(Math.max(0, now - at))}</time>`
}

/** word('state', 'live'): the words of a value of the office; a new one is shown as it is. */
export const word = (kind, value) => (known(`${kind}_${value}`) ? t(`${kind}_${value}`) : value ?? '–')

const saying = { at: moment, sum: (ore) => money(ore, 'SEK'),
  what: (condition) => (known(`condition_${condition}`) ? t(`condition_${condition}`) : '') }
/** Detail({of}): what the office noted, in the page's language; what we have no words for stands as it
 * came, and is said to be English. */
export function Detail({ of }) {
  const { words, foreign } = details(of ?? '', language(), saying)
  return html`${words}${words && foreign && ' '}${foreign && html`<span lang="en">${foreign}</span>`}`
}

/** Asked({asked, children(value)}): what useAsked() gives: waiting, failed, or there; an older value
 * stays beside the failure that kept it from being renewed. */
export function Asked({ asked, children }) {
  return html`${asked.why && html`<${Failed} why=${asked.why} onAgain=${asked.again} />`}
    ${asked.value === undefined ? !asked.why && html`<${Wait} />` : children(asked.value)}`
}

/** Paged({of, children(rows)}): the same for usePaged(). */
export function Paged({ of, children }) {
  return html`${of.why && html`<${Failed} why=${of.why} onAgain=${of.again} />`}
    ${of.known ? children(of.rows) : !of.why && html`<${Wait} />`}`
}

/** Tabs({label, tabs: [[href, words]], here}): views of one thing, as links. */
export function Tabs({ label, tabs, here }) {
  return html`<nav class="tabs"
    aria-label=${t('tabs_of', { what: label })}>${tabs.map(([href, words]) => html`
    <a key=${href} href=${href} aria-current=${href === here ? 'page' : undefined}>${words}</a>`)}
  </nav>`
}

/** Bar(children): search, filters and what else stands above a table. */
export const Bar = ({ children }) => html`<div class="bar">${children}</div>`

const PAUSE_MS = 300
/** Search({label, onSearch(text)}): asks when the typing pauses. */
export function Search({ label, value = '', onSearch }) {
  const [text, setText] = useState(value)
  const last = useRef()
  last.current = { text, value, onSearch }
  useEffect(() => () => { // who leaves while still typing finds it as typed on coming back
    const { text: typed, value: asked, onSearch: tell } = last.current
    if (typed !== asked)
      tell(typed)
  }, [])
  useEffect(() => {
    if (text === value)
      return undefined
    const timer = setTimeout(() => onSearch(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return html`<${Field} label=${label} type="search" value=${text} onInput=${setText}
    maxlength="80" autocomplete="off" enterkeyhint="search" />`
}

/** Pick({label, value, options: [[value, words]], onPick}) */
export function Pick({ label, value, options, onPick, hint }) {
  return html`<${Field} as="select" label=${label} hint=${hint} value=${value}
    onInput=${onPick}>${options.map(([v, words]) => html`
      <option key=${v} value=${v} selected=${v === value}>${words}</option>`)}</${Field}>`
}

const PICK_MAX = 30
const OFFERED = 30
/** ShopPick({label, value, onPick, any}): a shop: a list where they are few, typed with suggestions
 * where they are many. `any`: the word for none. */
export function ShopPick({ label = t('shop'), value, onPick, any, error }) {
  const id = useId()
  const names = shopNames(fleet.use().shops)
  if (names && names.length <= PICK_MAX)
    return html`<${Field} as="select" label=${label} value=${value} error=${error} onInput=${onPick}>
      ${any !== undefined ? html`<option value="" selected=${!value}>${any}</option>`
        : html`<option value="" selected=${!value}>${t('choose')}</option>`}
      ${names.map(([name, title]) => html`<option key=${name} value=${name}
        selected=${name === value}>${title}</option>`)}</${Field}>`
  const like = value.toLowerCase()
  const offered = (names ?? []).filter(([name, title]) => `${name} ${title}`.toLowerCase()
    .includes(like)).slice(0, OFFERED)
  return html`<${Field} label=${label} value=${value} list=${id} error=${error} maxlength="16"
      autocomplete="off" spellcheck=${false} placeholder=${any} autocapitalize="none"
      onInput=${(s) => onPick(s.trim().toLowerCase())} />
    <datalist id=${id}>${offered.map(([name, title]) => html`
      <option value=${name}>${title}</option>`)}</datalist>`
}

/** [[name, title]] of all shops that we know of; null where they may be any. */
function shopNames(shops) {
  if (shops.length)
    return shops.map((s) => [s.shop, s.title && s.title !== s.shop ? `${s.title} (${s.shop})` : s.shop])
  return who.value.shops.includes('*') ? null : who.value.shops.map((s) => [s, s])
}

/** useWork(): [run, why]: runs a write, says what came of it, keeps why it failed. */
export function useWork() {
  const [why, setWhy] = useState(null)
  const run = async (work, done) => {
    setWhy(null)
    try {
      const value = await work()
      if (done)
        say(done)
      return value ?? true
    } catch (reason) {
      setWhy(reason)
      return undefined
    }
  }
  return [run, why && html`<${Failed} why=${why} />`, setWhy]
}

/** Form({title, onClose, onSave, save, children}): a dialog that is sent; `onSave` resolves to true
 * when it may close. */
export function Form({ title, onClose, onSave, save = t('save'), kind = 'primary', why, ready = true,
  children }) {
  const id = useId()
  const [busy, setBusy] = useState(false)
  const send = async (e) => {
    e.preventDefault()
    if (busy || !ready)
      return
    setBusy(true)
    const over = await onSave()
    setBusy(false)
    if (over)
      onClose()
  }
  return html`<${Dialog} title=${title} onClose=${onClose} actions=${html`
      <${Button} onPress=${onClose}>${t('cancel')}</${Button}>
      <${Button} kind=${kind} type="submit" form=${id} busy=${busy} disabled=${!ready}>${save}
      </${Button}>`}>
    <form id=${id} class="stack" onSubmit=${send} novalidate>${children}${why}</form></${Dialog}>`
}

/** Once({title, code, text, onClose}): a secret that is shown this one time: copied, or as a QR. */
export function Once({ title, code, qr, lead, onClose, children }) {
  return html`<${Dialog} title=${title} onClose=${onClose} actions=${html`
      <${Button} class="no-print" onPress=${() => print()}>${t('print')}</${Button}>
      <${Button} kind="primary" onPress=${onClose}>${t('done')}</${Button}>`}>
    <div class="stack once">${lead && html`<p>${lead}</p>`}
      ${qr && html`<div class="code"><${Qr} text=${qr} label=${t('qr_of', { what: title })} /></div>`}
      <${Copy} text=${code} label=${title} />
      ${children}
      <${Notice} kind="warn">${t('told_once')}</${Notice}></div></${Dialog}>`
}

/** Copy({text, label}): text to be taken along. */
export function Copy({ text, label }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      say(t('copied'))
    } catch {
      say(t('copy_by_hand'))
    }
  }
  return html`<div class="copy"><code tabindex="0" role="region" aria-label=${label}>${text}</code>
    <${Button} class="no-print" onPress=${copy}>${t('copy')}</${Button}></div>`
}

/** Facts({rows: [[name, value]]}): what is known of one thing. */
export const Facts = ({ rows }) => html`<dl class="facts">${rows.filter(Boolean).map(([name, value]) =>
  html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
