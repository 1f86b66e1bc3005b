// questions.js: what waits for the owner's answer: what shoppers reported, and visits that were
// picked for a look. Each is a question; the pictures and steps stand beside it.
import { useState } from 'preact/hooks'
import { link } from '../base/route.js'
import { html, Button, Card, Failed, Heading, Money, Rows, Wait, say } from '../base/ui.js'
import { moment, t } from '../base/words.js'
import { useAll } from './all.js'
import { Credit } from './credit.js'
import { Gone } from './fresh.js'
import { checkAnswer, checks, creditLine, reports } from './source.js'
import './words_trade.js'
import './words_visit.js'

const ANSWERS = ['passed', 'failed', 'waived']

function Reports() {
  const got = useAll(reports, 'reports')
  const [credit, setCredit] = useState(null)
  const row = (r) => html`<div class="stack tight-stack"><div class="row between">
      <strong>${r.name}</strong><${Money} minor=${r.total_minor} currency=${r.currency} /></div>
    <p>${r.why ?? t(`reason_${r.reason}`)}
      <br /><span class="soft small">${t(`reason_${r.reason}`)} · ${moment(r.at)}</span></p>
    <div class="row"><${Button} kind="primary" onPress=${() => setCredit(r)}>${t('report_credit')}
      <span class="unseen"> ${r.name}</span></${Button}>
      <a class="button" href=${link('visit', r.visit)}>${t('look_at')}
        <span class="unseen"> ${r.name}</span></a></div></div>`
  return html`<${Card} title=${t('reports')}><${Gone} asked=${got} />
    ${got.busy && !got.rows.length ? html`<${Wait} />` : !got.why && html`<${Rows} items=${got.rows}
      id=${(r) => r.seq} row=${row} empty=${t('reports_none')} label=${t('reports')} />`}
    ${credit && html`<${Credit} title=${t('credit_line', { name: credit.name })}
      what=${t('credit_line_what')} onClose=${() => setCredit(null)} onDone=${got.again}
      send=${(json) => creditLine(credit.visit, credit.key, json)} />`}</${Card}>`
}

function Checks() {
  const got = useAll(checks, 'checks')
  const [wrong, setWrong] = useState(null)
  const answer = async (c, result) => {
    setWrong(null)
    try {
      await checkAnswer(c.visit, { result })
      say(t('answered'))
      got.again()
    } catch (why) {
      setWrong(why)
    }
  }
  const row = (c) => html`<div class="stack tight-stack"><div class="row between">
      <a href=${link('visit', c.visit)}>${moment(c.picked_at)}: ${t(`why_${c.reason}`)}</a></div>
    ${c.why && html`<p>${c.why}</p>`}
    <div class="row">${ANSWERS.map((r) => html`<${Button} key=${r} onPress=${() => answer(c, r)}>
      ${t(`answer_${r}`)}<span class="unseen">: ${moment(c.picked_at)}</span></${Button}>`)}
    </div></div>`
  return html`<${Card} title=${t('checks')}><p class="soft">${t('check_note')}</p>
    ${wrong && html`<${Failed} why=${{ message: t('failed_try', { why: wrong.message }) }} />`}
    <${Gone} asked=${got} />
    ${got.busy && !got.rows.length ? html`<${Wait} />` : !got.why && html`<${Rows} items=${got.rows}
      id=${(c) => c.visit} row=${row} empty=${t('questions_none')} label=${t('checks')} />`}
  </${Card}>`
}

/** The view #/questions. */
export default function Questions() {
  return html`<${Heading} back=${link('stock')}>${t('questions')}</${Heading}>
    <div class="stack"><${Reports} /><${Checks} /></div>`
}

