// timeline.js: what happened, the newest first: a row a visit, from "door opened" to "billed" in one
// line of sight, and the alarms between them.
import { useEffect, useState } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { go, link } from '../base/route.js'
import { html, Badge, Button, Empty, Failed, Money, Notice, Wait } from '../base/ui.js'
import { dayShort, t, time } from '../base/words.js'
import { Severity, alarmTitle, answeredBy } from './alarm.js'
import { Through } from './fresh.js'
import { live } from './live.js'
import { Pictures } from './pictures.js'
import { atShop, timeline } from './source.js'
import './words_visit.js'

const GLANCE_MAX = 3
const FILTERS = ['all', 'visits', 'alarms']
// With a filter a page may hold nothing of it: so many are fetched before we ask a person to go on.
const PAGES_AT_ONCE = 4
const PAGE = 50
const at = (row) => (row.kind === 'visit' ? row.opened_at : row.raised_at ?? row.changed_at)
const id = (row) => `${row.kind}-${row.visit ?? row.alarm}`
const isAlarm = (row) => row.kind === 'alarm' || row.alarms.length > 0
const shown = (rows, filter) => (filter === 'alarms' ? rows.filter(isAlarm)
  : filter === 'visits' ? rows.filter((r) => r.kind === 'visit') : rows)

function stay(row) {
  if (!row.closed_at)
    return html`<${Badge} kind="ok">${t('visit_open')}</${Badge}>`
  const n = Math.round((new Date(row.closed_at) - new Date(row.opened_at)) / 60000)
  return n < 1 ? t('visit_under') : t('visit_inside', { n })
}

function bill(row) {
  if (!row.lines)
    return t('stage_nothing')
  return row.invoice ? t('stage_invoice', { number: row.invoice }) : t('stage_unbilled')
}

function VisitRow({ row }) {
  const door = row.door && live.value.now?.doors.some((d) => d.door === row.door)
  return html`<article class="event visit">
    <h3><a href=${link('visit', row.visit)}>${alias(row.customer)}</a>
      ${row.role && row.role !== 'member' && html` <${Badge}>${t(`role_${row.role}`)}</${Badge}>`}
      ${row.check === 'picked' && html` <${Badge} kind="warn">${t('check_picked')}</${Badge}>`}</h3>
    <ol class="stages">
      <li>${t(door || !row.door ? 'stage_door' : 'stage_till', { at: time(row.opened_at) })}</li>
      <li>${stay(row)}</li>
      ${row.lines > 0 && html`<li><${Money} minor=${row.total_minor} currency=${row.currency} />
        <span class="soft"> ${t('lines_n', { n: row.lines })}</span></li>`}
      <li class=${row.invoice ? 'done' : ''}>${bill(row)}</li></ol>
    ${row.alarms.map((a) => html`<p key=${a.alarm} class="alarm-line"><${Severity} alarm=${a} />
      <a href=${link('alarm', String(a.alarm))}>${alarmTitle(a)}</a></p>`)}
    <${Glance} row=${row} /></article>`
}

/** A few of its pictures, small; the rest when it is opened. */
function Glance({ row }) {
  const left = row.pictures.length - GLANCE_MAX
  return row.pictures.length > 0 && html`<div class="glance">
    <${Pictures} names=${row.pictures.slice(0, GLANCE_MAX)} />
    ${left > 0 && html`<span class="soft small">${t('pictures_more', { n: left })}</span>`}</div>`
}

function AlarmRow({ row }) {
  return html`<article class=${`event alarm ${row.over ? '' : 'lasts'}`}>
    <h3><a href=${link('alarm', String(row.alarm))}>${alarmTitle(row)}</a>
      <${Severity} alarm=${row} /></h3>
    <p>${row.raised_at && `${t('alarm_raised', { at: time(row.raised_at) })} · `}
      ${row.acknowledged_by ? answeredBy(row) : row.over ? t('alarm_over') : t('alarm_waits')}
</p><${Glance} row=${row} /></article>`
}

/** How much has happened; away from the shop, what the office has of it. */
const entriesOf = (now) => now?.ledger.entries ?? now?.entries

/** The view #/timeline, #/timeline/alarms, #/timeline/visits. */
export default function Timeline({ rest }) {
  const filter = FILTERS.includes(rest[0]) ? rest[0] : 'all'
  const [got, set] = useState({ rows: [], next: undefined, why: null })
  const newest = entriesOf(live.use().now)
  const [seen, setSeen] = useState(newest)
  const fetch = async (from) => {
    let next = from
    const rows = from ? [...got.rows] : []
    try {
      for (let n = 0; n < PAGES_AT_ONCE && next !== null; n++) {
        const page = await timeline(next)
        rows.push(...page.rows)
        next = page.next
        if (shown(rows, filter).length > shown(got.rows, filter).length || filter === 'all')
          break
      }
      set({ rows, next, why: null })
    } catch (why) {
      set({ rows, next, why })
    }
  }
  const again = () => {
    setSeen(entriesOf(live.value.now))
    return fetch(undefined)
  }
  useEffect(() => { again() }, [])
  // who looks at the newest is shown what comes; who has gone further back is told of it
  const atTop = got.rows.length <= PAGE
  useEffect(() => {
    if (newest && seen && newest > seen && atTop)
      again()
  }, [newest])
  const rows = shown(got.rows, filter)
  let day
  const items = rows.map((row) => {
    const own = at(row) ? dayShort(at(row)) : ''
    const first = own !== day
    day = own
    return html`${first && html`<li class="day" key=${own}><h2>${own}</h2></li>`}
      <li key=${id(row)}>${row.kind === 'visit' ? html`<${VisitRow} row=${row} />`
    : html`<${AlarmRow} row=${row} />`}</li>`
  })
  return html`<div class="heading"><h1 tabindex="-1">${t('nav_timeline')}</h1>
      <div class="choice" role="group" aria-label=${t('filter')}>${FILTERS.map((f) => html`
        <button type="button" key=${f} aria-pressed=${String(f === filter)}
          onClick=${() => go('timeline', f)}>${t(`filter_${f}`)}</button>`)}</div></div>
    ${!atShop() && html`<div class="stack"><${Through} />
      <p class="soft small">${t('pictures_stay')}</p></div>`}
    ${newest && seen && newest > seen && !atTop && html`<${Button} kind="quiet"
      onPress=${again}>${t('newer')}</${Button}>`}
    ${rows.length > 0 && html`<ol class="timeline">${items}</ol>`}
    ${got.why ? got.why.away ? html`<${Notice}>${got.why.message}</${Notice}>`
    : html`<${Failed} why=${got.why} onAgain=${() => fetch(got.next)} />`
    : got.next === undefined ? html`<${Wait} />`
    : !rows.length && html`<${Empty}>${t(filter === 'all' ? 'timeline_empty'
      : 'timeline_empty_kind')}</${Empty}>`}
    ${got.next && html`<${Button} class="more" onPress=${() => fetch(got.next)}>${t('older')}
      </${Button}>`}`
}

