// test_office_parts.mjs: the parts of a shop, rules and where they come from, webhooks, and the way
// through it all by keys alone.
import { openHouse, tests, until } from './house.mjs'
import { clerk, named, place, press, row, shot, tab } from './office_house.mjs'

const house = await openHouse()
await house.operator('PUT', '/v1/groups/skane')
await house.operator('POST', '/v1/shops', { shop: 'sagby', title: 'Sagby', group: 'skane' })
const eva = await clerk(house, 'eva')

await tests({
  async 'a rule for a group, and where a shop has it from'() {
    await place(eva, 'Regler och grupper')
    await press(eva, 'Ny regel')
    await eva.page.getByRole('dialog').getByLabel('Regel').selectOption('occupancy_max')
    await eva.page.getByRole('radio', { name: 'En grupp' }).check()
    await eva.page.getByRole('dialog').getByLabel('En grupp', { exact: true }).last().selectOption('skane')
    await press(eva, 'Fortsätt')
    await eva.page.getByRole('dialog').getByLabel('Högst så många inne').fill('noll')
    await press(eva, 'Spara')
    await eva.page.getByRole('dialog').getByRole('alert').waitFor()
    await eva.page.getByRole('dialog').getByLabel('Högst så många inne').fill('12')
    await press(eva, 'Spara')
    await row(eva, 'gruppen skane').waitFor()
    await shot(eva, 'rules')
    await tab(eva, 'Grupper')
    await shot(eva, 'groups')
    await eva.page.goto(`${eva.desk}#/shop/sagby/rules`)
    await row(eva, 'Högst så många inne').getByText('gruppen skane').waitFor()
    await shot(eva, 'shop-rules')
  },

  async 'the parts of a shop'() {
    for (const [t, view] of [['Nu', 'shop'], ['Larm', 'shop-alarms'], ['Kontakter', 'shop-contacts'],
      ['Uppgifter', 'shop-settings'], ['Boxen', 'shop-box']]) {
      await eva.page.goto(`${eva.desk}#/shop/viken`)
      await tab(eva, t)
      await shot(eva, view)
    }
    await tab(eva, 'Kontakter')
    await press(eva, 'Lägg till en kontakt')
    await eva.page.getByLabel('Kort namn').fill('eva')
    await eva.page.getByLabel('Telefon').fill('070-123 45 67')
    await eva.page.getByText('Börja med + och landsnumret').waitFor()
    await eva.page.getByLabel('Telefon').fill('+46 70-123 45 67')
    await press(eva, 'Spara')
    await named(eva, 'eva').getByText('+46701234567').waitFor()
  },

  async 'a webhook and its secret'() {
    await place(eva, 'Program och personal')
    await tab(eva, 'Webhooks')
    await press(eva, 'Ny webhook')
    await eva.page.getByLabel('Adress').fill('https://books.example/hook')
    await press(eva, 'Spara')
    await eva.page.getByText(/^whsec_/).waitFor()
    await press(eva, 'Klart')
    await named(eva, 'https://books').getByText('på', { exact: true }).waitFor()
    await shot(eva, 'webhooks')
    await tab(eva, 'Program som hämtar')
    await shot(eva, 'programs')
  },

  async 'by keys alone: to a shop and back'() {
    await place(eva, 'Butiker')
    await eva.page.keyboard.press('Tab') // from the heading, where a new view's focus is
    for (let i = 0; i < 40; i++) {
      const at = await eva.page.evaluate(() => document.activeElement.getAttribute('href'))
      if (at?.startsWith('#/shop/'))
        break
      await eva.page.keyboard.press('Tab')
    }
    await eva.page.keyboard.press('Enter')
    await eva.page.getByRole('heading', { level: 2, name: 'Vad butiken säger' }).waitFor()
    await until(() => eva.page.evaluate(() =>
      document.activeElement?.tagName === 'H1'), 'the focus on the heading')
  },

  async 'nothing went wrong behind anybody\'s back'() {
    await house.close()
    if (eva.wrong.length)
      throw new Error(eva.wrong.join('\n'))
  },
})
