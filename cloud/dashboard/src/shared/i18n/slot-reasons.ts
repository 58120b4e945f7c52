import texts from '@data/slot_reasons.json'
import type { SlotOffer } from '../contracts.generated'
import type { Language } from '../format'

const REASONS: Readonly<Record<string, Readonly<Record<Language, string>>>> = texts.reasons

/** What is said of one or more slots at once. */
export interface SlotReason {
  readonly reason: string
  readonly slots: string
  readonly sentence: string
  readonly best: boolean
}

/** Names in a row from this number on are told by the first and the last. */
const RUN = 3

/** Why each slot is or is not offered: the first choice, its rivals, those not to be entered, those not seen yet. */
export function slotReasons(offers: readonly SlotOffer[], language: Language): readonly SlotReason[] {
  const groups = new Map<string, SlotOffer[]>()
  for (const offer of offers) groups.set(offer.reason, [...(groups.get(offer.reason) ?? []), offer])
  const place = (group: readonly SlotOffer[]): number =>
    group[0]?.occupancy === 'unknown' ? Infinity : Math.min(...group.map(({ rank }) => rank ?? offers.length + 1))
  return [...groups]
    .sort(([, a], [, b]) => compare(place(a), place(b)))
    .map(([reason, group]) => ({
      reason,
      slots: names(group.map(({ slot_id }) => slot_id)),
      // what this page is too old to know is shown by its key
      sentence: REASONS[reason]?.[language] ?? reason,
      best: group.some(({ rank }) => rank === 1),
    }))
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

/** A1, A2, A3, B7 -> "A1–A3, B7". */
function names(slots: readonly string[]): string {
  const runs: string[][] = []
  for (const slot of slots) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last !== undefined && follows(last, slot)) run.push(slot)
    else runs.push([slot])
  }
  return runs.map((run) => (run.length >= RUN ? `${run[0]}–${run.at(-1)}` : run.join(', '))).join(', ')
}

/** Whether two names differ only in their number, by one. */
function follows(before: string, slot: string): boolean {
  const [a, b] = [/^(.*?)(\d+)$/.exec(before), /^(.*?)(\d+)$/.exec(slot)]
  return a !== null && b !== null && a[1] === b[1] && Number(b[2]) === Number(a[2]) + 1
}
