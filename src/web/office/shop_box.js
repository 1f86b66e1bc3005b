// shop_box.js: the box of a shop: a code for one, another epoch, and the end of one that was stolen.
import { useState } from 'preact/hooks'
import { Button, Card, Field, Sure, Tick, html, say } from '../base/ui.js'
import { t } from '../base/words.js'
import { fleetPut } from './fleet_store.js'
import { may, office } from './office.js'
import { Form, useWork } from './parts.js'
import { Claim } from './shop_new.js'

export function ShopBox({ s }) {
  const [claim, setClaim] = useState(null)
  const [asking, setAsking] = useState('')
  const [restore, setRestore] = useState(s.state !== 'waiting')
  const [reason, setReason] = useState('')
  const [run, why] = useWork()
  const path = `/v1/shops/${s.shop}`
  if (!may('fleet', s.shop))
    return html`<p class="soft">${t('not_yours')}</p>`
  const makeClaim = async () => setClaim(await run(() => office(`${path}/claims`,
    { json: { restore } })) ?? null)
  const allow = async () => {
    setAsking('')
    const now = await run(() => office(`${path}/allow-epoch`, { method: 'POST' }), t('box_epoch_done'))
    if (now)
      fleetPut(now)
  }
  const revoke = async () => {
    const now = await run(() => office(`${path}/revoke`, { json: reason ? { reason } : {} }))
    if (now) {
      fleetPut(now)
      say(t('box_revoked'))
    }
    return Boolean(now)
  }
  return html`<div class="stack">${asking !== 'revoke' && why}<div class="grid">
    <${Card} title=${t('claim')}><div class="stack"><p>${t('box_claim_lead')}</p>
      <${Tick} label=${t('box_restore')} checked=${restore} onChange=${setRestore} />
      <${Button} kind="primary" onPress=${makeClaim}>${t('claim_make')}</${Button}></div></${Card}>
    <${Card} title=${t('box_epoch')}><div class="stack"><p>${t('box_epoch_lead')}</p>
      <${Button} onPress=${() => setAsking('epoch')}>${t('box_epoch')}</${Button}></div></${Card}>
    <${Card} title=${t('box_revoke')}><div class="stack"><p>${t('box_revoke_lead')}</p>
      <${Button} kind="danger" disabled=${s.state === 'revoked'}
        onPress=${() => setAsking('revoke')}>${t('box_revoke')}</${Button}></div></${Card}></div>
    ${claim && html`<${Claim} claim=${claim} onClose=${() => setClaim(null)} />`}
    ${asking === 'epoch' && html`<${Sure} title=${t('box_epoch')} yes=${t('box_epoch')} onYes=${allow}
      onClose=${() => setAsking('')}><p>${t('box_epoch_lead')}</p></${Sure}>`}
    ${asking === 'revoke' && html`<${Form} title=${t('box_revoke')} save=${t('box_revoke')} kind="danger"
        why=${why} onSave=${revoke} onClose=${() => setAsking('')}>
      <p>${t('box_revoke_sure', { shop: s.title || s.shop })}</p>
      <${Field} label=${t('box_reason')} value=${reason} maxlength="150" onInput=${setReason} /></${Form}>`}
  </div>`
}
