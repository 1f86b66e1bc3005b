// passes.js: printed passes for guests and deliveries: made, shown once, printed, revoked.
import { useState } from 'preact/hooks'
import { place } from '../base/place.js'
import { html, Badge, Button, Card, Dialog, Failed, Field, Rows, Sure, Wait, say, useAsked }
  from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { fits } from './all.js'
import { byName } from './names.js'
import { PassPaper } from './pass_paper.js'
import { GoneAtOffice, NoOffice, hasOffice, memberMake, members, nameOf, passMake,
  passRevoke, passes } from './people.js'

const HOSTS_MAX = 20
const WEEK_MS = 7 * 86400000
const LABEL_MAX = 64

/** "2026-11-22T14:05" by the shop's clock -> the moment, as ISO text. */
export function momentAt(local) {
  const naive = Date.parse(`${local}:00Z`)
  const there = new Intl.DateTimeFormat('sv-SE', { timeZone: place.value.time_zone,
    dateStyle: 'short', timeStyle: 'medium' }).format(new Date(naive)).replace(' ', 'T')
  return new Date(naive - (Date.parse(`${there}Z`) - naive)).toISOString()
}

/** The other way: what a field of date and time shows. */
const localAt = (ms) => new Intl.DateTimeFormat('sv-SE', { timeZone: place.value.time_zone,
  dateStyle: 'short', timeStyle: 'short' }).format(new Date(ms)).replace(' ', 'T')

function Host({ host, onChange }) {
  const [q, setQ] = useState('')
  const asked = useAsked(async () => (q.trim().length < 2 ? []
    : (await members(q.trim(), 'live')()).members.slice(0, HOSTS_MAX)), [q])
  return html`<fieldset class="pick"><legend>${t('pass_host')}</legend>
    <p><strong>${host ? nameOf(host) : t('pass_host_none')}</strong></p>
    <${Field} type="search" label=${t('members_search')} value=${q} onInput=${setQ} />
    <${GoneAtOffice} asked=${asked} />
    ${asked.value?.map((m) => html`<${Button} key=${m.member} kind="quiet" onPress=${() => onChange(m)}>
      ${nameOf(m)}</${Button}>`)}</fieldset>`
}

function New({ onClose, onMade }) {
  const [kind, setKind] = useState('guest')
  const [host, setHost] = useState(null)
  const [label, setLabel] = useState('')
  const [from, setFrom] = useState(() => localAt(Date.now()))
  const [to, setTo] = useState(() => localAt(Date.now() + WEEK_MS))
  const [pin, setPin] = useState('')
  const [why, setWhy] = useState(null)
  const ordered = from && to && from < to
  const good = label.trim() && ordered && /^(\d{4,8})?$/.test(pin) && (kind === 'delivery' || host)
  const make = async () => {
    setWhy(null)
    try {
      const bearer = kind === 'guest' ? host : await memberMake({ role: 'delivery' })
      const made = await passMake({ member: bearer.member, label: label.trim(),
        not_before: momentAt(from), expires_at: momentAt(to), ...(pin ? { pin } : {}) })
      onMade({ ...made, label: label.trim() })
    } catch (bad) {
      setWhy(bad)
    }
  }
  return html`<${Dialog} title=${t('pass_new')} onClose=${onClose} actions=${html`
      <${Button} onPress=${onClose}>${t('cancel')}</${Button}>
      <${Button} kind="primary" disabled=${!good} onPress=${make}>${t('pass_make')}</${Button}>`}>
    <div class="stack"><p>${t('pass_what')}</p>
      <${Field} as="select" label=${t('pass_for')} value=${kind} onInput=${setKind}>
        <option value="guest">${t('pass_guest')}</option>
        <option value="delivery">${t('pass_delivery')}</option></${Field}>
      ${kind === 'guest' && html`<${Host} host=${host} onChange=${setHost} />`}
      <${Field} label=${t('pass_label')} hint=${t('pass_label_hint')} value=${label}
        maxlength=${LABEL_MAX} onInput=${setLabel} />
      <div class="two times"><${Field} type="datetime-local" label=${t('pass_from')} value=${from}
          onInput=${setFrom} />
        <${Field} type="datetime-local" label=${t('pass_until')} value=${to} onInput=${setTo}
          error=${from && to && !ordered ? t('pass_bad_times') : undefined} /></div>
      <${Field} label=${t('pass_pin')} hint=${t('pass_pin_hint')} value=${pin} inputmode="numeric"
        autocomplete="off" maxlength="8" onInput=${setPin} />
      ${why && html`<${Failed} why=${{ message: t('failed_try', { why: why.message }) }} />`}
    </div></${Dialog}>`
}

function Made({ made, onClose }) {
  return html`<${Dialog} title=${t('pass_ready')} onClose=${onClose} actions=${html`
      <${Button} onPress=${onClose}>${t('done')}</${Button}>
      <${Button} kind="primary" onPress=${() => print()}>${t('print')}</${Button}>`}>
    <p class="no-print">${t('pass_once')}</p><${PassPaper} pass=${made} /></${Dialog}>`
}

const FEW = 10 // that one sees at once

/** Those that still open first, the newest before the others. */
const inOrder = (all) => [...all].sort((a, b) => a.revoked - b.revoked ||
  (a.made_at < b.made_at ? 1 : -1))

/** The list; where it is long it can be searched. */
function List({ all, row }) {
  const [search, setSearch] = useState('')
  const found = search ? all.filter((p) => fits(search, p.label) ||
    p.pass.startsWith(search.toLowerCase())) : all
  return html`<div class="stack">${all.length > FEW && html`<${Field} type="search"
      label=${t('passes_search')} value=${search} onInput=${setSearch} />`}
    <${Rows} items=${inOrder(found)} id=${(p) => p.pass} row=${row} label=${t('nav_passes')}
      empty=${t(search ? 'passes_no_hit' : 'passes_none')} /></div>`
}

/** The view #/passes. */
export default function Passes() {
  const asked = useAsked(() => (hasOffice() ? passes() : []), [])
  const [open, setOpen] = useState(false)
  const [made, setMade] = useState(null)
  const [sure, setSure] = useState(null)
  if (!hasOffice())
    return html`<h1 tabindex="-1" class="heading">${t('nav_passes')}</h1><${NoOffice} of="passes" />`
  const revoke = async () => {
    const p = sure
    setSure(null)
    try {
      await passRevoke(p.pass)
      say(t('pass_revoked_done'))
    } catch (why) {
      say(why.message)
    }
    await asked.again()
  }
  const row = (p) => html`<div class="row between"><span><strong>${p.label || p.pass}</strong>
      ${p.wants_pin && html` <${Badge}>${t('pass_wants_pin')}</${Badge}>`}
      ${p.revoked && html` <${Badge} kind="alarm">${t('pass_revoked')}</${Badge}>`}<br />
      <span class="soft small">${t('pass_times', { from: moment(p.not_before),
    to: moment(p.expires_at) })} · ${t('by_whom', { by: byName(p.made_by) })}</span></span>
    ${!p.revoked && html`<${Button} onPress=${() => setSure(p)}>${t('pass_revoke')}
      <span class="unseen"> ${p.label}</span></${Button}>`}</div>`
  return html`<div class="heading"><h1 tabindex="-1">${t('nav_passes')}</h1>
      <${Button} kind="primary" onPress=${() => setOpen(true)}>${t('pass_new')}</${Button}></div>
    <${Card}><${GoneAtOffice} asked=${asked} />
      ${asked.value ? html`<${List} all=${asked.value} row=${row} />` : !asked.why && html`<${Wait} />`}
    </${Card}>
    ${open && html`<${New} onClose=${() => setOpen(false)} onMade=${(m) => {
      setOpen(false)
      setMade(m)
      asked.again()
    }} />`}
    ${made && html`<${Made} made=${made} onClose=${() => setMade(null)} />`}
    ${sure && html`<${Sure} title=${t('pass_revoke')} yes=${t('pass_revoke')} danger onYes=${revoke}
      onClose=${() => setSure(null)}>${t('pass_revoke_sure', { label: sure.label })}</${Sure}>`}`
}
