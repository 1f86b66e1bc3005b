// member.js: one member: what there is to know, and what can be decided.
import { useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { alias } from '../base/alias.js'
import { Button, Card, Heading, Notice, Sure, Table, html, useAsked } from '../base/ui.js'
import { day, moment, t } from '../base/words.js'
import { MemberEdit, MemberShops } from './member_edit.js'
import { MemberForget } from './member_forget.js'
import { MemberKeys } from './member_keys.js'
import { MemberView } from './member_view.js'
import { MemberState } from './members.js'
import { may, office } from './office.js'
import { Asked, Facts, Tabs, useWork, word } from './parts.js'
import { nameOf, partyLine } from './party.js'
import { Passes } from './passes.js'

const TABS = ['', 'details', 'keys', 'passes', 'looks', 'forget']
const NAMES = { '': 'view' }

export function Member({ route }) {
  const [, member, tab = ''] = route
  const asked = useAsked(() => office(`/v1/members/${member}`), [member])
  const m = asked.value
  const to = (name) => (name ? link('member', member, name) : link('member', member))
  const part = () => {
    switch (tab) {
      case 'details': return html`<${MemberEdit} key=${m.changed_at} m=${m} onSaved=${asked.again} />
        <${MemberShops} m=${m} onSaved=${asked.again} />`
      case 'keys': return html`<${MemberKeys} m=${m} onSaved=${asked.again} />`
      case 'passes': return html`<${Passes} member=${member} shops=${m.shops} />`
      case 'looks': return html`<${Looks} member=${member} />`
      case 'forget': return html`<${MemberForget} m=${m} onSaved=${asked.again} />`
      default: return html`<${MemberView} member=${member} />`
    }
  }
  return html`<${Heading} back=${link('members')} aside=${m && html`<${MemberState} of=${m} />`}>
      ${m ? nameOf(m) : t('members_title')}</${Heading}>
    <${Asked} asked=${asked}>${() => html`
      <${Decide} m=${m} onDone=${asked.again} />
      <${Card}><${Facts} rows=${[
        m.party && [t('name_address'), `${m.party.name}, ${partyLine(m.party)}`],
        [t('role'), word('role', m.role)],
        [t('member_since'), day(m.made_at)],
        [t('alias_is'), html`${alias(m.customer)} <span class="sub">${m.customer}</span>`],
      ]} /></${Card}>
      <${Tabs} label=${t('member_parts')} here=${to(tab)}
        tabs=${TABS.map((name) => [to(name), t(`tab_${NAMES[name] ?? name}`)])} />
      ${part()}`}</${Asked}>`
}

/** Approve, decline, block: what fits the member's state. */
function Decide({ m, onDone }) {
  const [sure, setSure] = useState('')
  const [run, why] = useWork()
  const act = async (what) => {
    setSure('')
    if (await run(() => office(`/v1/members/${m.member}/${what}`, { method: 'POST' }), t(`${what === 'block'
      ? 'blocked' : what === 'unblock' ? 'unblocked' : what === 'approve' ? 'approved' : 'declined'}`)))
      await onDone()
  }
  if (!may('members') || m.state === 'erased')
    return null
  const button = (what, kind, press = () => act(what)) => html`<${Button} kind=${kind}
    onPress=${press}>${t(what)}</${Button}>`
  return html`${why}
    ${m.state === 'asks' && html`<${Notice} kind="warn" title=${t('asks_lead')}><div class="row">
      ${button('approve', 'primary')}${button('decline', 'plain')}</div></${Notice}>`}
    ${m.state === 'live' && html`<div class="row">${button('block', 'plain', () => setSure('block'))}</div>`}
    ${m.state === 'blocked' && html`<div class="row">${button('unblock', 'primary')}</div>`}
    ${m.state === 'declined' && html`<div class="row">${button('approve', 'primary')}</div>`}
    ${sure && html`<${Sure} title=${t('block')} yes=${t('block')} danger onClose=${() => setSure('')}
      onYes=${() => act('block')}><p>${t('block_sure', { name: nameOf(m) })}</p></${Sure}>`}`
}

function Looks({ member }) {
  const asked = useAsked(() => office(`/v1/members/${member}/looks`), [member])
  return html`<${Card} title=${t('tab_looks')}><${Asked} asked=${asked}>${({ looks }) => html`
    <${Table} caption=${t('tab_looks')} rows=${looks} id=${(l) => `${l.at}${l.who}${l.what}`}
      empty=${t('looks_none')} columns=${[
        { head: t('when'), main: true, by: (l) => l.at, cell: (l) => moment(l.at) },
        { head: t('made_by'), by: (l) => l.who, cell: (l) => l.who },
        { head: t('what'), cell: (l) => l.what },
      ]} />`}</${Asked}></${Card}>`
}
