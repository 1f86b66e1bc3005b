// paper.js: on which paper a view prints. The size is told by a style sheet of its own for as long as
// there is something to print on it: a rule for pages knows no views.
import { useEffect } from 'preact/hooks'

/** CSS knows no A6 by name. */
export const A6 = '105mm 148mm'

/** Hook: usePaper('A4 portrait'): while this is drawn, the page prints on such sheets, to the edge. */
export function usePaper(size) {
  useEffect(() => {
    if (!document.adoptedStyleSheets)
      return undefined // the browser's own choice of paper holds
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`@page { size: ${size}; margin: 0 }`)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet)
    }
  }, [size])
}
