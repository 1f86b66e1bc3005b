// test_owner_away.mjs: the owner far from the shop: the same address is answered by the office. An alarm
// is answered and the door is locked down from there; what only the box has says so.
import assert from 'node:assert/strict'
import { tests, until } from './house.mjs'
import { EGGS, Shopper, goTo, openCamera, openOwnerHouse, useCode,
  wordsAreThere } from './owner_house.mjs'

const house = await openOwnerHouse({ office: 'enrol', set: await openCamera() })
const shown = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor()
const anna = await house.browser({ name: 'anna', glass: 'phone' })
let lena

await tests({
  async test_away_from_the_shop() {
    const { page } = anna
    await page.goto(`${anna.home}owner`)
    await useCode(anna, await house.invite('owner'))
    lena = await new Shopper(house, 'lena').join()
    await lena.enter()
    await lena.buy(EGGS)
    await lena.leave()
    house.sim('tamper')
    const text = await until(() => house.texts().find((x) => /SABOTAGE.*\/a\//.test(x.text)), 'the text')
    anna.road.go('office')
    await page.goto(`${anna.home}${/a\/\d+/.exec(text.text)[0]}`)
    await shown(page, /Någon rör utrustningen/)
    await page.getByText('Du är inte på butikens Wi-Fi').waitFor()
    await anna.shots('owner-away-alarm', ['phone', 'desktop'])
    await page.getByRole('button', { name: /Jag tar hand om det/ }).click()
    await page.getByText('Kvitterat av').waitFor({ timeout: 30000 })
    assert.match(house.shopctl('alarm', 'list').find((a) => a.condition === 'tamper').acknowledged_by,
      /^owner/)
    await goTo(anna, 'Just nu')
    await page.getByRole('button', { name: 'Spärra …' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Spärra', exact: true }).click()
    await page.getByText('spärrad, ingen släpps in').waitFor({ timeout: 30000 })
    assert.equal(house.shopctl('door')[0].mode, 'lockdown')
    await anna.shots('owner-away-now', ['phone', 'desktop'])
  },

  async test_what_happened_from_door_to_bill() {
    const { page } = anna
    await goTo(anna, 'Händelser')
    await page.getByText('Bilder lämnar aldrig butiken').waitFor()
    await page.locator('.event.alarm').filter({ hasText: 'Någon rör utrustningen' }).waitFor()
    const visit = page.locator('.event.visit').filter({ hasText: '1 vara' })
    await visit.getByText('inte fakturerat än').waitFor()
    await visit.getByRole('link').first().click()
    await page.getByText('Dörren front öppnades').waitFor()
    await page.getByText('Besöket slutade: avslutat i appen').waitFor()
    await page.locator('.step.line').filter({ hasText: /Ägg/ }).waitFor()
    assert.equal(await page.getByRole('button', { name: /^Kreditera/ }).count(), 0) // that is the box's
    await wordsAreThere(anna)
    await anna.shots('owner-away-visit', ['phone', 'desktop'])
    // whoever comes now is seen too, as soon as the shop has told of it
    await goTo(anna, 'Händelser')
    const before = await page.locator('.event.visit').count()
    house.shopctl('door', 'lock') // no longer locked down
    await lena.buy(EGGS)
    await lena.leave()
    await until(async () => await page.locator('.event.visit').count() > before, 'the next visit', 40000)
  },

  async test_what_the_office_has() {
    const { page } = anna
    for (const [name, view] of [['Händelser', 'timeline'], ['Försäljning', 'sales'],
      ['Lager', 'stock'], ['Fakturor', 'invoices'], ['Hälsa', 'health'], ['Hylletiketter', 'labels'],
      ['Medlemmar', 'members'], ['Inställningar', 'settings']]) {
      await goTo(anna, name)
      await until(async () => await page.locator('main .wait').count() === 0, `${name} to be there`,
        40000) // the whole range is fetched from the office
      await anna.shots(`owner-away-${view}`, ['phone'])
    }
  },
})
