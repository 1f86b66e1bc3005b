// webhooks.js: programs that are told what happens. A secret is shown once.
import { useState } from 'preact/hooks'
import { Badge, Button, Card, Field, Notice, Sure, Table, html, useAsked } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { mayEverywhere, office } from './office.js'
import { Asked, Detail, Form, Once, useWork } from './parts.js'

export function Webhooks() {
  const asked = useAsked(() => office('/v1/webhooks'), [])
  const [asking, setAsking] = useState(null) // 'new', {rotate}, {remove}, {secret}
  const [run, why] = useWork()
  const mine = mayEverywhere('money')
  const act = async (work, done) => {
    setAsking(null)
    const told = await run(work, done)
    if (told)
      await asked.again()
    return told
  }
  const rotate = async (h) => {
    const told = await act(() => office(`/v1/webhooks/${h.webhook}/rotate`, { method: 'POST' }))
    setAsking(told ? { secret: told.secret } : null)
  }
  return html`<${Card} title=${t('tab_webhooks')} aside=${mine && html`<${Button} kind="primary"
      onPress=${() => setAsking('new')}>${t('webhook_new')}</${Button}>`}>
    <p class="soft">${t('webhooks_lead')}</p>${!mine
      && html`<${Notice}>${t('only_global')}</${Notice}>`}${why}
    <${Asked} asked=${asked}>${({ webhooks }) => html`<${Table} caption=${t('tab_webhooks')} rows=${webhooks}
      id=${(h) => h.webhook} empty=${t('webhooks_none')} columns=${[
        { head: t('webhook_url'), main: true, by: (h) => h.url, cell: (h) => html`<span>${h.url}
          <span class="sub">${h.webhook}</span></span>` },
        { head: t('webhook_kinds'), cell: (h) => h.kinds || t('webhook_all') },
        { head: t('state'), cell: (h) => html`<${State} of=${h} />` },
        { head: t('made_at'), num: true, by: (h) => h.made_at, cell: (h) => moment(h.made_at) },
        ...(mine ? [{ head: t('change'), cell: (h) => html`<span class="row">
          ${h.disabled_at && html`<${Button} kind="primary" onPress=${() => act(() =>
            office(`/v1/webhooks/${h.webhook}/enable`, { method: 'POST' }), t('webhook_enabled'))}>
            ${t('webhook_enable')}</${Button}>`}
          <${Button} aria-label=${`${t('webhook_rotate')}: ${h.url}`}
            onPress=${() => setAsking({ rotate: h })}>${t('webhook_rotate')}</${Button}>
          <${Button} aria-label=${`${t('remove')}: ${h.url}`}
            onPress=${() => setAsking({ remove: h })}>${t('remove')}</${Button}></span>` }] : []),
      ]} />`}</${Asked}>
    ${asking === 'new' && html`<${NewHook} onClose=${() => setAsking(null)} onMade=${async (made) => {
      setAsking({ secret: made.secret })
      await asked.again()
    }} />`}
    ${asking?.rotate && html`<${Sure} title=${t('webhook_rotate')} yes=${t('webhook_rotate')}
      onYes=${() => rotate(asking.rotate)} onClose=${() => setAsking(null)}>
      <p>${asking.rotate.url}</p><p>${t('webhook_rotate_sure')}</p></${Sure}>`}
    ${asking?.remove && html`<${Sure} title=${t('remove')} yes=${t('remove')} danger
      onYes=${() => act(() => office(`/v1/webhooks/${asking.remove.webhook}`, { method: 'DELETE' })
        .then(() => true), t('gone'))} onClose=${() => setAsking(null)}>
      <p>${t('webhook_remove_sure', { url: asking.remove.url })}</p></${Sure}>`}
    ${asking?.secret && html`<${Once} title=${t('webhook_secret')} code=${asking.secret}
      lead=${t('webhook_secret_lead')} onClose=${() => setAsking(null)} />`}</${Card}>`
}

function State({ of }) {
  return html`<span>${of.disabled_at ? html`<${Badge} kind="alarm">
      ${t('webhook_off', { at: moment(of.disabled_at) })}</${Badge}>`
    : html`<${Badge} kind=${of.why ? 'warn' : 'ok'}>${t('webhook_on')}</${Badge}>`}
    <span class="sub"><${Detail} of=${of.why} />${of.why && of.waiting > 0 && '; '}
      ${of.waiting > 0 && t('webhook_waiting', { n: of.waiting })}</span></span>`
}

function NewHook({ onMade, onClose }) {
  const [url, setUrl] = useState('https://')
  const [kinds, setKinds] = useState('')
  const [run, why] = useWork()
  const right = /^https?:\/\/[^\s/]+/.test(url)
  const save = async () => {
    const made = await run(() => office('/v1/webhooks', { json: { url: url.trim(),
      ...(kinds.trim() && { kinds: kinds.trim() }) } }))
    if (made)
      await onMade(made)
    return false
  }
  return html`<${Form} title=${t('webhook_new')} why=${why} onSave=${save} onClose=${onClose} ready=${right}>
    <${Field} label=${t('webhook_url')} type="url" value=${url} maxlength="500" onInput=${setUrl}
      error=${url.length > 8 && !right ? t('webhook_url_wrong') : ''} />
    <${Field} label=${t('webhook_kinds')} hint=${t('webhook_kinds_hint')} value=${kinds} maxlength="200"
      autocapitalize="none" onInput=${setKinds} /></${Form}>`
}
