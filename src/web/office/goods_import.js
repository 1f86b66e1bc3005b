// goods_import.js: a list of articles and prices: looked at first, row by row, then taken. A bad row is
// shown with its line, what is wrong and what stands there; the others do not wait for it.
import { useState } from 'preact/hooks'
import { Button, Card, Field, Notice, Table, Tick, html, say } from '../base/ui.js'
import { number, t } from '../base/words.js'
import { fileSize, fileText } from './file.js'
import { ImportLog, useImports } from './import_log.js'
import { LONG_MS, may, office, query } from './office.js'
import { useWork } from './parts.js'
import { rowWords } from './words_problems.js'

export function Import() {
  const [file, setFile] = useState(null) // {name, size, text, lines, notes}
  const [rule, setRule] = useState(false)
  const [told, setTold] = useState(null)
  const [run, why, clear] = useWork()
  const log = useImports('products')
  const pick = async (e) => {
    setTold(null)
    clear(null)
    const chosen = e.target.files[0]
    setFile(chosen ? { name: chosen.name, size: chosen.size, ...await listOf(chosen) } : null)
  }
  const send = async (dry) => {
    const answer = await run(() => office(query('/v1/products/import', { dry_run: dry ? 1 : 0,
      rule: rule ? 1 : 0, file: file.name }), { csv: file.text, ms: LONG_MS }))
    if (!answer)
      return
    setTold(answer)
    if (!dry) {
      say(t('imported_n', { n: number(answer.changed) }))
      await log.again()
    }
  }
  if (!may('goods'))
    return html`<${Notice}>${t('not_yours')}</${Notice}>`
  return html`<${Card} title=${t('import_title')}><div class="stack"><p>${t('import_lead')}</p>
      <${Field} label=${t('import_file')} type="file" accept=".csv,text/csv" onInput=${(_, e) => pick(e)} />
      <${Tick} label=${t('import_rule')} checked=${rule} onChange=${(on) => {
        setRule(on)
        setTold(null)
      }} />
      ${file && html`<p class="soft">${file.name}, ${fileSize(file.size)}
        ${file.notes.map((n) => html`<span class="sub" key=${n}>${t(n)}</span>`)}</p>`}
      ${why}
      <${Button} kind=${told ? 'plain' : 'primary'} disabled=${!file} onPress=${() => send(true)}>
        ${t('import_try')}</${Button}></div></${Card}>
    ${told && html`<${Told} of=${told} file=${file} onTake=${() => send(false)} />`}
    <${ImportLog} of="products" list=${log} />`
}

/** The file as the office reads lists: UTF-8, commas. A spreadsheet in Swedish writes semicolons. */
async function listOf(file) {
  const { text, converted } = await fileText(file)
  const first = text.slice(0, text.indexOf('\n') >>> 0)
  const semicolons = first.includes(';') && !first.includes(',')
  return { text: semicolons ? toCommas(text) : text, notes: [...(converted ? ['import_converted'] : []),
    ...(semicolons ? ['import_semicolons'] : [])] }
}

/** Fields that semicolons part, parted by commas: line for line, quotes kept. */
function toCommas(text) {
  return text.split('\n').map((line) => {
    const fields = []
    for (let rest = line.replace(/\r$/, ''); ;) {
      const m = /^("(?:[^"]|"")*"|[^;]*)(;|$)/.exec(rest) ?? [rest, rest, '']
      fields.push(m[1].startsWith('"') || !/[,"]/.test(m[1]) ? m[1] : `"${m[1].replaceAll('"', '""')}"`)
      rest = rest.slice(m[0].length)
      if (m[2] !== ';')
        return fields.join(',')
    }
  }).join('\n')
}

function Told({ of, file, onTake }) {
  const sums = [['rows', of.rows], ['taken', of.taken], ['changed', of.changed], ['bad', of.bad],
    ['by_rule', of.priced_by_rule]]
  const lines = file.text.split('\n')
  return html`<${Card} title=${t(of.dry_run ? 'import_preview' : 'import_done')}><div class="stack">
    <dl class="sums">${sums.map(([k, n]) => html`<div key=${k}><dt>${t(`import_${k}`)}</dt>
      <dd class=${k === 'bad' && n ? 'wrong-word' : ''}>${number(n)}</dd></div>`)}</dl>
    ${of.dry_run && of.taken > 0 && html`<div class="row"><${Button} kind="primary" onPress=${onTake}>
      ${t('import_do', { n: number(of.taken) })}</${Button}></div>`}
    ${!of.bad ? html`<${Notice} kind="ok">${t('import_no_problems')}</${Notice}>`
    : html`<h3>${t('import_problems')}</h3><p class="soft">${t('import_problems_note')}</p>
      <${Table} caption=${t('import_problems')} rows=${of.problems} id=${(p) => `${p.line} ${p.column}`}
        columns=${[
          { head: t('line'), main: true, by: (p) => p.line, cell: (p) => `${t('line')} ${p.line}` },
          { head: t('column'), by: (p) => p.column, cell: (p) => p.column || t('whole_row') },
          { head: t('problem'), cell: (p) => rowWords(p.problem) },
          { head: t('stands'), cell: (p) =>
            html`<code>${(lines[p.line - 1] ?? '').trim().slice(0, 120)}</code>` },
        ]} />
      ${of.problems.length < of.bad && html`<p class="soft">${t('import_more_problems',
        { n: of.problems.length })}</p>`}`}</div></${Card}>`
}
