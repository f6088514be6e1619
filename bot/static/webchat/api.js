// The web chat API. Every failure becomes an ApiError with one readable Chinese line.

const ROOT = "/webchat/api/";
const COOKIE_SAFE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/;

export class ApiError extends Error {
  /** status: HTTP status, 0 when the server could not be reached. */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** GET, or POST when there is a body. timeout in milliseconds; signal aborts from outside. */
export async function call(path, { body, timeout = 60_000, signal } = {}) {
  const control = new AbortController();
  const abort = () => control.abort();
  const timer = setTimeout(abort, timeout);
  signal?.addEventListener("abort", abort);
  let response;
  let text;
  try {
    response = await fetch(ROOT + path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: control.signal,
    });
    text = await response.text();
  } catch {
    throw new ApiError(
      control.signal.aborted && !signal?.aborted ? "服务长时间没有回应，请稍后再试" : "连不上服务，请确认它在运行",
      0,
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // judged below
  }
  if (!response.ok) throw new ApiError(answer?.error ?? `服务出错（${response.status}）`, response.status);
  if (answer === null) throw new ApiError("服务的回答读不懂，请刷新页面", response.status);
  return answer;
}

/** A message id of our own: sending again after a lost answer is then a redelivery, not a second message. */
export function newMessageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The file's own link, or null for anything that is not a file of this product. */
export function fileLink(file) {
  const cut = file.url.lastIndexOf("/") + 1;
  const folder = file.url.slice(0, cut);
  if (!/^\/webchat\/api\/files\/[0-9a-f]{64}\/$/.test(folder)) return null;
  return folder + encodeURIComponent(file.name);
}

/** Remember the token in a cookie, which file links use too. False if it cannot stand in a cookie. */
export function keepToken(token) {
  if (!COOKIE_SAFE.test(token)) return false;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `webchat_token=${token}; Path=/; Max-Age=2592000; SameSite=Strict${secure}`;
  return true;
}
