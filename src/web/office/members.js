// members.js: the members that we may see: a list to search, and the way to each, to invitations and
// to a new one.
import { useState } from 'preact/hooks'
import { go, link } from '../base/route.js'
import { Badge, Button, Heading, Money, Table, html, say } from '../base/ui.js'
import { day, t } from '../base/words.js'
import { csvSave, plainMoney } from './file.js'
import { useFleet } from './fleet_store.js'
import { Invitations } from './invitations.js'
import { Member } from './member.js'
import { NewMember } from './member_edit.js'
import { may } from './office.js'
import { usePaged } from './paged.js'
import { Bar, Paged, Pick, Search, ShopPick, Tabs, word } from './parts.js'
import { nameOf } from './party.js'
import './words_people.js'

const STATES = ['asks', 'live', 'blocked', 'declined', 'erased']
export const MEMBER_KIND = { asks: 'warn', live: 'ok', blocked: 'alarm', declined: 'info', erased: 'info' }

export default function Members({ route }) {
  useFleet({ once: true })
  if (route[0] === 'member')
    return html`<${Member} key=${route[1]} route=${route} />`
  const shop = route[1] ?? ''
  const here = route[0] === 'invitations' ? link('invitations') : link('members')
  return html`<${Heading}>${t('members_title')}</${Heading}>
    <${Tabs} label=${t('members_title')} here=${here} tabs=${[[link('members'), t('members_title')],
      [link('invitations'), t('invitations_title')]]} />
    ${route[0] === 'invitations' ? html`<${Invitations} />` : html`<${List} shop=${shop} />`}`
}

let kept = { q: '', state: '' }

function List({ shop }) {
  const [view, setView] = useState(kept)
  const [making, setMaking] = useState(false)
  const set = (more) => setView(kept = { ...view, ...more })
  const list = usePaged('/v1/members', { ...view, shop }, 'members')
  const csv = async () => {
    const rows = await list.all()
    csvSave('medlemmar', ['member', 'customer', 'name', 'state', 'role', 'shops', 'credit_limit', 'overdue',
      'made_at'], rows.map((m) => [m.member, m.customer, m.name, m.state, m.role, m.shops.join(' '),
      m.credit_limit_minor === null ? '' : plainMoney(m.credit_limit_minor), String(m.overdue), m.made_at]))
    say(t('csv_saved', { n: rows.length }))
  }
  return html`<${Bar}>
      <${Search} label=${t('member_search')} value=${view.q} onSearch=${(q) => set({ q })} />
      <${ShopPick} value=${shop} any=${t('all_shops')}
        onPick=${(s) => (s ? go('members', s) : go('members'))} />
      <${Pick} label=${t('state')} value=${view.state} onPick=${(state) => set({ state })}
        options=${[['', t('every')], ...STATES.map((s) => [s, t(`member_state_${s}`)])]} />
      <${Button} kind="quiet" onPress=${csv}>${t('save_csv')}</${Button}>
      ${may('members') && html`<${Button} kind="primary" onPress=${() => setMaking(true)}>
        ${t('member_new')}</${Button}>`}</${Bar}>
    <section class="sheet"><${Paged} of=${list}>${(rows) => html`<${Table} caption=${t('members_caption')}
      rows=${rows} id=${(m) => m.member} onMore=${list.onMore} empty=${t('members_none')} columns=${[
        { head: t('name'), main: true, by: (m) => m.name ?? '', cell: (m) => html`
          <a href=${link('member', m.member)}>${nameOf(m)}</a>` },
        { head: t('state'), by: (m) => STATES.indexOf(m.state), cell: (m) => html`<${MemberState}
          of=${m} />` },
        { head: t('role'), by: (m) => m.role, cell: (m) => word('role', m.role) },
        { head: t('shops'), cell: (m) => shopsText(m.shops) },
        { head: t('credit_limit'), num: true, by: (m) => m.credit_limit_minor,
          cell: (m) => (m.credit_limit_minor === null ? t('credit_none')
            : html`<${Money} minor=${m.credit_limit_minor} />`) },
        { head: t('member_since'), num: true, by: (m) => m.made_at, cell: (m) => day(m.made_at) },
      ]} />`}</${Paged}></section>
    <p class="soft small">${t('who_looks')}</p>
    ${making && html`<${NewMember} shop=${shop} onClose=${() => setMaking(false)} />`}`
}

export const MemberState = ({ of }) => html`<span><${Badge} kind=${MEMBER_KIND[of.state]}>
  ${t(`member_state_${of.state}`)}</${Badge}>${of.overdue && html` <${Badge} kind="alarm">
  ${t('overdue')}</${Badge}>`}</span>`

/** "viken, sagby och 12 till": a list of shops that stays short. */
export function shopsText(shops) {
  if (shops.includes('*') || shops.includes('all'))
    return t('shops_all')
  return shops.length > 4 ? `${shops.slice(0, 3).join(', ')} +${shops.length - 3}` : shops.join(', ')
}
