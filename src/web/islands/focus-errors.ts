// Island / focus-errors: a page that came back with errors begins at their summary, for eyes, keyboard and screen reader.
document.querySelector<HTMLElement>('[data-focus-errors]')?.focus()
