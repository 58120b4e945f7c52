import { useEffect, useRef } from 'react'
import { drawScene } from '../scene/draw-scene'
import { SCENE_PALETTES, type Theme } from '../scene/palette'
import type { Layers, Scene } from '../scene/scene'
import { easeCamera, fit, rotationFor, sameCamera, subjectPoints, type Camera, type Framing, type Orientation } from '../scene/view'
import { onAnimationFrame } from '../stream/frame-loop'
import { useReducedMotion, useTheme } from './use-theme'

export interface SceneSource {
  /** Changes whenever the picture would; the scene is asked for only then. */
  readonly version: () => unknown
  readonly scene: () => Scene
  readonly onPainted?: () => void
}

interface SceneCanvasProps {
  readonly source: SceneSource
  readonly label: string
  readonly orientation: Orientation
  readonly framing: Framing
  readonly layers: Layers
  readonly className?: string | undefined
}

const EASE_PER_FRAME = 0.09
const MARGIN_M = { follow: 2.2, lot: 0.8 } as const

/** A canvas that draws `source` whenever it has changed, sharp on any screen, with a camera that glides along. */
export function SceneCanvas({ source, label, orientation, framing, layers, className }: SceneCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme()
  const still = useReducedMotion()

  useEffect(() => {
    const element = canvas.current
    const ctx = element?.getContext('2d')
    if (!element || !ctx) return
    return startPainting(element, ctx, { source, orientation, framing, layers, theme, still })
  }, [source, orientation, framing, layers, theme, still])

  return <canvas ref={canvas} role="img" aria-label={label} className={className} />
}

interface Painting {
  readonly source: SceneSource
  readonly orientation: Orientation
  readonly framing: Framing
  readonly layers: Layers
  readonly theme: Theme
  readonly still: boolean
}

const cameras = new WeakMap<HTMLCanvasElement, Camera>()

function startPainting(element: HTMLCanvasElement, ctx: CanvasRenderingContext2D, painting: Painting): () => void {
  const { source, orientation, framing, layers, theme, still } = painting
  let drawn: unknown = Symbol('nothing')
  let size = { width: 0, height: 0, pixelRatio: 1 }
  let resized = true
  const observer = new ResizeObserver(() => {
    resized = true
  })
  observer.observe(element)
  const redraw = () => {
    resized = true
  }
  document.fonts.addEventListener('loadingdone', redraw)

  const paint = () => {
    const version = source.version()
    if (resized) {
      size = { width: element.clientWidth, height: element.clientHeight, pixelRatio: window.devicePixelRatio || 1 }
      element.width = Math.max(1, Math.round(size.width * size.pixelRatio))
      element.height = Math.max(1, Math.round(size.height * size.pixelRatio))
    }
    const settled = cameras.get(element)
    if (version === drawn && !resized && settled && !gliding) return
    if (size.width === 0 || size.height === 0) return
    const scene = source.scene()
    const rotation = rotationFor(orientation, scene.lot, scene.targetSlotId)
    const aim = fit(subjectPoints(scene, framing), rotation, size, MARGIN_M[framing])
    const camera = settled && !still && !resized ? easeCamera(settled, aim, EASE_PER_FRAME) : aim
    gliding = !sameCamera(camera, aim)
    cameras.set(element, camera)
    drawScene(ctx, scene, { ...camera, ...size }, SCENE_PALETTES[theme], layers)
    drawn = version
    resized = false
    source.onPainted?.()
  }
  let gliding = false
  const stop = onAnimationFrame(paint)
  return () => {
    stop()
    observer.disconnect()
    document.fonts.removeEventListener('loadingdone', redraw)
  }
}
