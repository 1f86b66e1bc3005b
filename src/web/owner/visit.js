// visit.js: one visit, every step of it in order, from "door opened" to "billed", with what the
// cameras saw beside the step at which they saw it.
import { useState } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { link } from '../base/route.js'
import { html, Badge, Button, Card, Heading, Money, Notice, Wait, say, useAsked } from '../base/ui.js'
import { known, moment, money, quantity, t, timeExact } from '../base/words.js'
import { Severity, alarmName } from './alarm.js'
import { Credit } from './credit.js'
import { Gone, Through } from './fresh.js'
import { byName } from './names.js'
import { Pictures, pictureRead } from './pictures.js'
import { atShop, checkAnswer, creditLine, visit } from './source.js'
import './words_visit.js'

function lineText(line, currency) {
  const n = line.quantity === 1000 ? '' : `${quantity(line.quantity)} × `
  return `${n}${line.name}, ${money(line.total_minor, currency)}`
}

/** A step -> what it says, in words; `more` what stands small beside it. */
function stepWords(s, currency) {
  const place = s.place ?? ''
  switch (s.kind) {
    case 'admitted': return { text: t('step_admitted', { place }), more: s.road && t(`road_${s.road}`) }
    case 'door': return { text: t(`door_ev_${s.event}`, { place, mode: s.mode ? t(`mode_${s.mode}`) : '' }) }
    case 'opened': case 'joined': return { text: t(`step_${s.kind}`) }
    case 'line': return { text: lineText(s.line, currency), more: s.line.late && t('step_line_late') }
    case 'line_voided': case 'line_credited':
      return { text: t(`step_${s.kind}`, { name: s.line?.name ?? '' }),
        more: s.report && t(`reason_${s.report.reason}`) }
    case 'reported': return { text: t('step_reported', { why: s.report.why
      ?? t(`reason_${s.report.reason}`) }), more: s.line?.name }
    case 'closed': return { text: t('step_closed', { how: s.event ? t(`ended_${s.event}`) : '' }) }
    case 'alarm': return { text: alarmName(s.alarm), more: t(`state_${s.alarm.state}`) }
    case 'told': return { text: t('step_told', { contact: s.text.contact,
      kind: t(`told_kind_${s.text.kind}`), outcome: t(`told_${s.text.outcome}`) }) }
    case 'check': return { text: t('step_check', { state: t(`check_${s.check.state}`) }),
      more: s.check.why }
    case 'invoice': case 'credit_note': return { text: t(`step_${s.kind}`,
      { number: s.invoice.number }), more: s.invoice.due && t('due', { day: s.invoice.due }) }
    case 'payment': return { text: t('step_payment', { number: s.invoice?.number ?? '' }) }
    case 'picture': return { text: t('step_picture', { camera: pictureRead(s.picture).camera }) }
    default: return { text: known(`step_${s.kind}`) ? t(`step_${s.kind}`) : s.kind }
  }
}

const ACKNOWLEDGED = ['acknowledged', 'cleared']
const toneOf = (s) => (s.kind === 'alarm' && !ACKNOWLEDGED.includes(s.alarm.state) ? 'alarm'
  : s.kind === 'invoice' || s.kind === 'payment' ? 'done' : s.kind === 'line' ? 'line' : '')

function Step({ step, pictures, currency, onCredit }) {
  const { text, more } = stepWords(step, currency)
  const line = step.kind === 'line' ? step.line : null
  const gone = line && (line.voided || line.credited)
  return html`<li class=${`step ${toneOf(step)}`}>
    <time datetime=${step.at}>${timeExact(step.at)}</time>
    <div><span class=${gone ? 'gone' : ''}>${step.kind === 'invoice' || step.kind === 'credit_note'
    ? html`<a href=${link('invoice', step.invoice.number)}>${text}</a>`
    : step.kind === 'alarm' ? html`<a href=${link('alarm', String(step.alarm.alarm))}>${text}</a>`
    : text}</span>
      ${step.kind === 'alarm' && html` <${Severity} alarm=${step.alarm} />`}
      ${more && html` <span class="soft small">${more}</span>`}
      ${step.by && step.kind !== 'joined' && html` <span class="soft small">${t('by_whom',
        { by: byName(step.by) })}</span>`}
      ${gone && html` <${Badge}>${t(line.voided ? 'voided' : 'credited')}</${Badge}>`}
      ${line && !gone && atShop() && html` <${Button} kind="quiet" class="small-press"
        aria-label=${t('credit_line', { name: line.name })}
        onPress=${() => onCredit(line)}>${t('credit')}</${Button}>`}
      <${Pictures} names=${pictures} /></div></li>`
}

/** Pictures that follow each other are one step, with all of them beside each other. */
function grouped(steps) {
  const out = []
  for (const step of steps) {
    const last = out[out.length - 1]
    if (step.kind !== 'picture')
      out.push({ step, pictures: [] })
    else if (last?.step.kind === 'picture' || last?.step.kind === 'alarm')
      last.pictures.push(step.picture)
    else
      out.push({ step, pictures: [step.picture] })
  }
  return out
}

const PAID = { paid: 'ok', unpaid: 'warn', part_paid: 'warn', unbilled: 'info', nothing: 'info',
  credited: 'info' }

function Whole({ v, again }) {
  const [credit, setCredit] = useState(null)
  const look = async () => {
    try {
      await checkAnswer(v.visit, { result: 'picked' })
      say(t('ask_visit_done'))
      await again()
    } catch (why) {
      say(why.message)
    }
  }
  return html`<${Card} class="sum"><dl class="facts">
      <div><dt>${t('visit')}</dt><dd>${moment(v.opened_at)}${v.door && `, ${v.door}`}</dd></div>
      <div><dt>${t('visit_total')}</dt><dd><${Money} minor=${v.total_minor} currency=${v.currency} />
        <span class="soft"> ${t('lines_n', { n: v.lines })}</span></dd></div>
      <div><dt>${t('nav_invoices')}</dt><dd><${Badge} kind=${PAID[v.payment]}>
        ${t(`pay_${v.payment}`)}</${Badge}> ${v.invoice && html`
        <a href=${link('invoice', v.invoice)}>${v.invoice}</a>`}</dd></div></dl>
      ${v.check ? html`<p><${Badge} kind=${v.check === 'failed' ? 'warn' : 'info'}>
        ${t(`check_${v.check}`)}</${Badge}></p>`
    : atShop() && html`<${Button} onPress=${look}>${t('ask_visit')}</${Button}>`}</${Card}>
    ${v.truncated && html`<${Notice}>${t('visit_truncated')}</${Notice}>`}
    <${Card} title=${t('steps')}><ol class="steps">${grouped(v.steps).map(({ step, pictures }, i) =>
      html`<${Step} key=${step.seq ?? `p${i}`} step=${step} pictures=${pictures}
        currency=${v.currency} onCredit=${setCredit} />`)}</ol></${Card}>
    ${credit && html`<${Credit} title=${t('credit_line', { name: credit.name })}
      what=${t('credit_line_what')} onClose=${() => setCredit(null)} onDone=${again}
      send=${(json) => creditLine(v.visit, credit.key, json)} />`}`
}

/** The view #/visit/{visit}. */
export default function Visit({ rest }) {
  const asked = useAsked(() => visit(rest[0]), [rest[0]])
  const v = asked.value
  return html`<${Heading} back=${link('timeline')} aside=${v && v.role && v.role !== 'member'
    && html`<${Badge}>${t(`role_${v.role}`)}</${Badge}>`}>
      ${v ? alias(v.customer) : t('visit')}</${Heading}>
    <div class="stack"><${Through} /><${Gone} asked=${asked} />
      ${!atShop() && html`<p class="soft small">${t('pictures_stay')}</p>`}
      ${v ? html`<${Whole} v=${v} again=${asked.again} />` : !asked.why && html`<${Wait} />`}</div>`
}
