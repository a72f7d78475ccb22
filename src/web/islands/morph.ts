// Island part / morph: makes elements of the page like freshly fetched ones, node by node, so that focus, scroll, open details and
// half-typed answers stay as they are. Nodes with an `id` or a `data-key` are known again wherever they have moved to.
// Called by live.ts and exchange-phones.ts.

/** Make the children of `old` like those of `fresh`, keeping every node that can stay: the same kind with the same key. */
export function updateChildren(old: Node, fresh: Node): void {
  const wanted = [...fresh.childNodes]
  const keys = new Set(wanted.map(keyOf))
  for (const node of [...old.childNodes]) if (!keys.has(keyOf(node)) && keyOf(node)) node.remove()
  let at = old.firstChild
  for (const next of wanted) {
    const found = findLike(at, next)
    if (!found) {
      old.insertBefore(document.importNode(next, true), at)
      continue
    }
    if (found !== at) bringTo(at, found)
    updateNode(found, next)
    at = found.nextSibling
  }
  while (at) {
    const gone: ChildNode = at
    at = gone.nextSibling
    gone.remove()
  }
}

/**
 * Let `found` stand where `at` is. A node that is moved loses its focus, so it is the others that move when `found` holds it: those
 * with a key go to the end, where they will be found; those without are like nothing that is wanted.
 */
function bringTo(at: ChildNode | null, found: ChildNode): void {
  if (!found.contains(document.activeElement)) {
    at?.before(found)
    return
  }
  while (at && at !== found) {
    const between: ChildNode = at
    at = between.nextSibling
    if (keyOf(between)) between.parentNode?.append(between)
    else between.remove()
  }
}

function findLike(from: ChildNode | null, next: Node): ChildNode | null {
  const key = keyOf(next)
  // Without a key only the node in place counts, so that a new row at the top pushes the others down and is not mixed with them.
  if (!key) return from && from.nodeName === next.nodeName && !keyOf(from) ? from : null
  for (let node = from; node; node = node.nextSibling)
    if (node.nodeName === next.nodeName && keyOf(node) === key) return node
  return null
}

const keyOf = (node: Node): string =>
  node instanceof Element ? node.id || node.getAttribute('data-key') || '' : ''

function updateNode(old: Node, fresh: Node): void {
  if (!(old instanceof Element && fresh instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue
    return
  }
  // Somebody is typing here, or a script lives here: theirs.
  if (old.matches('input:focus, textarea:focus, select:focus, [data-keep]')) return
  for (const { name } of [...old.attributes])
    if (name !== 'open' && !fresh.hasAttribute(name)) old.removeAttribute(name)
  for (const { name, value } of fresh.attributes) {
    if (name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
  updateChildren(old, fresh)
}
