import type { Decision } from './contracts.generated'

export type Level = Decision['level']

/** Mildest first. */
export const LEVELS = ['clear', 'caution', 'warning', 'critical'] as const satisfies readonly Level[]

/** 0 clear … 3 critical. */
export const levelRank = (level: Level): number => LEVELS.indexOf(level)

export const levelOfRank = (rank: number): Level => LEVELS[Math.max(0, Math.min(3, rank))] ?? 'clear'

export const worseOf = (a: Level, b: Level): Level => (levelRank(a) >= levelRank(b) ? a : b)

/**
 * Fills of the four levels, the same in both themes. Chosen so that any two stay apart for every kind of
 * colour vision; blue, not green, means clear. Words on them are always INK.
 */
export const LEVEL_FILL: Readonly<Record<Level, string>> = {
  clear: '#1986E4',
  caution: '#FAF96E',
  warning: '#E69520',
  critical: '#E04261',
}

export const INK = '#0B1020'
