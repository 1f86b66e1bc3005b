// now.js: what is happening: alarms first, then the doors, who is inside, what the sensors say, and
// how the shop is, each as old as it says.
import { useEffect } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { link } from '../base/route.js'
import { html, Age, Badge, Button, Card, Empty, Failed, Money, Rows, Wait, say, useAsked }
  from '../base/ui.js'
import { moment, t, time } from '../base/words.js'
import { AlarmCard } from './alarm.js'
import { DoorCard } from './doors.js'
import { NotFresh, Through, useOld } from './fresh.js'
import { live, liveAsk, openAlarms, unanswered } from './live.js'
import { SENSOR_KIND, sensorBounds, sensorValue } from './sensors.js'
import { atShop, noticeSeen, notices, sensors } from './source.js'

const SENSORS_MS = 15000
const ROADS_WELL = ['well', 'none']

function Alarms({ list }) {
  const open = openAlarms(list).sort((a, b) => Number(unanswered(b)) - Number(unanswered(a)))
  if (!open.length)
    return html`<p class="quiet-line">✓ ${t('alarms_none')}</p>`
  return html`<section aria-label=${t('alarms')} class="stack">
    <h2 class="unseen">${t('alarms')}</h2>
    <${Rows} items=${open} id=${(a) => a.alarm} row=${(a) => html`<${AlarmCard} alarm=${a} />`}
      class="plain" label=${t('alarms')} /></section>`
}

function Inside({ now }) {
  if (!now.inside)
    return html`<${Card} title=${t('inside')}><p class="soft">
      ${t('visits_n', { n: now.visits_open ?? 0 })}</p></${Card}>`
  const row = (v) => html`<a class="visitor" href=${link('visit', v.visit)}>
    <span><strong>${alias(v.customer)}</strong>
      ${v.role !== 'member' && html` <${Badge}>${t(`role_${v.role}`)}</${Badge}>`}
      <br /><span class="soft small">${t('came', { at: time(v.since) })} · <${Age} at=${v.since} />
      </span></span>
    <span class="end">${v.lines ? html`<${Money} minor=${v.total_minor} currency=${now.currency} />
      <br /><span class="soft small">${t('lines_n', { n: v.lines })}</span>`
    : html`<span class="soft small">${t('nothing_yet')}</span>`}</span></a>`
  return html`<${Card} title=${t('inside')} aside=${now.inside.length > 0 && html`<span class="soft">
      ${t('inside_n', { n: now.inside.length })}</span>`}>
    <${Rows} items=${now.inside} id=${(v) => v.visit} row=${row} empty=${t('inside_nobody')}
      label=${t('inside')} /></${Card}>`
}

function Sensors() {
  const asked = useAsked(sensors, [])
  useEffect(() => {
    const timer = setInterval(asked.again, SENSORS_MS)
    return () => clearInterval(timer)
  }, [])
  const row = (s) => {
    const old = s.state === 'stale' || s.state === 'unknown'
    const heard = s.age_ms === null ? null
      : new Date(new Date(asked.at).getTime() - s.age_ms).toISOString()
    return html`<div class=${`sensor ${old ? 'old' : ''}`}><span><strong>${s.sensor}</strong>
      <br /><span class="soft small">${t(`kind_${s.kind}`)}${sensorBounds(s)
        && `, ${sensorBounds(s)}`}</span></span>
      <span class="end"><strong class="value">${sensorValue(s)}</strong>
        <${Badge} kind=${SENSOR_KIND[s.state]}>${t(`sensor_${s.state}`)}</${Badge}>
        <br />${heard && html`<${Age} at=${heard} stale_s=${old ? 0 : Infinity} />`}</span></div>`
  }
  return html`<${Card} title=${t('sensors')}>
    ${asked.why && (asked.why.away ? html`<p class="soft">${asked.why.message}</p>`
      : html`<${Failed} why=${asked.why} onAgain=${asked.again} />`)}
    ${asked.value ? html`<${Rows} items=${asked.value} id=${(s) => s.sensor} row=${row}
      empty=${t('sensors_none')} label=${t('sensors')} />` : !asked.why && html`<${Wait} />`}
  </${Card}>`
}

/** What is not well, in sentences; empty: all is. */
function troubles(now) {
  const said = []
  if (!now.ledger.ok)
    said.push(t('house_ledger'))
  if (!now.clock.trusted)
    said.push(t('house_clock'))
  if (now.sms_ok === false)
    said.push(t('house_sms'))
  if (now.ledger.free_mb !== null && now.ledger.free_mb < 500)
    said.push(t('house_disk', { n: now.ledger.free_mb }))
  if (!ROADS_WELL.includes(now.office.road))
    said.push(t('house_office_away'))
  return said
}

function House({ now }) {
  const said = troubles(now)
  const office = now.office.road === 'none' ? t('house_office_none') : t('house_office_well')
  return html`<${Card} title=${t('house')}>
    ${said.length ? html`<ul class="troubles">${said.map((s) => html`<li>${s}</li>`)}</ul>`
    : html`<p>✓ ${t('house_ok')} ${ROADS_WELL.includes(now.office.road) && office}</p>`}
    ${now.office.unsent > 0 && now.office.road !== 'none' && html`<p class="soft">
      ${t('house_unsent', { n: now.office.unsent })}</p>`}
    <a href=${link('health')}>${t('house_more')}</a></${Card}>`
}

function Notices() {
  const asked = useAsked(notices, [])
  const open = (asked.value ?? []).filter((n) => !n.over_at && !n.acknowledged_by)
  const row = (n) => html`<div class="row between"><span><strong>${t(`notice_${n.kind}`)}</strong>
    <br /><span class="soft small">${n.detail} · ${moment(n.at)}</span></span>
    <${Button} onPress=${async () => {
      try {
        await noticeSeen(n.n)
      } catch (why) {
        say(why.message)
      }
      await asked.again()
    }}>${t('notice_seen')}</${Button}></div>`
  return html`<${Card} title=${t('notices')}>
    ${asked.why && html`<${Failed} why=${asked.why} onAgain=${asked.again} />`}
    ${asked.value && html`<${Rows} items=${open} id=${(n) => n.n} row=${row}
      empty=${t('notices_none')} label=${t('notices')} />`}</${Card}>`
}

/** The view #/now. */
export function Now() {
  const l = live.use()
  const old = useOld()
  if (!l.now)
    return html`<h1 tabindex="-1" class="heading">${t('nav_now')}</h1>
      ${l.why ? html`<${Failed} why=${l.why} onAgain=${liveAsk} />` : html`<${Wait} />`}`
  return html`<div class="heading"><h1 tabindex="-1">${t('nav_now')}</h1>
      <span class="soft small">${t('heard_at')} <${Age} at=${l.now.from === 'shop' ? l.at
        : l.now.heard_at} stale_s=${45} /></span></div>
    <div class="stack"><${NotFresh} />${!old && html`<${Through} />`}<${Alarms} list=${l.alarms} />
    <section aria-label=${t('doors')}><h2 class="unseen">${t('doors')}</h2>
      ${l.now.doors.length ? html`<div class="grid">${l.now.doors.map((d) => html`<${DoorCard}
        key=${d.door} door=${d} old=${Boolean(old)} />`)}</div>` : html`<${Empty}>–</${Empty}>`}
    </section>
    <div class="grid"><div class="stack"><${Inside} now=${l.now} /><${House} now=${l.now} /></div>
      <div class="stack">${!atShop() && html`<${Notices} />`}<${Sensors} /></div></div></div>`
}
