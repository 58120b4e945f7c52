import { useTranslation } from 'react-i18next'
import type { PlanSegment } from '@/shared/contracts.generated'
import { distance } from '@/shared/format'
import type { LiveView } from '@/shared/stream/session-stream'
import { Panel } from '@/shared/ui/panel'
import styles from './plan-progress.module.css'

/** Steps of the plan, each as long as the road it takes; where the learner is, and what is left. */
export function PlanProgress({ view }: { readonly view: LiveView }) {
  const { t } = useTranslation()
  const { plan } = view
  if (!plan || plan.segments.length === 0) {
    return (
      <Panel title={t('live.plan')}>
        <p className={styles.none}>{t('live.plan_none')}</p>
      </Panel>
    )
  }
  const segmentText = (each: PlanSegment) =>
    t(each.gear > 0 ? 'live.segment_forward' : 'live.segment_reverse', { length: distance(each.length_m) })
  const current = Math.min(plan.segment_index, plan.segments.length - 1)
  const segment = plan.segments[current]
  return (
    <Panel title={t('live.plan')} aside={<b className={styles.slot}>{plan.slot_id}</b>}>
      <ol className={styles.segments}>
        {plan.segments.map((each, index) => (
          <li key={index} style={{ flexGrow: Math.max(each.length_m, 0.6) }} data-state={index < current ? 'done' : index === current ? 'now' : 'next'}>
            <span aria-hidden="true">{each.gear > 0 ? '↑' : '↓'}</span>
            <span className="visually-hidden">{segmentText(each)}</span>
          </li>
        ))}
      </ol>
      <p className={styles.words}>
        <b>{t('live.plan_step', { n: current + 1, total: plan.segments.length })}</b>
        {segment && <span>{segmentText(segment)}</span>}
        <span>{t('live.plan_cusps', { n: plan.cusps })}</span>
      </p>
    </Panel>
  )
}
