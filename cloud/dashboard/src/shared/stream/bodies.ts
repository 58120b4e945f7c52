/** A MESSAGE body is one message, or an array of them where the server coalesced. */
export function parseBodies<T>(body: string): T[] {
  const parsed = JSON.parse(body) as T | T[]
  return Array.isArray(parsed) ? parsed : [parsed]
}
