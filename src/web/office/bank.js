// bank.js: the bank's file: each payment in it and what it was for.
import { useState } from 'preact/hooks'
import { Badge, Button, Card, Field, Money, Notice, Table, html, say } from '../base/ui.js'
import { day, number, t } from '../base/words.js'
import { fileSize } from './file.js'
import { ImportLog, useImports } from './import_log.js'
import { LONG_MS, may, mayEverywhere, office, query } from './office.js'
import { ShopPick, useWork, word } from './parts.js'

const KIND = { exact: 'ok', under: 'warn', over: 'warn', already_paid: 'warn', unknown: 'alarm',
  bad_reference: 'alarm', wrong_currency: 'alarm' }

export function BankFile() {
  const [file, setFile] = useState(null)
  const [shop, setShop] = useState('')
  const [told, setTold] = useState(null)
  const [run, why, clear] = useWork()
  const wide = mayEverywhere('money')
  const log = useImports('payments')
  const send = async () => {
    const answer = await run(async () => office(query('/v1/payments/import', { shop,
      file: file.name }),
      { csv: await file.arrayBuffer(), type: 'application/octet-stream', ms: LONG_MS }))
    setTold(answer ?? null)
    if (answer) {
      say(t('bank_done', { n: number(answer.payments - answer.repeated) }))
      await log.again()
    }
  }
  if (!may('money'))
    return html`<${Notice}>${t('not_yours')}</${Notice}>`
  return html`<${Card} title=${t('tab_bank')}><div class="stack"><p>${t('bank_lead')}</p>
      <${Field} label=${t('bank_file')} type="file" accept=".txt,.xml,.bgmax,text/plain,application/xml"
        onInput=${(_, e) => {
          setFile(e.target.files[0] ?? null)
          setTold(null)
          clear(null)
        }} />
      <${ShopPick} label=${t('bank_shop')} value=${shop} onPick=${setShop}
        any=${wide ? t('all_shops') : undefined} />
      ${file && html`<p class="soft">${file.name}, ${fileSize(file.size)}</p>`}${why}
      <${Button} kind="primary" disabled=${!file || (!wide && !shop)}
        onPress=${send}>${t('bank_import')}</${Button}>
    </div></${Card}>${told && html`<${Told} of=${told} />`}
    <${ImportLog} of="payments" list=${log} />`
}

function Told({ of }) {
  const fresh = of.items.filter((i) => !i.repeated)
  const sums = new Map()
  for (const i of fresh)
    sums.set(i.currency, (sums.get(i.currency) ?? 0) + i.amount_minor)
  const matches = Object.entries(of.matches).filter(([, n]) => n)
  return html`<${Card} title=${t('bank_title')}><div class="stack"><dl class="sums">
      <div><dt>${t('bank_count')}</dt><dd>${number(of.payments)}</dd></div>
      <div><dt>${t('bank_repeated')}</dt><dd>${number(of.repeated)}</dd></div>
      ${matches.map(([k, n]) => html`<div key=${k}><dt>${word('match', k)}</dt><dd>${number(n)}</dd></div>`)}
      ${of.items.length === of.payments && [...sums].map(([currency, minor]) => html`<div key=${currency}>
        <dt>${t('bank_sum')}</dt><dd><${Money} minor=${minor} currency=${currency} /></dd></div>`)}</dl>
    <${Table} caption=${t('bank_title')} rows=${of.items} id=${(i) => i.key} empty=${t('payments_none')}
      columns=${[
      { head: t('reference'), main: true, by: (i) => i.reference, cell: (i) => i.reference || '–' },
      { head: t('amount'), num: true, by: (i) => i.amount_minor,
        cell: (i) => html`<${Money} minor=${i.amount_minor} currency=${i.currency} />` },
      { head: t('booked'), num: true, by: (i) => i.booked, cell: (i) => (i.booked ? day(i.booked) : '–') },
      { head: t('match'), by: (i) => (i.repeated ? 'repeated' : i.match), cell: (i) => html`
        <${Badge} kind=${i.repeated ? 'info' : KIND[i.match] ?? 'warn'}>
          ${word('match', i.repeated ? 'repeated' : i.match)}</${Badge}>` },
      { head: t('number'), by: (i) => i.number, cell: (i) => i.number ?? '–' },
    ]} />
    ${of.items.length < of.payments && html`<p class="soft">${t('bank_shown',
      { n: number(of.items.length) })}</p>`}
  </div></${Card}>`
}
