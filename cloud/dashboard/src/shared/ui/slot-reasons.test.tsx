// @vitest-environment jsdom
import { render, screen, within } from '@testing-library/react'
import { I18nextProvider } from 'react-i18next'
import { describe, expect, it } from 'vitest'
import type { SlotOffer } from '../contracts.generated'
import { createI18n } from '../i18n'
import { SlotReasons } from './slot-reasons'

const offer = (slot_id: string, occupancy: SlotOffer['occupancy'], reason: string, rank: number | null = null): SlotOffer => ({
  slot_id,
  occupancy,
  feasible: rank !== null,
  rank,
  cusps: null,
  clearance_m: null,
  reason,
})

const OFFERS = [
  offer('A1', 'unknown', 'unknown'),
  offer('A2', 'occupied', 'occupied'),
  offer('A3', 'occupied', 'occupied'),
  offer('A4', 'occupied', 'occupied'),
  offer('A5', 'free', 'more_moves', 2),
  offer('A6', 'free', 'nearest', 1),
]

const show = (offers: readonly SlotOffer[], language: 'ko' | 'en') =>
  render(
    <I18nextProvider i18n={createI18n(language)}>
      <SlotReasons offers={offers} />
    </I18nextProvider>,
  )

describe('SlotReasons', () => {
  it('tells the choice first, then its rivals, then what cannot be entered, then what has not been seen', () => {
    show(OFFERS, 'ko')
    const panel = within(screen.getByRole('region', { name: '이 자리를 고른 이유' }))
    expect(panel.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'A6여기가 제일 가까워요.',
      'A5들어갈 수 있지만 앞뒤로 더 움직여야 해요.',
      'A2–A4다른 차나 물건이 있어요.',
      'A1비어 있는지 아직 몰라요.',
    ])
  })

  it('shows a reason it does not know by its key', () => {
    show([offer('A1', 'free', 'haunted', 1)], 'en')
    expect(screen.getByText('haunted')).toBeTruthy()
  })

  it('says nothing before slots were compared', () => {
    show([], 'en')
    expect(screen.queryByRole('region')).toBeNull()
  })
})
