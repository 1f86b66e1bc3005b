// payments.js: money that came: without an invoice, by shop, and the bank's file.
import { useState } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { go, link } from '../base/route.js'
import { Badge, Button, Field, Heading, Money, Table, html, say } from '../base/ui.js'
import { day, moment, money, t } from '../base/words.js'
import { BankFile } from './bank.js'
import { csvSave, plainMoney } from './file.js'
import { useFleet } from './fleet_store.js'
import { may, office, seesEverywhere, who } from './office.js'
import { shorter, usePaged } from './paged.js'
import { Bar, Form, Paged, ShopPick, Tabs, useWork } from './parts.js'
import './words_money.js'

export default function Payments({ route }) {
  useFleet({ once: true })
  // what nobody has claimed may be anybody's: it is for whoever may over all shops
  const wide = seesEverywhere('money')
  const [, asked = wide ? 'unclaimed' : onlyShop()] = route
  const tab = ['bank', 'unclaimed'].includes(asked) ? asked : 'shop'
  const tabs = [...(wide ? [['unclaimed', link('payments'), t('tab_unclaimed')]] : []),
    ['shop', link('payments', onlyShop()), t('tab_shop_payments')],
    ...(may('money') ? [['bank', link('payments', 'bank'), t('tab_bank')]] : [])]
  return html`<${Heading}>${t('payments_title')}</${Heading}>
    <${Tabs} label=${t('payments_title')} tabs=${tabs.map(([, ...it]) => it)}
      here=${tabs.find(([name]) => name === tab)?.[1]} />
    ${tab === 'bank' ? html`<${BankFile} />` : tab === 'unclaimed' ? html`<${Unclaimed} />`
    : html`<${OfShop} shop=${asked} />`}`
}

/** The shop of whoever has but one. */
const onlyShop = () => (who.value.shops.length === 1 && who.value.shops[0] !== '*' ? who.value.shops[0] : '')

const sum = (p) => html`<${Money} minor=${p.amount_minor} currency=${p.currency} />`
const byDay = { head: () => t('booked'), by: (p) => p.booked, cell: (p) => (p.booked ? day(p.booked) : '–') }

function Unclaimed() {
  const list = usePaged('/v1/payments', { unclaimed: 1 }, 'payments', shorter('payments'))
  const [assigning, setAssigning] = useState(null)
  return html`<p class="soft">${t('unclaimed_lead')}</p>
    <section class="sheet"><${Paged} of=${list}>${(rows) => html`<${Table} caption=${t('tab_unclaimed')}
      rows=${rows} id=${(p) => p.key} onMore=${list.onMore} empty=${t('unclaimed_none')} columns=${[
        { head: t('reference'), main: true, by: (p) => p.reference, cell: (p) => p.reference || '–' },
        { head: t('amount'), num: true, by: (p) => p.amount_minor, cell: sum },
        { head: byDay.head(), num: true, by: byDay.by, cell: byDay.cell },
        { head: t('came_at'), num: true, by: (p) => p.came_at, cell: (p) => moment(p.came_at) },
        ...(may('money') ? [{ head: t('assign'), cell: (p) => html`<${Button} kind="primary"
          aria-label=${`${t('assign')}: ${p.reference} ${money(p.amount_minor, p.currency)}`}
          onPress=${() => setAssigning(p)}>${t('assign')}</${Button}>` }] : []),
      ]} />`}</${Paged}></section>
    ${assigning && html`<${Assign} p=${assigning} onDone=${list.again}
      onClose=${() => setAssigning(null)} />`}`
}

const NUMBER = /^([A-Z0-9-]{1,16})-\d{4}-\d{6,}$/

function Assign({ p, onDone, onClose }) {
  // somebody may have written the number in place of the reference
  const [number, setNumber] = useState(NUMBER.test(p.reference.trim().toUpperCase())
    ? p.reference.trim() : '')
  const [run, why] = useWork()
  const text = number.trim().toUpperCase()
  const shop = NUMBER.exec(text)?.[1].toLowerCase()
  const save = async () => {
    const done = await run(() => office(`/v1/payments/${encodeURIComponent(p.key)}/assign`,
      { json: { shop, number: text } }))
    if (done) {
      say(t('assigned', { amount: money(done.amount_minor, p.currency), number: done.number }))
      await onDone()
    }
    return Boolean(done)
  }
  return html`<${Form} title=${t('assign_title')} save=${t('assign')} why=${why} onSave=${save}
      onClose=${onClose} ready=${Boolean(shop)}>
    <p>${t('assign_lead', { amount: money(p.amount_minor, p.currency), reference: p.reference,
      booked: p.booked ? day(p.booked) : '–' })}</p>
    <${Field} label=${t('number')} hint=${t('assign_number_hint')} value=${number} maxlength="40"
      autocapitalize="characters" spellcheck=${false} onInput=${setNumber}
      error=${number.length > 14 && !shop ? t('assign_number_wrong') : ''} /></${Form}>`
}

function OfShop({ shop }) {
  const list = usePaged(shop ? '/v1/payments' : null, { shop }, 'payments', shorter('payments'))
  const csv = async () => {
    const rows = await list.all()
    csvSave(`betalningar-${shop}`, ['key', 'shop', 'customer', 'number', 'amount', 'currency', 'booked',
      'reference', 'came_at', 'booked_by_shop'], rows.map((p) => [p.key, p.shop, p.customer, p.number,
      plainMoney(p.amount_minor), p.currency, p.booked, p.reference, p.came_at, String(p.booked_by_shop)]))
    say(t('csv_saved', { n: rows.length }))
  }
  return html`<${Bar}><${ShopPick} value=${shop} onPick=${(s) => go('payments', s)} />
      ${shop && html`<${Button} kind="quiet" onPress=${csv}>${t('save_csv')}</${Button}>`}</${Bar}>
    ${!shop ? html`<p class="empty">${t('pick_shop_payments')}</p>` : html`<section class="sheet">
      <${Paged} of=${list}>${(rows) => html`<${Table} caption=${t('payments_title')} rows=${rows}
        id=${(p) => p.key} onMore=${list.onMore} empty=${t('payments_none')} columns=${[
          { head: t('number'), main: true, by: (p) => p.number, cell: (p) => p.number ?? '–' },
          { head: t('customer'), cell: (p) => (p.customer ? alias(p.customer) : '–') },
          { head: t('amount'), num: true, by: (p) => p.amount_minor, cell: sum },
          { head: byDay.head(), num: true, by: byDay.by, cell: byDay.cell },
          { head: t('reference'), cell: (p) => p.reference || '–' },
          { head: t('state'), cell: (p) => html`<${Badge} kind=${p.booked_by_shop ? 'ok' : 'info'}>
            ${t(p.booked_by_shop ? 'booked_by_shop' : 'not_booked_by_shop')}</${Badge}>` },
        ]} />`}</${Paged}></section>`}`
}

