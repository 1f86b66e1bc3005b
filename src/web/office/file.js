// file.js: files that leave the page: tables as CSV, documents, a person's data. And files that come in.
import { number, t } from '../base/words.js'

/** Gives the browser something to keep under this name. */
export function fileSave(name, data, type = 'application/octet-stream') {
  const url = URL.createObjectURL(data instanceof Blob ? data : new Blob([data], { type }))
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 60000)
}

// A cell that begins like a formula would be reckoned by the program that opens the file.
const FORMULA = /^[=+\-@\t\r]/
function cell(value) {
  if (value === null || value === undefined)
    return ''
  if (typeof value === 'number')
    return String(value)
  const s = FORMULA.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s
}

/** csvSave('medlemmar', ['name', …], rows of cells): RFC 4180, UTF-8 with the mark that spreadsheets
 * look for. */
export function csvSave(name, heads, rows) {
  const lines = [heads, ...rows].map((r) => r.map(cell).join(','))
  const day = new Date().toISOString().slice(0, 10)
  fileSave(`${name}-${day}.csv`, `\ufeff${lines.join('\r\n')}\r\n`, 'text/csv;charset=utf-8')
}

/** 1690 -> "16.90": as files and the CSV import have it. */
export function plainMoney(minor) {
  const digits = String(Math.abs(minor)).padStart(3, '0')
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/**
 * The text of a file: UTF-8, or Windows-1252 as Swedish spreadsheets still write it, which the import
 * would refuse by its first å.
 * @returns {text, converted}
 */
export async function fileText(file) {
  const bytes = await file.arrayBuffer()
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), converted: false }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), converted: true }
  }
}

/** 1536 -> "1,5 kB" */
export const fileSize = (n) => (n < 1000 ? t('bytes', { n })
  : n < 1e6 ? `${number(Math.round(n / 100) / 10)} kB` : `${number(Math.round(n / 1e5) / 10)} MB`)
