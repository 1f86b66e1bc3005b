// import_log.js: who read in which list, and when: a wrong price on Monday is traced to Friday's file.
import { Badge, Card, Table, html } from '../base/ui.js'
import { ago, moment, number, t } from '../base/words.js'
import { usePaged } from './paged.js'
import { Paged } from './parts.js'
import './words_imports.js'

const PAGE = 50

/** useImports('products'): the history, to be asked anew by again(). */
export const useImports = (of) => usePaged(`/v1/${of}/imports`, {}, 'imports', { limit: PAGE })

/** ImportLog({of, list}): `of` 'products' or 'payments', list as useImports() gives it. */
export function ImportLog({ of, list }) {
  return html`<${Card} title=${t('imports_title')}>
    <${Paged} of=${list}>${(rows) => html`<${Table} caption=${t('imports_title')} rows=${rows}
      id=${(i) => i.n} onMore=${list.onMore} empty=${t('imports_none')} columns=${[
        { head: t('imports_file'), main: true, by: (i) => i.file, cell: (i) => html`<span>
          ${i.file ?? t('imports_no_name')}${i.shop && html`<span class="sub">${i.shop}</span>`}</span>` },
        { head: t('when'), num: true, by: (i) => i.at, cell: (i) => html`<time datetime=${i.at}
          title=${i.at}>${moment(i.at)} <span class="sub">${ago(i.at)}</span></time>` },
        { head: t('imports_who'), by: (i) => i.who, cell: (i) => i.who },
        { head: t(`imports_rows_${of}`), num: true, by: (i) => i.rows, cell: (i) => number(i.rows) },
        { head: t(`imports_changed_${of}`), num: true, by: (i) => i.changed,
          cell: (i) => number(i.changed) },
        { head: t(`imports_bad_${of}`), num: true, by: (i) => i.bad, cell: (i) => (i.bad
          ? html`<${Badge} kind="warn">${number(i.bad)}</${Badge}>` : number(0)) },
      ]} />`}</${Paged}></${Card}>`
}
