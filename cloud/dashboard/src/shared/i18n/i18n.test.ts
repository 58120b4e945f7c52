import catalogue from '@data/cues.json'
import scoreTexts from '@data/score_texts.json'
import { describe, expect, it } from 'vitest'
import { SECTORS } from '../contracts.generated'
import { ICON_NAMES } from '../ui/cue-icon'
import { cueDirection, cueText } from './cues'
import en from './en.json'
import ko from './ko.json'
import { bandName, deductionSentence, sectorName } from './score-texts'

function flatten(node: object, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string' ? [[prefix + key, value]] : Object.entries(flatten(value as object, `${prefix}${key}.`)),
    ),
  )
}

const placeholders = (text: string) => [...text.matchAll(/\{+(\w+)\}+/g)].map(([, name]) => name).sort()

describe('translations', () => {
  const [korean, english] = [flatten(ko), flatten(en)]

  it('have the same keys in both languages', () => {
    expect(Object.keys(korean)).toEqual(Object.keys(english))
  })

  it('have the same placeholders in both languages', () => {
    for (const [key, text] of Object.entries(korean)) expect(placeholders(english[key] ?? ''), key).toEqual(placeholders(text))
  })

  it('never offer a choice of particles', () => {
    for (const text of Object.values(korean)) expect(text).not.toMatch(/[가-힣]\([가-힣]\)|[을이은와]\/[를가는과]/)
  })
})

describe('cue catalogue', () => {
  const cues = Object.entries(catalogue.cues)

  it.each(cues)('%s has the same placeholders in both languages, and they are known', (_id, cue) => {
    expect(placeholders(cue.en)).toEqual(placeholders(cue.ko))
    for (const name of placeholders(cue.ko)) expect(Object.keys(catalogue.params)).toContain(name)
  })

  it.each(cues)('%s has a priority that exists, and a drawing', (_id, cue) => {
    expect(catalogue.priorities).toContain(cue.priority)
    expect(ICON_NAMES).toContain(cue.icon)
  })

  it('is said with its words filled in', () => {
    const cue = { id: 'steer.turns', params: { dir: 'left', turns: 'one_and_half' } }
    expect(cueText(cue, 'ko')).toBe('핸들을 왼쪽으로 한 바퀴 반 돌리세요.')
    expect(cueText(cue, 'en')).toBe('Turn the wheel one and a half turns to the left.')
    expect(cueDirection(cue)).toBe('left')
  })

  it('passes an instructor’s words on as they are', () => {
    expect(cueText({ id: 'sys.instructor', params: { text: '천천히' } }, 'ko')).toBe('강사님: 천천히')
  })

  it('is shown by its id where the page is too old to know it', () => {
    expect(cueText({ id: 'new.cue' }, 'ko')).toBe('new.cue')
  })
})

describe('score texts', () => {
  const record = { component: 'safety', points: 4, raw_points: 4, t0_s: 1, t1_s: 2, measured: 0.12, limit: 0.15, cap_group: 'g' }

  it('name the sector, the measured value and the limit', () => {
    const params = { sector: 'rear_right', cm: 12, limit_cm: 15 }
    expect(deductionSentence({ ...record, rule: 'safety.low_clearance', params }, 'ko')).toBe(
      '오른쪽 뒤 간격이 12 cm까지 줄었어요. 기준 15 cm.',
    )
  })

  it('do without the sector where none was sensed', () => {
    const text = deductionSentence({ ...record, rule: 'safety.low_clearance', params: { cm: 12, limit_cm: 15 } }, 'en')
    expect(text).toBe('The gap fell to 12 cm. Keep 15 cm.')
  })

  it('know every sector', () => {
    for (const sector of SECTORS) expect(sectorName(sector, 'ko')).not.toBe(sector)
  })

  it('have a word for every score', () => {
    expect(bandName(100, 'ko')).toBe(scoreTexts.bands['band.independent'].ko)
    expect(bandName(79.9, 'ko')).toBe(scoreTexts.bands['band.nearly'].ko)
    expect(bandName(0, 'en')).toBe(scoreTexts.bands['band.practise'].en)
  })
})
