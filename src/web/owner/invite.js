// invite.js: an invitation: made, shown once as QR, code and link, printed or sent.
import { useState } from 'preact/hooks'
import { place } from '../base/place.js'
import { Qr } from '../base/qr.js'
import { html, Button, Card, Dialog, Failed, Field, Rows, Tick, Wait, say, useAsked }
  from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { byName } from './names.js'
import { A6, usePaper } from './paper.js'
import { GoneAtOffice, invitations, invite, inviteDrop } from './people.js'

const ROLES = ['member', 'staff', 'owner', 'delivery']
const DAY_MS = 86400000
const USES_MAX = 10000
const DAYS_MAX = 366

/** Where the phone's page takes an invitation up; the shop's name holds at home, too. */
const linkOf = (code) => `${location.origin}/#/join/${encodeURIComponent(code)}`

/** Made({made, onClose}): the code, this once. */
export function Made({ made, onClose }) {
  usePaper(A6)
  const link = linkOf(made.code)
  const text = t('invite_text', { shop: place.value.shop, link })
  const copy = () => navigator.clipboard.writeText(link).then(() => say(t('copied')),
    () => say(t('copy_not')))
  return html`<${Dialog} title=${t('invite_ready', { code: made.code })} onClose=${onClose}
      actions=${html`<${Button} onPress=${copy}>${t('invite_copy')}</${Button}>
        ${navigator.share && html`<${Button} onPress=${() => navigator.share({ text }).catch(() => {})}>
          ${t('invite_share')}</${Button}>`}
        <${Button} onPress=${() => print()}>${t('print')}</${Button}>
        <${Button} kind="primary" onPress=${onClose}>${t('done')}</${Button}>`}>
    <p class="no-print">${t('invite_once')}</p>
    <div class="paper a6"><h3>${t('invite_card_title')} ${place.value.shop}</h3>
      <${Qr} text=${link} label=${t('invite_qr')} />
      <p class="code">${made.code}</p><p>${t('invite_card_how')}</p>
      <p class="small">${link}</p>
      <p class="small">${t('invite_until', { at: moment(made.expires_at) })}</p></div></${Dialog}>`
}

/** Inviting({of, onClose}): `of` a member whose new phone it is for. */
export function Inviting({ of, onClose, onMade }) {
  const [role, setRole] = useState('member')
  const [uses, setUses] = useState('1')
  const [days, setDays] = useState('14')
  const [approved, setApproved] = useState(true)
  const [why, setWhy] = useState(null)
  const [made, setMade] = useState(null)
  const good = /^\d+$/.test(uses) && Number(uses) >= 1 && Number(uses) <= USES_MAX &&
    /^\d+$/.test(days) && Number(days) >= 1 && Number(days) <= DAYS_MAX
  const make = async () => {
    setWhy(null)
    try {
      const expires_at = new Date(Date.now() + Number(days) * DAY_MS).toISOString()
      setMade(await invite(of ? { member: of.member, uses: 1, expires_at }
        : { role, uses: Number(uses), approved, expires_at }))
      onMade?.()
    } catch (bad) {
      setWhy(bad)
    }
  }
  if (made)
    return html`<${Made} made=${made} onClose=${onClose} />`
  return html`<${Dialog} title=${t(of ? 'new_phone' : 'invite')} onClose=${onClose} actions=${html`
      <${Button} onPress=${onClose}>${t('cancel')}</${Button}>
      <${Button} kind="primary" onPress=${make} disabled=${!good}>${t('invite_make')}</${Button}>`}>
    <div class="stack"><p>${t('invite_what')}</p>
      ${!of && html`<${Field} as="select" label=${t('role')} value=${role} onInput=${setRole}>
          ${ROLES.map((r) => html`<option value=${r}>${t(`role_${r}`)}</option>`)}</${Field}>
        <${Field} label=${t('invite_uses')} value=${uses} inputmode="numeric" onInput=${setUses} />`}
      <${Field} label=${t('invite_days')} value=${days} inputmode="numeric" onInput=${setDays} />
      ${!of && html`<${Tick} label=${t('invite_approved')} checked=${approved}
        onChange=${setApproved} />`}
      ${why && html`<${Failed} why=${{ message: t('failed_try', { why: why.message }) }} />`}
    </div></${Dialog}>`
}

/** Invitations(): those that can still be used. */
export function Invitations() {
  const asked = useAsked(invitations, [])
  const [open, setOpen] = useState(false)
  const drop = async (i) => {
    try {
      await inviteDrop(i.invitation)
      say(t('invite_dropped'))
    } catch (why) {
      say(why.message)
    }
    await asked.again()
  }
  const row = (i) => html`<div class="row between"><span><strong>${t(`role_${i.role}`)}</strong>
      <br /><span class="soft small">${[t('invite_left', { n: i.uses_left }),
    t('invite_until', { at: moment(i.expires_at) }), t('by_whom', { by: byName(i.made_by) })]
    .join(' · ')}</span>
      </span><${Button} onPress=${() => drop(i)}>${t('invite_drop')}
        <span class="unseen"> ${moment(i.made_at)}</span></${Button}></div>`
  return html`<${Card} title=${t('invitations')} aside=${html`<${Button} kind="primary"
      onPress=${() => setOpen(true)}>${t('invite')}</${Button}>`}>
    <${GoneAtOffice} asked=${asked} />
    ${asked.value ? html`<${Rows} items=${asked.value} id=${(i) => i.invitation} row=${row}
      empty=${t('invite_none')} label=${t('invitations')} />` : !asked.why && html`<${Wait} />`}
    ${open && html`<${Inviting} onMade=${asked.again} onClose=${() => setOpen(false)} />`}
  </${Card}>`
}
