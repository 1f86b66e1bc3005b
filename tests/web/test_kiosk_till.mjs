// test_kiosk_till.mjs: a visit at the till's screen, by fingers and by keys alone: the scanner's bytes
// come by its pty, tokens from phones that are programs of their own.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tests, until } from './house.mjs'
import { EGGS, MILK, TILL, YOGURT, large, looks, member, openKiosk, openKioskHouse, show }
  from './kiosk_house.mjs'

const LONG = 'Laktosfri ekologisk vispgräddsmellanmjölksyoghurt med skogsbärs- och jordgubbssmak storpack'
const LONGEST_WORD = 'Smörgåsgurksinläggningskryddblandning'
const house = await openKioskHouse()
const list = join(house.state, 'goods.csv')
writeFileSync(list, ['gtin,name,price,deposit,vat,class,state',
  `${EGGS},Ägg 12-pack,39.90,0,food,grocery,sold`,
  `${MILK},Mjölk 3 %,14.90,0,food,grocery,sold`,
  `${YOGURT},Turkisk yogurt,27.50,0,food,grocery,sold`,
  `7310865004703,${LONG},129.50,0,food,grocery,sold`,
  `7310865071781,${LONGEST_WORD},9.95,0,standard,household,sold`,
  '7310865000019,Läsk 33 cl,12.00,1.00,food,grocery,sold',
  '7310865000026,Återkallad korv,20.00,0,food,grocery,recalled',
  '7310865000033,Starköl,25.00,0,standard,alcohol,sold',
  ...Array.from({ length: 500 }, (_, i) => {
    const digits = `20${String(7000000000 + i)}`.slice(0, 12).replace(/^20/, '73')
    return `${digits}${check(digits)},Vara nummer ${i + 1},${i + 5}.50,0,food,grocery,sold`
  })].join('\n'))
house.shopctl('product', 'import', list)

function check(digits) {
  const sum = [...digits].reduce((n, d, i) => n + Number(d) * (i % 2 ? 3 : 1), 0)
  return (10 - sum % 10) % 10
}

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

async function keys() {
  const press = (...all) => all.reduce((p, key) => p.then(() => k.page.keyboard.press(key)),
    Promise.resolve())
  /** Arrows until this control has the focus; a trap would never come there. */
  const to = async (name, key = 'ArrowRight') => {
    for (let i = 0; i < 40; i++) {
      await press(key)
      const at = await k.page.evaluate(() => document.activeElement.ariaLabel ??
        document.activeElement.textContent)
      if (at.trim().startsWith(name))
        return
    }
    throw new Error(`no way to ${name} by arrows`)
  }
  await show(house, 'cilla')
  await k.at('basket')
  await k.page.keyboard.type(MILK)
  await k.at('type')
  await press('Enter')
  await sumIs('14,90 kr')
  await press('t', 'u', 'r')
  await k.at('pick')
  await k.page.locator('.tile', { hasText: 'Turkisk' }).waitFor()
  await to('Turkisk')
  await press('Enter')
  await k.at('basket')
  await sumIs('42,40 kr')
  await to('Fler')
  await press('Enter')
  await sumIs('69,90 kr')
  await to('Ångra', 'ArrowLeft')
  await press('Enter')
  await sumIs('42,40 kr')
  await press('F4')
  await k.page.getByText('Finish').waitFor()
  await to('Finish', 'Tab')
  await press('Enter')
  await k.at('receipt')
  await k.page.getByText('Thank you!').waitFor()
  await press('Escape')
  await k.at('idle')
  assert.equal(await k.page.locator('html').getAttribute('lang'), 'sv')
}

async function basket() {
  await show(house, 'cilla')
  await k.at('basket')
  const code = async (lines, from) =>
    (await house.codes.ask({ do: 'basket', lines, from })).text
  const one = await code([[MILK, 2000], [EGGS, 1000], ['7310865000026', 1000]], 1)
  house.scan('till', one)
  await k.page.getByText('2 varor togs från telefonen. 1 togs inte:').waitFor()
  await sumIs('69,70 kr')
  await looks(k, 'basket-read')
  house.scan('till', one)
  await k.page.getByText('OK').waitFor()
  await k.page.waitForTimeout(600) // nothing may come of it
  await sumIs('69,70 kr')
  await k.page.getByText('2 × Mjölk').tap()
  await k.press('Färre')
  await sumIs('54,80 kr')
}

async function many() {
  const goods = house.shopctl('visit', newest())
  assert.ok(goods)
  for (let n = 0; n < 500; n += 10) {
    const lines = Array.from({ length: 10 }, (_, i) => {
      const digits = `73${7000000000 + n + i}`.slice(0, 12)
      return [`${digits}${check(digits)}`, 1000]
    })
    house.scan('till', (await house.codes.ask({ do: 'basket', lines, from: 1000 + n })).text)
    await until(async () => Number((await text('.sum .count')).split(' ')[0]) === n + 12,
      `${n + 12} articles`)
  }
  assert.equal(await rows(), 51) // fifty and the way to more
  await looks(k, 'basket-500')
  const began = performance.now()
  house.scan('till', YOGURT)
  await k.page.getByText('1 × Turkisk yogurt').waitFor()
  console.log(`        a scan among 500 lines is shown after ${Math.round(performance.now() - began)} ms`)
  await k.page.getByText('Visa fler').tap()
  assert.equal(await rows(), 101)
  await k.press('Klar')
  await k.at('receipt')
  await k.press('Visa varorna')
  await k.page.locator('.bought').waitFor()
  await k.press('Klar')
  await k.at('idle')
}

await tests({ touch, chosen, receipt, refusals, keys, basket, many, async nothing_wrong() {
  assert.deepEqual(k.wrong, [])
  await house.close()
} })
