/** Seen by password managers alone: whose password a form is about. */
export function Username({ email }: { readonly email: string }) {
  return <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />;
}
