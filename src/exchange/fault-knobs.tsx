// Exchange / fault knobs: the part of the practice page where somebody makes the telephone company do wrong, line by line, and sees what
// it does wrong now. For engineers, so folded away. Pure. Drawn by views.tsx; pages.tsx takes what is chosen.
import { Bullets, Details, P } from '../web/components.tsx'
import { Select } from '../web/fields.tsx'
import { Button, Form } from '../web/forms.tsx'
import { type FaultChoice, faultChoices, faultMinutes, faultShares } from './fault-choices.ts'
import type { Shown } from './shown.ts'
import { faultInWords, faultNames, faultWords, shareNames } from './words-of-pages.ts'

export function FaultKnobs({ shown, query }: { shown: Shown; query: string }) {
  const { faults, lines } = shown
  return (
    <section id="faults" class="app-exchange-about" aria-labelledby="faults-title">
      <h2 class="govuk-heading-m" id="faults-title">
        {faultWords.title}
      </h2>
      {faults.length === 0 ? (
        <P>{faultWords.nothing}</P>
      ) : (
        <>
          <Bullets items={faults.map(faultInWords)} />
          <Form action={`/exchange/faults/off${query}`}>
            <Button look="secondary">{faultWords.putRight}</Button>
          </Form>
        </>
      )}
      <Details summary={faultWords.summary} id="fault-knobs">
        <P>{faultWords.lead}</P>
        <Form action={`/exchange/faults${query}`}>
          <Select
            name="fault"
            label={faultWords.which}
            items={faultChoices.map((value: FaultChoice) => ({ value, text: faultNames[value] }))}
          />
          {lines.length > 1 && (
            <Select
              name="line"
              label={faultWords.onLine}
              items={[
                { value: '', text: faultWords.everyLine },
                ...lines.map((name) => ({ value: name, text: name })),
              ]}
            />
          )}
          <Select
            name="share"
            label={faultWords.howOften}
            items={faultShares.map((tenths) => ({ value: String(tenths), text: shareNames[tenths] }))}
          />
          <Select
            name="minutes"
            label={faultWords.howLong}
            items={faultMinutes.map((minutes) => ({
              value: String(minutes),
              text: faultWords.minutes(minutes),
            }))}
          />
          <Button look="secondary">{faultWords.switchOn}</Button>
        </Form>
      </Details>
    </section>
  )
}
