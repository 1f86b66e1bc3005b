// bundles.js: one mail a member and month, over all shops: whether it left, and what was in it.
import { alias } from '../base/alias.js'
import { link } from '../base/route.js'
import { Badge, Button, Card, Heading, Money, Table, html, useAsked } from '../base/ui.js'
import { day, moment, month, t } from '../base/words.js'
import { Document } from './document.js'
import { may, office, sees } from './office.js'
import { shorter, usePaged } from './paged.js'
import { Asked, Detail, Facts, Paged, useWork, word } from './parts.js'
import './words_wrong.js'

export function Bundles() {
  const list = usePaged('/v1/bundles', {}, 'bundles', shorter('bundles'))
  return html`<p class="soft">${t('bundles_lead')}</p><section class="sheet">
    <${Paged} of=${list}>${(rows) => html`<${Table} caption=${t('tab_bundles')} rows=${rows}
      id=${(b) => b.bundle} onMore=${list.onMore} empty=${t('bundles_none')} columns=${[
        { head: t('period'), main: true, by: (b) => b.period, cell: (b) => html`<span>
          <a href=${link('bundle', String(b.bundle))}>${month(b.period)}</a>
          <span class="sub">${t('bundle', { n: b.bundle })}</span></span>` },
        { head: t('bundle_kind'), by: (b) => b.kind, cell: (b) => word('bundle_kind', b.kind) },
        { head: t('member'), cell: (b) => (b.member && sees('members')
          ? html`<a href=${link('member', b.member)}>${b.customer ? alias(b.customer) : t('see_member')}</a>`
          : b.customer ? alias(b.customer) : '–') },
        { head: t('payable'), num: true, by: (b) => b.payable_minor,
          cell: (b) => html`<${Money} minor=${b.payable_minor} currency=${b.currency} />` },
        { head: t('due'), num: true, by: (b) => b.due, cell: (b) => (b.due ? day(b.due) : '–') },
        { head: t('mailed'), by: (b) => b.mailed_at, cell: (b) => html`<${Mailed} of=${b} />` },
      ]} />`}</${Paged}></section>`
}

function Mailed({ of }) {
  if (of.mailed_at)
    return html`<span><${Badge} kind="ok">${t('mailed_at', { at: moment(of.mailed_at) })}</${Badge}></span>`
  return html`<span><${Badge} kind=${of.tries ? 'alarm' : 'info'}>${t('mail_not')}</${Badge}>
    <span class="sub"><${Detail} of=${of.outcome} />${of.outcome && of.next_try_at && '; '}
      ${of.next_try_at && t('mail_next', { at: moment(of.next_try_at) })}</span></span>`
}

export function Bundle({ n }) {
  const asked = useAsked(() => office(`/v1/bundles/${n}`), [n])
  const [run, why] = useWork()
  const b = asked.value
  const again = async () => {
    if (await run(() => office(`/v1/bundles/${n}/mail`, { method: 'POST' }), t('mail_again_done')))
      await asked.again()
  }
  return html`<${Heading} back=${link('money')}>${b ? `${month(b.period)}, ${word('bundle_kind', b.kind)}`
    : t('bundle', { n })}</${Heading}>${why}
    <${Asked} asked=${asked}>${() => html`<div class="stack"><${Card} title=${t('bundle', { n })}>
      <${Facts} rows=${[
        [t('member'), b.member && sees('members') ? html`<a href=${link('member', b.member)}>
          ${t('see_member')}</a>` : b.member],
        [t('payable'), html`<${Money} minor=${b.payable_minor} currency=${b.currency} />`],
        [t('due'), b.due ? day(b.due) : '–'],
        [t('reference'), b.reference || '–'],
        [t('mailed'), html`<${Mailed} of=${b} />`],
        b.outcome && [t('outcome'), html`<${Detail} of=${b.outcome} />`],
      ]} />
      ${may('money') && html`<${Button} onPress=${again}>${t('mail_again')}</${Button}>`}</${Card}>
      <${Card} title=${t('money_title')}><${Table} caption=${t('money_title')} rows=${b.invoices ?? []}
        id=${(i) => i.number} empty=${t('invoices_none')} columns=${[
          { head: t('number'), main: true, cell: (i) => html`<span>${i.number}
            ${i.credit_note && html` <${Badge}>${t('credit_note')}</${Badge}>`}</span>` },
          { head: t('payable'), num: true, cell: (i) => html`<${Money} minor=${i.payable_minor}
            currency=${i.currency} />` },
          { head: t('left'), num: true, cell: (i) => html`<${Money} currency=${i.currency}
            minor=${i.credit_note ? 0 : i.payable_minor - i.paid_minor - i.credited_minor} />` },
          { head: t('document'), cell: (i) => html`<${Document} of=${i} />` },
        ]} /></${Card}></div>`}</${Asked}>`
}
