// alarm.js: one alarm: what it is, how grave, what to do, what the cameras saw, who has been told;
// and one large button. The link in an alarm's text opens it.
import { useEffect, useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { html, Age, Badge, Button, Card, Failed, Heading, Notice, Wait, say, useAsked }
  from '../base/ui.js'
import { known, moment, t, time } from '../base/words.js'
import { DoorCard } from './doors.js'
import { live, liveAsk, unanswered } from './live.js'
import { NotFresh, Through, useOld } from './fresh.js'
import { Pictures } from './pictures.js'
import { byName } from './names.js'
import { acknowledge, pictures } from './source.js'

const KIND = { notice: 'info', warning: 'warn', urgent: 'alarm', emergency: 'alarm' }
const PICTURES_AGAIN_MS = 3000 // they come a moment after the alarm

export const alarmName = (a) => (known(`is_${a.condition}`) ? t(`is_${a.condition}`) : a.condition)
export const alarmTitle = (a) => (a.place ? t('alarm_of', { what: alarmName(a), place: a.place })
  : alarmName(a))

export const answeredBy = (a) => t('acknowledged_by', { by: byName(a.acknowledged_by) })

export const Severity = ({ alarm }) => html`<${Badge} kind=${alarm.over ? 'info' : KIND[alarm.severity]}>
  ${t(`severity_${alarm.severity}`)}</${Badge}>`

/** Answer({alarm}): the one button, and what came of it. */
export function Answer({ alarm, large }) {
  const [why, setWhy] = useState(null)
  const press = async () => {
    setWhy(null)
    try {
      await acknowledge(alarm.alarm)
      say(t('acknowledged'))
      await liveAsk()
    } catch (bad) {
      setWhy(bad)
    }
  }
  if (!unanswered(alarm))
    return alarm.acknowledged_by && html`<p class="answer-by">✓ ${answeredBy(alarm)}</p>`
  return html`<${Button} kind="danger" class=${large ? 'large wide' : ''} onPress=${press}
      aria-label=${`${t('acknowledge')}: ${alarmTitle(alarm)}`}>${t('acknowledge')}</${Button}>
    ${large && html`<p class="soft small">${t('acknowledge_hint')}</p>`}
    ${why && html`<${Failed} why=${{ message: t('failed_try', { why: why.message }) }}
      onAgain=${press} />`}`
}

/** AlarmCard({alarm}): in a list of what is open. */
export function AlarmCard({ alarm }) {
  return html`<article class=${`alarm-card ${unanswered(alarm) ? 'open' : 'answered'}`}>
    <header><h3><a href=${link('alarm', String(alarm.alarm))}>${alarmTitle(alarm)}</a></h3>
      <${Severity} alarm=${alarm} /></header>
    <p class="soft small">${t('alarm_raised', { at: moment(alarm.raised_at) })} · <${Age}
      at=${alarm.raised_at} /></p>
    <div class="row"><${Answer} alarm=${alarm} />
      <a class="button" href=${link('alarm', String(alarm.alarm))}>${t('alarm_open')}
        <span class="unseen">: ${alarmTitle(alarm)}</span></a></div>
  </article>`
}

function Told({ told }) {
  if (!told)
    return html`<p class="soft">${t('alarm_told_away')}</p>`
  if (!told.length)
    return html`<p class="soft">${t('alarm_told_nobody')}</p>`
  return html`<ul class="rows told">${told.map((x) => html`<li key=${x.contact + x.at}>
    <strong>${x.contact}</strong>
    <${Badge} kind=${x.outcome === 'stuck' ? 'warn' : 'ok'}>${t(`told_${x.outcome}`)}</${Badge}>
    <span class="soft small">${t(`told_kind_${x.kind}`)}
      ${x.road && ` ${t(`road_${x.road}`)}`}${x.at && ` ${time(x.at)}`}</span></li>`)}</ul>`
}

function Seen({ alarm }) {
  const asked = useAsked(() => pictures({ alarm: alarm.alarm }), [alarm.alarm])
  const none = asked.value?.length === 0
  useEffect(() => {
    const fresh = Date.now() - new Date(alarm.raised_at).getTime() < 60000
    const timer = none && fresh && setTimeout(asked.again, PICTURES_AGAIN_MS)
    return () => clearTimeout(timer)
  })
  if (asked.why)
    return asked.why.away ? html`<p class="soft">${asked.why.message}</p>`
      : html`<${Failed} why=${asked.why} onAgain=${asked.again} />`
  if (!asked.value)
    return html`<${Wait} />`
  return none ? html`<p class="soft">${t('pictures_none')}</p>`
    : html`<${Pictures} names=${asked.value.map((p) => p.name)} />`
}

const lasts = (a) => !a.over && !a.cleared_at && a.state !== 'cleared'

function stateLine(a) {
  if (a.cleared_at)
    return t('alarm_cleared', { at: moment(a.cleared_at) })
  return lasts(a) ? t('alarm_lasts') : t('alarm_over')
}

/** The view #/alarm/17. */
export function AlarmView({ rest }) {
  const l = live.use()
  const old = useOld()
  const n = Number(rest[0])
  const alarm = l.alarms?.find((a) => a.alarm === n)
  const back = link('now')
  if (!l.alarms)
    return html`<${Heading} back=${back}>${t('alarms')}</${Heading}>
      ${l.why ? html`<${Failed} why=${l.why} onAgain=${liveAsk} />` : html`<${Wait} />`}`
  if (!alarm)
    return html`<${Heading} back=${back}>${t('alarms')}</${Heading}>
      <${Notice}>${t('alarm_gone')} <a href=${link('timeline', 'alarms')}>${t('nav_timeline')}</a>
      </${Notice}><div class="stack"><${Seen} alarm=${{ alarm: n, raised_at: 0 }} /></div>`
  const door = l.now?.doors.find((d) => d.door === alarm.door)
  return html`<div class="alarm-view"><${Heading} back=${back}>${alarmTitle(alarm)}</${Heading}>
    <${NotFresh} /><${Through} />
    <div class="row tight lead"><${Severity} alarm=${alarm} /><span>
      ${t('alarm_raised', { at: moment(alarm.raised_at) })} · <${Age} at=${alarm.raised_at} /></span>
      <strong class=${lasts(alarm) ? 'lasting' : ''}>${stateLine(alarm)}</strong></div>
    ${known(`fix_${alarm.condition}`) && html`<${Notice} kind=${alarm.over ? 'info'
      : KIND[alarm.severity]} title=${t('alarm_what_to_do')}>${t(`fix_${alarm.condition}`)}
      </${Notice}>`}
    <div class="answer-bar"><${Answer} alarm=${alarm} large /></div>
    <div class="grid">
      <${Card} title=${t('alarm_pictures')}><${Seen} alarm=${alarm} /></${Card}>
      ${door && html`<${DoorCard} door=${door} old=${Boolean(old)} />`}
      <${Card} title=${t('alarm_told')}><${Told} told=${alarm.told} />
        ${alarm.code > 0 && html`<p class="soft small">${t('alarm_code', { code: alarm.code })}</p>`}
      </${Card}>
    </div></div>`
}

