import type { Decision, LotMap, SensorFrame, SessionEvent, SessionReport, VehicleProfile } from '@/shared/contracts.generated'
import { SECTORS } from '@/shared/contracts.generated'
import { DEFAULT_VEHICLE } from '@/shared/scene/vehicle'

/** Messages for tests: plausible, and different only where a test says so. */

const head = (seq: number) =>
  ({ schema_version: 1, vehicle_id: 'car-1', session_id: 's-1', seq, timestamp: 1_000_000 + seq * 20_000, sim_time_s: seq * 0.02 }) as const

export const VEHICLE: VehicleProfile = {
  ...DEFAULT_VEHICLE,
  sensors: SECTORS.map((sector, index) => ({
    sensor_id: `us_${sector}`,
    x_m: index,
    y_m: 0,
    yaw_rad: 0,
    field_of_view_rad: 1,
    max_range_m: 4,
  })),
}

export const LOT: LotMap = {
  name: 'yard',
  slots: ['A1', 'A2'].map((slot_id, index) => ({
    slot_id,
    kind: 'perpendicular',
    entrance_x_m: 2.5 * index,
    entrance_y_m: 0,
    inward_yaw_rad: -Math.PI / 2,
    width_m: 2.5,
    depth_m: 5,
  })),
  walls: [[[-2, -6], [6, -6], [6, -5.5], [-2, -5.5]]],
  drivable: [[-2, -5.5], [6, -5.5], [6, 6], [-2, 6]],
}

export const frame = (seq: number, change: Partial<SensorFrame> = {}): SensorFrame => ({
  ...head(seq),
  readings: [],
  pose: { x_m: seq, y_m: 0, yaw_rad: 0 },
  speed_mps: 1,
  steering_angle_rad: 0,
  gear: 'D',
  throttle: 0,
  brake: 0,
  ...change,
})

export const decision = (seq: number, change: Partial<Decision> = {}): Decision => ({
  ...head(seq),
  level: 'clear',
  sectors: [],
  ttc_s: null,
  patterns: [],
  cue: null,
  target_steering_angle_rad: null,
  stop_in_m: null,
  plan: null,
  assist_level: 4,
  pose: { x_m: seq, y_m: 0, yaw_rad: 0 },
  obstacles: null,
  decision_us: 900,
  ...change,
})

export const event = (seq: number, detail: SessionEvent['detail'], change: Partial<SessionEvent> = {}): SessionEvent => ({
  ...head(seq),
  detail,
  ...change,
})

export const started = (change: Partial<SessionEvent> = {}): SessionEvent =>
  event(
    0,
    {
      kind: 'started',
      world: 'yard',
      driver: 'novice',
      driver_name: '하늘',
      seed: 0,
      assist_level: 4,
      rubric: 'parkit-1',
      language: 'ko',
      vehicle: VEHICLE,
      lot: LOT,
    },
    change,
  )

export const ended: SessionEvent['detail'] = {
  kind: 'ended',
  result: 'parked',
  slot_id: 'A1',
  duration_s: 40,
  contacts: 0,
  min_clearance_m: 0.4,
  end_pose: null,
  wheels_on_line: 0,
  in_slot: true,
}

export const report = (change: Partial<SessionReport> = {}): SessionReport => ({
  schema_version: 1,
  vehicle_id: 'car-1',
  session_id: 's-1',
  world: 'yard',
  driver: 'novice',
  driver_name: '하늘',
  seed: 0,
  assist_level: 4,
  language: 'ko',
  started_at: 0,
  ended_at: 1,
  duration_s: 10,
  result: 'parked',
  slot_id: 'A1',
  card: { rubric: 'parkit-1', rubric_version: 1, score: 100, passed: true, components: {}, maxima: {}, deductions: [] },
  cusps: 1,
  contacts: 0,
  min_clearance_m: 0.3,
  end_pose: null,
  frames: 0,
  missing_frames: 0,
  alerts: [],
  decision_latency: { p50_us: 900, p99_us: 1200, max_us: 1300 },
  vehicle: VEHICLE,
  lot: LOT,
  driven_path: [],
  planned_path: [],
  ...change,
})
