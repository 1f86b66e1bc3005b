// test_office_empty.mjs: an office with next to nothing in it yet: every view says so, and where to begin.
import { openHouse, tests } from './house.mjs'
import { clerk, named, place, press, shot, tab } from './office_house.mjs'

const house = await openHouse({ office: 'beside' })
const tom = await clerk(house, 'tom')

const NOTHING = [
  ['Larm', ['', 'Inget larm är öppet', 'alarms-none']],
  ['Medlemmar', ['', 'Ingen medlem passar', 'members-none'], ['Inbjudningar', 'Ingen inbjudan är öppen']],
  ['Varor och priser', ['Läs in en lista', 'En CSV-fil', 'import-none']],
  ['Fakturor', ['', 'Inget utskick än', 'money-none'],
    ['Alla fakturor', 'Ingen faktura passar', 'invoices-none'],
    ['Förfallna', 'Ingen är skyldig', 'reminders-none'], ['Utan medlem', 'Alla fakturor har en medlem']],
  ['Betalningar', ['', 'Varje betalning har sin faktura', 'payments-none'], ['Per butik', 'Välj en butik'],
    ['Läs in bankfil', 'BgMax', 'bank-none']],
  ['Regler och grupper', ['', 'Inget är bestämt här', 'rules-none'], ['Grupper', 'Ingen grupp än']],
  ['Program och personal', ['', 'De som arbetar här'],
    ['Webhooks', 'Inget program får veta något', 'webhooks-none']],
]

await tests({
  async 'a shop that waits for its box is nothing but that'() {
    await named(tom, 'viken').getByText('Väntar på box').waitFor()
    await shot(tom, 'fleet-waiting')
    await named(tom, 'viken').getByRole('link').click()
    await tom.page.getByText('Ingen box har tagit upp butiken än').waitFor()
    await shot(tom, 'shop-waiting')
    await place(tom, 'Butiker')
    await tom.page.getByLabel('Sök namn eller grupp').fill('kamel')
    await tom.page.getByText('Ingen butik passar').waitFor()
    await shot(tom, 'fleet-none')
    await tom.page.getByLabel('Sök namn eller grupp').fill('')
  },

  async 'every other view with nothing in it'() {
    for (const [name, ...tabs] of NOTHING) {
      await place(tom, name)
      for (const [t, words, view] of tabs) {
        if (t)
          await tab(tom, t)
        await tom.page.getByText(words).first().waitFor()
        await (view ? shot(tom, view) : tom.well(words))
      }
    }
  },

  async 'a search that finds nothing'() {
    await place(tom, 'Varor och priser')
    await tom.page.getByLabel('Sök varunamn').fill('kamelost')
    await tom.page.getByText('Ingen vara passar').waitFor()
    await shot(tom, 'goods-none')
  },

  async 'the first shop, and the code for its box'() {
    await place(tom, 'Butiker')
    await press(tom, 'Ny butik')
    await tom.page.getByLabel('Kortnamn').fill('Övre Åsö')
    await tom.page.getByText('Bara a–z, 0–9 och -').waitFor()
    await shot(tom, 'new-shop')
    await tom.page.getByLabel('Kortnamn').fill('asarp')
    await tom.page.getByLabel('Namn på skylten').fill('Åsarps lanthandel')
    await press(tom, 'Spara')
    await tom.page.getByText(/^shopctl enrol http:\/\/.* ASARP-/).waitFor()
    await shot(tom, 'claim')
    await press(tom, 'Klart')
    await named(tom, 'Åsarps lanthandel').getByText('Väntar på box').waitFor()
    await shot(tom, 'fleet-one')
    await press(tom, 'Ny butik')
    await tom.page.getByLabel('Kortnamn').fill('asarp')
    await press(tom, 'Spara')
    await tom.page.getByText('Det finns redan en butik med det kortnamnet.').waitFor()
    await press(tom, 'Avbryt')
  },

  async 'nothing went wrong behind anybody\'s back'() {
    await house.close()
    if (tom.wrong.length)
      throw new Error(tom.wrong.join('\n'))
  },
})
