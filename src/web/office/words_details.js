// words_details.js: what the office noted of a shop, a mail or a webhook, in the language of the page. The
// office writes such a note once, in English, for its log and for programs; it is a row of sentences,
// each of a form that stands here. Pure: how times and conditions are said comes with the question.

/** [what the office writes, in Swedish, in English where ours is better]. $1 … are its values: of $at{1} a
 * time, of $sum{1} whole öre, of $sort{1} one of SORTS. */
const SAID = [
  // a shop, its box and its entries
  [/^No heartbeat since (\S+Z)\.?/, 'Inget hört sedan $at{1}.', 'Nothing heard since $at{1}.'],
  [/^Heard again; it was silent for (\d+) min\./, 'Hördes igen efter $1 min.', 'Heard again after $1 min.'],
  [/^Its box was revoked\./, 'Boxen spärrades.'],
  [/^A box with version (\S+) enrolled in place of another; epoch (\d+)\./,
    'En box med version $1 togs upp i stället för en annan; epok $2.'],
  [/^A box with version (\S+) enrolled; epoch (\d+)\./, 'En box med version $1 togs upp; epok $2.'],
  [/^Epoch (\d+) was granted: the box has entries up to (\d+) of those that the office has up to (\d+)\./,
    'Epok $1 gavs: boxen har poster till $2, kontoret till $3.'],
  [/^Revoked by (.+?): (.+)\.$/, 'Spärrad av $1: $2.'],
  [/^Revoked by ([^:]+)\.$/, 'Spärrad av $1.'],
  [/^entry (\d+) came with another hash than before: .*$/,
    'Post $1 kom en gång till med annat innehåll: två boxar skriver för butiken, eller en är tillbakaställd.'],
  [/^a box still writes in epoch (\d+), and (\d+) was granted$/,
    'En box skriver fortfarande i epok $1, fast $2 är given.'],
  [/^its box knows of epoch (\d+), which is not on record here \((\d+) is\): .*$/,
    'Boxen har epok $1, men här finns bara $2: återställdes kontoret från en kopia?'],
  [/^entries (\d+) to (\d+) do not follow from entry (\d+) as it is here$/,
    'Posterna $1 till $2 följer inte på post $3 så som den finns här.'],
  [/^entry (\d+) is missing here$/, 'Post $1 saknas här.'],
  [/^an entry of (\d+) and on: its number does not follow .*$/,
    'En post från $1 och framåt har ett nummer som inte följer på det förra.'],
  [/^an entry of (\d+) and on: its epoch .*$/, 'En post från $1 och framåt har en epok som den inte kan ha.'],
  [/^an entry of (\d+) and on: its time .*$/, 'En post från $1 och framåt har en omöjlig tid.'],
  [/^(\d+) entr(?:y|ies) cannot be read here \(entry (\d+), kind (\d+)\): .*$/,
    'Poster som inte går att läsa här: $1, den första är post $2 av slag $3. De är sparade.'],
  // money
  [/^(\d{4}-\d\d): the shop's (.+) grew by (-?\d+) öre since the month before, ours by (-?\d+)$/,
    '$1: butikens summa för $sort{2} ökade med $sum{3}, kontorets med $sum{4}.',
    '$1: the shop’s sum of $sort{2} grew by $sum{3}, the office’s by $sum{4}.'],
  // texts and alarms
  [/^A text to contact (\S+) did not leave: the gateway refused it\./,
    'Ett sms till $1 gick inte fram: tjänsten nekade det.'],
  [/^A text to contact (\S+) did not leave: it was tried for a day\./,
    'Ett sms till $1 gick inte fram på ett dygn.'],
  [/^A text to contact (\S+) did not leave: it is being tried again\./,
    'Ett sms till $1 har inte gått fram än: det skickas igen.'],
  [/^Texts leave again\./, 'Sms går fram igen.'],
  [/^No road takes the shop's texts\./, 'Ingen väg tar butikens sms.'],
  [/^A graver one came\./, 'Ett allvarligare kom.'],
  [/^Answered, or over\./, 'Besvarat, eller över.'],
  [/^Answered\./, 'Besvarad.'],
  // mail
  [/^sent$/, 'skickat'],
  [/^no mail wanted$/, 'medlemmen vill inte ha brev'],
  [/^bundle (\d+): /, 'Utskick $1: ', 'Mailing $1: '],
  [/^the member: there is no mail address$/, 'medlemmen har ingen e-postadress'],
  [/^the bundle: it has no invoice or no member any more$/, 'utskicket har ingen faktura eller ingen medlem kvar'],
  [/^(\S+): its invoice does not add up from its entries$/, 'en faktura från $1 går inte ihop med sina poster'],
  [/^(\S+): the shop has no seller$/, 'uppgifterna om säljaren saknas i $1'],
  [/^(\S+): the member has no name and address$/, 'medlemmen har inget namn och ingen adress'],
  [/^(\S+): seller: (\w+) is missing$/, 'hos säljaren i $1 saknas $2'],
  [/^(\S+): buyer: (\w+) is missing$/, 'hos medlemmen saknas $2'],
  [/^(\S+): seller: (.*)$/, 'hos säljaren i $1: $2'],
  [/^(\S+): buyer: (.*)$/, 'hos medlemmen: $2'],
  [/^that is no mail address$/, 'det är ingen e-postadress'],
  [/^a name or the subject has characters that no header may have$/,
    'ett namn eller ämnesraden har tecken som inte får stå där'],
  [/^the text is not UTF-8$/, 'texten har tecken som inte går att skicka'],
  [/^too many documents$/, 'för många dokument'],
  [/^a document's name may not go into a mail$/, 'ett dokuments namn får inte stå i ett brev'],
  [/^the documents are too large for a mail$/, 'dokumenten är för stora för ett brev'],
  [/^the mail could not be made$/, 'brevet kunde inte göras'],
  [/^the document could not be drawn in time$/, 'dokumentet hann inte ritas'],
  [/^the document could not be drawn$/, 'dokumentet kunde inte ritas'],
  [/^the renderer cannot be started: (.*)$/, 'ritprogrammet går inte att starta: $1'],
  [/^RCPT failed: (\d+)$/, 'servern tog inte emot adressen (svar $1)', 'the server does not take the address (answer $1)'],
  [/^MAIL failed: (\d+)$/, 'servern tog inte emot avsändaren (svar $1)', 'the server does not take the sender (answer $1)'],
  [/^Login denied$/, 'servern nekade inloggningen', 'the server refused the sign-in'],
  [/^response reading failed.*$/, 'servern lade på', 'the server hung up'],
  // webhooks, and the net in general
  [/^webhook (\S+): /, 'Webhook $1: ', 'Webhook $1: '],
  [/^taken$/, 'mottaget'],
  [/^answered (\d+)$/, 'svarade $1'],
  [/^its receiver says that it is gone \(410\)$/, 'mottagaren säger att den inte finns längre (410)'],
  [/^given up after three days without an answer$/, 'inget mottaget på tre dygn: vi har slutat försöka'],
  [/^nobody asks for it any more$/, 'ingen vill ha det längre'],
  [/^its name leads to an address that is not of the public internet$/,
    'namnet leder till en adress som inte är på internet'],
  [/^its name leads to an address that is not of this site$/, 'namnet leder till en adress som inte är platsens'],
  [/^Could not resolve host: (\S+)$/, 'namnet $1 finns inte', 'there is no name $1'],
  [/^Failed to connect to (\S+) port (\d+)\b.*$/, '$1 svarar inte (port $2)', '$1 does not answer (port $2)'],
  [/^(?:Operation|Connection|Resolving) timed out.*$/, 'inget svar i tid', 'no answer in time'],
  [/^Connection refused$/, 'ingen tog emot', 'nobody answered there'],
  [/^(?:Recv failure|Send failure|Empty reply|Connection reset).*$/, 'förbindelsen bröts', 'the connection broke'],
  [/^(?:SSL|TLS|OpenSSL|schannel).*?certificate.*$/i, 'serverns certifikat gäller inte', 'the server’s certificate is not good'],
  [/^(?:SSL|TLS|OpenSSL|schannel).*$/i, 'ingen säker förbindelse', 'no secure connection'],
]
/** Sums of a month that a shop and the office hold against each other. */
const SORTS = { 'lines': ['köpta varor', 'goods bought'],
  'invoiced lines': ['fakturerade varor', 'goods billed'],
  'lines not billed': ['ofakturerade varor', 'goods not billed'], 'payable': ['fakturor', 'invoices'],
  'payments': ['betalningar', 'payments'], 'receivable': ['fordringar', 'what is owed'],
  'VAT': ['moms', 'VAT'] }
const ALARM = /^([a-z][a-z0-9_]*) ([a-z0-9-]*)(?= |$)/

const put = (words, found, say) => words.replace(/\$(\d)|\$(\w+)\{(\d)\}/g, (_, plain, how, n) =>
  (how ? say[how](found[n]) : found[plain] ?? ''))

/**
 * details(text, 'sv', {at, what, sum}): {words, foreign}. `at(iso)` says a time, `sum(öre)` money,
 * `what(condition)` a condition or ''. `foreign`: what no form fits, as it came, in English.
 */
export function details(text, language, { at, what, sum }) {
  const say = { at, what, sum: (ore) => sum(Number(ore)),
    sort: (name) => SORTS[name]?.[language === 'sv' ? 0 : 1] ?? name }
  const parts = []
  let rest = text.trim()
  const alarm = ALARM.exec(rest)
  if (alarm && say.what(alarm[1])) {
    parts.push([say.what(alarm[1]), alarm[2]].filter(Boolean).join(', ') + '.')
    rest = rest.slice(alarm[0].length).trim()
  }
  while (rest) {
    const [form, swedish, english] = SAID.find(([f]) => f.test(rest)) ?? []
    if (!form)
      break
    const found = form.exec(rest)
    const words = language === 'sv' ? swedish : english
    parts.push(words ? put(words, found, say) : found[0])
    rest = rest.slice(found[0].length).trim()
  }
  return { words: parts.join(' ').replace(/ {2,}/g, ' ').trim(), foreign: rest }
}
