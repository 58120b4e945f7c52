import { useTranslation } from 'react-i18next'
import type { SlotOffer } from '../contracts.generated'
import { slotReasons } from '../i18n/slot-reasons'
import { useLanguage } from '../i18n/use-language'
import { Panel } from './panel'
import styles from './slot-reasons.module.css'

/** Why the coach chose this slot, and why not the others; nothing before it has compared any. */
export function SlotReasons({ offers }: { readonly offers: readonly SlotOffer[] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const reasons = slotReasons(offers, language)
  if (reasons.length === 0) return null
  return (
    <Panel title={t('slots.title')}>
      <ul className={styles.reasons}>
        {reasons.map(({ reason, slots, sentence, best }) => (
          <li key={reason} data-best={best}>
            <b>{slots}</b>
            <span>{sentence}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
