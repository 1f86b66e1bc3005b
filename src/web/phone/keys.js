// keys.js: the phones and cards of a member: a lost one is removed, another one is invited.
import { useState } from 'preact/hooks'
import { Qr } from '../base/qr.js'
import { Badge, Button, Card, Failed, html, Rows, say, Sure, useAsked, Wait } from '../base/ui.js'
import { day, t, time } from '../base/words.js'
import { memberForget, office } from './member.js'
import { officeSays } from './said.js'

const nameOf = (k) => k.label || `${t(k.kind === 'card' ? 'me_card' : 'me_phone')} ${k.kid.slice(0, 4)}`

function Key({ k, onRemove }) {
  return html`<div class="row between"><span class="grow">${nameOf(k)}
      ${k.this && html` <${Badge} kind="ok">${t('me_this')}</${Badge}>`}
      <small class="soft block">${t('me_added', { day: day(k.added_at) })}</small></span>
    <${Button} aria-label=${t('me_remove_of', { name: nameOf(k) })} onPress=${() => onRemove(k)}>
      ${t('me_remove')}</${Button}></div>`
}

function Remove({ k, only, onGone, onClose }) {
  const [why, setWhy] = useState(null)
  const yes = async () => {
    try {
      await office(`/v1/me/keys/${k.kid}${only ? '?last=1' : ''}`, { method: 'DELETE' })
      say(t('me_removed'))
      onClose()
      await (k.this ? memberForget(t('me_removed')) : onGone())
    } catch (problem) {
      setWhy(problem)
    }
  }
  return html`<${Sure} title=${t('me_remove_sure', { name: nameOf(k) })} yes=${t('me_remove')} danger
      onYes=${yes} onClose=${onClose}>
    <p>${t('me_remove_text')}</p>
    ${k.this && html`<p>${t('me_remove_this')}</p>`}
    ${only && html`<p><strong>${t('me_remove_last')}</strong></p>`}
    ${why && html`<p class="error" role="alert">${officeSays(why)}</p>`}</${Sure}>`
}

function Another() {
  const [made, setMade] = useState(null)
  const [why, setWhy] = useState(null)
  const make = () => office('/v1/me/invitation', { method: 'POST' })
    .then(setMade, setWhy)
  return html`${made ? html`<p></p><p>${t('me_another_text')}</p>
      <div class="code-card small-code"><${Qr} text=${`${location.origin}/#/join/${made.code}`}
        label=${t('me_another_qr', { code: made.code })} /></div>
      <p class="big-code">${made.code}</p>
      <p class="soft small centre">${t('me_another_until', { time: time(made.expires_at) })}</p>`
    : html`<p></p><${Button} class="wide" onPress=${make}>${t('me_another')}</${Button}>`}
    ${why && html`<p class="error small" role="alert">${officeSays(why)}</p>`}`
}

export function Keys() {
  const asked = useAsked(() => office('/v1/me/keys'), [])
  const [removing, setRemoving] = useState(null)
  const keys = asked.value?.keys
  return html`<${Card} title=${t('me_keys')}>
    ${asked.why && html`<${Failed} why=${{ message: officeSays(asked.why) }} onAgain=${asked.again} />`}
    ${keys ? html`<${Rows} items=${keys} id=${(k) => k.kid} label=${t('me_keys')}
      empty=${t('me_keys_none')} row=${(k) => html`<${Key} k=${k} onRemove=${setRemoving} />`} />`
    : asked.busy && html`<${Wait} />`}
    <${Another} />
    ${removing && html`<${Remove} k=${removing} only=${keys.length === 1} onGone=${asked.again}
      onClose=${() => setRemoving(null)} />`}</${Card}>`
}
