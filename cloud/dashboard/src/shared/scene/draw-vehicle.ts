import type { VehicleProfile } from '../contracts.generated'
import { LEVEL_FILL, levelRank } from '../severity'
import type { Pose } from './geometry'
import { inBodyFrame, type Painter } from './painter'
import type { Scene } from './scene'

const TYRE_LENGTH_M = 0.63
const TYRE_WIDTH_M = 0.21

type Ctx = CanvasRenderingContext2D

/** The car from above, with its wheels turned, brake and reversing lamps lit, and an edge in the level's colour. */
export function drawVehicle(painter: Painter, scene: Scene, pose: Pose): void {
  const { ctx, view, palette } = painter
  const { vehicle } = scene
  inBodyFrame(painter, pose, () => {
    const pixel = 1 / view.scale
    bodyPath(ctx, vehicle)
    ctx.fillStyle = palette.body
    ctx.fill()
    const rank = levelRank(scene.level)
    ctx.strokeStyle = rank > 0 ? LEVEL_FILL[scene.level] : palette.bodyEdge
    ctx.lineWidth = (rank > 0 ? 1.5 + rank : 1) * pixel
    ctx.stroke()
    drawGlass(ctx, vehicle, palette.glass)
    drawWheels(ctx, vehicle, scene.steering, palette.tyre, palette.body, pixel)
    drawLamps(ctx, vehicle, scene)
    drawAxleMark(ctx, pixel, palette.plan)
  })
}

/** Seen through the body: which way the front wheels point matters more than what covers them. */
function drawWheels(ctx: Ctx, vehicle: VehicleProfile, steering: number, tyre: string, edge: string, pixel: number): void {
  const half = vehicle.track_m / 2
  for (const [x, turn] of [[0, 0], [vehicle.wheelbase_m, steering]] as const) {
    for (const y of [half, -half]) {
      ctx.save()
      ctx.translate(x, y)
      ctx.rotate(turn)
      ctx.beginPath()
      ctx.roundRect(-TYRE_LENGTH_M / 2, -TYRE_WIDTH_M / 2, TYRE_LENGTH_M, TYRE_WIDTH_M, 0.06)
      ctx.fillStyle = tyre
      ctx.fill()
      ctx.strokeStyle = edge
      ctx.lineWidth = 1.5 * pixel
      ctx.stroke()
      ctx.restore()
    }
  }
}

/** A rounded outline that just fills the vehicle's rectangle, narrower at the nose. */
function bodyPath(ctx: Ctx, vehicle: VehicleProfile): void {
  const front = vehicle.wheelbase_m + vehicle.front_overhang_m
  const rear = -vehicle.rear_overhang_m
  const half = vehicle.width_m / 2
  ctx.beginPath()
  ctx.moveTo(rear + 0.35, half)
  ctx.lineTo(front - 1.0, half)
  ctx.bezierCurveTo(front - 0.35, half, front - 0.05, half * 0.82, front, half * 0.45)
  ctx.lineTo(front, -half * 0.45)
  ctx.bezierCurveTo(front - 0.05, -half * 0.82, front - 0.35, -half, front - 1.0, -half)
  ctx.lineTo(rear + 0.35, -half)
  ctx.bezierCurveTo(rear + 0.08, -half, rear, -half * 0.85, rear, -half * 0.55)
  ctx.lineTo(rear, half * 0.55)
  ctx.bezierCurveTo(rear, half * 0.85, rear + 0.08, half, rear + 0.35, half)
  ctx.closePath()
}

function drawGlass(ctx: Ctx, vehicle: VehicleProfile, colour: string): void {
  const half = vehicle.width_m / 2
  const windscreen = vehicle.wheelbase_m * 0.72
  const backlight = -vehicle.rear_overhang_m * 0.28
  ctx.fillStyle = colour
  ctx.beginPath()
  ctx.moveTo(windscreen + 0.45, half * 0.62)
  ctx.quadraticCurveTo(windscreen + 0.72, 0, windscreen + 0.45, -half * 0.62)
  ctx.lineTo(windscreen - 0.15, -half * 0.72)
  ctx.quadraticCurveTo(windscreen, 0, windscreen - 0.15, half * 0.72)
  ctx.closePath()
  ctx.fill()
  ctx.beginPath()
  ctx.moveTo(backlight - 0.22, half * 0.6)
  ctx.quadraticCurveTo(backlight - 0.34, 0, backlight - 0.22, -half * 0.6)
  ctx.lineTo(backlight + 0.2, -half * 0.7)
  ctx.quadraticCurveTo(backlight + 0.12, 0, backlight + 0.2, half * 0.7)
  ctx.closePath()
  ctx.fill()
  for (const side of [1, -1]) {
    ctx.beginPath()
    ctx.moveTo(backlight + 0.45, side * half * 0.84)
    ctx.lineTo(windscreen + 0.05, side * half * 0.84)
    ctx.lineTo(windscreen - 0.15, side * half * 0.74)
    ctx.lineTo(backlight + 0.5, side * half * 0.74)
    ctx.closePath()
    ctx.fill()
  }
}

function drawLamps(ctx: Ctx, vehicle: VehicleProfile, scene: Scene): void {
  const front = vehicle.wheelbase_m + vehicle.front_overhang_m
  const rear = -vehicle.rear_overhang_m
  const half = vehicle.width_m / 2
  const lamp = (x: number, y: number, length: number, width: number, colour: string) => {
    ctx.beginPath()
    ctx.roundRect(x - length / 2, y - width / 2, length, width, 0.04)
    ctx.fillStyle = colour
    ctx.fill()
  }
  for (const side of [1, -1]) {
    lamp(front - 0.2, side * half * 0.68, 0.16, 0.26, '#FFE9A8')
    lamp(rear + 0.09, side * half * 0.72, 0.1, 0.3, scene.braking ? '#FF2D4E' : '#8C2035')
    if (scene.gear === 'R') lamp(rear + 0.09, side * half * 0.4, 0.1, 0.2, '#FFFFFF')
  }
}

/** The reference point of everything: the middle of the rear axle. */
function drawAxleMark(ctx: Ctx, pixel: number, colour: string): void {
  ctx.beginPath()
  ctx.arc(0, 0, 3.5 * pixel, 0, 2 * Math.PI)
  ctx.fillStyle = colour
  ctx.fill()
}
