// @vitest-environment jsdom
import { render, screen, within } from '@testing-library/react'
import type { ReactNode } from 'react'
import { I18nextProvider } from 'react-i18next'
import { describe, expect, it } from 'vitest'
import type { Language } from '@/shared/format'
import { createI18n } from '@/shared/i18n'
import type { LiveView } from '@/shared/stream/session-stream'
import { decision, frame } from '@/testing/messages'
import { Alerts } from './alerts'
import { CueCard } from './cue-card'
import { Gauges } from './gauges'
import { LinkPill } from './link-pill'
import { PlanProgress } from './plan-progress'

const VIEW: LiveView = {
  sessionId: 's-1',
  frame: frame(1),
  decision: decision(1),
  plan: null,
  started: null,
  ended: null,
  alerts: [],
  targetSlotId: null,
  offers: [],
  link: 'live',
  attempt: 0,
  ageS: 0.02,
  toScreenP50Us: 17_165,
  toScreenP95Us: 27_558,
  decisionP95Us: 1200,
  clockUncertaintyUs: 400,
}

const show = (node: ReactNode, language: Language = 'ko') =>
  render(<I18nextProvider i18n={createI18n(language)}>{node}</I18nextProvider>)

const withCue = (id: string, params = {}, severity: 'clear' | 'critical' = 'clear'): LiveView => ({
  ...VIEW,
  decision: decision(1, { cue: { id, params, severity } }),
})

describe('CueCard', () => {
  it('says the cue in both languages, the reader’s first', () => {
    show(<CueCard view={withCue('steer.full', { dir: 'left' })} />)
    const [main, other] = within(screen.getByRole('region', { name: '지금 할 일' })).getAllByText(/./)
    expect(main?.textContent).toBe('핸들을 왼쪽 끝까지 돌리세요.')
    expect(other?.textContent).toBe('Turn the wheel fully left.')
    expect(other?.getAttribute('lang')).toBe('en')
  })

  it('says so when there is nothing to do', () => {
    show(<CueCard view={VIEW} />, 'en')
    expect(screen.getByText('Nothing to say right now')).toBeTruthy()
  })
})

describe('LinkPill', () => {
  it('shows how long frames take to the screen while they come', () => {
    show(<LinkPill view={VIEW} />, 'en')
    expect(screen.getByText('LIVE')).toBeTruthy()
    expect(screen.getByText('17 ms / 28 ms')).toBeTruthy()
  })

  it('shows the age of the last frame instead when it is stale', () => {
    show(<LinkPill view={{ ...VIEW, link: 'stale', ageS: 12 }} />)
    expect(screen.getByText('마지막 수신 12.0초 전')).toBeTruthy()
    expect(screen.queryByText('17 ms / 28 ms')).toBeNull()
  })

  it('counts the attempts to reconnect', () => {
    show(<LinkPill view={{ ...VIEW, link: 'reconnecting', attempt: 3 }} />, 'en')
    expect(screen.getByText('try 3')).toBeTruthy()
  })
})

describe('Gauges', () => {
  it('tells which way and how far to turn the wheel, without a sign', () => {
    // 0.3 rad at the wheels is 4.5 rad at the hand wheel: three quarters of a turn
    show(<Gauges view={{ ...VIEW, decision: decision(1, { target_steering_angle_rad: -0.3 }) }} />, 'en')
    expect(screen.getByRole('img', { name: '¾ turn right' })).toBeTruthy()
  })

  it('praises a wheel within ten degrees of its target', () => {
    show(<Gauges view={{ ...VIEW, decision: decision(1, { target_steering_angle_rad: 0.01 }) }} />, 'en')
    expect(screen.getByRole('img', { name: 'Good, hold it' })).toBeTruthy()
  })

  it('reads the gear to a screen reader', () => {
    show(<Gauges view={{ ...VIEW, frame: frame(1, { gear: 'R' }) }} />, 'en')
    expect(screen.getByText('Gear Reverse')).toBeTruthy()
  })
})

describe('PlanProgress', () => {
  it('says which step of how many, and how far it goes', () => {
    const segments = [
      { gear: 1 as const, steering_angle_rad: 0, length_m: 8 },
      { gear: -1 as const, steering_angle_rad: -0.6, length_m: 6.4 },
    ]
    const plan = { plan_id: 1, slot_id: 'A4', status: 'found', cusps: 1, length_m: 14.4, segment_index: 1, segments }
    show(<PlanProgress view={{ ...VIEW, plan }} />, 'en')
    expect(screen.getByText('Step 2 of 2')).toBeTruthy()
    expect(screen.getAllByText('Back 6.4 m').length).toBeGreaterThan(0)
  })
})

describe('Alerts', () => {
  const cue = { id: 'crit.stop', params: {}, severity: 'critical' as const }
  const alerts = [{ id: 1, simTimeS: 61, level: 'critical' as const, what: { kind: 'cue' as const, cue } }]

  it('lists what happened in a polite live region', () => {
    show(<Alerts view={{ ...VIEW, alerts }} />)
    const log = screen.getByRole('log')
    expect(log.getAttribute('aria-live')).toBe('polite')
    expect(within(log).getByText('정지!')).toBeTruthy()
    expect(within(log).getByText('1:01')).toBeTruthy()
  })

  it('speaks up at once for what is critical', async () => {
    show(<Alerts view={{ ...VIEW, alerts }} />)
    expect(await within(screen.getByRole('alert')).findByText('정지!')).toBeTruthy()
  })
})
