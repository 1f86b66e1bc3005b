// said.js: what a refusal means to the person. The box speaks both languages itself; the office
// speaks English, so its codes have their sentences here.
import './words_join.js'
import { known, t } from '../base/words.js'

export const officeSays = (why) =>
  (why.code !== 'unreachable' && known(`office_${why.code}`) ? t(`office_${why.code}`) : why.message)
