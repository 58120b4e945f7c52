import type { CarSnapshot } from '../stream/live-session'
import { getJson, getJsonOrNull } from './http'

export interface Car {
  readonly vehicle_id: string
  readonly session_id: string | null
  readonly state: 'online' | 'offline'
  readonly last_seen_us: number | null
  readonly snapshot?: CarSnapshot | null
}

export const fetchCars = async (): Promise<readonly Car[]> => (await getJson<{ cars: Car[] }>('/cars')).cars

/** Null for a car nobody has heard of. */
export async function fetchCarSnapshot(vehicleId: string): Promise<CarSnapshot | null> {
  const car = await getJsonOrNull<Car>(`/cars/${encodeURIComponent(vehicleId)}/snapshot`)
  return car?.snapshot ?? null
}
