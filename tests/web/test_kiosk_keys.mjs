// test_kiosk_keys.mjs: a visit at the till by keys alone, without a touch; the basket that a phone
// shows; and five hundred lines.
import assert from 'node:assert/strict'
import { tests, until } from './house.mjs'
import { EGGS, MILK, TILL, YOGURT, goodsImport, looks, member, numbered, openKiosk, openKioskHouse, show }
  from './kiosk_house.mjs'

const house = await openKioskHouse()
goodsImport(house)
await member(house, 'cilla')
const k = await openKiosk(house, `till/${TILL}`, { name: 'keys' })
const text = (selector) => k.page.locator(selector).innerText()
const sum = () => text('.sum strong').then((s) => s.replace(/\s/g, ' '))
const sumIs = (want) => until(async () => (await sum()) === want, `the sum ${want}`)
const rows = () => k.page.locator('.lines > li').count()

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
  for (let n = 0; n < 500; n += 10) {
    const lines = Array.from({ length: 10 }, (_, i) => [numbered(n + i), 1000])
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

await tests({ keys, basket, many, async nothing_wrong() {
  assert.deepEqual(k.wrong, [])
  await house.close()
} })
