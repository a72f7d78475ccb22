// Web / icons: the few marks of CallAssist, drawn as paths (Lexend has no tick or cross). Pure; every mark stands
// beside words that say the same, so all are hidden from screen readers.

export type IconName =
  | 'phone'
  | 'tick'
  | 'cross'
  | 'clock'
  | 'bell'
  | 'exclamation'
  | 'pause'
  | 'person'
  | 'voice'
  | 'calendar'
  | 'arrow'

/** Outlines on a 24 × 24 field, drawn with a round pen of the text's colour. */
const outlines: Record<IconName, string> = {
  phone:
    'M6.6 3.5h2.2c.5 0 .9.3 1 .8l.8 3.1c.1.4 0 .8-.3 1L8.6 10a12.6 12.6 0 0 0 5.4 5.4l1.6-1.7c.3-.3.7-.4 1-.3l3.1.8c.5.1.8.5.8 1v2.2c0 1.7-1.4 3-3.1 3C10.6 19.7 4.3 13.4 3.6 6.6c0-1.7 1.3-3.1 3-3.1Z',
  tick: 'm5 12.5 4.7 4.7L19 7.5',
  cross: 'm6.5 6.5 11 11m0-11-11 11',
  clock: 'M12 6.5V12l3.8 2.3M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  bell: 'M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5L6 17Zm4.3 3.2a2 2 0 0 0 3.4 0M12 3.5V5',
  exclamation: 'M12 5v8.5m0 5v.1',
  pause: 'M9 6v12m6-12v12',
  person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 9c.6-3.7 3.7-5.7 7.5-5.7s6.9 2 7.5 5.7',
  voice: 'M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3Zm-6-3.5a6 6 0 0 0 12 0m-6 6v3.5m-3.5 0h7',
  calendar:
    'M4 9.5h16M8 3.5v4m8-4v4M5.5 5.5h13A1.5 1.5 0 0 1 20 7v12a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 19V7a1.5 1.5 0 0 1 1.5-1.5Z',
  arrow: 'M5 12h13m-5.5-5.5L18 12l-5.5 5.5',
}

/** A mark of the size and colour of the text around it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="app-icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path d={outlines[name]} />
    </svg>
  )
}

/** The icon of the browser's tab: the handset on the product's purple. */
export const iconSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#5b2a6e"/><path transform="translate(4 4)" d="${outlines.phone}" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`
