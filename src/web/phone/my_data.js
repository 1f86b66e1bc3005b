// my_data.js: what the law gives everybody: all that is known of her as a file, and to be forgotten.
import { useState } from 'preact/hooks'
import { Button, Card, html, Notice, say, Sure } from '../base/ui.js'
import { t } from '../base/words.js'
import { memberForget, office } from './member.js'
import { officeSays } from './said.js'

const OWED = new Set(['invoices_unpaid', 'purchases_unbilled'])

async function getAll() {
  const all = await office('/v1/me/export', { ms: 60000 })
  const url = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)],
    { type: 'application/json' }))
  const a = document.createElement('a')
  a.href = url
  a.download = 'shopkeeper.json'
  document.body.append(a)
  a.click()
  a.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60000)
  say(t('me_exported'))
}

function Forget({ onClose }) {
  const [owed, setOwed] = useState(null)
  const [why, setWhy] = useState(null)
  const yes = async () => {
    try {
      await office(`/v1/me${owed ? '?force=1' : ''}`, { method: 'DELETE' })
      await memberForget(t('me_forgotten'))
    } catch (problem) {
      setWhy(problem)
      setOwed(OWED.has(problem.code) ? problem : null)
    }
  }
  return html`<${Sure} title=${t('me_forget_sure')} danger onClose=${onClose} onYes=${yes}
      yes=${t(owed ? 'me_forget_anyway' : 'me_forget_yes')}>
    <p>${t('me_forget_text')}</p>
    ${why && html`<${Notice} kind="warn">${officeSays(why)}
      ${owed && html`<p>${t('me_forget_owed')}</p>`}</${Notice}>`}</${Sure}>`
}

export function MyData() {
  const [forgetting, setForgetting] = useState(false)
  const [why, setWhy] = useState(null)
  return html`<${Card} title=${t('me_data')}><div class="stack">
    <${Button} class="wide" onPress=${() => getAll().then(() => setWhy(null), setWhy)}>
      ${t('me_export')}</${Button}>
    ${why && html`<p class="error small" role="alert">${officeSays(why)}</p>`}
    <${Button} class="wide" onPress=${() => setForgetting(true)}>${t('me_forget')}</${Button}></div>
    ${forgetting && html`<${Forget} onClose=${() => setForgetting(false)} />`}</${Card}>`
}
