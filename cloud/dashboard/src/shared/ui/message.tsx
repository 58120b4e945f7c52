import type { ReactNode } from 'react'
import styles from './message.module.css'

interface MessageProps {
  readonly title: string
  readonly why?: string | undefined
  readonly children?: ReactNode
}

/** What there is to say when there is nothing to show: what, why, and one thing to do. */
export function Message({ title, why, children }: MessageProps) {
  return (
    <div className={styles.message}>
      <svg width="72" height="72" viewBox="0 0 72 72" fill="none" aria-hidden="true">
        <rect x="10" y="6" width="52" height="60" rx="10" stroke="var(--line-strong)" strokeWidth="2.5" strokeDasharray="7 6" />
        <path d="M29 50V24h9a8 8 0 0 1 0 16h-9" stroke="var(--accent)" strokeWidth="4.5" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      <h1>{title}</h1>
      {why !== undefined && <p>{why}</p>}
      {children}
    </div>
  )
}
