// @vitest-environment jsdom
import { fireEvent, render, screen } from '@testing-library/react'
import type { ReactNode } from 'react'
import { I18nextProvider } from 'react-i18next'
import { describe, expect, it } from 'vitest'
import { createI18n } from '@/shared/i18n'
import { report } from '@/testing/messages'
import { Playhead } from '../model/playhead'
import { Figures } from './figures'
import { ScorePanel } from './score-panel'
import { Transport } from './transport'
import { Waterfall } from './waterfall'

const show = (node: ReactNode) => render(<I18nextProvider i18n={createI18n('en')}>{node}</I18nextProvider>)

const card = (change = {}) => ({ ...report().card, ...change })

describe('ScorePanel', () => {
  it('never shows a score without the help it was earned at', () => {
    show(<ScorePanel report={report({ card: card({ score: 82 }), assist_level: 3 })} />)
    expect(screen.getByText('82')).toBeTruthy()
    expect(screen.getByText('with assist 3')).toBeTruthy()
  })

  it('shows N/A for a session that was stopped, not 0', () => {
    show(<ScorePanel report={report({ result: 'aborted', card: card({ score: null, passed: null }) })} />)
    expect(screen.getByText('N/A')).toBeTruthy()
    expect(screen.queryByText('Passed')).toBeNull()
  })
})

describe('ScorePanel, on practice', () => {
  it('says that a session with retries is practice, and how many there were', () => {
    show(<ScorePanel report={report({ tries: 2 })} />)
    expect(screen.getByText('Practice, went back: 2 ×')).toBeTruthy()
  })

  it('does not mention practice where there was none', () => {
    show(<ScorePanel report={report({ tries: 0 })} />)
    expect(screen.queryByText(/Practice/)).toBeNull()
  })
})

describe('ScorePanel, on causes', () => {
  const causes = [
    { cause: 'cause.turned_late', points: 9, t0_s: 12, params: { m: 1.2 } },
    { cause: 'cause.braked_late', points: 4, t0_s: 20, params: {} },
  ]

  it('says what lay behind the deductions, and what one change would have made', () => {
    const change = { score: 87, causes, best_change: 'cause.turned_late', best_change_score: 96 }
    show(<ScorePanel report={report({ card: card(change) })} />)
    expect(screen.getByText('The wheel was turned 1.2 m late.')).toBeTruthy()
    expect(screen.getByText('The brake came late.')).toBeTruthy()
    expect(screen.getByText('−9 points')).toBeTruthy()
    expect(screen.getByText(/Turn the wheel first, then move off\./)).toBeTruthy()
    expect(screen.getByText('That would have made 96.')).toBeTruthy()
  })

  it('names the rule in a card that is older than the causes', () => {
    show(<ScorePanel report={report({ card: card({ best_change: 'position.heading' }) })} />)
    expect(screen.getByText('Heading')).toBeTruthy()
  })
})

describe('a rubric that counts faults', () => {
  const fault = {
    rule: 'uk.outside_bay', component: 'serious', points: 1, raw_points: 1, t0_s: 30, t1_s: 30,
    measured: null, limit: null, cap_group: 'uk.outside_bay',
  }
  const faulty = card({
    rubric: 'uk-bay', score: null, passed: false, components: { driving: 0, serious: 1, dangerous: 0 }, deductions: [fault],
  })

  it('tells passed or not and the faults of each class, and no number out of 100', () => {
    show(<ScorePanel report={report({ card: faulty })} />)
    expect(screen.getByText('Not passed')).toBeTruthy()
    expect(screen.getByText('Serious fault')).toBeTruthy()
    expect(screen.queryByText('out of 100')).toBeNull()
    expect(screen.queryByText('N/A')).toBeNull()
  })

  it('lists the faults without points', () => {
    show(<Waterfall card={faulty} playhead={new Playhead(0, 30)} />)
    expect(screen.getByText(/The car stands outside the bay\./)).toBeTruthy()
    expect(screen.queryByText(/points/)).toBeNull()
  })
})

describe('Waterfall', () => {
  const deduction = {
    rule: 'safety.low_clearance',
    component: 'safety',
    points: 4,
    raw_points: 4,
    t0_s: 12,
    t1_s: 13,
    measured: 0.12,
    limit: 0.15,
    cap_group: 'clearance',
    params: { sector: 'rear_right', cm: 12, limit_cm: 15 },
  }

  it('says why in a sentence and leads to three seconds before the moment', () => {
    const playhead = new Playhead(0, 30)
    show(<Waterfall card={card({ score: 96, deductions: [deduction] })} playhead={playhead} />)
    expect(screen.getByText(/The gap at the rear right fell to 12 cm\. Keep 15 cm\./)).toBeTruthy()
    expect(screen.getByText('−4 points')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /Show 0:12/ }))
    expect(playhead.time).toBe(9)
  })

  it('names what could not be judged', () => {
    show(<Waterfall card={card({ left_out: ['procedure.no_look'] })} playhead={new Playhead(0, 1)} />)
    expect(screen.getByText(/Looking before reversing/)).toBeTruthy()
  })
})

describe('Figures', () => {
  it('gives deviations a direction in words instead of a sign', () => {
    show(<Figures report={report({ end_pose: { lateral_m: -0.12, depth_m: 0.3, yaw_rad: 0 } })} />)
    expect(screen.getByText('12 cm left')).toBeTruthy()
    expect(screen.getByText('30 cm too deep')).toBeTruthy()
    expect(screen.getByText('Spot on')).toBeTruthy()
  })
})

describe('Transport', () => {
  it('is a slider that tells time and level in words', () => {
    const playhead = new Playhead(0, 30)
    const alerts = [{ level: 'warning' as const, sector: 'rear_left', t0_s: 10, t1_s: 12, min_distance_m: 0.5 }]
    show(<Transport report={report({ alerts })} playhead={playhead} />)
    const slider = screen.getByRole('slider', { name: 'Playback position' })
    fireEvent.change(slider, { target: { value: '11' } })
    expect(playhead.time).toBe(11)
    expect(slider.getAttribute('aria-valuetext')).toBe('11.0 s, Warning')
  })
})
