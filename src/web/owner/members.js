// members.js: who may come in, and who wants to. Names come from the office; here they are called
// by the same alias as in the shop's own lists.
import { useState } from 'preact/hooks'
import { alias } from '../base/alias.js'
import { link } from '../base/route.js'
import { html, Badge, Button, Card, Field, Rows, Sure, Table, Wait, say } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { useAll } from './all.js'
import { Invitations } from './invite.js'
import { GoneAtOffice, NoOffice, hasOffice, memberDo, members, nameOf } from './people.js'
import './words_visit.js'

const STATES = ['live', 'asks', 'blocked', 'declined']
export const STATE_KIND = { live: 'ok', asks: 'warn', blocked: 'alarm', declined: 'info',
  erased: 'info' }

function Asking() {
  const got = useAll(members(undefined, 'asks'), 'members')
  const [sure, setSure] = useState(null)
  const answer = async (m, what, said) => {
    try {
      await memberDo(m.member, what)
      say(t(said, { name: nameOf(m) }))
      got.again()
    } catch (why) {
      say(why.message)
    }
  }
  if (!got.rows.length)
    return got.why ? html`<${GoneAtOffice} asked=${got} />` : null
  const row = (m) => html`<div class="row between"><span><strong>${nameOf(m)}</strong><br />
      <span class="soft small">${t(`role_${m.role}`)} · ${moment(m.made_at)}</span></span>
    <span class="row"><${Button} onPress=${() => setSure(m)}>${t('decline')}
        <span class="unseen"> ${nameOf(m)}</span></${Button}>
      <${Button} kind="primary" onPress=${() => answer(m, 'approve', 'approved')}>${t('approve')}
        <span class="unseen"> ${nameOf(m)}</span></${Button}></span></div>`
  return html`<${Card} title=${t('members_asks')}><${Rows} items=${got.rows} id=${(m) => m.member}
      row=${row} label=${t('members_asks')} />
    ${sure && html`<${Sure} title=${t('decline')} yes=${t('decline')} danger
      onClose=${() => setSure(null)} onYes=${() => {
        setSure(null)
        return answer(sure, 'decline', 'declined')
      }}>${t('decline_sure', { name: nameOf(sure) })}</${Sure}>`}</${Card}>`
}

function List() {
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState({ q: '', state: 'live' })
  const got = useAll(members(asked.q, asked.state), 'members', [asked])
  const columns = [
    { head: t('name'), main: true, by: nameOf, cell: (m) => html`
      <a href=${link('member', m.member)}>${nameOf(m)}</a>` },
    { head: t('alias'), cell: (m) => alias(m.customer), by: (m) => alias(m.customer) },
    { head: t('role'), cell: (m) => t(`role_${m.role}`), by: (m) => m.role },
    { head: t('member_state'), by: (m) => m.state, cell: (m) => html`<${Badge}
      kind=${STATE_KIND[m.state]}>${t(`m_${m.state}`)}</${Badge}>${m.overdue && html`
      <${Badge} kind="warn">${t('overdue')}</${Badge}>`}` },
    { head: t('since_when'), by: (m) => m.made_at,
      cell: (m) => html`<span class="num">${moment(m.made_at)}</span>` }]
  return html`<${Card}>
    <form class="find" onSubmit=${(e) => {
      e.preventDefault()
      setAsked({ ...asked, q: typed.trim() })
    }}><${Field} type="search" label=${t('members_search')} value=${typed} onInput=${setTyped} />
      <${Field} as="select" label=${t('member_state')} value=${asked.state}
        onInput=${(state) => setAsked({ ...asked, state })}>
        ${STATES.map((s) => html`<option value=${s}>${t(`m_${s}`)}</option>`)}
        <option value="">${t('every_state')}</option></${Field}>
      <${Button} type="submit">${t('search')}</${Button}></form>
    <${GoneAtOffice} asked=${got} />
    ${got.busy && !got.rows.length ? html`<${Wait} />` : !got.why && html`<${Table}
      caption=${t('nav_members')} columns=${columns} rows=${got.rows} id=${(m) => m.member}
      empty=${t(asked.q || asked.state !== 'live' ? 'members_no_hit' : 'members_none')} />`}</${Card}>`
}

/** The view #/members. */
export default function Members() {
  return html`<h1 tabindex="-1" class="heading">${t('nav_members')}</h1><div class="stack">
    ${hasOffice() ? html`<${Asking} /><${List} /><${Invitations} />` : html`<${NoOffice} />`}</div>`
}
