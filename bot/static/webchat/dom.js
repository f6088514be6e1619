// Building elements. Text only ever becomes a text node: nothing that a person or the bot says is read as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes, listeners (onclick: …) and children; null and false children are left out.
 * class, type, hidden and the like are attributes; text is the text content.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An SVG element, for the small charts; positions are attributes, so no style is needed. */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** One of the symbols in the page's sprite. */
export function icon(name) {
  const node = svg("svg", { class: "icon", "aria-hidden": "true", focusable: "false" });
  node.append(svg("use", { href: `#icon-${name}` }));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Show a count on a badge, or hide it when there is nothing to count. */
export function badge(node, count, words) {
  node.hidden = count === 0;
  node.textContent = count > 99 ? "99+" : String(count);
  if (count === 0) node.removeAttribute("aria-label");
  else node.setAttribute("aria-label", words(count));
  if (count !== 0) node.setAttribute("role", "img");
}
