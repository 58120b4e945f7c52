import rubric from '@data/rubrics/parkit-1.json'
import texts from '@data/score_texts.json'
import type { Cause, Deduction } from '../contracts.generated'
import type { Language } from '../format'

type Words = Readonly<Record<Language, string>>

interface RuleTexts {
  readonly title: Words
  readonly sentence: Words
  readonly sentence_plain?: Words
}

interface CauseTexts extends RuleTexts {
  readonly change: Words
}

const RULES: Readonly<Record<string, RuleTexts>> = texts.rules
const CAUSES: Readonly<Record<string, CauseTexts>> = texts.causes
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

/** What a score by the coach's own rubric amounts to, e.g. "합격권"; an examiner has no such words. */
export function bandName(score: number, language: Language, of: string = rubric.name): string {
  if (of !== rubric.name) return ''
  const band = [...rubric.bands].sort((a, b) => b.at_least - a.at_least).find(({ at_least }) => score >= at_least)
  return band ? known(BANDS, band.key, language) : ''
}

type Params = NonNullable<Deduction['params']>

/** Why points were taken, as a sentence. */
export const deductionSentence = ({ rule, params = {} }: Deduction, language: Language): string =>
  sentence(RULES[rule], params, language) ?? rule

export const causeTitle = (key: string, language: Language): string => CAUSES[key]?.title[language] ?? key

/** What lay behind deductions, as a sentence. */
export const causeSentence = ({ cause, params = {} }: Cause, language: Language): string =>
  sentence(CAUSES[cause], params, language) ?? cause

/** What to do the next time; in cards older than the causes, the name of the rule. */
export const changeText = (key: string, language: Language): string =>
  CAUSES[key]?.change[language] ?? ruleTitle(key, language)

/** The sentence with its words filled in; its plain twin where one of them is not known. */
function sentence(words: RuleTexts | undefined, params: Params, language: Language): string | undefined {
  if (!words) return undefined
  const whole = words.sentence[language]
  const lacking = [...whole.matchAll(/\{(\w+)\}/g)].some(([, name]) => !((name ?? '') in params))
  const template = lacking && words.sentence_plain ? words.sentence_plain[language] : whole
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name]
    if (value === undefined) return whole
    return WORDS[name]?.[String(value)]?.[language] ?? String(value)
  })
}
