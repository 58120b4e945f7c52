import { useTranslation } from 'react-i18next'
import { distance } from '@/shared/format'
import { cueText } from '@/shared/i18n/cues'
import { sectorName } from '@/shared/i18n/score-texts'
import { useLanguage } from '@/shared/i18n/use-language'
import type { Alert } from '@/shared/stream/live-session'

/** Turns an alert into a sentence of the language on the screen. */
export function useAlertText(): (alert: Alert) => string {
  const { t } = useTranslation()
  const language = useLanguage()
  return ({ what }) => {
    if (what.kind === 'cue') return cueText(what.cue, language)
    if (what.kind === 'danger') {
      const { sector, distance_m } = what.sector
      return t('event.danger', { sector: sectorName(sector, language), distance: distance(distance_m) })
    }
    const { detail } = what
    switch (detail.kind) {
      case 'started':
        return t('event.started')
      case 'slot_chosen':
        return t('event.slot_chosen', { slot: detail.slot_id })
      case 'gear_changed':
        return t('event.gear_changed', { gear: `${detail.gear} ${t(`gear.${detail.gear}`)}` })
      case 'contact':
        return t('event.contact', { part: detail.part })
      case 'line_touched':
        return t(`event.line_touched.${detail.line_kind}`, { wheel: t(`wheel.${detail.wheel}`) })
      case 'retried':
        return t('event.retried', { attempt: detail.attempt, seconds: Math.round(detail.back_s) })
      case 'hint_acked':
        return t('event.hint_acked', { status: t(`hint.${detail.status}`) })
      case 'fault':
        return t(detail.state === 'raised' ? 'event.fault_raised' : 'event.fault_cleared', { component: detail.component })
      case 'ended':
        return t('event.ended', { result: t(`result.${detail.result}`) })
      case 'slot_offered':
        return ''
    }
  }
}
