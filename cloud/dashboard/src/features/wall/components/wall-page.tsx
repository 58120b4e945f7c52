import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { fetchCars } from '@/shared/api/cars'
import buttons from '@/shared/ui/button.module.css'
import { Message } from '@/shared/ui/message'
import { useSteadyOrder } from '../hooks/use-steady-order'
import { CarTile } from './car-tile'
import styles from './wall.module.css'

const ASK_AGAIN_MS = 2000

/** Every connected car at a glance; with one car, that car. */
export function WallPage() {
  const { t } = useTranslation()
  const cars = useQuery({ queryKey: ['cars'], queryFn: fetchCars, refetchInterval: ASK_AGAIN_MS })
  const online = (cars.data ?? []).filter(({ state }) => state === 'online')
  const ordered = useSteadyOrder(online)
  const only = online.length === 1 ? online[0] : undefined
  if (cars.isPending) return <Message title={t('app.loading')} />
  if (cars.isError) {
    return (
      <Message title={t('app.failed')} why={cars.error.message}>
        <button type="button" className={buttons.primary} onClick={() => void cars.refetch()}>
          {t('app.retry')}
        </button>
      </Message>
    )
  }
  if (only) return <Navigate to="/live/$vehicleId" params={{ vehicleId: only.vehicle_id }} replace />
  if (online.length === 0) {
    return (
      <Message title={t('wall.empty_title')} why={t('wall.empty_why')}>
        <code>parkit demo</code>
        <Link to="/sessions" className={buttons.quiet}>
          {t('wall.empty_do')}
        </Link>
      </Message>
    )
  }
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{t('wall.title')}</h1>
        <p>
          {t('wall.subtitle')} · {t('wall.count', { n: online.length })}
        </p>
      </header>
      <ul className={styles.grid}>
        {ordered.map((car) => (
          <CarTile key={car.vehicle_id} vehicleId={car.vehicle_id} />
        ))}
      </ul>
    </div>
  )
}
