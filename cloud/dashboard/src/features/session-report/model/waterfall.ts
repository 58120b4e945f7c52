import type { Deduction, ScoreCard } from '@/shared/contracts.generated'

export interface Step {
  readonly deduction: Deduction
  /** Score before and after. */
  readonly from: number
  readonly to: number
}

/** Whether the rubric counts faults and only tells passed or not: then there are no points to start from. */
export const countsFaults = ({ maxima, components }: ScoreCard): boolean =>
  Object.keys(maxima).length === 0 && Object.keys(components).length > 0

/** Deductions that took points, largest first, each with the score it started from. */
export function stepsOf(deductions: readonly Deduction[]): Step[] {
  let left = 100
  return deductions
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || a.t0_s - b.t0_s)
    .map((deduction) => {
      const from = left
      left -= deduction.points
      return { deduction, from, to: left }
    })
}
