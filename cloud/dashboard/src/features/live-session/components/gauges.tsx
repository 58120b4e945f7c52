import { useTranslation } from 'react-i18next'
import { distance, seconds, speedKmh } from '@/shared/format'
import { useLanguage } from '@/shared/i18n/use-language'
import { DEFAULT_VEHICLE } from '@/shared/scene/vehicle'
import type { LiveView } from '@/shared/stream/session-stream'
import { LevelChip } from '@/shared/ui/level'
import { Panel } from '@/shared/ui/panel'
import styles from './gauges.module.css'
import { Wheel } from './wheel'

const GEARS = ['P', 'R', 'N', 'D'] as const

/** Wheel, speed, gear, brake, and how near danger is. */
export function Gauges({ view }: { readonly view: LiveView }) {
  const { t } = useTranslation()
  const { frame, decision, started } = view
  const ratio = (started?.vehicle ?? DEFAULT_VEHICLE).steering_ratio
  const target = decision?.target_steering_angle_rad
  return (
    <Panel title={t('live.driving')} aside={<LevelChip level={decision?.level ?? 'clear'} />}>
      <div className={styles.top}>
        <Wheel actual={(frame?.steering_angle_rad ?? 0) * ratio} target={target == null ? null : target * ratio} />
        <div className={styles.motion}>
          <p className={styles.speed} aria-label={t('live.speed')}>
            <strong>{speedKmh(frame?.speed_mps)}</strong> km/h
          </p>
          <p className={styles.gears}>
            <span className="visually-hidden">
              {t('gear.label')} {frame ? t(`gear.${frame.gear}`) : ''}
            </span>
            {GEARS.map((gear) => (
              <span key={gear} aria-hidden="true" data-on={frame?.gear === gear}>
                {gear}
              </span>
            ))}
          </p>
          <Pedal value={frame?.brake ?? 0} held={frame?.parking_brake === true} />
        </div>
      </div>
      <Nearness view={view} />
    </Panel>
  )
}

function Pedal({ value, held }: { readonly value: number; readonly held: boolean }) {
  const { t } = useTranslation()
  const percent = Math.round(value * 100)
  return (
    <div className={styles.pedal}>
      <span>
        {held ? t('live.parking_brake') : t('live.brake')} <b>{held ? '' : `${percent} %`}</b>
      </span>
      <span className={styles.bar} aria-hidden="true" data-held={held}>
        <span style={{ transform: `scaleX(${held ? 1 : value})` }} />
      </span>
    </div>
  )
}

function Nearness({ view }: { readonly view: LiveView }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { decision } = view
  const nearest = Math.min(...(decision?.sectors ?? []).map(({ distance_m }) => distance_m ?? Infinity))
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{t('live.nearest')}</dt>
        <dd>{distance(nearest)}</dd>
      </div>
      <div>
        <dt>{t('live.ttc')}</dt>
        <dd>{decision?.ttc_s != null && decision.ttc_s < 10 ? seconds(decision.ttc_s, language) : '–'}</dd>
      </div>
      <div>
        <dt>{t('live.stop_in')}</dt>
        <dd>{distance(decision?.stop_in_m)}</dd>
      </div>
    </dl>
  )
}
