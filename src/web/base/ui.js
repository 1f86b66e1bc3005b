// ui.js: the parts that every page is built from, so that all look drawn by one hand: buttons,
// cards, notices, fields, dialogs, lists and tables that stay quick with thousands of rows, and
// values that say how old they are. How they look stands in app.css.
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { html } from './html.js'
import { signal } from './signal.js'
import { ago, language, moment, money, number, setLanguage, t, useLanguage } from './words.js'

export { html } from './html.js'

/** Rows of a list that are drawn at once; more on demand. */
export const PAGE_ROWS = 50

/** Button({kind, busy, onPress, …}): kind 'primary', 'plain' (as is), 'danger', 'quiet'. While its
 * work is under way it says so and takes no second press. */
export function Button({ kind = 'plain', onPress, busy, children, type = 'button', ...rest }) {
  const [working, setWorking] = useState(false)
  const here = useRef(true)
  useEffect(() => () => { here.current = false }, [])
  const wait = busy || working
  const press = async (e) => {
    const going = onPress?.(e)
    if (!going?.then)
      return
    setWorking(true)
    try {
      await going
    } finally {
      if (here.current)
        setWorking(false)
    }
  }
  return html`<button ...${rest} type=${type} class=${`button ${kind} ${rest.class ?? ''}`}
      aria-busy=${wait ? 'true' : undefined} disabled=${wait || rest.disabled} onClick=${press}>
    ${children}</button>`
}

/** Notice({kind, title, children}): 'info', 'ok', 'warn', 'alarm'. Warnings and alarms are said at
 * once by a screen reader, the rest when there is a pause. */
export function Notice({ kind = 'info', title, children }) {
  const urgent = kind === 'warn' || kind === 'alarm'
  return html`<div class=${`notice ${kind}`} role=${urgent ? 'alert' : 'status'}>
    ${title && html`<strong>${title}</strong>`}<div>${children}</div></div>`
}

/** Failed({why, onAgain}): what a Problem says, and the way on. */
export function Failed({ why, onAgain }) {
  return html`<${Notice} kind="warn">${why.message}
    ${onAgain && html` <${Button} kind="quiet" onPress=${onAgain}>${t('again')}</${Button}>`}
  </${Notice}>`
}

export function Card({ title, aside, children, level = 2, ...rest }) {
  return html`<section ...${rest} class=${`card ${rest.class ?? ''}`}>
    ${title && html`<header><${`h${level}`}>${title}</${`h${level}`}>${aside}</header>`}
    ${children}</section>`
}

/** Heading of a view; it takes the focus when the view is come to. */
export function Heading({ children, back, aside }) {
  return html`<div class="heading">
    ${back && html`<a class="back" href=${back} aria-label=${t('back')}>‹</a>`}
    <h1 tabindex="-1">${children}</h1>${aside}</div>`
}

/** Field({label, hint, error, value, onInput(text), …}): one labelled input; `as` textarea, select. */
export function Field({ label, hint, error, onInput, as = 'input', children, ...rest }) {
  const id = useId()
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return html`<div class=${`field ${error ? 'wrong' : ''}`}>
    <label for=${id}>${label}</label>
    <${as} id=${id} ...${rest} aria-describedby=${about || undefined}
      aria-invalid=${error ? 'true' : undefined} onInput=${(e) => onInput?.(e.target.value, e)}>
      ${children}</${as}>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error" role="alert">${error}</p>`}
  </div>`
}

/** Tick({label, checked, onChange(bool)}): a box to tick. */
export function Tick({ label, checked, onChange, ...rest }) {
  return html`<label class="tick"><input type="checkbox" ...${rest} checked=${checked}
    onChange=${(e) => onChange(e.target.checked)} /> <span>${label}</span></label>`
}

/** Dialog({title, onClose, children, actions}): over the page; Escape and the cross close it. */
export function Dialog({ title, onClose, children, actions }) {
  const box = useRef()
  const id = useId()
  useEffect(() => {
    box.current.showModal()
  }, [])
  return html`<dialog ref=${box} aria-labelledby=${id} onCancel=${(e) => {
      e.preventDefault()
      onClose()
    }}>
    <header><h2 id=${id}>${title}</h2>
      <button type="button" class="cross" aria-label=${t('close')} onClick=${onClose}>×</button>
    </header>
    <div class="body">${children}</div>
    ${actions && html`<footer>${actions}</footer>`}
  </dialog>`
}

/** Sure({title, children, yes, danger, onYes, onClose}): asks before what cannot be taken back. */
export function Sure({ title, children, yes, danger, onYes, onClose }) {
  return html`<${Dialog} title=${title} onClose=${onClose} actions=${html`
      <${Button} onPress=${onClose}>${t('cancel')}</${Button}>
      <${Button} kind=${danger ? 'danger' : 'primary'} onPress=${onYes}>${yes}</${Button}>`}>
    ${children}</${Dialog}>`
}

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`

/** Rows({items, row, id, empty}): a list, PAGE_ROWS at first; more on demand, so that five thousand
 * rows open as fast as five. `row(item)` gives what stands in an <li>. */
export function Rows({ items, row, id, empty, label, ...rest }) {
  const [shown, setShown] = useState(PAGE_ROWS)
  if (!items.length)
    return html`<${Empty}>${empty}</${Empty}>`
  const left = items.length - shown
  return html`<ul ...${rest} class=${`rows ${rest.class ?? ''}`} aria-label=${label}>
      ${items.slice(0, shown).map((item) => html`<li key=${id(item)}>${row(item)}</li>`)}</ul>
    ${left > 0 && html`<${Button} kind="quiet" class="more"
      onPress=${() => setShown(shown + PAGE_ROWS)}>${t('more', { n: number(left) })}</${Button}>`}`
}

/**
 * Table({caption, columns, rows, id, empty, onMore}): columns [{head, cell(row), num, main, by(row)}].
 * On a narrow screen each row becomes a card, its cells named by their heads. A page at a time;
 * `onMore()` fetches rows that only the server has. A column with `by` can be sorted by its head.
 */
export function Table({ caption, columns, rows: given, id, empty, onMore }) {
  const [from, setFrom] = useState(0)
  const [sort, setSort] = useState(null)
  useLanguage()
  const rows = useMemo(() => sorted(given, columns[sort?.column]?.by, sort?.down), [given, sort])
  const start = from < rows.length ? from : 0
  const end = Math.min(start + PAGE_ROWS, rows.length)
  if (!rows.length)
    return html`<${Empty}>${empty}</${Empty}>`
  const next = async () => {
    if (end >= rows.length)
      await onMore?.()
    setFrom(end)
  }
  return html`<div class="table">
    <table><caption class="unseen">${caption}</caption>
      <thead><tr>${columns.map((c, i) => html`<th scope="col" class=${c.num ? 'num' : ''}
          aria-sort=${sort?.column !== i ? undefined : sort.down ? 'descending' : 'ascending'}>
        ${c.by ? html`<button type="button" onClick=${() => {
          setSort(sort?.column === i && sort.down ? null
            : { column: i, down: sort?.column === i })
          setFrom(0)
        }}>${c.head}</button><span class="by-name">${c.head}</span>` : c.head}</th>`)}</tr></thead>
      <tbody>${rows.slice(start, end).map((row) => html`<tr key=${id(row)}>
        ${columns.map((c) => html`<${c.main ? 'th' : 'td'} scope=${c.main ? 'row' : undefined}
          class=${`${c.num ? 'num' : ''} ${c.main ? 'main' : ''}`} data-head=${c.head}>
          ${c.cell(row)}</${c.main ? 'th' : 'td'}>`)}</tr>`)}</tbody></table>
    ${(rows.length > PAGE_ROWS || onMore) && html`<nav class="pager" aria-label=${caption}>
      <${Button} kind="quiet" disabled=${start === 0}
        onPress=${() => setFrom(Math.max(0, start - PAGE_ROWS))}>${t('previous')}</${Button}>
      <span>${t('rows_of', { from: number(start + 1), to: number(end),
        all: `${number(rows.length)}${onMore ? '+' : ''}` })}</span>
      <${Button} kind="quiet" disabled=${end >= rows.length && !onMore}
        onPress=${next}>${t('next')}</${Button}></nav>`}
  </div>`
}

/** Rows in the order of by(row), words as the language orders them; what has no value comes last. */
function sorted(rows, by, down) {
  if (!by)
    return rows
  const words = new Intl.Collator(language(), { numeric: true })
  const sign = down ? -1 : 1
  return rows.map((row) => [by(row), row]).sort(([a], [b]) => {
    const [none, other] = [a === null || a === undefined, b === null || b === undefined]
    if (none || other)
      return none - other
    return sign * (typeof a === 'string' ? words.compare(a, b) : a - b)
  }).map(([, row]) => row)
}

/** Money({minor, currency}) */
export const Money = ({ minor, currency }) =>
  html`<span class=${`money ${minor < 0 ? 'minus' : ''}`}>${money(minor, currency)}</span>`

/** When({at}): a moment, exact on its title. */
export const When = ({ at, as = moment }) =>
  html`<time datetime=${at} title=${at}>${as(at)}</time>`

/** Age({at}): how long ago something was heard, kept true while it is looked at. `stale_s`: from
 * when on it is old. */
export function Age({ at, stale_s: stale = Infinity }) {
  const [, beat] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => beat((n) => n + 1), 5000)
    return () => clearInterval(timer)
  }, [])
  if (!at)
    return html`<span class="age stale">–</span>`
  const old = (Date.now() - new Date(at).getTime()) / 1000 > stale
  return html`<time class=${`age ${old ? 'stale' : ''}`} datetime=${at} title=${at}>
    ${ago(at)}</time>`
}

/** Badge({kind, children}): a state in one word; never by colour alone. */
export const Badge = ({ kind = 'info', children }) =>
  html`<span class=${`badge ${kind}`}>${children}</span>`

/** Door({physical, mode, alarm}): the door drawn as it stands; the words stand beside it. */
export function Door({ physical, alarm, label }) {
  const open = physical === 'open'
  const unknown = physical !== 'open' && physical !== 'closed'
  return html`<svg class=${`door ${open ? 'open' : ''} ${alarm && alarm !== 'normal' ? 'alarm' : ''}`}
      viewBox="0 0 64 80" role="img" aria-label=${label}>
    <rect class="frame" x="8" y="4" width="48" height="74" rx="3" />
    <rect class="inside" x="13" y="9" width="38" height="69" />
    ${open
    ? html`<path class="leaf" d="M13 9 L33 17 V78 L13 78 Z" />
        <circle class="knob" cx="29" cy="48" r="2" />`
    : html`<rect class="leaf" x="13" y="9" width="38" height="69" />
        <rect class="pane" x="20" y="16" width="24" height="22" rx="2" />
        <circle class="knob" cx="45" cy="48" r="2.5" />`}
    ${unknown && html`<text class="mark" x="32" y="62" text-anchor="middle">?</text>`}
  </svg>`
}

/** Wait(): something is on its way. */
export const Wait = ({ children }) =>
  html`<p class="wait" role="status">${children ?? t('loading')}</p>`

/** useAsked(ask, [deps]): {value, why, again, busy}: asks when it is drawn and when deps change;
 * the last value stays while it is asked anew. */
export function useAsked(f, deps) {
  const [state, setState] = useState({ busy: true })
  const turn = useRef(0)
  const again = async () => {
    const mine = ++turn.current
    setState((s) => ({ ...s, busy: true }))
    try {
      const value = await f()
      if (mine === turn.current)
        setState({ value, at: new Date().toISOString(), busy: false })
    } catch (why) {
      if (mine === turn.current)
        setState((s) => ({ ...s, why, busy: false }))
    }
  }
  useEffect(() => {
    again()
    return () => { turn.current++ }
  }, deps)
  return { ...state, again }
}

/** say('…'): a short word that is shown at the foot and spoken by a screen reader; with an action
 * (say('Removed', {word: 'Undo', onPress})) for as long as one needs to reach it. */
const SAID_MS = 6000
const said = signal(null)
export const say = (text, action) => { said.value = { text, action, at: performance.now() } }
/** Takes it back, where something more urgent has to be seen. */
export const hush = () => { said.value = null }
export function Said() {
  const now = said.use()
  useEffect(() => {
    if (!now)
      return undefined
    const timer = setTimeout(() => { said.value = null }, SAID_MS)
    return () => clearTimeout(timer)
  }, [now])
  return html`<div class=${`said ${now ? 'shown' : ''}`} role="status">
    ${now && html`<span>${now.text}</span>${now.action && html`<${Button} kind="quiet"
      onPress=${() => {
        said.value = null
        return now.action.onPress()
      }}>${now.action.word}</${Button}>`}`}
  </div>`
}

/** Languages(): the way to the other language, in its own name. */
export function Languages() {
  useLanguage()
  const other = language() === 'sv' ? 'en' : 'sv'
  return html`<button type="button" class="button quiet language" lang=${other}
    onClick=${() => setLanguage(other)}>${other === 'sv' ? 'Svenska' : 'English'}</button>`
}
