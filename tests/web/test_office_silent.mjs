// test_office_silent.mjs: nothing is green that was not heard: a shop that falls silent, and an office
// that does not answer.
import { openHouse, tests, until } from './house.mjs'
import { clerk, named, place, shot } from './office_house.mjs'

const house = await openHouse()
const eva = await clerk(house, 'eva')

await tests({
  async 'a shop that falls silent is green no more'() {
    await place(eva, 'Butiker')
    await named(eva, 'viken').getByText('Som den ska').waitFor({ timeout: 40000 })
    await named(eva, 'viken').getByText('aktuellt').waitFor({ timeout: 40000 })
    process.kill(house.pid('courierd'), 'SIGSTOP')
    await named(eva, 'viken').getByText('Tyst').waitFor({ timeout: 90000 })
    await named(eva, 'viken').getByText('stängd (då)').waitFor()
    if (await eva.page.locator('tbody .badge.ok').count())
      throw new Error('something of it is still green')
    await shot(eva, 'fleet-silent')
    await named(eva, 'viken').getByRole('link').click()
    await eva.page.getByText('Ingen har hört butiken sedan').waitFor()
    await shot(eva, 'shop-silent')
    process.kill(house.pid('courierd'), 'SIGCONT')
    await eva.page.getByText('Som den ska').first().waitFor({ timeout: 60000 })
  },

  async 'an office that does not answer is not taken for a well one'() {
    await place(eva, 'Butiker')
    eva.road.go(null)
    await eva.page.getByText('Huvudkontoret svarar inte').first().waitFor({ timeout: 60000 })
    await until(async () =>
      await eva.page.locator('tbody .badge.ok').count() === 0, 'nothing to be green', 120000)
    await shot(eva, 'fleet-cut')
    eva.road.go('office')
    await named(eva, 'viken').getByText('stängd', { exact: true }).waitFor({ timeout: 60000 })
  },

  async 'nothing went wrong behind anybody\'s back'() {
    await house.close()
    if (eva.wrong.length)
      throw new Error(eva.wrong.join('\n'))
  },
})
