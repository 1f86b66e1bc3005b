import { Heading, html } from '../base/ui.js'
export default () => html`<${Heading}>…</${Heading}>`
