import type { Point, Pose } from './geometry'
import type { ScenePalette } from './palette'
import { toScreen, type View } from './view'

/** What every part of the drawing is handed: where to draw, from where it is seen, in which colours. */
export interface Painter {
  readonly ctx: CanvasRenderingContext2D
  readonly view: View
  readonly palette: ScenePalette
}

/** Begin a path through world points; the caller fills or strokes it. */
export function tracePath({ ctx, view }: Painter, points: readonly Point[], closed = false): void {
  ctx.beginPath()
  addToPath({ ctx, view }, points)
  if (closed) ctx.closePath()
}

/** Add world points to the path already begun. */
export function addToPath({ ctx, view }: Pick<Painter, 'ctx' | 'view'>, points: readonly Point[]): void {
  points.forEach((point, index) => {
    const { x, y } = toScreen(view, point)
    if (index === 0) ctx.moveTo(x, y)
    else ctx.lineTo(x, y)
  })
}

/** Run `draw` in the body frame of `pose`: metres, x forward, y left. */
export function inBodyFrame({ ctx, view }: Painter, pose: Pose, draw: () => void): void {
  const { x, y } = toScreen(view, pose)
  ctx.save()
  ctx.translate(x, y)
  ctx.rotate(-(pose.yaw + view.rotation))
  ctx.scale(view.scale, -view.scale)
  draw()
  ctx.restore()
}

export const SCENE_FONT = "'Inter Variable', 'Noto Sans KR Variable', sans-serif"

/** Centred text on the canvas [CSS px]. */
export function label(ctx: CanvasRenderingContext2D, text: string, at: Point, px: number, colour: string, weight = 600) {
  ctx.font = `${weight} ${px}px ${SCENE_FONT}`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillStyle = colour
  ctx.fillText(text, at.x, at.y)
}
