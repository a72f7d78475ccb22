// Recorder / ring me: the fields of a form with which somebody asks to be rung for recording. Pure. Shown by this room's pages and by
// the wizard, through the door; whoever shows it reads `number` and the button `ring`.
import { TextInput } from '../web/fields.tsx'
import { Button, type Errors } from '../web/forms.tsx'
import { words } from './words.ts'

/** @param number as it is shown in the field: what was typed, or the person's own */
export function RingMe({ number, errors }: { number: string; errors: Errors | undefined }) {
  return (
    <>
      <TextInput
        name="number"
        type="tel"
        label={words.number}
        labelSize="s"
        hint={words.byPhoneHint}
        value={number}
        errors={errors}
        width={20}
        autoComplete="tel"
      />
      <Button look="secondary" name="ring" value="yes">
        {words.ring}
      </Button>
    </>
  )
}
