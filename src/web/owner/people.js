// people.js: what the office is asked about members, invitations and passes: signed with the owner's
// key, from whichever side the page was opened. Names never pass the shop's box.
import { officeAt, place } from '../base/place.js'
import { html, Card, Failed, Notice } from '../base/ui.js'
import { t } from '../base/words.js'
import { askOffice } from './session.js'
import { query } from './source.js'
import './words_people.js'

const shop = () => place.value.shop
export const hasOffice = () => officeAt() !== null && officeAt() !== undefined

export const members = (q, state) => (after) =>
  askOffice(`/v1/members${query({ shop: shop(), q, state, after, limit: 100 })}`)
export const member = (id) => askOffice(`/v1/members/${id}`)
/** what: approve, decline, block, unblock */
export const memberDo = (id, what) => askOffice(`/v1/members/${id}/${what}`, { method: 'POST' })
export const memberChange = (id, json) => askOffice(`/v1/members/${id}`, { method: 'PUT', json })
export const memberMake = (json) => askOffice('/v1/members', { json: { shop: shop(), ...json } })
export const keyRemove = (id, kid) =>
  askOffice(`/v1/members/${id}/keys/${kid}`, { method: 'DELETE' })

export const invitations = async () => (await askOffice('/v1/invitations')).invitations
  .filter((i) => i.shop === shop())
export const invite = (json) => askOffice('/v1/invitations', { json: { shop: shop(), ...json } })
export const inviteDrop = (id) => askOffice(`/v1/invitations/${id}`, { method: 'DELETE' })

export const passes = async (of) =>
  (await askOffice(`/v1/passes${query({ shop: shop(), member: of })}`)).passes
export const passMake = (json) => askOffice('/v1/passes', { json: { shop: shop(), ...json } })
export const passRevoke = (id) =>
  askOffice(`/v1/passes/${id}${query({ shop: shop() })}`, { method: 'DELETE' })

export const nameOf = (m) => m.name ?? m.party?.name ?? t('no_name')

/** GoneAtOffice({asked}): why the office gave nothing; null where it did. */
export function GoneAtOffice({ asked }) {
  const why = asked.why
  if (!why)
    return null
  if (why.status === 401 || why.status === 403)
    return html`<${Notice} kind="warn">${t('office_no_right')}</${Notice}>`
  return html`<${Failed} why=${why.status === 0 ? { message: t('office_away') } : why}
    onAgain=${asked.again} />`
}

/** NoOffice({of}): what can be done in a shop that has none. */
export function NoOffice({ of }) {
  return html`<${Card} title=${t('no_office_title')}>
    ${of === 'passes' ? html`<p>${t('no_office_pass')}</p>` : html`<p>${t('no_office_members')}</p>
      <dl class="commands"><dt>${t('no_office_add')}</dt>
        <dd><code class="command" tabindex="0">shopctl member add --key …</code></dd>
        <dt>${t('no_office_list')}</dt><dd><code class="command" tabindex="0">shopctl member list</code></dd>
        <dt>${t('no_office_block')}</dt>
        <dd><code class="command" tabindex="0">shopctl member block …</code></dd></dl>`}</${Card}>`
}
