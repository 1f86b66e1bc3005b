// owed.js: who owes, and for how long; and invoices whose customer nobody knows here.
import { useState } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { link } from '../base/route.js'
import { Badge, Button, Card, Field, Money, Table, html, say, useAsked } from '../base/ui.js'
import { day, t } from '../base/words.js'
import { csvSave, plainMoney } from './file.js'
import { mayEverywhere, may, office, query, sees } from './office.js'
import { Asked, Bar, useWork, word } from './parts.js'

const KIND = { none: 'info', first: 'warn', second: 'warn', bar: 'alarm' }
const today = () => new Date().toISOString().slice(0, 10)
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86400e3)

export function Reminders() {
  const [date, setDate] = useState(today())
  const right = /^\d{4}-\d\d-\d\d$/.test(date)
  const asked = useAsked(() => (right ? office(query('/v1/reminders', { date })) : { reminders: [] }), [date])
  const csv = (rows) => {
    csvSave('forfallna', ['shop', 'number', 'member', 'customer', 'open', 'currency', 'due', 'reminder'],
      rows.map((r) => [r.shop, r.number, r.member, r.customer, plainMoney(r.open_minor), r.currency, r.due,
        r.reminder]))
    say(t('csv_saved', { n: rows.length }))
  }
  return html`<p class="soft">${t('reminders_lead')}</p>
    <${Bar}><${Field} label=${t('on_day')} type="date" value=${date} onInput=${setDate} />
      <${Button} kind="quiet"
        onPress=${() => csv(asked.value?.reminders ?? [])}>${t('save_csv')}</${Button}></${Bar}>
    <section class="sheet"><${Asked} asked=${asked}>${({ reminders }) => html`<${Table}
      caption=${t('tab_reminders')} rows=${reminders} id=${(r) => r.number} empty=${t('reminders_none')}
        columns=${[
        { head: t('number'), main: true, by: (r) => r.number, cell: (r) => r.number },
        { head: t('member'), cell: (r) => (r.member && sees('members')
          ? html`<a href=${link('member', r.member)}>
          ${t('see_member')}</a>` : r.customer ? alias(r.customer) : '–') },
        { head: t('left'), num: true, by: (r) => r.open_minor,
          cell: (r) => html`<${Money} minor=${r.open_minor} currency=${r.currency} />` },
        { head: t('due'), num: true, by: (r) => r.due, cell: (r) => day(r.due) },
        { head: t('days_late'), num: true, by: (r) => days(r.due, date), cell: (r) => days(r.due, date) },
        { head: t('reminder'), by: (r) => r.reminder, cell: (r) => html`<${Badge}
          kind=${KIND[r.reminder] ?? 'info'}>
          ${word('reminder', r.reminder)}</${Badge}>` },
      ]} />`}</${Asked}></section>`
}

export function Unbilled() {
  const asked = useAsked(() => office('/v1/unbilled'), [])
  const [run, why] = useWork()
  const retry = async () => {
    const told = await run(() => office('/v1/unbilled/retry', { method: 'POST' }))
    if (told) {
      say(t('unbilled_retried', { n: told.invoices }))
      await asked.again()
    }
  }
  return html`<${Card} title=${t('tab_unbilled')}
    aside=${(mayEverywhere('money') || may('money')) && html`<${Button}
      onPress=${retry}>${t('unbilled_retry')}</${Button}>`}><p class="soft">${t('unbilled_lead')}</p>${why}
    <${Asked} asked=${asked}>${({ invoices }) => html`<${Table} caption=${t('tab_unbilled')} rows=${invoices}
      id=${(i) => `${i.shop} ${i.number}`} empty=${t('unbilled_none')} columns=${[
        { head: t('number'), main: true, by: (i) => i.number, cell: (i) => i.number },
        { head: t('shop'), by: (i) => i.shop, cell: (i) => html`<a href=${link('shop',
          i.shop)}>${i.shop}</a>` },
        { head: t('customer'), cell: (i) => (i.customer ? html`<span>${alias(i.customer)}
          <span class="sub">${i.customer}</span></span>` : '–') },
      ]} />`}</${Asked}></${Card}>`
}
