const KEY = 'strikedesk.token';

/**
 * Takes the token out of the address (`#token=…`, a part that browsers never send) into this tab's session storage and
 * removes it from the address bar and the history.
 */
export function takeTokenFromAddress(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', location.pathname + location.search);
}

export function rememberedToken(): string | null {
  return sessionStorage.getItem(KEY);
}

/** Forgets a token that was refused: sent again by every reload it would only count as a wrong one. */
export function forgetToken(token: string): void {
  if (sessionStorage.getItem(KEY) === token) sessionStorage.removeItem(KEY);
}

export function rememberToken(token: string): void {
  sessionStorage.setItem(KEY, token);
}
