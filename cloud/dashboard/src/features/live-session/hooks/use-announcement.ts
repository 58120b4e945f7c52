import { useEffect, useRef, useState } from 'react'

const AT_MOST_EVERY_MS = 2000

/** What a screen reader is to say at once: the newest `text`, at most one every two seconds. */
export function useAnnouncement(text: string | null): string {
  const [spoken, setSpoken] = useState('')
  const lastAt = useRef(-Infinity)
  useEffect(() => {
    if (text === null) return
    const wait = Math.max(0, lastAt.current + AT_MOST_EVERY_MS - performance.now())
    const timer = setTimeout(() => {
      lastAt.current = performance.now()
      setSpoken(text)
    }, wait)
    return () => clearTimeout(timer)
  }, [text])
  return spoken
}
