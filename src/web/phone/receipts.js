// receipts.js: what was bought, this month's bill so far, and invoices. Asked of the office; what this
// phone knows by itself is there at once.
import './words_join.js'
import './words_receipts.js'
import { useEffect, useState } from 'preact/hooks'
import { officeAt, place, reach } from '../base/place.js'
import { Age, Badge, Button, Card, Empty, Field, Heading, html, Money, Notice, Rows, say, Wait }
  from '../base/ui.js'
import { day, dayShort, money, month as monthName, t, time } from '../base/words.js'
import { monthAsk, monthHere, monthKept, months } from './history.js'
import { office } from './member.js'
import { Receipt } from './receipt.js'
import { officeSays } from './said.js'
import { visitsMerged, visitsSearch } from './visits.js'

const MONTHS = 24

/** {visits, bill, invoices, payments, heard, why, busy} of a month. */
function useMonth(month) {
  const [state, setState] = useState({ busy: true, visits: [] })
  const road = reach.use()
  useEffect(() => {
    let over = false
    const show = (here, kept, why, busy) => over || setState({ here, why, busy, heard: kept?.at,
      visits: visitsMerged(kept?.said.visits ?? [], here), ...pick(kept?.said) })
    const look = async () => {
      const here = await monthHere(month)
      const kept = await monthKept(month)
      const has = place.value?.office || place.value?.here === 'office'
      show(here, kept, null, Boolean(has) && road !== 'none')
      if (!has || road === 'none')
        return
      try {
        const said = await monthAsk(month)
        show(here, { said, at: said.as_of ?? new Date().toISOString() }, null, false)
      } catch (why) {
        show(here, kept, why, false)
      }
    }
    look()
    return () => { over = true }
  }, [month, road])
  return state
}

const pick = (said) => ({ bill: said?.bill ?? null, invoices: said?.invoices ?? [],
  payments: said?.payments ?? [] })

function SoFar({ state, thisMonth, month }) {
  const { bill, heard } = state
  if (bill && bill.total_minor !== null && thisMonth)
    return html`<${Card} title=${t('rec_so_far')}>
      <p class="bill"><${Money} minor=${bill.total_minor} currency=${bill.currency} /></p>
      <p class="soft small">${t('rec_so_far_text')}
        ${bill.deposit_minor > 0 && html` ${t('rec_deposit', { money: money(bill.deposit_minor,
          bill.currency) })}.`}
        ${bill.credit_minor > 0 && html` ${t('rec_credit', { money: money(bill.credit_minor,
          bill.currency) })}.`}</p>
      <p class="small soft">${t('rec_as_of')} <${Age} at=${heard} stale_s=${86400} /></p></${Card}>`
  const total = state.visits.reduce((n, v) => n + v.total_minor, 0)
  return html`<${Card} title=${t('rec_month_sum', { month: monthName(month) })}>
    <p class="bill"><${Money} minor=${total} currency=${state.visits[0]?.currency ??
      place.value?.currency} /></p>
    ${heard && html`<p class="small soft">${t('rec_as_of')} <${Age} at=${heard} stale_s=${86400} /></p>`}
    ${!heard && !state.busy && html`<p class="soft small">${officeAt() === null
      ? t('rec_local_only') : t('rec_local')}</p>`}</${Card}>`
}

function Visit({ v }) {
  const lines = v.lines.filter((l) => !l.taken_back)
  const names = lines.slice(0, 3).map((l) => l.name).join(', ')
  return html`<a class="visit" href=${`#/receipts/${v.visit}`}>
    <span class="grow"><strong>${v.opened_at ? dayShort(v.opened_at) : '–'}</strong>
      ${' '}${v.opened_at && time(v.opened_at)}
      ${!v.mine && html` <${Badge}>${t('rec_not_mine')}</${Badge}>`}
      <small>${names}${lines.length > 3 ? ' …' : ''} (${t('rec_things', { n: lines.length })})</small>
    </span><${Money} minor=${v.total_minor} currency=${v.currency} /></a>`
}

async function pdf(invoice) {
  const answer = await office(`/v1/me/invoices/${invoice.shop}/${invoice.number}?format=pdf`,
    { accept: 'application/pdf', ms: 60000 })
  const url = URL.createObjectURL(await answer.blob())
  const a = document.createElement('a')
  a.href = url
  a.download = `${invoice.number}.pdf`
  document.body.append(a)
  a.click()
  a.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60000)
  say(t('rec_pdf_got'))
}

function Invoice({ i }) {
  const [why, setWhy] = useState(null)
  const state = i.open_minor > 0 ? html`<${Badge} kind="warn">${t('rec_open',
    { money: money(i.open_minor, i.currency) })}</${Badge}>`
    : html`<${Badge} kind="ok">${t(i.paid_minor > 0 ? 'rec_paid' : 'rec_settled')}</${Badge}>`
  return html`<div class="invoice">
    <span class="grow"><strong>${i.number}</strong>
      ${i.credit_note && html` <${Badge}>${t('rec_credit_note')}</${Badge}>`}
      <small>${i.period && monthName(i.period)}${i.due && i.open_minor > 0 &&
        html`, ${t('rec_due', { day: day(`${i.due}T12:00:00Z`) })}`}</small></span>
    <${Money} minor=${i.payable_minor} currency=${i.currency} />
    ${state}
    <${Button} aria-label=${t('rec_pdf_of', { number: i.number })} onPress=${() =>
      pdf(i).then(() => setWhy(null), setWhy)}>${t('rec_pdf')}</${Button}>
    ${why && html`<p class="error small" role="alert">${officeSays(why)}</p>`}</div>`
}

function List() {
  const all = months(MONTHS)
  const [month, setMonth] = useState(all[0])
  const [text, setText] = useState('')
  const state = useMonth(month)
  const found = visitsSearch(state.visits, text)
  return html`<${Heading}>${t('rec_title')}</${Heading}><div class="stack">
    <${Field} as="select" label=${t('rec_month')} value=${month} onInput=${setMonth}>
      ${all.map((m) => html`<option key=${m} value=${m} selected=${m === month}>${monthName(m)}
        </option>`)}</${Field}>
    ${state.why && html`<${Notice} kind="warn">${officeSays(state.why)}</${Notice}>`}
    <${SoFar} state=${state} month=${month} thisMonth=${month === all[0]} />
    <${Card} title=${t('rec_visits')}>
      ${state.visits.length > 5 && html`<${Field} type="search" label=${t('rec_search')} value=${text}
        onInput=${setText} autocomplete="off" />`}
      ${state.busy && !state.visits.length ? html`<${Wait} />` : html`<${Rows} key=${month + text}
        items=${found} id=${(v) => v.visit} label=${t('rec_visits')}
        empty=${t(text ? 'rec_none_found' : 'rec_none')} row=${(v) => html`<${Visit} v=${v} />`} />`}
    </${Card}>
    ${officeAt() !== null && html`<${Card} title=${t('rec_invoices')}>
      ${state.invoices?.length ? html`<${Rows} items=${state.invoices} id=${(i) => i.shop + i.number}
        label=${t('rec_invoices')} row=${(i) => html`<${Invoice} i=${i} />`} />`
    : html`<${Empty}>${t('rec_no_invoices')}</${Empty}>`}
      ${state.payments?.length > 0 && html`<h3>${t('rec_payments')}</h3>
        <${Rows} items=${state.payments} id=${(p) => p.shop + p.payment} label=${t('rec_payments')}
          row=${(p) => html`<div class="row between"><span>${p.booked && day(`${p.booked}T12:00:00Z`)}
            ${' '}<small class="soft">${p.invoice}</small></span>
            <${Money} minor=${p.amount_minor} currency=${p.currency} /></div>`} />`}
    </${Card}>`}</div>`
}

export default function Receipts({ parts }) {
  place.use()
  return parts[0] ? html`<${Receipt} key=${parts[0]} visit=${parts[0]} />` : html`<${List} />`
}
