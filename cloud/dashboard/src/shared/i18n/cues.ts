import catalogue from '@data/cues.json'
import type { Cue } from '../contracts.generated'
import type { Language } from '../format'
import type { Level } from '../severity'

interface CatalogueEntry {
  readonly ko: string
  readonly en: string
  readonly severity: string
  readonly priority: string
  readonly icon: string
}

const CUES: Readonly<Record<string, CatalogueEntry>> = catalogue.cues
const WORDS: Readonly<Record<string, Readonly<Record<string, Readonly<Record<Language, string>>>>>> = catalogue.params

type Params = NonNullable<Cue['params']>

/** A parameter in the reader's language where the catalogue knows the word ("left"), else as it came. */
const word = (name: string, value: string | number, language: Language): string =>
  WORDS[name]?.[String(value)]?.[language] ?? String(value)

/** The cue as a sentence; its id where this page is older than the catalogue the car used. */
export function cueText(cue: { id: string; params?: Params }, language: Language): string {
  const template = CUES[cue.id]?.[language]
  if (template === undefined) return cue.id
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = cue.params?.[name]
    return value === undefined ? whole : word(name, value, language)
  })
}

export const cueIcon = (id: string): string => CUES[id]?.icon ?? 'keep'

/** Which way the cue points, if it has a direction. */
export function cueDirection(cue: { params?: Params }): 'left' | 'right' | null {
  const direction = cue.params?.['dir']
  return direction === 'left' || direction === 'right' ? direction : null
}

export const cueLevel = (cue: Cue): Level => cue.severity ?? 'clear'
