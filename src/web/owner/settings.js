// settings.js: what holds in this shop, from its own files and from the office; what the office may
// change can be changed here, the rest says in which file it stands.
import { html, Badge, Card, Empty, Money, Notice, Rows, Table, Wait, useAsked } from '../base/ui.js'
import { ago, moment, money, percent, quantity, t } from '../base/words.js'
import { place } from '../base/place.js'
import { Gone, Through } from './fresh.js'
import { GoneAtOffice, hasOffice } from './people.js'
import { WEEKDAYS } from './period.js'
import { Change, policy } from './policy.js'
import { sensorBounds } from './sensors.js'
import { askOffice } from './session.js'
import { settings } from './source.js'
import './words_house.js'
import './words_trade.js'
import './words_alarm.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** "8 s", "15 minuter", "2 timmar" of milliseconds. */
function span(ms) {
  if (ms < 2 * MINUTE)
    return t('seconds_n', { n: quantity(ms) })
  return ms < 2 * HOUR ? t('minutes_n', { n: Math.round(ms / MINUTE) })
    : t('hours_n', { n: Math.round(ms / HOUR) })
}

const days = (n) => (n ? t('days_left', { n }) : t('never'))

/** Facts({rows: [[key, value, more]]}) */
const Facts = ({ rows }) => html`<dl class="settings">${rows.filter(Boolean).map(([k, v, more]) => html`
  <div key=${k}><dt>${k}</dt><dd>${v} ${more}</dd></div>`)}</dl>`

const hoursOf = (h) => (h.open === null ? t('closed_day')
  : h.open === '00:00' && /^(24|00):00$/.test(h.close) ? t('all_day') : `${h.open}–${h.close}`)

function Hours({ v, set, change }) {
  return html`<${Card} title=${t('set_hours')}><${Facts} rows=${WEEKDAYS.map((d, i) => {
    const name = `hours.${d}`
    const value = v ? hoursOf(v.hours[i]) : set?.[name] ?? '–'
    return [t(d), value, change(name, t(d))]
  })} /></${Card}>`
}

function Rules({ v, set, change }) {
  const classes = v ? v.policy.barred : (set?.barred ?? '').split(/\s+/).filter(Boolean)
  const of = (name, shown) => (v ? shown : set?.[name] ?? '–')
  return html`<${Card} title=${t('set_policy')} aside=${v && html`<span class="soft small">
      ${t(v.policy.set_by === 'office' ? 'set_by_office' : 'set_by_shop')}</span>`}><${Facts} rows=${[
    [t('occupancy_max'), of('occupancy_max', v?.policy.occupancy_max || t('no_bound')),
      change('occupancy_max', t('occupancy_max'))],
    [t('barred'), classes.map((c) => t(`class_${c}`)).join(', ') || t('nothing'),
      change('barred', t('barred'))],
    [t('door_log_days'), of('door_log_days', v?.retention.door_log_days || t('door_log_kept')),
      change('door_log_days', t('door_log_days'))],
    [t('roster_max_hours'), of('roster_max_hours', v?.policy.roster_max_hours),
      change('roster_max_hours', t('roster_max_hours'))]]} /></${Card}>`
}

function Doors({ v }) {
  return v.doors.map((d) => html`<${Card} key=${d.door} title=${`${t('set_doors')}: ${d.door}`}>
    <${Facts} rows=${[[t('door_unlock'), span(d.unlock_ms)], [t('door_extended'), span(d.unlock_extended_ms)],
    [t('door_buzzer'), span(d.buzzer_ms)], [t('door_held'), span(d.held_open_ms)],
    [t('door_exit'), t(`exit_${d.exit}`)], [t('door_relock'), t(`relock_${d.relock}`)],
    [t('reader'), t(d.scanner ? 'yes' : 'no')]]} /></${Card}>`)
}

function Alarms({ v }) {
  const a = v.alarms
  const step = (severity, ms) => [t('step_wait', { severity: t(`severity_${severity}`) }), span(ms)]
  const watched = (ms, shown) => (ms ? shown : t('never'))
  return html`<${Card} title=${t('set_alarms')}><${Facts} rows=${[
    step('warning', a.warning_step_ms), step('urgent', a.urgent_step_ms),
    step('emergency', a.emergency_step_ms), [t('rehearse_days'), days(a.rehearse_days)],
    [t('inside_ms'), watched(a.inside_ms, span(a.inside_ms))],
    [t('refusals'), watched(a.refusals, t('refusals_of', { n: a.refusals, m: span(a.refusals_ms) }))],
    [t('disk_free'), `${a.disk_free_mb} MB`], [t('sync_max'), t('hours_n', { n: a.sync_max_hours })],
    [t('sms_roads'), v.sms_roads.map((r) => t(`road_${r}`)).join(', ') || t('none')]]} /></${Card}>`
}

function Contacts({ v }) {
  const columns = [
    { head: t('contact'), main: true, cell: (c) => c.contact },
    { head: t('role'), cell: (c) => t(`crole_${c.role}`) },
    { head: t('contact_step'), num: true, cell: (c) => c.step },
    { head: t('contact_least'), cell: (c) => t(`severity_${c.least}`) },
    { head: t('contact_hours'), cell: (c) => (c.from ? `${c.from}–${c.to}` : t('always')) },
    { head: t('contact_duty'), cell: (c) => html`<${Badge} kind=${c.on_duty ? 'ok' : 'info'}>
      ${t(c.on_duty ? 'yes' : 'no')}</${Badge}>` }]
  return html`<${Card} class="whole" title=${t('set_contacts')}>${v.contacts.length ? html`<${Table}
      caption=${t('set_contacts')} columns=${columns} rows=${v.contacts} id=${(c) => c.contact}
      empty="" />` : html`<${Notice} kind="warn">${t('contacts_none')}</${Notice}>`}</${Card}>`
}

function OfficeContacts() {
  const asked = useAsked(async () =>
    (await askOffice(`/v1/shops/${place.value.shop}/contacts`)).contacts, [])
  return html`<${Card} title=${t('office_contacts')}><${GoneAtOffice} asked=${asked} />
    ${asked.value && html`<${Rows} items=${asked.value} id=${(c) => c.name} empty=${t('none')}
      row=${(c) => html`<div class="row between"><strong>${c.name}</strong>
        <span class="num">${c.phone}</span></div>`} label=${t('office_contacts')} />`}</${Card}>`
}

function Sensors({ v }) {
  return html`<${Card} title=${t('set_sensors')}>${v.sensors.length ? html`<${Facts}
    rows=${v.sensors.map((s) => [`${s.sensor} (${t(`kind_${s.kind}`)})`,
    sensorBounds(s) ?? ''])} />`
    : html`<${Empty}>${t('sensors_none')}</${Empty}>`}</${Card}>`
}

function MoneySet({ v }) {
  const r = v.reminders
  const limit = (x) => (x.credit_limit_minor === null ? t('no_limit')
    : money(x.credit_limit_minor, v.currency))
  return html`<${Card} title=${t('set_money')}><${Facts} rows=${[
    ...v.trust.map((x) => [`${t('trust')}: ${t(`trust_${x.trust}`)}`, `${t('trust_limit')} ${limit(x)}, ${
      t('trust_check').toLowerCase()} ${percent(x.check_bp)}`]),
    [t('reminder_first'), days(r.first_days)], [t('reminder_second'), days(r.second_days)],
    [t('reminder_fee'), html`<${Money} minor=${r.fee_minor} currency=${v.currency} />`],
    [t('reminder_bar'), days(r.bar_days)]]} /></${Card}>`
}

function Versions({ v }) {
  const x = v.versions
  return html`<${Card} title=${t('set_versions')}><${Facts} rows=${[
    [t('version_program'), x.program], [t('version_list'), x.price_list],
    [t('version_articles'), x.articles], [t('version_members'), x.members],
    [t('version_up'), ago(Date.now() - x.up_ms)], [t('version_office'), v.office.url ?? t('none')],
    v.office.heard_at && [t('heard_at'), moment(v.office.heard_at)],
    [t('currency'), v.currency], [t('time_zone'), v.time_zone],
    v.simulated && [t('simulated'), t('yes')]]} /></${Card}>`
}

/** The view #/settings. */
export default function Settings() {
  const asked = useAsked(settings, [])
  const office = useAsked(() => (hasOffice() ? policy() : null), [])
  const v = asked.value
  const set = office.value
  // without a word of the office's there is nothing that we could change
  const change = (name, label) => set && html`<${Change} name=${name} label=${label}
    value=${set[name] ?? ''} onDone=${office.again} />`
  return html`<h1 tabindex="-1" class="heading">${t('nav_settings')}</h1><div class="stack">
    <${Through} /><p class="soft">${t('settings_note')}</p><${Gone} asked=${asked} />
    ${!v && !asked.why ? html`<${Wait} />` : html`<div class="grid">
      <${Hours} v=${v} set=${set} change=${change} /><${Rules} v=${v} set=${set} change=${change} />
      ${v && html`<${Contacts} v=${v} />`}${hasOffice() && html`<${OfficeContacts} />`}
      ${v && html`<${Alarms} v=${v} /><${Doors} v=${v} /><${Sensors} v=${v} /><${MoneySet} v=${v} />
        <${Versions} v=${v} />`}</div>`}</div>`
}
