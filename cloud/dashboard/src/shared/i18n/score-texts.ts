import rubric from '@data/rubrics/parkit-1.json'
import texts from '@data/score_texts.json'
import type { Deduction } from '../contracts.generated'
import type { Language } from '../format'

type Words = Readonly<Record<Language, string>>

interface RuleTexts {
  readonly title: Words
  readonly sentence: Words
  readonly sentence_plain?: Words
}

const RULES: Readonly<Record<string, RuleTexts>> = texts.rules
const COMPONENTS: Readonly<Record<string, Words>> = texts.components
const STRENGTHS: Readonly<Record<string, Words>> = texts.strengths
const BANDS: Readonly<Record<string, Words>> = texts.bands
const WORDS: Readonly<Record<string, Readonly<Record<string, Words>>>> = texts.words

/** What this page is too old to know is shown by its key: better than nothing at all. */
const known = (table: Readonly<Record<string, Words>>, key: string, language: Language): string =>
  table[key]?.[language] ?? key

export const componentName = (key: string, language: Language): string => known(COMPONENTS, key, language)
export const strengthText = (key: string, language: Language): string => known(STRENGTHS, key, language)
export const ruleTitle = (key: string, language: Language): string => RULES[key]?.title[language] ?? key

/** Where on the body, in words; the sector's id if it is unknown. */
export const sectorName = (sector: string, language: Language): string => known(WORDS['sector'] ?? {}, sector, language)

/** What a score amounts to, e.g. "합격권". */
export function bandName(score: number, language: Language): string {
  const band = [...rubric.bands].sort((a, b) => b.at_least - a.at_least).find(({ at_least }) => score >= at_least)
  return band ? known(BANDS, band.key, language) : ''
}

/** Why points were taken, as a sentence. */
export function deductionSentence({ rule, params = {} }: Deduction, language: Language): string {
  const rules = RULES[rule]
  if (!rules) return rule
  const words = rules.sentence_plain && !('sector' in params) ? rules.sentence_plain : rules.sentence
  const template = words[language]
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name]
    if (value === undefined) return whole
    return WORDS[name]?.[String(value)]?.[language] ?? String(value)
  })
}
