// receipt.js: one receipt: lines, deposits, VAT by rate, total. A line that is wrong is reported here.
import { useEffect, useState } from 'preact/hooks'
import { ask } from '../base/api.js'
import { kvGet, rowGet, rowPut } from '../base/db.js'
import { reach } from '../base/place.js'
import { Badge, Button, Card, Dialog, Field, Heading, html, Money, Notice, Rows, say, Wait }
  from '../base/ui.js'
import { day, percent, quantity, t, time } from '../base/words.js'
import { Form } from './form.js'

const REASONS = ['wrong_line', 'broken', 'price']
const WHY_MAX_BYTES = 80

/** VAT of a sum that has it in it, to the nearest minor unit. */
const vatIn = (minor, bp) => Math.round(minor * bp / (10000 + bp))

/** This phone's receipt; else what the office said of that visit. */
async function find(visit) {
  const row = await rowGet('receipts', visit).catch(() => null)
  if (row)
    return row
  const kept = await kvGet('month').catch(() => null) ?? {}
  for (const { said } of Object.values(kept)) {
    const v = said.visits.find((x) => x.visit === visit)
    if (v)
      return { visit, receipt: { ...v, lines: v.lines.map((l) => ({ ...l, voided: l.taken_back,
        key: String(l.seq) })), vat: rates(v.lines) } }
  }
  return null
}

function rates(lines) {
  const of = new Map()
  for (const l of lines)
    if (!l.taken_back)
      of.set(l.vat_bp, (of.get(l.vat_bp) ?? 0) + l.total_minor)
  return [...of].map(([vat_bp, total_minor]) => ({ vat_bp, total_minor, currency: lines[0].currency }))
}

function Report({ row, line, onDone, onClose }) {
  const [reason, setReason] = useState('wrong_line')
  const [why, setWhy] = useState('')
  const [failed, setFailed] = useState(null)
  const long = new TextEncoder().encode(why.trim()).length > WHY_MAX_BYTES
  const send = async () => {
    if (long)
      return
    try {
      await ask(`/v1/visits/${row.visit}/lines/${line.key}/report`, { bearer: row.bearer,
        json: { reason, ...(why.trim() ? { why: why.trim() } : {}) } })
      await onDone(line.key, reason)
      say(t('one_sent'))
      onClose()
    } catch (problem) {
      setFailed(problem)
    }
  }
  return html`<${Dialog} title=${t('one_why', { name: line.name })} onClose=${onClose}>
    <${Form} onSend=${send} word=${t('one_send')}>
      <fieldset class="choice column"><legend class="unseen">${t('one_report')}</legend>
        ${REASONS.map((r) => html`<label key=${r}><input type="radio" name="reason"
          checked=${r === reason} onChange=${() => setReason(r)} /><span>${t(`one_${r}`)}</span>
          </label>`)}</fieldset>
      <${Field} label=${t('one_words')} hint=${t('one_words_hint')} value=${why} onInput=${setWhy}
        error=${long ? t('one_words_hint') : null} />
      ${failed && html`<${Notice} kind="warn">${failed.message}</${Notice}>`}
    </${Form}></${Dialog}>`
}

function Line({ line, reported, onReport }) {
  return html`<div class=${`paper-line ${line.voided ? 'voided' : ''}`}>
    <span class="grow">${line.quantity !== 1000 && `${quantity(line.quantity)} × `}${line.name}
      ${line.voided && html` <${Badge}>${t('one_voided')}</${Badge}>`}
      ${line.late && html` <${Badge}>${t('one_late')}</${Badge}>`}
      ${reported && html` <${Badge} kind="warn">${t('one_reported')}</${Badge}>`}</span>
    <${Money} minor=${line.total_minor} currency=${line.currency} />
    ${onReport && !line.voided && !reported && html`<${Button} kind="quiet" class="report"
      aria-label=${t('one_report_of', { name: line.name })} title=${t('one_report')}
      onPress=${onReport}><svg viewBox="0 0 24 24" aria-hidden="true" fill="none"
        stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
        <path d="M6 21V4h12l-3 4 3 4H6" /></svg></${Button}>`}</div>`
}

function Sums({ r }) {
  const deposits = r.lines.reduce((n, l) => n + (l.voided ? 0 : l.deposit_minor), 0)
  return html`<div class="sums">
    <div class="row between big"><strong>${t('one_total')}</strong>
      <strong><${Money} minor=${r.total_minor} currency=${r.currency} /></strong></div>
    ${deposits > 0 && html`<div class="row between soft"><span>${t('one_deposit')}</span>
      <${Money} minor=${deposits} currency=${r.currency} /></div>`}
    ${r.vat.map((v) => html`<div key=${v.vat_bp} class="row between soft">
      <span>${t('one_vat', { rate: percent(v.vat_bp) })}</span>
      <${Money} minor=${vatIn(v.total_minor, v.vat_bp)} currency=${v.currency} /></div>`)}
    <p class="soft small">${t('one_vat_note')} ${t('one_on_bill')}</p></div>`
}

export function Receipt({ visit }) {
  const [row, setRow] = useState(undefined)
  const [reporting, setReporting] = useState(null)
  const road = reach.use()
  useEffect(() => { find(visit).then(setRow) }, [visit])
  const heading = html`<${Heading} back="#/receipts">${t('one_title')}</${Heading}>`
  if (row === undefined)
    return html`${heading}<${Wait} />`
  if (row === null)
    return html`${heading}<${Notice}>${t('one_unknown')}</${Notice}>`
  const r = row.receipt
  const can = row.bearer && road === 'shop'
  const reported = async (key, reason) => {
    const next = { ...row, reported: { ...row.reported, [key]: reason } }
    setRow(next)
    await rowPut('receipts', next).catch(() => {})
  }
  return html`${heading}<${Card} class="paper" title=${t('one_shop', { shop: r.shop,
      day: r.opened_at ? day(r.opened_at) : '' })}>
    <p class="soft small">${r.opened_at && r.closed_at && t('one_time', { from: time(r.opened_at),
      to: time(r.closed_at) })}${!r.closed_at && t('one_open')}</p>
    <${Rows} items=${r.lines} id=${(l) => l.key} label=${t('one_title')} empty=${t('one_nothing')}
      row=${(l) => html`<${Line} line=${l} reported=${row.reported?.[l.key]}
        onReport=${can && (() => setReporting(l))} />`} />
    <${Sums} r=${r} />
    ${can && r.lines.length > 0 && html`<p class="soft small">${t('one_flag')}</p>`}
    ${row.bearer && road !== 'shop' && html`<p class="soft small">${t('one_report')}?
      ${' '}${t('one_report_here')}</p>`}</${Card}>
    <p class="centre no-print"><${Button} kind="quiet" onPress=${() => print()}>
      ${t('one_print')}</${Button}></p>
    ${reporting && html`<${Report} row=${row} line=${reporting} onDone=${reported}
      onClose=${() => setReporting(null)} />`}`
}
