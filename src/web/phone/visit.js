// visit.js: the visit as the shop sees it: who else is in it, whether it is over, and its end with a
// receipt, which the phone keeps.
import { ask } from '../base/api.js'
import { rowGet, rowPut } from '../base/db.js'
import { place, reach } from '../base/place.js'
import { signal } from '../base/signal.js'
import { say } from '../base/ui.js'
import { t } from '../base/words.js'
import { current, lines, linesDone, poke, stuck, visitChange, visits } from './sender.js'

/** Lines that other phones put into our visit. */
export const others = signal([])

/** Looks how our visit stands; one that is over gets its receipt. */
export async function visitLook() {
  const v = current()
  if (!v)
    others.value = []
  if (reach.value !== 'shop')
    return
  if (v?.bearer)
    await lookAt(v)
  await receiptsFetch()
}

async function lookAt(v) {
  try {
    const said = await ask(`/v1/visits/${v.visit}`, { bearer: v.bearer })
    const mine = new Set(lines.value.map((l) => l.key))
    others.value = said.lines.filter((l) => !mine.has(l.key) && !l.voided)
    if (said.state === 'closed')
      await over(v)
  } catch (why) {
    if (why.status === 401)
      await visitChange(v.visit, { bearer: null })
  }
}

async function over(v) {
  others.value = []
  await visitChange(v.visit, { state: 'closed' })
  await receiptTake(v)
  say(t('shop_over'))
}

/** Of visits that ended without us: by the door, or by silence. */
async function receiptsFetch() {
  for (const v of visits.value.filter((x) => x.state === 'closed' && x.bearer && !x.receipt))
    await receiptTake(v).catch(() => {})
}

async function receiptTake(v) {
  const receipt = await ask(`/v1/visits/${v.visit}/receipt`, { bearer: v.bearer })
  await receiptKeep(v, receipt)
}

async function receiptKeep(v, receipt) {
  const had = await rowGet('receipts', v.visit).catch(() => null)
  await rowPut('receipts', { ...had, visit: v.visit, at: receipt.closed_at ?? receipt.opened_at,
    bearer: v.bearer, receipt, reported: had?.reported ?? {} })
  const waits = lines.value.some((l) => l.visit === v.visit && l.state === 'kept')
  await visitChange(v.visit, { receipt: !waits })
  await linesDone(v.visit)
}

/** Ends the visit: its receipt. Throws what stands in the way; nothing is lost by it. */
export async function visitClose() {
  await poke()
  const v = current()
  // what still waits would come late to a visit that is over, and not stand on this receipt
  if (!v?.bearer || lines.value.some((l) => l.state === 'kept' && !l.beeped))
    throw stuck.value ?? new Error(t('shop_waiting'))
  const receipt = await ask(`/v1/visits/${v.visit}/close`, { method: 'POST', bearer: v.bearer })
  await visitChange(v.visit, { state: 'closed' })
  others.value = []
  await receiptKeep(v, receipt)
  return v.visit
}

/** Money that may still be spent, as far as this phone knows; null where there is no limit. */
export function creditLeft(v) {
  return v?.credit_left_minor === null || v?.credit_left_minor === undefined ? null
    : v.credit_left_minor - (v.spent_minor ?? 0)
}

export const currency = () => current()?.currency ?? place.value?.currency ?? 'SEK'
