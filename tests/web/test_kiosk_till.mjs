// test_kiosk_till.mjs: a visit at the till's screen by fingers: the scanner's bytes come by its pty,
// tokens from phones that are programs of their own.
import assert from 'node:assert/strict'
import { tests, until } from './house.mjs'
import { EGGS, LONG, MILK, TILL, goodsImport, large, looks, member, openKiosk, openKioskHouse, show }
  from './kiosk_house.mjs'

const house = await openKioskHouse()
goodsImport(house)

let k
const text = (selector) => k.page.locator(selector).innerText()
const sum = () => text('.sum strong').then((s) => s.replace(/\s/g, ' '))
const sumIs = (want) => until(async () => (await sum()) === want, `the sum ${want}`)
const rows = () => k.page.locator('.lines > li').count()

/** The visit's lines as the box has them. */
function kept(visit) {
  return house.shopctl('visit', visit).lines.filter((l) => !l.voided)
}
const newest = () => house.shopctl('visit')[0].visit

async function touch() {
  k = await openKiosk(house, `till/${TILL}`, { name: 'till' })
  await k.at('idle')
  await looks(k, 'till-idle')
  await member(house, 'anna', '--limit', '5000')
  await show(house, 'anna')
  await k.at('basket')
  await k.page.getByText('Skanna din första vara.').waitFor()
  await looks(k, 'basket-empty')
  house.scan('till', MILK)
  await sumIs('14,90 kr')
  await looks(k, 'basket-one')
  house.scan('till', EGGS)
  await sumIs('54,80 kr')
  assert.match(await text('.credit'), /4\s945,20/)
  await k.press('Fler')
  await sumIs('94,70 kr')
  await k.page.getByText('2 × Ägg 12-pack').waitFor()
  await k.press('Färre')
  await sumIs('54,80 kr')
  await k.press('Ångra')
  await sumIs('94,70 kr')
  await k.press('Ta bort')
  await sumIs('14,90 kr')
  assert.equal(await rows(), 1)
  await k.press('Ångra')
  await sumIs('94,70 kr')
  // what the scanner brought can be undone as well
  house.scan('till', '7310865000019')
  await sumIs('107,70 kr')
  await k.press('Ångra')
  await k.page.getByText('Ångrat: Läsk 33 cl.').waitFor()
  await sumIs('94,70 kr')
}

async function chosen() {
  await k.press('Lista')
  await k.at('pick')
  await k.page.locator('.tile').first().waitFor()
  await looks(k, 'pick')
  await k.press('Sök')
  for (const c of 'LAK')
    await k.press(c)
  await k.page.locator('.tile', { hasText: LONG }).waitFor()
  await looks(k, 'pick-letters')
  await k.press('Q')
  await k.page.getByText('Ingen vara heter så').waitFor()
  await large(k, 'nothing found')
  await k.press('Sudda')
  await k.page.locator('.tile', { hasText: LONG }).tap()
  await k.at('basket')
  await sumIs('224,20 kr')
  await k.press('Skriv kod')
  await k.at('type')
  for (const d of '7310865071782')
    await k.press(d)
  await k.press('Köp')
  await k.page.getByText('Siffrorna stämmer inte').waitFor()
  await looks(k, 'code-wrong')
  await k.press('Sudda')
  await k.press('1')
  await looks(k, 'code')
  await k.press('Köp')
  await k.at('basket')
  await sumIs('234,15 kr')
  house.scan('till', '7310865000019')
  await sumIs('247,15 kr')
  await k.page.getByText('varav pant').waitFor()
  await looks(k, 'basket')
}

async function receipt() {
  const visit = newest()
  assert.equal(kept(visit).reduce((n, l) => n + l.total_minor, 0), 24715)
  await k.press('Klar')
  await k.at('receipt')
  const said = (await text('.paper dl')).replace(/\s/g, ' ')
  assert.match(said, /Summa 247,15 kr/)
  assert.match(said, /6 % moms, varor för 237,20 kr/)
  assert.match(said, /25 % moms, varor för 9,95 kr/)
  await looks(k, 'receipt')
  await k.press('Visa varorna')
  await k.page.locator('.bought').getByText(LONG).waitFor()
  await looks(k, 'receipt-open')
  await k.press('Klar')
  await k.at('idle')
  assert.equal(await k.page.getByText(LONG).count(), 0)
  // what is scanned now is nobody's, and is said so
  house.scan('till', MILK)
  await k.page.getByText('Visa först din kod eller ditt kort').waitFor()
  await large(k, 'goods before a code')
}

async function refusals() {
  await member(house, 'bo', '--limit', '30')
  await show(house, 'bo')
  await k.at('basket')
  for (const [code, words] of [['7310865000026', 'återkallad'], ['7310865000033', 'obemannat'],
    ['7399999999995', 'känner inte till'], [EGGS, 'köpgräns']]) {
    house.scan('till', code)
    await k.page.locator('.outcome.bad', { hasText: words }).waitFor()
    await k.page.getByText('Inte köpt.').waitFor()
  }
  await looks(k, 'basket-refused')
  assert.equal(await rows(), 0)
  house.scan('till', MILK)
  await sumIs('14,90 kr')
  // somebody else's code at this scanner: the screen is hers, and nothing of his is left
  await k.press('English')
  await member(house, 'cilla')
  await show(house, 'cilla')
  await sumIs('0,00 kr')
  await k.press('English')
  await k.press('Svenska')
  await show(house, 'nobody')
  await k.at('verdict')
  await k.page.getByText('Okänd telefon').waitFor()
  await k.press('OK')
  // who shows a code the shop does not know may be somebody else: her basket is no longer his to fill
  await k.at('idle')
  await k.page.getByText('Nyss: Okänd telefon').waitFor()
  await show(house, 'cilla')
  await k.at('basket')
  await k.press('Lämna')
  await k.at('idle')
}

await tests({ touch, chosen, receipt, refusals, async nothing_wrong() {
  assert.deepEqual(k.wrong, [])
  await house.close()
} })
