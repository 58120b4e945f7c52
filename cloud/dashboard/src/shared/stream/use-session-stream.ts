import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import { fetchCarSnapshot } from '../api/cars'
import { SessionStream, type LiveView } from './session-stream'
import type { StompHub } from './stomp-hub'

export const HubContext = createContext<StompHub | null>(null)

export function useHub(): StompHub {
  const hub = useContext(HubContext)
  if (!hub) throw new Error('useHub needs a <HubContext> above it')
  return hub
}

/** The car's live session: owns its subscriptions for as long as the component lives. */
export function useSessionStream(vehicleId: string, rate: number | 'max'): SessionStream {
  const hub = useHub()
  const stream = useMemo(() => new SessionStream(vehicleId), [vehicleId])
  useEffect(() => stream.open(hub, rate, () => fetchCarSnapshot(vehicleId)), [stream, hub, rate, vehicleId])
  return stream
}

export const useLiveView = (stream: SessionStream): LiveView => useSyncExternalStore(stream.subscribe, stream.getView)
