// Web / trouble: the page that says what went wrong and what to do next. Pure; called by server.ts.
import { LinkButton } from './forms.tsx'
import { type TroubleWords, troubleReference, words } from './words.ts'

/**
 * @param reference of the log line, for a bug of ours
 * @param home null: it cannot be reached from here
 */
export function TroublePage({
  said,
  reference,
  home,
}: {
  said: TroubleWords
  reference: string | undefined
  home: string | null
}) {
  return (
    <>
      <h1 class="govuk-heading-l">{said.title}</h1>
      <p class="govuk-body">{said.says}</p>
      <p class="govuk-body">{said.next}</p>
      {reference && <p class="govuk-body">{troubleReference(reference)}</p>}
      {home && <LinkButton href={home}>{words.toHome}</LinkButton>}
    </>
  )
}
