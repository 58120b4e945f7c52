import { useEffect, useState } from 'react'
import type { Car } from '@/shared/api/cars'
import { levelRank } from '@/shared/severity'

const AT_MOST_EVERY_MS = 5000

/** Most in need of help first, then by name. */
export const byNeed = (cars: readonly Car[]): Car[] =>
  [...cars].sort(
    (a, b) =>
      levelRank(b.snapshot?.decision?.level ?? 'clear') - levelRank(a.snapshot?.decision?.level ?? 'clear') ||
      a.vehicle_id.localeCompare(b.vehicle_id),
  )

/** Cars by need of help, in an order that changes at most every five seconds: tiles must not run away from the pointer. */
export function useSteadyOrder(cars: readonly Car[]): Car[] {
  const [order, setOrder] = useState<readonly string[]>([])
  const wanted = byNeed(cars).map(({ vehicle_id }) => vehicle_id)
  const key = wanted.join('\n')
  const empty = order.length === 0
  useEffect(() => {
    const timer = setTimeout(() => setOrder(key === '' ? [] : key.split('\n')), empty ? 0 : AT_MOST_EVERY_MS)
    return () => clearTimeout(timer)
  }, [key, empty])
  const place = (car: Car): number => {
    const index = order.indexOf(car.vehicle_id)
    return index < 0 ? order.length : index
  }
  return [...cars].sort((a, b) => place(a) - place(b))
}
