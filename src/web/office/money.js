// money.js: invoices: what was mailed, all invoices in the order of their arrival, who owes, and those
// whose customer nobody knows.
import { link } from '../base/route.js'
import { Heading, html } from '../base/ui.js'
import { t } from '../base/words.js'
import { Bundle, Bundles } from './bundles.js'
import { useFleet } from './fleet_store.js'
import { InvoiceList } from './invoice_list.js'
import { sees } from './office.js'
import { Tabs } from './parts.js'
import { Reminders, Unbilled } from './owed.js'
import './words_money.js'

export default function Invoices({ route }) {
  useFleet({ once: true })
  if (route[0] === 'bundle')
    return html`<${Bundle} key=${route[1]} n=${route[1]} />`
  const tab = route[1] ?? ''
  // the list that programs pull too has a right of its own
  const tabs = ['', ...(sees('pull') ? ['invoices'] : []), 'reminders', 'unbilled']
  const to = (name) => (name ? link('money', name) : link('money'))
  return html`<${Heading}>${t('money_title')}</${Heading}>
    <${Tabs} label=${t('money_title')} here=${to(tab)}
      tabs=${tabs.map((name) => [to(name), t(`tab_${name || 'bundles'}`)])} />
    ${tab === 'invoices' ? html`<${InvoiceList} shop=${route[2] ?? ''} />`
    : tab === 'reminders' ? html`<${Reminders} />` : tab === 'unbilled' ? html`<${Unbilled} />`
      : html`<${Bundles} />`}`
}
