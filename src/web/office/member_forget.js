// member_forget.js: a member's right to have all that is known, and to be forgotten; what the law
// keeps is named.
import { useState } from 'preact/hooks'
import { Button, Card, Notice, Tick, html, say } from '../base/ui.js'
import { known, t } from '../base/words.js'
import { fileSave } from './file.js'
import { LONG_MS, may, office, query } from './office.js'
import { Form, useWork } from './parts.js'
import { nameOf } from './party.js'
import { lawWords } from './words_problems.js'

export function MemberForget({ m, onSaved }) {
  const [asking, setAsking] = useState(false)
  const [force, setForce] = useState(false)
  const [done, setDone] = useState(null)
  const [run, why] = useWork()
  const [runForget, whyForget] = useWork()
  const hand = async () => {
    const all = await run(() => office(`/v1/members/${m.member}/export`, { ms: LONG_MS }))
    if (all) {
      fileSave(`${m.member}.json`, JSON.stringify(all, null, 2), 'application/json')
      say(t('exported'))
    }
  }
  const forget = async () => {
    const told = await runForget(() => office(query(`/v1/members/${m.member}`, { force: force && 1 }),
      { method: 'DELETE', ms: LONG_MS }))
    if (told) {
      setDone(told)
      await onSaved()
    }
    return Boolean(told)
  }
  return html`<div class="grid">
    <${Card} title=${t('export_title')}><div class="stack"><p>${t('export_lead')}</p>${why}
      <${Button} kind="primary" onPress=${hand}>${t('export_do')}</${Button}></div></${Card}>
    <${Card} title=${t('forget_title')}><div class="stack"><p>${t('forget_lead')}</p>
      ${done && html`<${Kept} of=${done} />`}
      ${may('members') && m.state !== 'erased' && html`<${Button} kind="danger"
        onPress=${() => setAsking(true)}>${t('forget_do')}</${Button}>`}</div></${Card}>
    ${asking && html`<${Form} title=${t('forget_title')} save=${t('forget_do')} kind="danger"
        why=${whyForget} onSave=${forget} onClose=${() => setAsking(false)}>
      <p>${t('forget_sure', { name: nameOf(m) })}</p><p>${t('forget_lead')}</p>
      <${Tick} label=${t('forget_force')} checked=${force} onChange=${setForce} /></${Form}>`}</div>`
}

function Kept({ of }) {
  const what = (k) => (known(`kept_${k.what}`) ? t(`kept_${k.what}`) : lawWords(k.what))
  const kept = of.kept ?? []
  return html`<${Notice} kind="ok" title=${t(kept.length ? 'forgotten' : 'forgotten_all')}>
    <ul>${kept.map((k) => html`<li
      key=${k.what}>${what(k)} (${k.count}), ${t('kept_until', { until: lawWords(k.until) })}
        <span class="sub">${lawWords(k.why)}</span></li>`)}</ul>
    <strong>${t('forgotten_gone')}</strong><ul>${(of.gone ?? []).map((g) => html`
      <li key=${g}>${lawWords(g)}</li>`)}</ul></${Notice}>`
}
