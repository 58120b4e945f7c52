import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SCENE_PALETTES } from '@/shared/scene/palette'
import { INK, LEVEL_FILL, LEVELS } from '@/shared/severity'

const css = readFileSync('src/app/tokens.css', 'utf8')

/** Custom properties of the rule for a theme. */
function tokens(theme: 'dark' | 'light'): Record<string, string> {
  const rule = css.split(`[data-theme='${theme}'] {`)[1]?.split('}')[0] ?? ''
  return Object.fromEntries([...rule.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

describe('colours', () => {
  it.each(LEVELS)('leave ink readable on %s', (level) => {
    expect(contrast(INK, LEVEL_FILL[level])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(LEVELS)('of %s are the same in the style sheet', (level) => {
    expect(css).toContain(`--level-${level}: ${LEVEL_FILL[level].toLowerCase()};`)
  })

  describe.each(['dark', 'light'] as const)('of the %s theme', (theme) => {
    const colours = tokens(theme)
    it.each([
      ['text', 'bg'],
      ['text', 'surface'],
      ['text', 'raised'],
      ['muted', 'bg'],
      ['muted', 'surface'],
      ['muted', 'raised'],
      ['accent', 'surface'],
      ['accent', 'bg'],
      ['accent-ink', 'accent'],
    ])('leave %s readable on %s', (ink, paper) => {
      expect(contrast(colours[ink] ?? '', colours[paper] ?? '')).toBeGreaterThanOrEqual(4.5)
    })

    it('set the plan and the target apart from the ground', () => {
      const palette = SCENE_PALETTES[theme]
      expect(contrast(palette.plan, palette.asphalt)).toBeGreaterThanOrEqual(3)
      expect(contrast(palette.body, palette.asphalt)).toBeGreaterThanOrEqual(3)
    })
  })
})
