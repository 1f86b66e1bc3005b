// member.js: one member: who it is, whether they are let in, their phones and cards.
import { useState } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { link } from '../base/route.js'
import { html, Badge, Button, Card, Failed, Field, Heading, Rows, Sure, Tick, Wait, say, useAsked }
  from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { minorOf } from './goods.js'
import { Inviting } from './invite.js'
import { STATE_KIND } from './members.js'
import { GoneAtOffice, NoOffice, hasOffice, keyRemove, member, memberChange, memberDo, nameOf }
  from './people.js'

const ROLES = ['member', 'staff', 'owner', 'delivery']
const DOES = { asks: ['decline', 'approve'], live: ['block'], blocked: ['unblock'],
  declined: ['approve'], erased: [] }
const DONE = { approve: 'approved', decline: 'declined', block: 'blocked', unblock: 'unblocked' }
const ASKED_FIRST = { block: 'block_sure', decline: 'decline_sure' }

function Deeds({ m, again }) {
  const [sure, setSure] = useState(null)
  const act = async (what) => {
    setSure(null)
    try {
      await memberDo(m.member, what)
      say(t(DONE[what], { name: nameOf(m) }))
    } catch (why) {
      say(why.message)
    }
    await again()
  }
  return html`<div class="row">${DOES[m.state].map((what) => html`<${Button} key=${what}
      kind=${ASKED_FIRST[what] ? 'plain warnish' : 'primary'}
      onPress=${() => (ASKED_FIRST[what] ? setSure(what) : act(what))}>${t(what)}</${Button}>`)}</div>
    ${sure && html`<${Sure} title=${t(sure)} yes=${t(sure)} danger onClose=${() => setSure(null)}
      onYes=${() => act(sure)}>${t(ASKED_FIRST[sure], { name: nameOf(m) })}</${Sure}>`}`
}

function About({ m }) {
  const p = m.party ?? {}
  const rows = [['address', [p.street, [p.postcode, p.city].filter(Boolean).join(' ')]
    .filter(Boolean).join(', ')], ['email', p.email], ['phone', p.phone],
  ['alias', alias(m.customer)], ['since_when', moment(m.made_at)]].filter(([, v]) => v)
  return html`<${Card} title=${t('member_about')}><dl class="facts">${rows.map(([k, v]) => html`
    <div key=${k}><dt>${t(k)}</dt><dd>${v}</dd></div>`)}</dl>
    <p class="soft small">${t('looked_noted')}</p></${Card}>`
}

function Terms({ m, again }) {
  const [role, setRole] = useState(m.role)
  const [limit, setLimit] = useState(m.credit_limit_minor === null ? ''
    : String(Math.trunc(m.credit_limit_minor / 100)))
  const [extended, setExtended] = useState(m.extended)
  const [why, setWhy] = useState(null)
  const minor = limit.trim() ? minorOf(limit) : null
  const save = async () => {
    setWhy(null)
    try {
      await memberChange(m.member, { role, extended, credit_limit_minor: minor })
      say(t('member_saved'))
      await again()
    } catch (bad) {
      setWhy(bad)
    }
  }
  return html`<${Card}><div class="stack"><div class="two">
      <${Field} as="select" label=${t('role')} value=${role} onInput=${setRole}>
        ${ROLES.map((r) => html`<option value=${r}>${t(`role_${r}`)}</option>`)}</${Field}>
      <${Field} label=${t('credit_limit')} hint=${t('credit_limit_hint')} value=${limit}
        inputmode="decimal" onInput=${setLimit}
        error=${limit.trim() && minor === null ? t('goods_bad_number') : undefined} /></div>
    <${Tick} label=${t('extended_hint')} checked=${extended} onChange=${setExtended} />
    ${why && html`<${Failed} why=${{ message: t('failed_try', { why: why.message }) }} />`}
    <${Button} kind="primary" onPress=${save} disabled=${Boolean(limit.trim()) && minor === null}>
      ${t('save')}</${Button}></div></${Card}>`
}

function Keys({ m, again }) {
  const [sure, setSure] = useState(null)
  const [inviting, setInviting] = useState(false)
  const label = (k) => k.label || t(`kind_${k.kind}`)
  const remove = async () => {
    const k = sure
    setSure(null)
    try {
      await keyRemove(m.member, k.kid)
      say(t('key_gone'))
    } catch (why) {
      say(why.message)
    }
    await again()
  }
  const row = (k) => html`<div class="row between"><span><strong>${label(k)}</strong><br />
      <span class="soft small">${k.removed_at ? t('key_removed', { at: moment(k.removed_at) })
    : t('key_added', { at: moment(k.added_at) })} · ${k.kid}</span></span>
    ${!k.removed_at && html`<${Button} onPress=${() => setSure(k)}>${t('key_remove')}
      <span class="unseen"> ${label(k)} ${k.kid}</span></${Button}>`}</div>`
  return html`<${Card} title=${t('keys')} aside=${html`<${Button} onPress=${() => setInviting(true)}>
      ${t('new_phone')}</${Button}>`}>
    <${Rows} items=${m.keys} id=${(k) => k.kid} row=${row} empty=${t('keys_none')}
      label=${t('keys')} />
    ${sure && html`<${Sure} title=${t('key_remove')} yes=${t('key_remove')} danger onYes=${remove}
      onClose=${() => setSure(null)}>${t('key_remove_sure', { label: label(sure) })}</${Sure}>`}
    ${inviting && html`<${Inviting} of=${m} onClose=${() => setInviting(false)} />`}</${Card}>`
}

/** The view #/member/{member}. */
export default function Member({ rest }) {
  const asked = useAsked(() => member(rest[0]), [rest[0]])
  const m = asked.value
  if (!hasOffice())
    return html`<${Heading} back=${link('members')}>${t('member')}</${Heading}><${NoOffice} />`
  return html`<${Heading} back=${link('members')} aside=${m && html`<${Badge}
      kind=${STATE_KIND[m.state]}>${t(`m_${m.state}`)}</${Badge}>`}>
      ${m ? nameOf(m) : t('member')}</${Heading}>
    <div class="stack"><${GoneAtOffice} asked=${asked} />
      ${m ? html`<${Deeds} m=${m} again=${asked.again} /><${About} m=${m} />
        <${Terms} key=${m.changed_at} m=${m} again=${asked.again} />
        <${Keys} m=${m} again=${asked.again} />` : !asked.why && html`<${Wait} />`}</div>`
}
