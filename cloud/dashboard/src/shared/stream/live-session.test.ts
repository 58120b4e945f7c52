import { describe, expect, it, vi } from 'vitest'
import type { PlanSummary } from '../contracts.generated'
import { decision, ended, event, frame, LOT, started } from '@/testing/messages'
import { LiveSession } from './live-session'

const PLAN: PlanSummary = {
  plan_id: 1,
  slot_id: 'A2',
  status: 'found',
  cusps: 1,
  length_m: 5,
  segment_index: 0,
  segments: [{ gear: 1, steering_angle_rad: 0, length_m: 5 }],
  path: [
    [0, 0, 0],
    [5, 0, 0],
  ],
}

const cue = (id: string, severity: 'clear' | 'critical' = 'clear') => ({ id, params: {}, severity })

describe('LiveSession', () => {
  it('refuses frames that are older or the same', () => {
    const session = new LiveSession()
    expect(session.onFrame(frame(5))).toBe(true)
    expect(session.onFrame(frame(5))).toBe(false)
    expect(session.onFrame(frame(4))).toBe(false)
    expect(session.frame?.seq).toBe(5)
  })

  it('keeps a plan’s path while later decisions leave it out', () => {
    const session = new LiveSession()
    session.onDecision(decision(1, { plan: PLAN }))
    session.onDecision(decision(2, { plan: { ...PLAN, segment_index: 1, path: null } }))
    expect(session.scene().plan).toHaveLength(2)
    expect(session.plan?.segment_index).toBe(1)
  })

  it('drops the path of an older plan when a newer one comes without', () => {
    const session = new LiveSession()
    session.onDecision(decision(1, { plan: PLAN }))
    session.onDecision(decision(2, { plan: { ...PLAN, plan_id: 2, path: null } }))
    expect(session.scene().plan).toEqual([])
  })

  it('keeps the echo map until another is sent', () => {
    const session = new LiveSession()
    session.onDecision(decision(1, { obstacles: [[1, 2]] }))
    session.onDecision(decision(2))
    expect(session.scene().obstacles).toEqual([[1, 2]])
  })

  it('draws the coach’s pose while it is fresh, else the frame’s own', () => {
    const session = new LiveSession()
    session.onFrame(frame(1))
    session.onDecision(decision(1, { pose: { x_m: 9, y_m: 9, yaw_rad: 0 } }))
    expect(session.scene().pose?.x).toBe(9)
    session.onFrame(frame(40))
    expect(session.scene().pose?.x).toBe(40)
  })

  it('takes the slot chosen by the learner before the plan’s', () => {
    const session = new LiveSession()
    session.onEvent(started())
    session.onDecision(decision(1, { plan: PLAN }))
    expect(session.scene().targetSlotId).toBe('A2')
    session.onEvent(event(1, { kind: 'slot_chosen', slot_id: 'A1' }))
    expect(session.scene().targetSlotId).toBe('A1')
    expect(session.scene().lot).toBe(LOT)
  })

  it('shows the cars that the newest offers reckon with', () => {
    const session = new LiveSession()
    const offer = { slot_id: 'A1', feasible: true, rank: null, cusps: null, clearance_m: null, reason: 'fits' }
    session.onEvent(event(1, { kind: 'slot_offered', offers: [{ ...offer, occupancy: 'unknown' }] }))
    session.onEvent(event(2, { kind: 'slot_offered', offers: [{ ...offer, occupancy: 'occupied' }] }))
    expect(session.scene().occupancy).toEqual({ A1: 'occupied' })
  })

  it('tells each cue once, and every rise to a warning', () => {
    const session = new LiveSession()
    const sectors = [{ sector: 'rear_left', distance_m: 0.4, level: 'warning' as const }]
    session.onDecision(decision(1, { cue: cue('appr.slow') }))
    session.onDecision(decision(2, { cue: cue('appr.slow'), level: 'warning', sectors }))
    session.onDecision(decision(3, { cue: cue('appr.slow'), level: 'warning', sectors }))
    expect(session.alerts.map(({ what }) => what.kind)).toEqual(['danger', 'cue'])
  })

  it('lists what a snapshot tells late where it belongs in time', () => {
    const session = new LiveSession()
    session.onDecision(decision(50, { cue: cue('appr.slow') }))
    session.applySnapshot({ started: started() })
    expect(session.alerts.map(({ what }) => what.kind)).toEqual(['cue', 'event'])
  })

  it('counts an event that is delivered twice once', () => {
    const session = new LiveSession()
    session.onEvent(started())
    session.onEvent(started())
    expect(session.alerts).toHaveLength(1)
  })

  it('begins afresh with a new session', () => {
    const session = new LiveSession()
    session.onEvent(started())
    session.onFrame(frame(7))
    session.onEvent(event(1, ended))
    const later = { session_id: 's-2', timestamp: 9_000_000 }
    session.onFrame(frame(0, later))
    expect(session.sessionId).toBe('s-2')
    expect(session.ended).toBeNull()
    expect(session.alerts).toEqual([])
    expect(session.frame?.seq).toBe(0)
  })

  it('is not taken back by a late message of the session before', () => {
    const session = new LiveSession()
    session.onFrame(frame(0, { session_id: 's-2', timestamp: 9_000_000 }))
    expect(session.onFrame(frame(300))).toBe(false)
    session.onEvent(event(4, ended))
    expect(session.sessionId).toBe('s-2')
    expect(session.ended).toBeNull()
  })

  it('calls at once for what a person should see, not for every frame', () => {
    const onChange = vi.fn()
    const session = new LiveSession(onChange)
    session.onFrame(frame(1))
    onChange.mockClear()
    session.onFrame(frame(2))
    expect(onChange).not.toHaveBeenCalled()
    session.onFrame(frame(3, { gear: 'R' }))
    expect(onChange).toHaveBeenCalledOnce()
  })

  it('thins the trail and remembers how dangerous each stretch was', () => {
    const session = new LiveSession()
    session.onDecision(decision(1, { pose: { x_m: 0, y_m: 0, yaw_rad: 0 } }))
    session.onDecision(decision(2, { pose: { x_m: 0.01, y_m: 0, yaw_rad: 0 } }))
    session.onDecision(decision(3, { pose: { x_m: 0.5, y_m: 0, yaw_rad: 0 }, level: 'caution' }))
    expect(session.trail).toEqual([
      { x: 0, y: 0, level: 'clear' },
      { x: 0.5, y: 0, level: 'caution' },
    ])
  })

  it('ages by the frame’s own timestamp, and never below zero', () => {
    const session = new LiveSession()
    expect(session.ageS(0)).toBeNull()
    session.onFrame(frame(0))
    expect(session.ageS(3_000_000)).toBe(2)
    expect(session.ageS(0)).toBe(0)
  })
})
