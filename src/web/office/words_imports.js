// words_imports.js: lists that were read in.
import { words } from '../base/words.js'

words({
  imports_title: ['Inlästa listor', 'Lists that were read in'],
  imports_none: ['Ingen lista är inläst än.', 'No list was read in yet.'],
  imports_file: ['Fil', 'File'],
  imports_no_name: ['utan namn', 'no name'],
  imports_who: ['Av', 'By'],
  imports_rows_products: ['Rader', 'Rows'],
  imports_changed_products: ['Ändrade', 'Changed'],
  imports_bad_products: ['Felaktiga', 'Wrong'],
  imports_rows_payments: ['Betalningar', 'Payments'],
  imports_changed_payments: ['Nya', 'New'],
  imports_bad_payments: ['Utan faktura', 'Without invoice'],
})
