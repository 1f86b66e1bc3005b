// member_keys.js: what opens doors for a member: phones and cards; a new phone by an invitation, a card
// by its key's text.
import { useState } from 'preact/hooks'
import { Badge, Button, Card, Field, Sure, Table, html, useAsked } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { NewInvitation } from './invitations.js'
import { may, office } from './office.js'
import { Asked, Form, Pick, useWork, word } from './parts.js'

export function MemberKeys({ m, onSaved }) {
  const asked = useAsked(() => office(`/v1/members/${m.member}/keys`), [m.member])
  const [asking, setAsking] = useState(null)
  const [run, why] = useWork()
  const mine = may('members') && m.state !== 'erased'
  const again = () => Promise.all([asked.again(), onSaved()])
  const remove = async (kid) => {
    setAsking(null)
    if (await run(() => office(`/v1/members/${m.member}/keys/${kid}`, { method: 'DELETE' })
      .then(() => true), t('gone')))
      await again()
  }
  return html`<${Card} title=${t('tab_keys')}>${why}<${Asked} asked=${asked}>${({ keys }) => html`
      <${Table} caption=${t('tab_keys')} rows=${keys} id=${(k) => k.kid} empty=${t('keys_none')} columns=${[
        { head: t('kid'), main: true, cell: (k) => html`<code>${k.kid}</code>` },
        { head: t('kind'), cell: (k) => word('key', k.kind) },
        { head: t('label'), cell: (k) => k.label || '–' },
        { head: t('added_at'), num: true, by: (k) => k.added_at, cell: (k) => moment(k.added_at) },
        { head: t('state'), cell: (k) => (k.removed_at ? `${t('removed_at')} ${moment(k.removed_at)}`
          : html`<${Badge} kind="ok">${t('key_live')}</${Badge}>`) },
        ...(mine ? [{ head: t('remove'), cell: (k) => !k.removed_at && html`<${Button}
          aria-label=${t('key_remove', { kid: k.kid })} onPress=${() => setAsking(k.kid)}>
          ${t('remove')}</${Button}>` }] : []),
      ]} />`}</${Asked}>
    ${mine && html`<div class="row"><${Button} kind="primary" onPress=${() => setAsking('invite')}>
        ${t('key_invite')}</${Button}>
      <${Button} onPress=${() => setAsking('add')}>${t('key_add')}</${Button}></div>`}
    ${asking === 'invite' && html`<${NewInvitation} member=${m.member} shops=${m.shops} role=${m.role}
      onClose=${() => setAsking(null)} />`}
    ${asking === 'add' && html`<${AddKey} member=${m.member} onSaved=${again}
      onClose=${() => setAsking(null)} />`}
    ${asking && asking !== 'invite' && asking !== 'add' && html`<${Sure} title=${t('remove')} danger
      yes=${t('remove')} onYes=${() => remove(asking)} onClose=${() => setAsking(null)}>
      <p><code>${asking}</code></p><p>${t('key_remove_sure')}</p></${Sure}>`}</${Card}>`
}

function AddKey({ member, onSaved, onClose }) {
  const [key, setKey] = useState({ key: '', kind: 'card', label: '' })
  const [run, why] = useWork()
  const set = (name) => (value) => setKey((k) => ({ ...k, [name]: value }))
  const hex = key.key.replace(/\s/g, '').toLowerCase()
  const card = key.kind === 'card' // known by its kid alone
  const save = async () => {
    const ok = await run(() => office(`/v1/members/${member}/keys`, { json: { kind: key.kind,
      [card ? 'kid' : 'key']: hex, label: key.label || undefined } }), t('key_added'))
    if (ok)
      await onSaved()
    return Boolean(ok)
  }
  return html`<${Form} title=${t('key_add')} why=${why} onSave=${save} onClose=${onClose}
      ready=${(card ? /^[0-9a-f]{16}$/ : /^[0-9a-f]{20,}$/).test(hex)}>
    <${Field} as="textarea" rows="4" label=${t(card ? 'key_kid' : 'key_hex')} value=${key.key}
      spellcheck=${false} maxlength="400" onInput=${set('key')} />
    <${Pick} label=${t('kind')} value=${key.kind} onPick=${set('kind')}
      options=${['card', 'phone'].map((k) => [k, t(`key_${k}`)])} />
    <${Field} label=${t('label')} value=${key.label} maxlength="40" onInput=${set('label')} /></${Form}>`
}
