// test_owner_rows.mjs: every list of the owner's page with nothing in it, and with one row.
import { tests, until } from './house.mjs'
import { days, goTo, letIn, looks, openOwnerHouse } from './owner_house.mjs'

let house, anna

await tests({
  async test_nothing() {
    house = await openOwnerHouse({ office: 'none' })
    anna = await house.browser({ name: 'anna', glass: 'phone' })
    await letIn(house, anna)
    await anna.page.getByText('Ingen är inne.').waitFor()
    await anna.page.getByText('Inga larm.').waitFor()
    await anna.shots('owner-now-0', ['phone', 'small', 'desktop'])
    await looks(anna, '0', ['small', 'desktop'])
    await anna.page.goto(`${anna.home}owner#/questions`)
    await anna.page.getByText('Inga frågor väntar.').waitFor()
    await anna.shots('owner-questions-0', ['small'])
  },

  async test_one() {
    days(house, 0, 2, 1, 2) // the first of them buys nothing
    await looks(anna, '1', ['small'])
    await anna.page.goto(`${anna.home}owner#/questions`)
    await anna.page.getByText('Vill se efter').first().waitFor()
    await anna.shots('owner-questions-1', ['small'])
    await anna.page.getByRole('button', { name: /^Stämmer ?:/ }).first().click()
    await until(async () => await anna.page.getByRole('button', { name: /^Låt vara ?:/ }).count() === 1,
      'one answer to be taken')
    await anna.page.getByRole('button', { name: /^Låt vara ?:/ }).click()
    await anna.page.getByText('Inga frågor väntar.').waitFor()
  },
})
