import { drawLot } from './draw-lot'
import { drawPlan, drawSweep, drawTrail } from './draw-path'
import { drawCones, drawNearest, drawObstacles } from './draw-sensors'
import { drawVehicle } from './draw-vehicle'
import { label, type Painter } from './painter'
import type { ScenePalette } from './palette'
import { ALL_LAYERS, type Layers, type Scene } from './scene'
import type { View } from './view'

/**
 * Draw `scene` as seen from `view`. Depends on its arguments alone and leaves nothing behind but pixels, so the
 * same scene is the same picture on the wall, live, in a replay and in print.
 */
export function drawScene(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  palette: ScenePalette,
  layers: Layers = ALL_LAYERS,
): void {
  const painter: Painter = { ctx, view, palette }
  ctx.save()
  ctx.setTransform(view.pixelRatio, 0, 0, view.pixelRatio, 0, 0)
  drawLot(painter, scene, layers.labels)
  if (layers.trail) drawTrail(painter, scene.trail)
  const { pose } = scene
  const direction = scene.gear === 'D' ? 1 : scene.gear === 'R' ? -1 : null
  if (pose && direction && layers.sweep) drawSweep(painter, scene.vehicle, pose, scene.steering, direction)
  if (layers.plan) drawPlan(painter, scene.plan, pose)
  if (layers.obstacles) drawObstacles(painter, scene.obstacles)
  if (pose) {
    if (layers.cones) drawCones(painter, scene.vehicle, pose, scene.sectors)
    drawVehicle(painter, scene, pose)
    if (layers.cones && layers.labels) drawNearest(painter, scene.vehicle, pose, scene.sectors)
  }
  if (scene.stale) {
    ctx.globalAlpha = 0.55
    ctx.fillStyle = palette.ground
    ctx.fillRect(0, 0, view.width, view.height)
    ctx.globalAlpha = 1
  }
  if (layers.labels) {
    drawScaleBar(painter)
    drawNorth(painter)
  }
  ctx.restore()
}

/** The longest of 1, 2, 5, 10 and 20 m that is no longer than 120 px. */
export const scaleBarMetres = (scale: number): number => [20, 10, 5, 2].find((metres) => metres * scale <= 120) ?? 1

function drawScaleBar({ ctx, view, palette }: Painter): void {
  const metres = scaleBarMetres(view.scale)
  const length = metres * view.scale
  const [x, y] = [20, view.height - 22]
  ctx.beginPath()
  ctx.roundRect(x - 8, y - 22, length + 16, 32, 8)
  ctx.fillStyle = palette.plate
  ctx.fill()
  ctx.beginPath()
  ctx.moveTo(x, y - 4)
  ctx.lineTo(x, y)
  ctx.lineTo(x + length, y)
  ctx.lineTo(x + length, y - 4)
  ctx.strokeStyle = palette.text
  ctx.lineWidth = 1.5
  ctx.stroke()
  label(ctx, `${metres} m`, { x: x + length / 2, y: y - 11 }, 11, palette.text)
}

/** A needle to the world's +y in the upper right corner. */
function drawNorth({ ctx, view, palette }: Painter): void {
  ctx.save()
  ctx.translate(view.width - 30, 32)
  ctx.beginPath()
  ctx.arc(0, 0, 17, 0, 2 * Math.PI)
  ctx.fillStyle = palette.plate
  ctx.fill()
  ctx.rotate(-view.rotation)
  ctx.beginPath()
  ctx.moveTo(0, -12)
  ctx.lineTo(4.5, 1)
  ctx.lineTo(-4.5, 1)
  ctx.closePath()
  ctx.fillStyle = palette.text
  ctx.fill()
  label(ctx, 'N', { x: 0, y: 8 }, 9, palette.text, 700)
  ctx.restore()
}
