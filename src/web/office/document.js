// document.js: an invoice as it was sent: PDF for people, UBL for programs. It carries a name, so the
// office writes down who fetched it.
import { Button, html } from '../base/ui.js'
import { t } from '../base/words.js'
import { fileSave } from './file.js'
import { LONG_MS, office, query } from './office.js'
import { useWork } from './parts.js'
import './words_money.js'

const TYPES = { pdf: 'application/pdf', ubl: 'application/xml' }

export function Document({ of }) {
  const [run, why] = useWork()
  const fetch_ = async (format) => {
    const file = await run(async () => {
      const answer = await office(query(`/v1/shops/${of.shop}/invoices/${of.number}`, { format }),
        { accept: '*/*', ms: LONG_MS })
      return answer.blob()
    })
    if (file)
      fileSave(`${of.number}.${format === 'pdf' ? 'pdf' : 'xml'}`, new Blob([file], { type: TYPES[format] }))
  }
  return html`<span class="row tight">${['pdf', 'ubl'].map((f) => html`<${Button} key=${f}
    aria-label=${`${f.toUpperCase()} ${of.number}`}
    onPress=${() => fetch_(f)}>${f.toUpperCase()}</${Button}>`)}</span>${why}`
}
