// fleet.js: all shops on one page. Nothing here is green that was not heard just now, and every value
// says how old it is.
import { useEffect, useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { Badge, Button, Failed, Heading, Table, Wait, html, say } from '../base/ui.js'
import { number, t } from '../base/words.js'
import { csvSave } from './file.js'
import { KINDS, STATES, countStates, isFresh, stateOf, troubles, unsent } from './fleet_state.js'
import { fleetAgain, fleetFind, useFleet } from './fleet_store.js'
import { mayEverywhere } from './office.js'
import { Bar, Old, Search, useNow, word } from './parts.js'
import { NewShop } from './shop_new.js'
import './words_fleet.js'

const RANK = Object.fromEntries(STATES.map((k, i) => [k, i]))

/** Kept while one looks at a shop and comes back. */
let kept = { text: '', only: '' }

export function Fleet() {
  const { shops, whole, why, round_ms } = useFleet()
  const now = useNow()
  const [view, setView] = useState(kept)
  const [making, setMaking] = useState(false)
  const set = (more) => setView(kept = { ...view, ...more })
  useEffect(() => { // what is looked for need not wait for ten thousand others
    if (view.text && !whole)
      fleetFind(view.text).catch(() => {}) // it comes with the rest then
  }, [view.text, whole])
  const rows = shopsOf(shops, now, round_ms)
  const counts = countStates(shops, now, round_ms)
  const like = view.text.toLowerCase()
  const shown = rows.filter((r) => (!view.only || r.state === view.only) &&
    (!like || `${r.s.shop} ${r.s.title} ${r.s.group}`.toLowerCase().includes(like)))
    .sort((a, b) => RANK[a.state] - RANK[b.state] || (a.s.shop < b.s.shop ? -1 : 1))
  return html`<${Heading} aside=${mayEverywhere('fleet') && html`<${Button} kind="primary"
      onPress=${() => setMaking(true)}>${t('new_shop')}</${Button}>`}>${t('fleet')}</${Heading}>
    ${why && html`<${Failed} why=${why} onAgain=${fleetAgain} />`}
    ${shops.length > 0 && html`<${Chips} counts=${counts} all=${shops.length} only=${view.only}
      onOnly=${(only) => set({ only })} />
      <${Bar}><${Search} label=${t('search_shop')} value=${view.text}
        onSearch=${(text) => set({ text })} />
        <${Button} kind="quiet" onPress=${() => fleetCsv(shown)}>${t('save_csv')}</${Button}></${Bar}>`}
    ${!whole && !why && html`<${Wait}>${t('fleet_loading', { n: number(shops.length) })}</${Wait}>`}
    ${(whole || shops.length > 0) && html`<section class="sheet">
      <${Table} caption=${t('fleet_caption')} columns=${columns(now)} rows=${shown}
        id=${(r) => r.s.shop} empty=${t(shops.length ? 'fleet_none' : 'fleet_empty')} /></section>`}
    ${making && html`<${NewShop} onClose=${() => setMaking(false)} />`}`
}

function shopsOf(shops, now, round_ms) {
  return shops.map((s) => ({ s, state: stateOf(s, now, round_ms), fresh: isFresh(s, now, round_ms) }))
}

/** How many of each state; a press shows these alone. */
function Chips({ counts, all, only, onOnly }) {
  const chip = (key, n, kind) => html`<li key=${key}><button type="button" class=${`chip ${kind}`}
    aria-pressed=${only === key} onClick=${() => onOnly(only === key ? '' : key)}>
    <strong>${number(n)}</strong> ${t(`chip_${key || 'all'}`, { n })}</button></li>`
  return html`<ul class="chips" aria-label=${t('chips')}>${chip('', all, '')}
    ${STATES.filter((k) => counts[k] || only === k).map((k) => chip(k, counts[k], KINDS[k]))}</ul>`
}

const columns = (now) => [
  { head: t('shop'), main: true, by: (r) => r.s.title || r.s.shop, cell: (r) => html`<span>
    <a href=${link('shop', r.s.shop)}>${r.s.title || r.s.shop}</a>
    <span class="sub">${r.s.shop}${r.s.group && ` · ${r.s.group}`}</span></span>` },
  { head: t('state'), by: (r) => RANK[r.state], cell: (r) => html`<${StateBadge} of=${r} />` },
  { head: t('heard_at'), num: true, by: (r) => (r.s.seen_at === null ? null : now - r.s.seen_at),
    cell: (r) => html`<${Old} at=${r.s.seen_at}
      stale=${!r.fresh && r.state !== 'waiting'} never=${t('never')} />` },
  { head: t('doors'), cell: (r) => html`<${Was} of=${r}>${doorWords(r.s)}</${Was}>` },
  { head: t('alarms_open'), num: true, by: (r) => r.s.seen.said?.alarms_open,
    cell: (r) => html`<${Was} of=${r}>${r.s.seen.said?.alarms_open}</${Was}>` },
  { head: t('unsent'), num: true, by: (r) => unsent(r.s),
    cell: (r) => html`<${Was} of=${r}>${unsent(r.s) === null ? null : number(unsent(r.s))}</${Was}>` },
  { head: t('entries'), num: true, by: (r) => r.s.head.seq, cell: (r) => r.s.head.seq ? html`<span>
    ${number(r.s.head.seq)} <span class="sub"><${Old} at=${r.s.head_at} /></span></span>`
    : html`<span class="nil">–</span>` },
  { head: t('feed'), by: (r) => r.s.lag, cell: (r) => html`<${Was} of=${r}>${r.s.seen.said && (r.s.lag
    ? t('feed_lag', { n: r.s.lag }) : t('feed_now'))}</${Was}>` },
  { head: t('clock'), cell: (r) => html`<${Was} of=${r}>${r.s.seen.said &&
    t(r.s.seen.said.clock_trusted ? 'clock_ok' : 'clock_bad')}</${Was}>` },
]

/** A shop's state in one word, and what is wrong in a few. */
export function StateBadge({ of }) {
  const wrong = of.fresh ? troubles(of.s) : []
  return html`<span><${Badge} kind=${KINDS[of.state]}>${t(`shop_${of.state}`)}</${Badge}>
    ${wrong.length > 0 && html`<span class="sub wrong-word">${wrong.map((k) => t(k)).join(', ')}</span>`}
  </span>`
}

/** A value that only the shop knows: when it is not of now it looks so, and says so. */
export function Was({ of, children }) {
  if (children === null || children === undefined || children === '')
    return html`<span class="nil">–</span>`
  return of.fresh ? html`<span>${children}</span>`
    : html`<span class="was">${children} (${t('was_then')})</span>`
}

export function doorWords(s) {
  return (s.seen.said?.doors ?? []).map((d) => [s.seen.said.doors.length > 1 ? `${d.door}:` : '',
    d.physical ? t(`door_${d.physical}`) : '', d.mode && d.mode !== 'locked' ? word('mode', d.mode)
      : ''].filter(Boolean).join(' ')).join(', ')
}

function fleetCsv(rows) {
  csvSave('butiker', ['shop', 'title', 'group', 'state', 'heard_at', 'doors', 'alarms_open', 'unsent',
    'entries', 'newest_entry_at', 'feed_behind', 'clock_trusted', 'version'],
  rows.map(({ s, state }) => [s.shop, s.title, s.group, state, s.seen.at, doorWords(s),
    s.seen.said?.alarms_open, unsent(s), s.head.seq, s.head.at, s.lag, s.seen.said?.clock_trusted,
    s.seen.said?.version].map((v) => (typeof v === 'boolean' ? String(v) : v))))
  say(t('csv_saved', { n: rows.length }))
}
